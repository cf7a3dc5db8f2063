"""Trace events by command: accounted row by row, kept through backups and drills, killed or not."""

from __future__ import annotations

import hashlib
import json
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from holdfast.kit.trace.log import Log
from holdfast.kit.trace.tables import TABLES
from tests.plugins.instance import Instance

LINES = """line,order,customer,sku,lot,container,site,shipped_at,quantity
L1,O1,K1,SKU,007,,shop,2026-03-04T10:00:00Z,2
L2,O1,K1,SKU,,P1,shop,2026-03-04T10:00:00+01:00,1.5
L3,O2,K2,SKU,007,,shop,2026-03-05T10:00:00Z,-1
"""
PACKINGS = """container;child;packed_at;unpacked_at
P1;007;2026-03-01T08:00:00Z;
P1;008;2026-03-01T08:00:00Z;2026-03-02T08:00:00Z
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "events"
    place.mkdir()
    (place / "order_lines.csv").write_text(LINES)
    (place / "packings.csv").write_text(PACKINGS)
    return place


def state(instance: Instance) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of the trace, sorted."""
    con = duckdb.connect()
    Log(instance.home / "trace").views(con)
    return {name: con.execute(f"SELECT * FROM {name} ORDER BY ALL").fetchall() for name in TABLES}


def prints(home: Path) -> dict[str, str]:
    """The digest of every file of the trace but the lock."""
    paths = sorted(path for path in (home / "trace").rglob("*") if path.is_file())
    return {
        path.relative_to(home).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in paths
        if path.name != "writing.lock"
    }


def test_rows_are_accounted_and_twice_is_once(instance: Instance, folder: Path) -> None:
    (folder / "notes.pdf").write_bytes(b"%PDF")
    told = instance.json("import", "events", folder)
    assert (told["rows"], told["imported"], told["merged"], told["rejected"]) == (5, 5, 0, 0)
    assert told["tables"]["order_lines"]["imported"] == 3
    assert told["left"] == ["notes.pdf"]
    assert told["flags"] == {"lines_at_unknown_sites": 3, "returns": 1}
    assert told["seconds"] > 0
    before, health = prints(instance.home), instance.json("doctor", expect=None)
    assert health["trace"]["events"] == 5
    again = instance.json("import", "events", folder)
    assert (again["rows"], again["imported"], again["merged"], again["rejected"]) == (5, 0, 5, 0)
    assert prints(instance.home) == before
    after = instance.json("doctor", expect=None)
    assert (after["journal"], after["tables"]) == (health["journal"], health["tables"])
    assert state(instance)["order_lines"][0][4] == "007", "leading zeros stay"


@pytest.mark.once
def test_bad_rows_are_told_with_file_line_column_and_reason(
    instance: Instance, folder: Path, tmp_path: Path
) -> None:
    with (folder / "order_lines.csv").open("a") as lines:
        lines.write("L4,O3,K3,SKU,,,shop,2026-03-05 10:00,1\n")
        lines.write(",O3,K3,SKU,,,shop,2026-03-05T10:00:00Z,1\n")
        lines.write("=L5,O3,K3,SKU,,,shop,2026-03-05T10:00:00Z,many\n")
    with (folder / "packings.csv").open("a") as packings:
        packings.write("P1;009;2026-03-02T08:00:00Z;2026-03-01T08:00:00Z\n")
    rejects = tmp_path / "rejects.csv"
    told = instance.json("import", "events", folder, "--rejects", rejects, expect=1)
    assert (told["rows"], told["imported"], told["merged"], told["rejected"]) == (9, 5, 0, 4)
    where = [(one["file"], one["line"], one["column"]) for one in told["rejects"]]
    assert where == [
        ("packings.csv", 4, "unpacked_at"),
        ("order_lines.csv", 5, "shipped_at"),
        ("order_lines.csv", 6, "line"),
        ("order_lines.csv", 7, "quantity"),
    ]
    reasons = [one["reason"] for one in told["rejects"]]
    assert "before it was packed" in reasons[0]
    assert "without a zone" in reasons[1]
    assert reasons[2] == "line is empty"
    assert "not a number" in reasons[3]
    written = rejects.read_text().splitlines()
    assert len(written) == 5
    assert "'=L5,O3" in written[4], "a cell that looks like a formula is neutralised"


