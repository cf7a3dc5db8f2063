"""Reading many rows at once gives what reading them one by one gives, reasons included."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from holdfast.kit.tables import opening
from holdfast.kit.trace.bulk import amounts, delimited, moments
from holdfast.kit.trace.bulk.codes import are_codes, is_code
from holdfast.kit.trace.bulk.delimited import Delimited
from holdfast.kit.trace.bulk.header import Wishes
from holdfast.kit.trace.bulk.rows import Fault, Rules, read_row, sound_rows
from holdfast.kit.trace.tables import TABLES

pytestmark = pytest.mark.once
BERLIN = ZoneInfo("Europe/Berlin")
ZONES = [None, BERLIN, ZoneInfo("America/St_Johns"), ZoneInfo("UTC")]

fragments = st.sampled_from(
    [
        *("2026-03-29", "2024-02-29", "2023-02-29", "1899-12-31", "2200-01-01", "0001-01-01"),
        *("T", " ", "t", "02:30:00", "24:00:00", "23:59:60", "10:00", "10:00:00", ".5", ".123"),
        *(".123456", ".1234567", "Z", "z", "UTC", "+01:00", "-00:00", "+14:59", "+15:00", "+0100"),
        *("+01", "-03:30", "x", "٣", "9999-12-31", ",", "20260304"),
    ]
)
times = st.one_of(
    st.lists(fragments, min_size=1, max_size=4).map("".join),
    st.builds(
        lambda at, tail: at.isoformat() + tail,
        st.datetimes(datetime(1890, 1, 1), datetime(2210, 1, 1)),
        st.sampled_from(["", "Z", "+02:00", "-11:30"]),
    ),
    st.datetimes(datetime(1990, 1, 1), datetime(2030, 1, 1)).map(
        lambda at: at.strftime("%Y-%m-%d %H:%M:%S")
    ),
    st.just(""),
    st.text("0123456789-:TZ+. ", max_size=26).map(str.strip),
)
numbers = st.one_of(
    st.sampled_from(["1.5", "-2", "+3", "0", "007", "1e3", "1,5", ".5", "5.", "", "NaN", "0x1F"]),
    st.sampled_from(["999999999999.999999", "999999999999.9999999", "1000000000000", "0.0000005"]),
    st.integers(-(10**13), 10**13).map(str),
    st.decimals(-100, 100, places=7).map(lambda d: format(d, "f")),
    st.text("0123456789.,-+ ٣", max_size=12).map(str.strip),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(times, min_size=1, max_size=12), st.sampled_from(ZONES))
@example(["2026-03-29T02:30:00", "2026-10-25 02:30:00", "2026-10-25"], BERLIN)
@example(["1900-01-01", "1893-03-31 23:55:00"], BERLIN)
def test_times_in_a_column_are_the_times_one_by_one(texts: list[str], zone: ZoneInfo) -> None:
    values, empty, faults = moments.read_moments(pa.array(texts, pa.string()), zone)
    for row, text in enumerate(texts):
        assert bool(empty[row]) == (text == "")
        if text:
            assert (values[row] if not faults[row] else 0, faults[row]) == moments.read_moment(
                text, zone
            ), text


@settings(max_examples=100, deadline=None)
@given(
    st.datetimes(datetime(1899, 12, 1), datetime(2200, 2, 1)),
    st.lists(
        st.tuples(
            st.sampled_from(["T", " ", "t", "x"]),
            st.sampled_from(["", ":07", ":60", *(f":07.{'123456789'[:n]}" for n in range(1, 10))]),
            st.sampled_from(["", "Z", "+00", "-03", "+0530", "+05:30", "+15:00", "+00:60", "*01"]),
        ),
        min_size=1,
        max_size=20,
    ),
    st.sampled_from(ZONES),
)
def test_every_way_to_write_a_time_is_read_as_one_by_one(
    at: datetime, ways: list[tuple[str, str, str]], zone: ZoneInfo | None
) -> None:
    texts = [at.strftime(f"%Y-%m-%d{cut}%H:%M") + second + away for cut, second, away in ways]
    texts += [text + text[-1] for text in texts[:2]]
    values, _, faults = moments.read_moments(pa.array(texts, pa.string()), zone)
    assert [
        (int(value) if not fault else 0, int(fault))
        for value, fault in zip(values, faults, strict=True)
    ] == [moments.read_moment(text, zone) for text in texts]


@pytest.mark.parametrize(
    "text",
    ["2026-03-04 10:00:00+00", "2026-03-04 10:00:00.5+00", "2026-03-04 10:00:00.123456+01",
     "2026-03-04T10:00Z", "2026-03-04T10:00:00.1234567Z", "2026-03-04T10:00:00+0100"],
)  # fmt: skip
def test_what_databases_write_is_never_read_one_by_one(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = moments.read_moment(text, None)
    monkeypatch.setattr(moments, "read_moment", None)
    values, _, faults = moments.read_moments(pa.array([text] * 3), None)
    assert [(value, fault) for value, fault in zip(values, faults, strict=True)] == [wanted] * 3


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.datetimes(
            datetime(1970, 1, 1),
            datetime(2100, 1, 1),
            timezones=st.sampled_from([BERLIN, ZoneInfo("Asia/Kathmandu"), ZoneInfo("UTC")]),
        ),
        min_size=1,
        max_size=5,
    )
)
def test_what_isoformat_writes_is_read_as_that_moment(moments_: list[datetime]) -> None:
    texts = [at.isoformat() for at in moments_]
    values, _, faults = moments.read_moments(pa.array(texts), None)
    epoch = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
    assert not faults.any()
    for value, at in zip(values, moments_, strict=True):
        assert epoch + timedelta(microseconds=int(value)) == at.astimezone(UTC)


@settings(max_examples=150, deadline=None)
@given(st.lists(numbers, min_size=1, max_size=12), st.sampled_from([".", ","]))
def test_numbers_in_a_column_are_the_numbers_one_by_one(texts: list[str], decimal: str) -> None:
    values, empty, faults = amounts.read_amounts(pa.array(texts, pa.string()), decimal)
    made = amounts.as_decimals(values, empty).to_pylist()
    for row, text in enumerate(texts):
        assert bool(empty[row]) == (text == "")
        if not text:
            assert made[row] is None
            continue
        value, fault = amounts.read_amount(text, decimal)
        assert faults[row] == fault, text
        if not fault:
            assert made[row] == Decimal(value) / 1_000_000


@pytest.mark.parametrize("text", ["1e3", "1,5", "12,345.6", "0x10", "ten", "1.2.3", "inf", "--1"])
def test_a_number_that_is_not_plain_is_no_number(text: str) -> None:
    assert amounts.read_amount(text) == (0, amounts.BAD)


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-29T10:00:00Z", "2026-13-01T00:00:00Z", "2026-01-01T24:00:00Z", "04/03/2026",
        "2026-01-01T10:60:00Z", "2026-01-01T10:00:00+25:00", "yesterday", "1767225600",
    ],
)  # fmt: skip
def test_a_time_that_is_none_is_told_apart_from_one_without_zone(text: str) -> None:
    assert moments.read_moment(text, None) == (0, moments.BAD)
    assert moments.read_moment("2026-01-01T10:00:00", None) == (0, moments.NO_ZONE)
    assert moments.read_moment("2026-01-01", None) == (0, moments.NO_ZONE)


def test_a_named_zone_gives_local_times_their_offset() -> None:
    summer, winter = "2026-07-01T10:00:00", "2026-01-01T10:00:00"
    for local, utc in ((summer, "2026-07-01T08:00:00Z"), (winter, "2026-01-01T09:00:00Z")):
        assert moments.read_moment(local, BERLIN) == moments.read_moment(utc, None)


@settings(max_examples=50, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.from_regex(r"\A\d{8}\Z|\A\d{12,14}\Z|\A\d{18}\Z"),
            st.sampled_from(["9506000134352", "09506000134352", "340123450000000000", "x", ""]),
            st.integers(0, 10**17 - 1).map(
                lambda n: next(f"{n:017}{d}" for d in range(10) if is_code(f"{n:017}{d}", "sscc"))
            ),
        ),
        min_size=1,
        max_size=8,
    )
)
def test_check_digits_in_a_column_are_those_one_by_one(codes: list[str]) -> None:
    for kind in ("gtin", "sscc"):
        found = are_codes(pa.array(codes, pa.string()), kind).tolist()
        assert found == [is_code(code, kind) for code in codes]


def plain(text: str, table: str, wishes: Wishes) -> tuple[list[Any], list[tuple[int, str, str]]]:
    """What csv of the standard library and `read_row` make of a file."""
    reader = csv.reader(io.StringIO(text, newline=""))
    titles = next(reader)
    from holdfast.kit.trace.bulk.header import read_header

    rules = Rules(read_header(TABLES[table], titles, wishes, "x"), wishes.time_zone())
    sound, faulty, line = [], [], reader.line_num
    for cells in reader:
        if cells:
            found = read_row(cells, rules)
            if isinstance(found, Fault):
                faulty.append((line + 1, found.column, found.reason))
            else:
                sound.append(found)
        line = reader.line_num
    return sound, faulty


def quick(
    path: Path, table: str, wishes: Wishes, block: int
) -> tuple[list[Any], list[tuple[int, str, str]]]:
    """What the import makes of a file in blocks of about so many bytes."""
    file = Delimited(path, TABLES[table], wishes)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(delimited, "BLOCK", block)
        patch.setattr(opening, "CHUNK", min(block, opening.CHUNK))
        return _read(file, wishes)


def _read(file: Delimited, wishes: Wishes) -> tuple[list[Any], list[tuple[int, str, str]]]:
    sound: list[Any] = []
    faulty: list[tuple[int, str, str]] = []
    for chunk in file.chunks():
        rows, rejects = sound_rows(chunk, Rules(file.header, wishes.time_zone()))
        faulty += [(one.line, one.column, one.reason) for one in rejects]
        for row in zip(*(column.to_pylist() for column in rows.columns), strict=True):
            sound.append(
                tuple(
                    (cell - moments.EPOCH) // moments.MICROSECOND
                    if isinstance(cell, datetime)
                    else int(cell * 1_000_000)
                    if isinstance(cell, Decimal)
                    else cell
                    for cell in row
                )
            )
    return sound, faulty


WORDS = st.sampled_from(
    ["P1", " LOT 7 ", "", "=1+1", "007", "ä", "\u00a0x\u00a0", "9506000134352", "9506000134353"]
)
CELLS = st.one_of(
    WORDS,
    st.sampled_from(
        [
            *("2026-03-04T10:00:00Z", "2026-03-04T09:00:00+01:00", "2026-03-04 10:00"),
            *("2026-03-05", "2026-03-29T02:30:00", "1.5", "-1", "1,5", "3"),
        ]
    ),
)
QUOTED = st.sampled_from(["plain", 'a "quoted" word', "two\nlines", "comma, inside", "nul\0byte"])


@st.composite
def dirty_files(draw: st.DrawFn) -> tuple[str, str]:
    table = TABLES[draw(st.sampled_from(sorted(TABLES)))]
    titles = [draw(st.sampled_from(column.names)) for column in table.columns]
    titles = draw(st.permutations([*titles, "remark"]))
    cells = draw(st.sampled_from([CELLS, st.one_of(CELLS, QUOTED)]))
    paper = io.StringIO(newline="")
    end = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    quoting = draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
    writer = csv.writer(paper, lineterminator=end, quoting=quoting)
    writer.writerow(titles)
    for _ in range(draw(st.integers(0, 8))):
        width = len(titles) + draw(st.sampled_from([0, 0, 0, 0, 1, -1]))
        row = [draw(cells) for _ in range(width)]
        writer.writerow(row)
        if draw(st.booleans()):
            paper.write(end)
    return table.name, paper.getvalue()


@settings(max_examples=150, deadline=None)
@given(
    dirty_files(),
    st.sampled_from(["", "Europe/Berlin"]),
    st.booleans(),
    st.sampled_from([3, 40, 8 * 1024**2]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_the_quick_way_and_the_plain_way_read_the_same(
    tmp_path_factory: pytest.TempPathFactory,
    dirty: tuple[str, str],
    zone: str,
    is_declared: bool,
    block: int,
    encoding: str,
) -> None:
    table, text = dirty
    codes = (("sku", "gtin"), ("lot", "gtin")) if is_declared else ()
    wishes = Wishes(zone=zone, codes=codes)
    path = tmp_path_factory.mktemp("dirty") / f"{table}.csv"
    path.write_bytes(text.encode(encoding))
    assert quick(path, table, wishes, block) == plain(text, table, wishes)
