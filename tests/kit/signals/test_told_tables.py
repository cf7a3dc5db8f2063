"""A history is read whatever its separator, encoding, spelling of headings or form of days."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from holdfast.kit.refusals import Unreadable
from holdfast.kit.signals.history import MAKER, read_history
from holdfast.kit.signals.told_tables import day_of

HEAD = ("Report No.", "Report Date", "Publication Date", MAKER, "Incident Description")
ROWS = [
    ("1", "3/4/2018", "4/30/2018", "Bébé & Co", "The kettle’s cord caught fire, it burned"),
    ("2", "3/5/2018", "5/2/2018", "Acme", "Fine"),
]


def written(
    path: Path, rows: list[tuple[str, ...]], sep: str = ",", encoding: str = "utf-8"
) -> Path:
    text = "\n".join(sep.join(f'"{cell}"' for cell in row) for row in rows) + "\n"
    (path / "complaints.csv").write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_separators_and_encodings(tmp_path: Path, separator: str, encoding: str) -> None:
    first, second = read_history(written(tmp_path, [HEAD, *ROWS], separator, encoding)).reports
    assert (first.maker_name, first.hazards[0]) == ("Bébé & Co", "fire")
    assert (first.reported_on, second.published_on) == (date(2018, 3, 4), date(2018, 5, 2))


def test_a_few_bytes_of_another_encoding_do_not_hide_the_other_rows(tmp_path: Path) -> None:
    where = written(tmp_path, [HEAD, *ROWS])
    with (where / "complaints.csv").open("ab") as file:
        file.write('3,5/6/2018,,Acme,"caf\xe9 fire"\n'.encode("latin-1"))
    assert [one.id for one in read_history(where).reports] == ["1", "2", "3"]


@pytest.mark.parametrize("spelled", [str.upper, lambda name: name.replace(" ", "_").strip(".")])
def test_headings_in_another_spelling_and_other_columns(
    tmp_path: Path, spelled: Callable[[str], str]
) -> None:
    head = ("note", *(spelled(name) for name in reversed(HEAD)))
    rows = [("x", *reversed(row)) for row in ROWS]
    assert len(read_history(written(tmp_path, [head, *rows])).reports) == 2


def test_a_day_above_twelve_in_front_says_how_all_days_of_a_file_are_written(
    tmp_path: Path,
) -> None:
    rows = [("1", "3/4/2018", "30/4/2018", "Acme", "fire"), ("2", "5.3.18", "", "Acme", "x")]
    first, second = read_history(written(tmp_path, [HEAD, *rows])).reports
    assert (first.reported_on, first.published_on) == (date(2018, 4, 3), date(2018, 4, 30))
    assert second.reported_on == date(2018, 3, 5)


@pytest.mark.parametrize(
    "text",
    ["5-Jan-2018", "January 5, 2018", "2018-01-05T10:00:00", "2018/01/05", "1/5/2018 9:00 PM"],
)
def test_days_in_many_forms(text: str) -> None:
    assert day_of(text) == date(2018, 1, 5)


def test_entities_of_web_pages_are_read_as_what_they_stand_for(tmp_path: Path) -> None:
    rows = [("1", "3/4/2018", "", "Acme", "It didn&#39;t catch fire.")]
    (only,) = read_history(written(tmp_path, [HEAD, *rows])).reports
    assert only.hazards == ()


def test_which_of_two_columns_of_one_name_is_meant_is_not_guessed(tmp_path: Path) -> None:
    rows = [(*row, row[1]) for row in (HEAD, *ROWS)]
    with pytest.raises(Unreadable) as refused:
        read_history(written(tmp_path, rows))
    assert refused.value.code == "columns_twice"


def test_a_file_that_stops_in_the_middle_is_refused(tmp_path: Path) -> None:
    where = written(tmp_path, [HEAD, *ROWS])
    whole = (where / "complaints.csv").read_bytes()
    (where / "complaints.csv").write_bytes(whole[:-3])
    with pytest.raises(Unreadable) as refused:
        read_history(where)
    assert (refused.value.code, refused.value.file) == ("file_truncated", "complaints.csv")
