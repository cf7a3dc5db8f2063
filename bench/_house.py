"""A fresh instance to measure, the figures it gave, and how they are said."""

from __future__ import annotations

import http.client
import json
import os
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from tests.plugins.instance import Instance, instances
from tests.plugins.strict import data_folder

REAL_ORDERS = "orders_online_retail/online_retail_2010-12-01_2011-12-09.csv.zst"
figures: list[dict[str, object]] = []


def figure(name: str, value: float, unit: str = "", target: str = "", note: str = "") -> None:
    """Keep one figure for the end."""
    figures.append(
        {"name": name, "value": round(value, 4), "unit": unit, "target": target, "note": note}
    )
    print(f"  {name}: {value:,.1f} {unit}", file=sys.stderr, flush=True)


def tell() -> None:
    """Say all figures, as the runner reads them."""
    print(json.dumps({"figures": figures}))


@contextmanager
def fresh() -> Iterator[Instance]:
    """An empty instance on SQLite in a folder that goes away."""
    with (
        tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_FOLDER")) as folder,
        instances(Path(folder), None) as make,
    ):
        yield make(bare=True)


def real_orders() -> Path:
    """The real order file; without it nothing is measured."""
    path = data_folder() / REAL_ORDERS
    if not path.exists():
        sys.exit(f"the real orders are not at {path}; see HOLDFAST_SHARED_DATA")
    return path


def timed(work: Callable[[], object]) -> float:
    """Seconds that something takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def peak_mb() -> float:
    """The highest resident memory of any command run so far."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def asked(url: str, times: int, *, method: str = "GET", body: str = "") -> list[float]:
    """Milliseconds of each of so many requests over one connection; anything but 200 ends it."""
    parts = urlsplit(url)
    took = []
    connection = http.client.HTTPConnection(parts.netloc, timeout=60)
    headers = {"Accept-Encoding": "gzip", "Content-Type": "application/x-www-form-urlencoded"}
    for _ in range(times):
        began = time.perf_counter()
        connection.request(
            method, parts.path + (f"?{parts.query}" if parts.query else ""), body, headers
        )
        answer = connection.getresponse()
        answer.read()
        took.append((time.perf_counter() - began) * 1000)
        if answer.status != 200:
            sys.exit(f"{url} answered {answer.status}")
    connection.close()
    return took


def p95(milliseconds: list[float]) -> float:
    """The time that 95 of 100 stay below."""
    return statistics.quantiles(milliseconds, n=20)[-1]
