"""The log keeps every row once, knows when it came, and lets later imports correct earlier ones."""

from __future__ import annotations

import multiprocessing
from collections import Counter
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfast.kit.refusals import Forbidden, Unreadable
from holdfast.kit.trace.log import Log
from holdfast.kit.trace.tables import TABLES, arrow_schema
from tests.plugins.chance import examples

pytestmark = pytest.mark.once
DAY = datetime(2026, 3, 1, tzinfo=UTC)


def at(hour: int | None) -> datetime | None:
    return None if hour is None else datetime(2026, 3, 1) + timedelta(hours=hour)


def stay(child: str, start: int | None, end: int | None, container: str = "P1") -> tuple[Any, ...]:
    return container, child, at(start), at(end)


def line(name: str, quantity: int = 1, hour: int | None = 9) -> tuple[Any, ...]:
    return name, "O1", "K1", "SKU", "", "", "shop", at(hour), Decimal(quantity)


def table(name: str, rows: list[tuple[Any, ...]]) -> pa.Table:
    schema = arrow_schema(TABLES[name])
    columns = list(zip(*rows, strict=True)) or [()] * len(schema)
    return pa.table([pa.array(c, f.type) for c, f in zip(columns, schema, strict=True)], schema)


def add(log: Log, name: str, *files: list[tuple[Any, ...]], day: int = 1) -> Any:
    when = DAY + timedelta(days=day)
    return log.append({name: [table(name, f) for f in files]}, source="events", received_at=when)


def held(log: Log, name: str, known_at: datetime | None = None) -> Counter[tuple[Any, ...]]:
    con = duckdb.connect()
    log.views(con, known_at=known_at)
    return Counter(con.execute(f"SELECT * FROM {name}").fetchall())


def test_an_empty_log_has_five_empty_tables(tmp_path: Path) -> None:
    log = Log(tmp_path / "trace")
    for name, kind in TABLES.items():
        con = duckdb.connect()
        log.views(con)
        found = con.execute(f"SELECT * FROM {name}")
        assert [column[0] for column in found.description] == list(kind.column_names)
        assert found.fetchall() == []
    assert log.manifest().events == 0
    assert not (tmp_path / "trace").exists(), "reading makes nothing"


def test_the_same_rows_again_change_nothing(tmp_path: Path) -> None:
    log = Log(tmp_path)
    rows = [line("L1"), line("L1"), line("L2", hour=None)]
    first = add(log, "order_lines", rows)
    assert (first.rows, first.imported, first.merged) == (3, 3, 0)
    before = log.manifest()
    again = add(log, "order_lines", rows, day=2)
    assert (again.rows, again.imported, again.merged) == (3, 0, 3)
    assert not again.has_changed
    assert log.manifest() == before
    assert held(log, "order_lines") == Counter(rows)


def test_identical_rows_of_one_file_are_rows_of_their_own(tmp_path: Path) -> None:
    log = Log(tmp_path)
    add(log, "order_lines", [line("L1")])
    more = add(log, "order_lines", [line("L1")] * 3)
    assert (more.imported, more.merged) == (2, 1)
    assert held(log, "order_lines") == {line("L1"): 3}


def test_overlapping_files_of_one_import_merge(tmp_path: Path) -> None:
    log = Log(tmp_path)
    told = add(log, "order_lines", [line("L1"), line("L2")], [line("L2"), line("L3")])
    assert (told.rows, told.imported, told.merged) == (4, 3, 1)
    assert held(log, "order_lines") == Counter([line("L1"), line("L2"), line("L3")])


@settings(max_examples=examples(12), deadline=None)
@given(
    st.lists(
        st.lists(
            st.tuples(
                st.sampled_from("AB"), st.sampled_from([None, 8, 9]), st.sampled_from([None, 10])
            ),
            min_size=1,
            max_size=5,
        ),
        min_size=1,
        max_size=4,
    )
)
def test_files_together_and_one_after_another_store_the_same_rows(
    tmp_path_factory: pytest.TempPathFactory, files: list[list[tuple[str, Any, Any]]]
) -> None:
    folder = tmp_path_factory.mktemp("log")
    rows = [[("T", lot, at(start), Decimal(1), "kg") for lot, start, _ in f] for f in files]
    together, apart = Log(folder / "together"), Log(folder / "apart")
    told = add(together, "transformations", *rows)
    parts = [add(apart, "transformations", f, day=day) for day, f in enumerate(rows)]
    most: Counter[tuple[Any, ...]] = Counter()
    for f in rows:
        most |= Counter(f)
    assert held(together, "transformations") == held(apart, "transformations") == most
    assert told.imported == sum(part.imported for part in parts) == most.total()
    assert told.rows == sum(map(len, rows)) == told.imported + told.merged


def test_a_later_import_corrects_an_open_end(tmp_path: Path) -> None:
    log = Log(tmp_path)
    add(log, "packings", [stay("A", 8, None), stay("B", 8, None)], day=1)
    told = add(log, "packings", [stay("A", 8, 12)], day=5)
    assert (told.imported, told.merged, told.corrected) == (1, 0, 1)
    assert held(log, "packings") == Counter([stay("A", 8, 12), stay("B", 8, None)])
    assert log.manifest().events == 2
    before = DAY + timedelta(days=3)
    assert held(log, "packings", before) == Counter([stay("A", 8, None), stay("B", 8, None)])
    assert log.manifest().events_at(before) == 2
    assert held(log, "packings", DAY) == Counter()


