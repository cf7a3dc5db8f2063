"""Reading tables that nobody prepared for us: each is read to its end or refused with a place."""

from __future__ import annotations

import codecs
import gzip
import io
import tracemalloc
import zipfile
from pathlib import Path

import openpyxl
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from holdfast.kit.refusals import Unreadable
from holdfast.kit.tables import Limits, Table, delimited, open_table

pytestmark = pytest.mark.once
HEADER = "order,product,quantity\n"


def table(folder: Path, data: bytes | str, name: str = "file.csv", **options: object) -> Table:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return open_table(path, **options)  # type: ignore[arg-type]


def cells(found: Table) -> list[list[str]]:
    return [row for _, row in found.rows()]


def refusal(
    folder: Path, data: bytes | str, name: str = "file.csv", **options: object
) -> Unreadable:
    with pytest.raises(Unreadable) as caught:
        list(table(folder, data, name, **options).rows())
    refused = caught.value
    assert refused.file
    assert refused.hint
    assert refused.message
    return refused


def workbook(folder: Path, rows: list[list[object]], change: object = None) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in rows:
        sheet.append(row)
    if callable(change):
        change(sheet)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_found(tmp_path: Path, separator: str) -> None:
    text = "\n".join(separator.join(row) for row in (["order", "product"], ["1", "A"], ["2", "B"]))
    found = table(tmp_path, text + "\n")
    assert (found.separator, cells(found)) == (separator, [["1", "A"], ["2", "B"]])


@pytest.mark.parametrize("separator", [";;", '"', "\n"])
def test_a_separator_that_cannot_separate_is_refused(tmp_path: Path, separator: str) -> None:
    refused = refusal(tmp_path, HEADER + "1,A,1\n", separator=separator)
    assert refused.code == "separator_unknown"


def test_a_quoted_line_break_does_not_end_a_record_and_empty_lines_are_none(tmp_path: Path) -> None:
    found = table(tmp_path, f'{HEADER}1,"two\nlines",3\n\n\n2,B,1\n')
    assert list(found.rows()) == [(2, ["1", "two\nlines", "3"]), (6, ["2", "B", "1"])]


@pytest.mark.parametrize(
    ("encoding", "told"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("utf-16", "utf-16"), ("cp1252", "cp1252")],
)
def test_encodings_are_tried_and_told(tmp_path: Path, encoding: str, told: str) -> None:
    found = table(tmp_path, f"{HEADER}1,Käse – 3 €,2\n".encode(encoding))
    assert (found.encoding, cells(found)) == (told, [["1", "Käse – 3 €", "2"]])


def test_utf_16_without_its_mark_is_recognised(tmp_path: Path) -> None:
    text = HEADER + "1,Käse,2\n" * 20
    assert len(cells(table(tmp_path, text.encode("utf-16-le")))) == 20


def test_mixed_encodings_are_refused_with_the_line(tmp_path: Path) -> None:
    data = f"{HEADER}1,Käse,2\n".encode() + b"2,K\xe4se,2\n"
    refused = refusal(tmp_path, data)
    assert (refused.code, refused.line) == ("mixed_encodings", 3)
    assert len(cells(table(tmp_path, data, encoding="latin-1"))) == 2


@pytest.mark.parametrize(
    "title", ["„Süß“ kühl", "CAFÉ» crème", "«\u00a0café\u00a0» noir", "Maß – süß…"]
)
def test_a_letter_before_a_closing_mark_does_not_pass_for_utf_8(tmp_path: Path, title: str) -> None:
    found = table(tmp_path, f"{HEADER}1,{title},2\n".encode("cp1252"))
    assert (found.encoding, cells(found)) == ("cp1252", [["1", title, "2"]])


def test_bytes_that_mean_nothing_are_refused(tmp_path: Path) -> None:
    refused = refusal(tmp_path, HEADER.encode() + b"1,\x81\x8d,2\n")
    assert (refused.code, refused.line) == ("undecodable", 2)


@pytest.mark.parametrize("separator", [";", "\t"])
def test_a_row_written_again_is_the_row_that_was_read(tmp_path: Path, separator: str) -> None:
    row = ["1", f'two{separator} "inches"', "two\nlines"]
    head = separator.join(["order", "product", "quantity"]) + "\n"
    found = table(tmp_path, head + delimited.record(row, separator) + "\n")
    assert cells(table(tmp_path, head + found.record(cells(found)[0]) + "\n")) == [row]


@pytest.mark.parametrize("ending", ["\r\n", "\n", "\r"])
def test_every_line_end_is_one(tmp_path: Path, ending: str) -> None:
    found = table(tmp_path, ending.join(["order,product", "1,A", "2,B", ""]))
    assert cells(found) == [["1", "A"], ["2", "B"]]


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
def test_archives_are_read_directly_and_truncated_ones_refused(
    tmp_path: Path, pack: object
) -> None:
    text = HEADER + "".join(f"{n},P{n * 7919 % 1000},1\n" for n in range(5_000))
    packed = pack(text.encode())  # type: ignore[operator]
    assert len(cells(table(tmp_path, packed, "file.bin"))) == 5_000
    for share in (0.3, 0.9):
        refused = refusal(tmp_path, packed[: int(len(packed) * share)])
        assert refused.code in ("archive_truncated", "archive_damaged")


