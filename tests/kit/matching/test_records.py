"""Tables and recordings of any columns become records; what is no property is left out."""

import gzip
import json
from pathlib import Path

import pytest

from holdfast.kit.matching import Catalogue, Record, match_one, read_records
from holdfast.kit.matching.records import role_of
from holdfast.kit.refusals import Unreadable


@pytest.mark.parametrize("separator", [",", ";", "|", "\t"])
def test_any_separator_is_read_and_the_first_column_is_the_id(
    tmp_path: Path, separator: str
) -> None:
    rows = [["key", "name", "manufacturer", "ean", "price", "description"],
            ["7", "Rope", "Carlsen", "4006381333931", "9.90", "climbing"]]  # fmt: skip
    file = tmp_path / "right.csv"
    file.write_text("\n".join(separator.join(row) for row in rows) + "\n")
    wanted = Record("7", "Rope", "Carlsen", rest="climbing", codes="4006381333931")
    assert list(read_records(file)) == [wanted]


def test_without_a_title_the_first_text_is_one(tmp_path: Path) -> None:
    file = tmp_path / "left.csv"
    file.write_text("id,a,b\n1,Sony camera,pink\n")
    assert list(read_records(file)) == [Record("1", "Sony camera", rest="pink")]


def test_a_recording_of_an_authority_is_read_with_what_is_nested(tmp_path: Path) -> None:
    item = {
        "RecallID": 9, "RecallNumber": "17-003", "Title": "Heaters", "Hazards": [{"Name": "Fire"}],
        "Products": [{"Name": "Oil heater", "Model": "HX-40"}, {"Name": "Fan heater", "Model": ""}],
        "Manufacturers": [{"Name": "Warmo"}], "ProductUPCs": [{"UPC": "708953602028"}],
        "Images": [{"URL": "https://example.org"}], "RecallDate": "2017-01-02",
    }  # fmt: skip
    file = tmp_path / "recalls.jsonl.gz"
    file.write_bytes(gzip.compress(json.dumps(item).encode() + b"\n"))
    assert list(read_records(file)) == [
        Record("17-003", "Heaters\nOil heater\nFan heater", "Warmo", "HX-40", "", "708953602028")
    ]


def test_the_number_of_a_recall_is_its_id_and_may_come_twice(tmp_path: Path) -> None:
    file = tmp_path / "recalls.csv"
    file.write_text("type,alert_number,product_name\nx,A1,Lamp\nx,A1,Hose\nx,,Fan\n")
    assert [record.id for record in read_records(file)] == ["A1", "A1", "line 4"]


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("left.csv", "", "file_empty"),
        ("recalls.jsonl", '{"id": 1}\n<html>\n', "not_json"),
        ("recalls.jsonl", "[1]\n", "not_json"),
    ],
)
def test_what_is_no_list_of_records_is_refused(
    tmp_path: Path, name: str, text: str, code: str
) -> None:
    file = tmp_path / name
    file.write_text(text)
    with pytest.raises(Unreadable) as refused:
        list(read_records(file))
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("columns", "encoding"),
    [
        ("Artikel-Nr.;Bezeichnung;Marke;Modell;EAN-Code;Preis", "cp1252"),
        ("Référence\tDésignation\tMarque\tModèle\tCode EAN\tPrix TTC", "latin-1"),
        ("código|Nombre|Marca|Modelo|Código de barras|Precio", "utf-8"),
        ("codice;Nome prodotto;Marca;Modello;Codice a barre;Prezzo", "utf-16"),
        ("id;Nazwa produktu;Marka;Model;Kod kreskowy;Cena", "cp1250"),
        ("商品番号,Title,Brand,Model,JANコード,価格", "utf-8"),
    ],
)
def test_a_catalogue_in_another_language_is_read(
    tmp_path: Path, columns: str, encoding: str
) -> None:
    cut = next(sign for sign in "\t;|," if sign in columns)
    cells = ["007", "Heizgerät", "Warmo", "HX 4000", "4006381333931", "49.90"]
    file = tmp_path / "right.csv"
    file.write_bytes(f"{columns}\n{cut.join(cells)}\n\n".encode(encoding))
    ours = Record("007", "Heizgerät", "Warmo", "HX 4000", codes="4006381333931")
    assert list(read_records(file)) == [ours]
    asked = Record("r", "Warmo heater HX-4000 recalled", "Warmo")
    assert [one.answer for one in match_one(asked, Catalogue([ours]))] == ["suppress"]


def test_names_of_columns_are_not_taken_for_others() -> None:
    for name in ("market", "remarks", "material", "january", "European standard", "leander"):
        assert role_of(name) == "rest", name


def test_a_code_that_a_spreadsheet_wrote_short_is_written_out(tmp_path: Path) -> None:
    file = tmp_path / "right.csv"
    file.write_text("id,title,ean\n1,a,7.0670005759E+10\n2,b,4.00638E+12\n3,c,708953602028.0\n")
    read = [one.codes for one in read_records(file)]
    assert read == ["70670005759", "4.00638E+12", "708953602028.0"]
    found = match_one(Record("r", "x", codes="070670005759"), Catalogue(read_records(file)))
    assert [(one.right, one.answer) for one in found] == [("1", "suppress")]
    found = match_one(Record("r", "x", codes="708953602028"), Catalogue(read_records(file)))
    assert [(one.right, one.answer) for one in found] == [("3", "suppress")]


@pytest.mark.parametrize("code", ["708,953,602,028", "7.08953.60202.8", '="708953602028"'])
def test_a_code_dressed_as_a_number_or_with_dots_is_a_code(tmp_path: Path, code: str) -> None:
    file = tmp_path / "right.csv"
    file.write_text(f"id;title;ean\n1;a;{code}\n2;b;24.12.2018 1.234.567\n")
    found = match_one(Record("r", "x", codes="708953602028"), Catalogue(read_records(file)))
    assert [(one.right, one.answer) for one in found] == [("1", "suppress")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_recording_begins_with_a_mark_or_without(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "recalls.jsonl"
    lines = '{"id": 7, "title": [["Öl", 5], "b"], "x": {"upcs": ["070670005759"]}}\n\n{}\n'
    file.write_bytes(lines.encode(encoding))
    assert list(read_records(file)) == [
        Record("7", "Öl\n5\nb", codes="070670005759"),
        Record("line 3"),
    ]


def test_a_recording_in_another_encoding_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "recalls.jsonl"
    file.write_bytes(b'{"id": 1}\n{"title": "\xd6l"}\n')
    with pytest.raises(Unreadable) as refused:
        list(read_records(file))
    assert refused.value.code == "not_json"
    assert "UTF-8" in refused.value.hint
