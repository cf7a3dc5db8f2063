"""One process that answers traces, as a web worker does: its times and its memory.

It does not touch the data before it is told to, so a disk can be made cold after the process is up.
"""

from __future__ import annotations

import statistics
import sys
import threading
import time
from pathlib import Path
from typing import Any

from holdfast.doors.cli.measuring.machine import read_from_disk


def highest_rss_mb() -> float:
    """The highest resident memory of this process, mapped files included.

    Not `getrusage`: that also counts the process this one was started from.
    """
    for row in Path("/proc/self/status").read_text().splitlines():
        if row.startswith("VmHWM"):
            return round(int(row.split()[1]) / 1024, 1)
    return 0.0


def wake() -> None:
    """Load what a worker has loaded before the first question, but no data."""
    import duckdb  # noqa: F401
    import numpy  # noqa: F401
    import pyarrow  # noqa: F401

    from holdfast.kit.trace import answers, engine, publishing  # noqa: F401
    from holdfast.supply.traceability import queries  # noqa: F401


def wait_for_word() -> None:
    """Say on standard error that this process is up, and wait for a line."""
    print("ready", file=sys.stderr, flush=True)
    sys.stdin.readline()


def read(keys: list[str], times: int) -> dict[str, Any]:
    """Each key once with everything still to open, then so often again."""
    from holdfast.supply.traceability.queries import open_trace

    found: list[dict[str, Any]] = []
    reaches = []
    before = read_from_disk()
    for key in keys:
        began = time.perf_counter()
        reach, _ = _trace(open_trace(), key)
        first = (time.perf_counter() - began) * 1000
        after = read_from_disk()
        took = [_trace(open_trace(), key)[1] for _ in range(times)]
        found.append(
            {
                "key": key,
                "first_ms": round(first, 3),
                "first_read_mb": None
                if after is None or before is None
                else round((after - before) / 1e6, 2),
                "warm_ms": round(statistics.median(took), 3) if took else None,
                "lines": reach.in_scope.lines,
                "customers": reach.in_scope.customers,
                "lots": len(reach.lots),
                "logistic_units": reach.logistic_units,
                "sessions": reach.sessions,
            }
        )
        reaches.append(reach)
        before = read_from_disk()
    rss = highest_rss_mb()
    for said, reach in zip(found, reaches, strict=True):
        said["confirmed_sha256"] = reach.confirmed_sha256
        said["open_sha256"] = reach.open_sha256
    return {"traces": found, "rss_mb": rss, "rss_with_digests_mb": highest_rss_mb()}


def keep_reading(keys: list[str], seconds: float) -> dict[str, Any]:
    """Trace one key after the other until standard input is closed, or for so many seconds."""
    from holdfast.supply.traceability.queries import open_trace, published_trace

    ended = threading.Event()

    def listen() -> None:
        sys.stdin.read()
        ended.set()

    threading.Thread(target=listen, daemon=True).start()
    took: dict[str, list[float]] = {key: [] for key in keys}
    generations = set()
    until = time.monotonic() + seconds
    while not ended.is_set() and time.monotonic() < until:
        for key in keys:
            trace = published_trace() or open_trace()
            generations.add(id(trace))
            took[key].append(_trace(trace, key)[1])
    return {
        "answers": sum(map(len, took.values())),
        "milliseconds": {key: spread(times) for key, times in took.items()},
        "rss_mb": highest_rss_mb(),
        "generations": len(generations),
    }


def read_back(lines: list[str]) -> dict[str, Any]:
    """Backward from order lines, each as it comes and once more; unknown lines are left out.

    The first time a line's places are where the machine left them, mostly on the disk.
    """
    from holdfast.kit.refusals import NotFound
    from holdfast.supply.traceability.queries import trace_back

    first: list[float] = []
    again: list[float] = []
    for line in lines:
        for took in (first, again):
            began = time.perf_counter()
            try:
                trace_back(f"line:{line}")
            except NotFound:
                break
            took.append((time.perf_counter() - began) * 1000)
    return {"lines": len(first), **spread(again[1:]), "first": spread(first[1:])}


def spread(milliseconds: list[float]) -> dict[str, float]:
    """The middle, what 99 of 100 stay below, and the worst."""
    if not milliseconds:
        return {}
    ordered = sorted(milliseconds)
    return {
        "p50_ms": round(statistics.median(ordered), 3),
        "p99_ms": round(ordered[min(len(ordered) - 1, len(ordered) * 99 // 100)], 3),
        "max_ms": round(ordered[-1], 3),
    }


def _trace(trace: Any, key: str) -> tuple[Any, float]:
    """A reach with everything counted, and the milliseconds from the key to the counts."""
    began = time.perf_counter()
    reach = trace.forward_from(trace.resolve(key))
    reach.count()
    return reach, (time.perf_counter() - began) * 1000
