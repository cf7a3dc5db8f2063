"""Importing a folder of trace events: which files, which rows, what is said, what is kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from holdfast.ground.journal.models import Entry
from holdfast.kit.refusals import NotPermitted, Unreadable
from holdfast.kit.trace.bulk import Outcome, Wishes, import_folder
from holdfast.kit.trace.log import Log
from holdfast.supply.traceability.actions import import_events
from holdfast.supply.traceability.queries import trace_log
from tests.plugins.chance import examples
from tests.supply.traceability.conftest import LEAD, NOW, VIEWER, Held

pytestmark = pytest.mark.django_db
Folder = Callable[[dict[str, str]], Path]

LINES = """line,order,customer,sku,lot,container,site,shipped_at,quantity
L1,O1,K1,9506000134352,007,,shop,2026-03-04T10:00:00Z,2
L2,O1,K1,9506000134353,,P1,shop,2026-03-04T10:00:00+01:00,1.5
"""
STAYS = """container;child;packed_at;unpacked_at
P1;007;2026-03-01T08:00:00Z;
"""


def bring(folder: Path, *, day: int = 0, is_rehearsal: bool = False, **said: Any) -> Outcome:
    told = import_events(
        folder=folder,
        wishes=Wishes(**said),
        by=LEAD,
        now=NOW + timedelta(days=day),
        is_rehearsal=is_rehearsal,
    )
    for rows in (*told.tables.values(), told.as_json()):
        counts = rows if isinstance(rows, dict) else vars_of(rows)
        assert counts["rows"] == counts["imported"] + counts["merged"] + counts["rejected"]
    return told


def vars_of(rows: Any) -> dict[str, int]:
    return {name: getattr(rows, name) for name in ("rows", "imported", "merged", "rejected")}


def test_the_journal_has_the_counts_and_no_more(home: Path, folder: Folder) -> None:
    bring(folder({"order_lines.csv": LINES, "packings.csv": STAYS}))
    entry = Entry.objects.get(kind="EventsImported")
    assert '"tables":{"order_lines":2,"packings":1}' in entry.payload
    assert "K1" not in entry.payload
    bring(folder({}))
    assert Entry.objects.filter(kind="EventsImported").count() == 1, "nothing changed"


def test_an_import_killed_before_the_journal_is_told_by_the_next(
    home: Path, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = folder({"order_lines.csv": LINES})
    with monkeypatch.context() as patch:
        patch.setattr(Log, "tell", lambda log, tell: None)
        bring(place)
    assert not Entry.objects.filter(kind="EventsImported").exists()
    assert len(trace_log().manifest().untold) == 1
    bring(place)
    entry = Entry.objects.get(kind="EventsImported")
    assert '"imported":2' in entry.payload
    assert trace_log().manifest().untold == ()


def test_an_import_killed_after_the_journal_is_not_told_twice(
    home: Path, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = folder({"order_lines.csv": LINES})
    from holdfast.kit.trace.log import store

    real = store.swap_manifest

    def dying(folder: Path, manifest: Any) -> None:
        if manifest.generation and not manifest.untold:
            raise KeyboardInterrupt
        real(folder, manifest)

    with monkeypatch.context() as patch:
        patch.setattr(store, "swap_manifest", dying)
        with pytest.raises(KeyboardInterrupt):
            bring(place)
    bring(place)
    assert Entry.objects.filter(kind="EventsImported").count() == 1


def test_who_only_looks_may_not_import(home: Path, folder: Folder) -> None:
    place = folder({"packings.csv": STAYS})
    with pytest.raises(NotPermitted):
        import_events(folder=place, wishes=Wishes(), by=VIEWER, now=NOW)
    assert not (home / "trace").exists()


def test_a_correction_holds_from_when_it_came(home: Path, folder: Folder, held: Held) -> None:
    bring(folder({"packings.csv": STAYS}))
    ended = STAYS.replace("08:00:00Z;\n", "08:00:00Z;2026-03-09T08:00:00Z\n")
    told = bring(folder({"packings.csv": ended}), day=2)
    assert (told.total("imported"), told.total("corrected")) == (1, 1)
    assert [row[3] for row in held("packings")] == [datetime(2026, 3, 9, 8)]
    assert [row[3] for row in held("packings", known_at=NOW + timedelta(days=1))] == [None]


def test_files_are_named_for_their_tables_in_many_ways(
    home: Path, tmp_path: Path, held: Held
) -> None:
    import gzip

    import zstandard

    place = tmp_path / "events"
    (place / "packings").mkdir(parents=True)
    stay = "container\tchild\tpacked_at\tunpacked_at\nP{0}\tA\t2026-03-01T08:00:00Z\t\n"
    (place / "PACKINGS-march.tsv").write_text(stay.format(1))
    (place / "packings.2.csv.gz").write_bytes(gzip.compress(stay.format(2).encode()))
    (place / "packings_3.csv.zst").write_bytes(zstandard.compress(stay.format(3).encode()))
    (place / "packings" / "part-0.csv").write_text(stay.format(4).replace("\t", "|"))
    (place / "packings" / "_SUCCESS").write_text("")
    (place / "packings.xml").write_text("<x/>")
    (place / "unpackings.csv").write_text(stay.format(9))
    (place / "readme.txt").write_text("hello")
    told = bring(place)
    assert {row[0] for row in held("packings")} == {"P1", "P2", "P3", "P4"}
    assert told.left == ["packings/_SUCCESS", "packings.xml", "readme.txt", "unpackings.csv"]


def test_columns_may_stand_in_any_order_and_others_are_named(
    home: Path, folder: Folder, held: Held
) -> None:
    place = folder(
        {
            "transformations.csv": "Output Lot;remark;INPUT_LOT;at\nB;x;A;2026-01-01T00:00:00Z\n",
            "shipments.csv": "container_or_lot,from_site,to_site,shipped_at,received_at\n"
            "P1,w1,w2,2026-01-01T00:00:00Z,\n",
        }
    )
    told = bring(place)
    assert list(held("transformations")) == [("A", "B", datetime(2026, 1, 1), None, "")]
    assert list(held("shipments")) == [("P1", "w1", "w2", datetime(2026, 1, 1), None)]
    assert told.files[0]["ignored_columns"] == ["remark"]


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("packings.csv", "container,child\nP1,A\n", "column_missing"),
        ("packings.csv", "container,child,packed_at,Child\nP1,A,,B\n", "column_twice"),
        ("packings.csv", "", "file_empty"),
        ("packings.csv", 'container,child,packed_at\nP1,"A,2026', "file_truncated"),
        ("packings.csv", "container,child,packed_at\nP1,A,\nP2,B", "file_truncated"),
        ("packings.csv", "container,child,packed_at\nP" + "1" * 2_000_000, "record_too_long"),
        ("packings.parquet", "container,child,packed_at\n", "parquet_unreadable"),
        ("nothing.csv", "a,b\n", "no_tables"),
    ],
)
def test_a_folder_with_a_file_that_is_no_table_is_refused_whole(
    home: Path, folder: Folder, name: str, text: str, code: str
) -> None:
    place = folder({name: text, **({"order_lines.csv": LINES} if "nothing" not in name else {})})
    with pytest.raises(Unreadable) as refused:
        bring(place)
    assert refused.value.code == code
    assert refused.value.file
    assert trace_log().manifest().generation == 0
    assert not list((home / "trace").rglob("*.parquet"))


def test_a_file_that_cannot_be_opened_is_refused(home: Path, folder: Folder) -> None:
    place = folder({"order_lines.csv": LINES})
    (place / "packings.csv").symlink_to(place / "nowhere")
    with pytest.raises(Unreadable, match=r"packings\.csv"):
        bring(place)


def test_a_rehearsal_counts_and_keeps_nothing(home: Path, folder: Folder) -> None:
    told = bring(folder({"order_lines.csv": LINES}), is_rehearsal=True)
    assert told.total("imported") == 2
    assert not list((home / "trace").rglob("*.parquet"))
    assert Entry.objects.count() == 0
    assert bring(folder({})).total("imported") == 2


def test_check_digits_count_where_a_column_is_declared(home: Path, folder: Folder) -> None:
    place = folder({"order_lines.csv": LINES})
    for codes in ((("sku", "gtin"),), (("order_lines.sku", "gtin"),)):
        told = bring(place, codes=codes, is_rehearsal=True)
        assert [(one["line"], one["column"]) for one in told.rejects] == [(3, "sku")]
        assert "check digit" in str(told.rejects[0]["reason"])
    with pytest.raises(Unreadable, match="colour"):
        bring(place, codes=(("colour", "gtin"),))
    folder({"order_lines.csv": LINES.replace(",sku,", ",sku:gtin,")})
    assert bring(place, is_rehearsal=True).total("rejected") == 1
    folder({"order_lines.csv": LINES})
    assert bring(place).total("rejected") == 0, "undeclared it is any string"


def test_a_zone_has_to_exist(home: Path, folder: Folder) -> None:
    with pytest.raises(Unreadable, match="Mars"):
        bring(folder({"order_lines.csv": LINES}), zone="Mars/Olympus")


def test_what_is_odd_is_accepted_and_flagged(home: Path, folder: Folder) -> None:
    day = "2026-01-0{}T00:00:00Z"
    place = folder(
        {
            "transformations.csv": "input_lot,output_lot,at\n"
            + "".join(
                f"{a},{b},{day.format(d)}\n"
                for a, b, d in [("A", "B", 5), ("B", "C", 3), ("C", "A", 6), ("D", "D", 1)]
            ),
            "packings.csv": "container,child,packed_at,unpacked_at\n"
            f"P1,A,{day.format(1)},{day.format(4)}\nP2,A,{day.format(3)},\n"
            f"P3,P3,{day.format(1)},\nP4,A,{day.format(2)},{day.format(2)}\n",
            "shipments.csv": "unit,from_site,to_site,shipped_at,received_at\n"
            f"A,w1,w2,{day.format(3)},{day.format(1)}\n",
            "receipts.csv": "lot,sku,site,received_at,depleted_at\n"
            f"A,S,w1,{day.format(3)},{day.format(1)}\n",
            "order_lines.csv": "line,order,customer,sku,lot,container,site,shipped_at,quantity\n"
            "L1,O,,S,A,,w1,,1\nL2,O,a@example.org,S,A,,w9,2026-01-01T00:00:00Z,-1\n",
        }
    )
    told = bring(place)
    assert told.total("rejected") == 0
    assert told.flags == {
        "lots_made_of_themselves": 4,
        "used_before_made": 2,
        "packed_in_themselves": 1,
        "packed_twice_at_once": 1,
        "received_before_shipped": 1,
        "used_up_before_received": 1,
        "lines_at_unknown_sites": 1,
        "lines_without_customer": 1,
        "lines_without_time": 1,
        "customers_that_look_like_addresses": 1,
        "returns": 1,
    }


IDS = st.sampled_from(["A", "B", "007", "", " A", "=x", "P1"])
TIMES = st.sampled_from(
    [
        *("2026-03-04T10:00:00Z", "2026-03-04T11:00:00+01:00", "2026-03-05T10:00:00Z"),
        *("", "2026-03-04", "soon"),
    ]
)
NUMBERS = st.sampled_from(["1", "1.0", "2.5", "-1", "", "1,5", "x"])
ROW = {
    "packings": (("container", "child", "packed_at", "unpacked_at"), (IDS, IDS, TIMES, TIMES)),
    "transformations": (("input_lot", "output_lot", "at", "quantity"), (IDS, IDS, TIMES, NUMBERS)),
}


@st.composite
def folders(draw: st.DrawFn) -> list[dict[str, list[tuple[str, ...]]]]:
    """One to three imports, each of one to three files; rows come again within and between."""
    imports = []
    for _ in range(draw(st.integers(1, 3))):
        files = {}
        for number in range(draw(st.integers(1, 3))):
            table = draw(st.sampled_from(sorted(ROW)))
            rows = draw(st.lists(st.tuples(*ROW[table][1]), max_size=6))
            files[f"{table}-{number}.csv"] = rows
        imports.append(files)
    return imports


@pytest.mark.once
@settings(
    max_examples=examples(8),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(folders())
def test_sums_always_close_and_everything_comes_twice_without_change(
    tmp_path_factory: pytest.TempPathFactory, imports: list[dict[str, list[tuple[str, ...]]]]
) -> None:
    place = tmp_path_factory.mktemp("sums")
    log = Log(place / "trace")
    for number, files in enumerate(imports):
        folder = place / str(number)
        folder.mkdir()
        for name, rows in files.items():
            head = ROW[name.split("-")[0]][0]
            lines = [";".join(cells) for cells in (head, *rows)]
            (folder / name).write_text("\n".join(lines) + "\n")
        for again in (False, True):
            before = log.manifest()
            when = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=number)
            told = import_folder(log=log, folder=folder, wishes=Wishes(), received_at=when)
            for name, counts in told.tables.items():
                given = sum(len(r) for f, r in files.items() if f.startswith(name))
                assert counts.rows == given
                assert counts.rows == counts.imported + counts.merged + counts.rejected
            assert len(told.rejects) == told.total("rejected")
            if again:
                assert told.total("imported") == 0
                assert log.manifest().segments == before.segments
                assert log.manifest().generation == before.generation


def test_parquet_gives_the_rows_that_csv_gives(
    home: Path, tmp_path: Path, held: Held, folder: Folder
) -> None:
    moments = [datetime(2026, 3, 4, 9, tzinfo=UTC), None, datetime(2026, 3, 4, 9, 0, 0, 250)]
    typed = pa.table(
        {
            "line": pa.array(["L1", "L2", "L3"], pa.large_string()),
            "order": pa.array([7, 8, 9], pa.int64()),
            "customer": pa.array(["K", None, "K"]).dictionary_encode(),
            "sku": pa.array(["S", " S ", "S"]),
            "shipped_at": pa.array(moments, pa.timestamp("ns", "Europe/Berlin")),
            "quantity": pa.array([1.5, float("nan"), -2.0]),
        }
    )
    place = tmp_path / "typed"
    place.mkdir()
    pq.write_table(typed, place / "order_lines.parquet")
    assert bring(place).total("imported") == 3
    expected = Counter(
        [
            ("L1", "7", "K", "S", "", "", "", datetime(2026, 3, 4, 9), Decimal("1.5")),
            ("L2", "8", "", "S", "", "", "", None, None),
            ("L3", "9", "K", "S", "", "", "", datetime(2026, 3, 4, 9, 0, 0, 250), Decimal(-2)),
        ]
    )
    assert held("order_lines") == expected
    same = folder(
        {
            "order_lines.csv": "line,order,customer,sku,shipped_at,quantity\n"
            "L1,7,K,S,2026-03-04T10:00:00+01:00,1.50\nL2,8,,S,,\n"
            "L3,9,K,S,2026-03-04T09:00:00.000250Z,-2\n"
        }
    )
    told = bring(same)
    assert (told.total("imported"), told.total("merged")) == (0, 3)


def test_parquet_times_without_zone_need_one(home: Path, tmp_path: Path, held: Held) -> None:
    place = tmp_path / "zoneless"
    place.mkdir()
    for name, kind, value in (
        ("packings-a", pa.timestamp("us"), datetime(2026, 7, 1, 10)),
        ("packings-b", pa.date32(), datetime(2026, 7, 2).date()),
    ):
        stays = {"container": ["P"], "child": ["A"], "packed_at": pa.array([value], kind)}
        pq.write_table(pa.table(stays), place / f"{name}.parquet")
    told = bring(place)
    assert told.total("rejected") == 2
    assert all("without a zone" in str(one["reason"]) for one in told.rejects)
    assert bring(place, zone="Europe/Berlin").total("imported") == 2
    assert {row[2] for row in held("packings")} == {
        datetime(2026, 7, 1, 8), datetime(2026, 7, 1, 22)
    }  # fmt: skip


@pytest.mark.parametrize(
    ("column", "values"),
    [("packed_at", [1772618400]), ("container", [1.5]), ("child", [[1]]), ("container", [True])],
)
def test_parquet_columns_of_another_kind_refuse_the_file(
    home: Path, tmp_path: Path, column: str, values: list[Any]
) -> None:
    place = tmp_path / "kinds"
    place.mkdir()
    stays = {"container": ["P"], "child": ["A"], "packed_at": [None]} | {column: values}
    pq.write_table(pa.table(stays), place / "packings.parquet")
    with pytest.raises(Unreadable) as refused:
        bring(place)
    assert (refused.value.code, refused.value.column) == ("wrong_type", column)


def test_a_row_with_a_nul_byte_is_rejected(home: Path, folder: Folder, tmp_path: Path) -> None:
    told = bring(folder({"packings.csv": STAYS + "P2;0\x0008;2026-03-01T08:00:00Z;\n"}))
    assert [(one["line"], one["column"]) for one in told.rejects] == [(3, "child")]
    place = tmp_path / "nul"
    place.mkdir()
    stays = pa.table({"container": ["P", "Q\0"], "child": ["A", "A"], "packed_at": [None, None]})
    pq.write_table(stays, place / "packings.parquet")
    told = bring(place)
    assert [(one["line"], one["column"]) for one in told.rejects] == [(2, "container")]
    assert told.total("imported") == 1