def test_two_frames_in_one_archive_are_one_file(tmp_path: Path) -> None:
    parts = [HEADER + "1,A,1\n", "2,B,1\n"]
    for pack in (gzip.compress, zstandard.compress):
        assert len(cells(table(tmp_path, b"".join(pack(p.encode()) for p in parts)))) == 2


def test_a_damaged_archive_is_refused(tmp_path: Path) -> None:
    packed = bytearray(gzip.compress((HEADER + "1,A,1\n" * 5000).encode()))
    packed[len(packed) // 2] ^= 0xFF
    assert refusal(tmp_path, bytes(packed)).code.startswith("archive_")


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
def test_bombs_are_refused_before_they_go_off(tmp_path: Path, pack: object) -> None:
    limits = Limits(ratio_free_bytes=1024**2)
    packed = pack(HEADER.encode() + b"1,A,1\n" * 2_000_000)  # type: ignore[operator]
    assert refusal(tmp_path, packed, limits=limits).code == "archive_bomb"
    zeros = pack(HEADER.encode() + bytes(50_000_000))  # type: ignore[operator]
    assert refusal(tmp_path, zeros).code in ("record_too_long", "archive_bomb", "not_a_table")


def test_a_line_of_200_mb_is_refused_without_holding_it(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    with path.open("wb") as file:
        file.write(HEADER.encode() + b"1,A,1\n2,")
        for _ in range(200):
            file.write(b"x" * 1024**2)
        file.write(b",1\n")
    tracemalloc.start()
    try:
        with pytest.raises(Unreadable) as caught:
            open_table(path)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (caught.value.code, caught.value.line) == ("record_too_long", 3)
    assert most < 16 * 1024**2


def test_a_record_of_many_lines_above_the_limit_is_refused(tmp_path: Path) -> None:
    inside = "line in a quoted field\n" * 80_000
    refused = refusal(tmp_path, f'{HEADER}1,A,1\n2,"{inside}",1\n')
    assert (refused.code, refused.line) == ("record_too_long", 3)


def test_a_quote_left_open_is_refused_where_it_opens(tmp_path: Path) -> None:
    refused = refusal(tmp_path, f'{HEADER}1,A,1\n2,"B,1\n3,C,1\n')
    assert (refused.code, refused.line) == ("file_truncated", 3)


def test_a_file_cut_in_the_middle_of_its_last_line_is_refused(tmp_path: Path) -> None:
    refused = refusal(tmp_path, f"{HEADER}1,A,1\n2,B,1\n3,C")
    assert (refused.code, refused.line) == ("file_truncated", 4)
    assert len(cells(table(tmp_path, f"{HEADER}1,A,1\n2,B,1"))) == 2


def test_a_file_cut_in_the_middle_of_a_letter_is_refused(tmp_path: Path) -> None:
    data = f"{HEADER}1,Käse,1\n2,Kä".encode()[:-1]
    assert refusal(tmp_path, data).code == "file_truncated"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file_empty"),
        (b"\n\n\n", "file_empty"),
        (b"just a text without any columns\nand another\n", "no_header"),
        (b"1001,VL-10K,2\n1002,VL-10K,1\n", "no_header"),
        (b"order\0,product,quantity\n1,A,1\n", "no_header"),
        (b"%PDF-1.7\n1,2,3\n", "not_a_table"),
        (b"\x89PNG\r\n\x1a\n" + bytes(200), "not_a_table"),
        (b"<!DOCTYPE html><html><body>Sign in</body></html>", "not_a_table"),
        (b'<?xml version="1.0"?><orders/>', "not_a_table"),
        (b'{"orders": [1, 2]}', "not_a_table"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "not_a_table"),
        (b"SQLite format 3\0" + bytes(600), "not_a_table"),
        (bytes(range(1, 9)) * 400, "not_a_table"),
        (b"PK\x03\x04 no archive at all", "workbook_damaged"),
        (b"\x1f\x8b no archive at all", "archive_damaged"),
    ],
)
def test_what_is_no_table_is_refused_as_what_it_is(tmp_path: Path, data: bytes, code: str) -> None:
    assert refusal(tmp_path, data).code == code


def test_a_file_that_is_not_there_or_a_folder_is_refused(tmp_path: Path) -> None:
    for path, code in ((tmp_path / "none.csv", "file_not_found"), (tmp_path, "file_is_folder")):
        with pytest.raises(Unreadable) as caught:
            open_table(path)
        assert caught.value.code == code


def test_a_title_above_the_header_is_skipped_when_the_header_is_known(tmp_path: Path) -> None:
    def score(record: list[str]) -> int:
        return sum(cell in ("order", "product", "quantity") for cell in record)

    text = f"Orders of March,,\nexported,today,\n{HEADER}1,A,2\n"
    found = table(tmp_path, text, score=score)
    assert (found.header_line, cells(found)) == (3, [["1", "A", "2"]])
    assert found.notes


