"""The journal and the evidence package: appending, exporting, and verifying a million entries."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench._house import figure, fresh, tell
from holdfast.kit.ledger import leaf_hash, verify
from holdfast.kit.ledger.entry import entry_line
from holdfast.kit.ledger.package import write_package

MILLION = 1_000_000

APPENDER = """
import json, time
from dataclasses import dataclass
from datetime import UTC, datetime
from holdfast.config.start import start
start()
from django.db import transaction
from holdfast.ground.journal.actions import record
from holdfast.ground.journal.checking import faults
from holdfast.ground.outbox.events import DeliveriesSettled, MessagesPlanned
from holdfast.kit.actors import SYSTEM
now = datetime.now(UTC)
took, added = [], []
for number in range(2_000):
    began = time.perf_counter()
    with transaction.atomic():
        begun = time.perf_counter()
        record(MessagesPlanned(wave=1, channel="email", count=number), by=SYSTEM, now=now)
        added.append(time.perf_counter() - begun)
    took.append(time.perf_counter() - began)
window = tuple((f"<R-2026-001.1.{n}@holdfast.example>", "accepted", 1, "250 2.0.0 ok") for n in range(250))
began = time.perf_counter()
for _ in range(200):
    with transaction.atomic():
        record(DeliveriesSettled(wave=1, channel="email", count=250, deliveries=window), by=SYSTEM, now=now)
bulk = 200 * 250 / (time.perf_counter() - began)
print(json.dumps({"p50": sorted(added)[1000] * 1000, "rate": 2000 / sum(took), "bulk": bulk, "faults": faults()}))
"""  # noqa: E501 - a program in a string


def appending() -> None:
    """Decisions one by one, each in its own transaction, and deliveries in windows of 250."""
    import json

    with fresh() as instance:
        done = subprocess.run(
            [sys.executable, "-c", APPENDER],
            env=instance.env,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    found = json.loads(done.stdout.splitlines()[-1])
    if found["faults"]:
        sys.exit(f"the journal is at fault: {found['faults'][:3]}")
    note = "SQLite, synchronous FULL, one entry a commit"
    inside = "SQLite, inside the transaction of the change"
    figure("journal, an entry adds p50", found["p50"], "ms", "<= 1", inside)
    figure("journal, appends/s", found["rate"], "/s", ">= 500", note)
    figure(
        "journal, deliveries/s",
        found["bulk"],
        "/s",
        ">= 20000",
        "250 deliveries an entry and commit",
    )


def lines():  # type: ignore[no-untyped-def]
    """A million entries of the size that decisions have."""
    payload = b'{"number":%d,"units":12,"why":"something that was decided for a reason"}'
    for index in range(1, MILLION + 1):
        line = entry_line(
            index,
            "2026-03-02T09:00:00.000000+00:00",
            "ThingDone",
            "person:1",
            "R-2026-001",
            payload % index,
        )
        yield leaf_hash(line), line


def verifying(folder: Path) -> None:
    """Verify in a process of its own and watch its memory from outside."""
    path = folder / "million.zip"
    began = time.perf_counter()
    with path.open("wb") as out:
        write_package(out, scope="instance", made_by="bench", journal=lines(), absent=[], files=[])
    figure(
        "evidence, write 1 M entries",
        time.perf_counter() - began,
        "s",
        "",
        f"{path.stat().st_size >> 20} MB",
    )
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, verify.__file__, path], stdout=subprocess.PIPE, text=True
    )
    highest = 0
    while process.poll() is None:
        highest = max(highest, resident(process.pid))
        time.sleep(0.02)
    took = time.perf_counter() - began
    if process.returncode:
        sys.exit(f"an honest package did not pass: {process.communicate()[0][:500]}")
    figure("evidence, verify 1 M entries", took, "s", "<= 10", "verify.py alone")
    figure(
        "evidence, verify 1 M entries, memory", highest / 1024, "MB", "<= 256", "highest resident"
    )


def resident(process: int) -> int:
    """The highest resident memory of a process so far, in kB."""
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return 0
    return int((status.partition("VmHWM:")[2].split() or ["0"])[0])


def main() -> None:
    """All of it."""
    appending()
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_FOLDER")) as folder:
        verifying(Path(folder))
    tell()


if __name__ == "__main__":
    main()
