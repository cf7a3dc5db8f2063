"""Tables and recordings of any columns become records; what is no property is left out."""

import gzip
import json
from pathlib import Path

import pytest

from holdfast.kit.matching import Record, read_records
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