def test_backups_and_drills_have_the_trace(
    instance: Instance, folder: Path, tmp_path: Path
) -> None:
    instance.json("import", "events", folder)
    (folder / "packings.csv").write_text(
        PACKINGS.replace("08:00:00Z;\n", "08:00:00Z;2026-03-09T08:00:00Z\n")
    )
    assert instance.json("import", "events", folder)["corrected"] == 1
    drill = instance.json("drill", "start", "--scenario", "lot", expect=None)
    rows = state(instance)
    if "home" in drill:
        copy = Instance(Path(drill["home"]), instance.env)
        assert state(copy) == rows
    if "HOLDFAST_DATABASE_URL" in instance.env:
        return
    instance.json("backup", tmp_path / "b.zip")
    home = tmp_path / "again"
    instance.json("restore", tmp_path / "b.zip", "--to", home)
    restored = Instance(home, instance.env)
    assert state(restored) == rows
    found = instance.json("doctor", HOLDFAST_HOME=str(home), expect=None)
    assert found["trace"] == instance.json("doctor", expect=None)["trace"]
    next((home / "trace" / "log").rglob("*.parquet")).unlink()
    sick = instance.json("doctor", HOLDFAST_HOME=str(home), expect=1)
    assert [one["code"] for one in sick["checks"] if not one["ok"]] == ["trace"]


def many(folder: Path, rows: int) -> None:
    """A folder that takes a moment to read, with rows to reject and files that overlap."""
    con = duckdb.connect()
    line = (
        "SELECT 'L' || i AS line, 'O' || i // 3 AS \"order\", 'K' || i % 99 AS customer, "
        "'S' AS sku, 'B' || i % 7 AS lot, '' AS container, 'w' AS site, "
        "CASE WHEN i % 997 = 0 THEN 'never' "
        "ELSE '2026-03-04T10:00:00Z' END AS shipped_at, 1 AS quantity FROM range({}, {}) t(i)"
    )
    for name, first, last in (("a", 0, rows), ("b", rows // 2, rows + rows // 2)):
        path = folder / f"order_lines-{name}.csv"
        con.execute(f"COPY ({line.format(first, last)}) TO '{path}'")


def test_an_import_killed_again_and_again_ends_as_if_never_killed(
    new_instance: Callable[[], Instance], folder: Path
) -> None:
    many(folder, 60_000)
    calm, hunted = new_instance(), new_instance()
    told = calm.json("import", "events", folder, expect=1)
    assert told["rows"] == told["imported"] + told["merged"] + told["rejected"]
    for step in ("staged", "segments", "swapped"):
        kill_when(hunted, folder, REACHED[step])
    hunted.json("import", "events", folder, expect=1)
    assert state(hunted) == state(calm)
    assert not (hunted.home / "trace" / "staging").exists()
    ours, theirs = (
        {one.file: one.sha256 for one in Log(one.home / "trace").manifest().segments}
        for one in (hunted, calm)
    )
    assert ours == theirs
    (entry,) = _imports(hunted)
    counts = [entry[name] for name in ("rows", "imported", "merged", "rejected")]
    assert counts == [told[name] for name in ("rows", "imported", "merged", "rejected")]


# What shows in the folder of the trace that an import has come so far.
REACHED = {
    "staged": "staging/*.json",
    "segments": "log/*/*.parquet",
    "swapped": "manifest.json",
}


def kill_when(instance: Instance, folder: Path, sign: str) -> None:
    """Start an import and kill it the moment a file shows that it has come so far."""
    running = instance.start("import", "events", folder, "--json")
    until = time.monotonic() + 120
    while not any((instance.home / "trace").glob(sign)):
        assert running.poll() is None, running.communicate()[0]
        assert time.monotonic() < until
        time.sleep(0.002)
    running.send_signal(signal.SIGKILL)
    running.communicate()


def _imports(instance: Instance) -> list[dict[str, Any]]:
    from zipfile import ZipFile

    package = instance.home.parent / f"{instance.home.name}.zip"
    instance.json("evidence", "export", "--out", package)
    with ZipFile(package) as archive:
        name = next(name for name in archive.namelist() if name.endswith("journal.jsonl"))
        rows = [json.loads(line) for line in archive.read(name).decode().splitlines()]
    return [row["payload"] for row in rows if row["kind"] == "EventsImported"]


@pytest.mark.once
def test_of_two_imports_at_once_the_second_waits(instance: Instance, folder: Path) -> None:
    many(folder, 20_000)
    instance.json("doctor", expect=None)
    both = [instance.start("import", "events", folder, "--json") for _ in range(2)]
    ends = [one.communicate(timeout=120)[0] for one in both]
    assert [one.returncode for one in both] == [1, 1], ends
    answers = [json.loads(end[end.index("{") :].splitlines()[0]) for end in ends]
    imported = sorted(one["imported"] for one in answers)
    assert imported[0] == 0
    assert imported[1] > 20_000