def test_the_line_in_which_a_spreadsheet_names_its_separator_is_no_header(tmp_path: Path) -> None:
    found = table(tmp_path, "sep=;\r\norder;product\r\n1;A,B\r\n")
    assert (found.columns, list(found.rows())) == (("order", "product"), [(3, ["1", "A,B"])])


def test_years_as_column_names_beside_known_ones_are_still_a_header(tmp_path: Path) -> None:
    def score(record: list[str]) -> int:
        return sum(cell in ("order", "product") for cell in record)

    assert cells(table(tmp_path, "order,product,2024,2025\n1,A,2,3\n", score=score))


def test_quotes_in_tab_separated_reports_are_letters(tmp_path: Path) -> None:
    text = (
        'sku\tproduct-name\tquantity\nA\t12" pan\t1\nB\t"sharp knife\t2\nC\t"a ""quoted"" one"\t1\n'
    )
    assert cells(table(tmp_path, text)) == [
        ["A", '12" pan', "1"],
        ["B", '"sharp knife', "2"],
        ["C", 'a "quoted" one', "1"],
    ]


# -- workbooks -----------------------------------------------------------------------------------


def test_a_workbook_is_read_with_its_numbers_dates_and_zeros(tmp_path: Path) -> None:
    from datetime import datetime

    def padded(sheet: openpyxl.worksheet.worksheet.Worksheet) -> None:
        sheet["B2"].number_format = "00000"

    rows: list[list[object]] = [
        ["order", "sku", "quantity", "date", "paid"],
        ["#1001", 123, 2, datetime(2026, 3, 2, 14, 30), 2.55],
        ["#1002", "00042", 1.0, datetime(2026, 3, 3), True],
    ]
    found = table(tmp_path, workbook(tmp_path, rows, padded), "file.xlsx")
    assert cells(found) == [
        ["#1001", "00123", "2", "2026-03-02 14:30:00", "2.55"],
        ["#1002", "00042", "1", "2026-03-03", "TRUE"],
    ]


def test_formula_cells_are_kept_as_text(tmp_path: Path) -> None:
    data = workbook(tmp_path, [["order", "quantity"], ["1", "=1+1"]])
    assert cells(table(tmp_path, data, "file.xlsx")) == [["1", "=1+1"]]


def test_merged_cells_are_refused_with_their_place(tmp_path: Path) -> None:
    rows: list[list[object]] = [["order", "sku"], ["1", "A"], ["2", "B"]]
    data = workbook(tmp_path, rows, lambda sheet: sheet.merge_cells("A2:A3"))
    refused = refusal(tmp_path, data, "file.xlsx")
    assert (refused.code, refused.line, refused.column) == ("merged_cells", 2, "A")


def test_a_truncated_workbook_is_refused(tmp_path: Path) -> None:
    data = workbook(tmp_path, [["order", "sku"], *([str(n), "A"] for n in range(500))])
    for share in (0.2, 0.6, 0.95):
        assert refusal(tmp_path, data[: int(len(data) * share)]).code == "workbook_damaged"


def test_a_bomb_in_a_workbook_is_refused(tmp_path: Path) -> None:
    held = io.BytesIO(workbook(tmp_path, [["order", "sku"], ["1", "A"]]))
    with zipfile.ZipFile(held, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/zeros.bin", bytes(90 * 1024**2))
    assert refusal(tmp_path, held.getvalue()).code == "archive_bomb"


def test_entities_in_a_workbook_are_refused(tmp_path: Path) -> None:
    held = io.BytesIO(workbook(tmp_path, [["order", "sku"], ["1", "A"]]))
    laughing = (
        '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        '<sheetData><row r="1"><c t="inlineStr"><is><t>&b;</t></is></c></row></sheetData>'
        "</worksheet>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(held) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, laughing if "sheet1" in name else old.read(name))
    assert refusal(tmp_path, out.getvalue()).code == "workbook_damaged"


def test_other_archives_are_refused_as_what_they_are(tmp_path: Path) -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("orders.csv", HEADER)
    assert refusal(tmp_path, held.getvalue()).code == "not_a_table"


# -- identities ----------------------------------------------------------------------------------

CELL = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\x85\u2028\u2029"),
    max_size=12,
)


@given(st.lists(st.lists(CELL, min_size=3, max_size=3), max_size=12), st.sampled_from(",;\t|"))
def test_what_a_csv_writer_wrote_comes_back(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], separator: str
) -> None:
    import csv

    held = io.StringIO()
    writer = csv.writer(held, delimiter=separator, quoting=csv.QUOTE_ALL)
    writer.writerow(["order", "product", "quantity"])
    writer.writerows(rows)
    path = tmp_path_factory.mktemp("same") / "file.csv"
    path.write_bytes(codecs.BOM_UTF8 + held.getvalue().encode())
    assert cells(open_table(path, separator=separator)) == rows