def test_the_corrected_row_stays_corrected_when_its_file_comes_again(tmp_path: Path) -> None:
    log = Log(tmp_path)
    add(log, "packings", [stay("A", 8, None)], day=1)
    add(log, "packings", [stay("A", 8, 12)], day=2)
    again = add(log, "packings", [stay("A", 8, None)], day=3)
    assert (again.imported, again.merged) == (0, 1)
    assert held(log, "packings") == {stay("A", 8, 12): 1}
    third = add(log, "packings", [stay("A", 8, 13)], day=4)
    assert (third.imported, third.corrected) == (1, 1)
    assert held(log, "packings") == {stay("A", 8, 13): 1}
    assert held(log, "packings", DAY + timedelta(days=2)) == {stay("A", 8, 12): 1}
    assert log.manifest().events == 1


def test_two_rows_with_one_key_in_one_import_both_hold(tmp_path: Path) -> None:
    log = Log(tmp_path)
    add(log, "packings", [stay("A", 8, 10), stay("A", 8, 12)])
    assert held(log, "packings").total() == 2
    told = add(log, "packings", [stay("A", 8, 12), stay("A", 8, 14)], day=2)
    assert (told.imported, told.merged, told.corrected) == (1, 1, 1)
    assert held(log, "packings") == Counter([stay("A", 8, 12), stay("A", 8, 14)])


def test_an_unknown_start_is_a_key_as_any_other(tmp_path: Path) -> None:
    log = Log(tmp_path)
    add(log, "packings", [stay("A", None, None), stay("A", 8, None)])
    add(log, "packings", [stay("A", None, 12)], day=2)
    assert held(log, "packings") == Counter([stay("A", None, 12), stay("A", 8, None)])


def test_order_lines_are_never_corrected_by_another_row(tmp_path: Path) -> None:
    log = Log(tmp_path)
    add(log, "order_lines", [line("L1", 1)])
    add(log, "order_lines", [line("L1", 2)], day=2)
    assert held(log, "order_lines") == Counter([line("L1", 1), line("L1", 2)])


def test_a_source_is_replaced_as_a_whole(tmp_path: Path) -> None:
    log = Log(tmp_path)
    add(log, "order_lines", [line("L0")])
    first = log.replace(
        {"order_lines": table("order_lines", [line("L1"), line("L2")])},
        source="shop",
        received_at=DAY + timedelta(days=1),
    )
    assert first.has_changed
    assert first.imported == 2
    same = log.replace(
        {"order_lines": table("order_lines", [line("L1"), line("L2")])},
        source="shop",
        received_at=DAY + timedelta(days=2),
    )
    assert not same.has_changed
    assert (same.imported, same.merged) == (0, 2)
    log.replace(
        {"order_lines": table("order_lines", [line("L3")])},
        source="shop",
        received_at=DAY + timedelta(days=3),
    )
    assert held(log, "order_lines") == Counter([line("L0"), line("L3")])
    was = held(log, "order_lines", DAY + timedelta(days=2))
    assert was == Counter([line("L0"), line("L1"), line("L2")])
    log.replace({}, source="shop", received_at=DAY + timedelta(days=4))
    assert held(log, "order_lines") == Counter([line("L0")])


def test_the_digest_is_that_of_the_rows_that_count(tmp_path: Path) -> None:
    one, two = Log(tmp_path / "one"), Log(tmp_path / "two")
    for log in (one, two):
        add(log, "packings", [stay("A", 8, None)])
    assert one.manifest().input_digest == two.manifest().input_digest
    add(two, "packings", [stay("A", 8, 9)], day=2)
    assert one.manifest().input_digest != two.manifest().input_digest
    assert two.manifest().input_digest_at(DAY + timedelta(days=1)) == one.manifest().input_digest


def test_rubbish_of_a_killed_writer_is_neither_read_nor_kept(tmp_path: Path) -> None:
    log = Log(tmp_path)
    add(log, "order_lines", [line("L1")])
    stray = tmp_path / "log" / "order_lines" / "000002-0002.parquet"
    stray.write_bytes(b"half a file")
    half = tmp_path / "log" / "order_lines" / ".000002-0003.parquet.new"
    half.write_bytes(b"")
    assert held(log, "order_lines") == Counter([line("L1")])
    add(log, "order_lines", [line("L2")])
    assert held(log, "order_lines") == Counter([line("L1"), line("L2")])
    assert not half.exists()
    assert len(list((tmp_path / "log" / "order_lines").iterdir())) == 2


def test_a_damaged_manifest_is_refused_with_its_name(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text("{")
    with pytest.raises(Unreadable, match=r"manifest\.json"):
        Log(tmp_path).manifest()


def test_rows_of_another_shape_are_not_taken(tmp_path: Path) -> None:
    log = Log(tmp_path / "log")
    import pyarrow.parquet as pq

    pq.write_table(pa.table({"line": [1]}), tmp_path / "x.parquet")
    with pytest.raises(ValueError, match="order_lines"):
        log.append({"order_lines": tmp_path / "x.parquet"}, source="events", received_at=DAY)
    assert log.manifest().generation == 0


def _hold(folder: Path, held: Any, done: Any) -> None:
    with Log(folder).writing():
        held.set()
        done.wait(20)


def test_one_process_writes_at_a_time(tmp_path: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    held_now, done = spawn.Event(), spawn.Event()
    other = spawn.Process(target=_hold, args=(tmp_path, held_now, done))
    other.start()
    try:
        assert held_now.wait(20)
        with pytest.raises(Forbidden), Log(tmp_path).writing(wait=False):
            pass
    finally:
        done.set()
        other.join()
    with Log(tmp_path).writing(wait=False):
        pass
