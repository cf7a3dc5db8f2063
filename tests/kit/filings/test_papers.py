"""Values, schedules, letters, frozen contents and the files made of them."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from typing import Any

import openpyxl
import pytest

from holdfast.kit.filings.catalogue import fact_kind
from holdfast.kit.filings.factbase import FactBase
from holdfast.kit.filings.filling import fill
from holdfast.kit.filings.form import Form, Schedule
from holdfast.kit.filings.frozen import ERASED, Frozen, differences, freeze
from holdfast.kit.filings.letters import facts_of, letter_id
from holdfast.kit.filings.reading import form
from holdfast.kit.filings.rendering import FORMATS, file_name, render
from holdfast.kit.filings.schedule import periods, running
from holdfast.kit.filings.values import parse, shown
from holdfast.kit.refusals import NotFound, Unreadable
from holdfast.kit.regimes.reading import versions
from tests.kit.filings.bases import CUT_OFF, base, said, whole

HEAD = {"recall": "R-2026-001", "version": 1}


def frozen(one: Form, facts: FactBase, country: str = "US") -> Frozen:
    return freeze(
        fill(one, facts, country=country), head=HEAD, seal=lambda words: f"seal {len(words)}"
    )


def content_of(one: Form, facts: FactBase, country: str = "US") -> dict[str, Any]:
    return frozen(one, facts, country).whole


@pytest.mark.parametrize(
    ("key", "text", "value", "words"),
    [
        ("units_made", "12450", "12450", "12,450"),
        ("percent_defective", "0.40", "0.4", "0.4"),
        ("price", "39.00 EUR", {"amount": "39.00", "currency": "EUR"}, "39.00 EUR"),
        ("made_from", "2026-01-05", "2026-01-05", "2026-01-05"),
        ("lots", "B17; B18\nB17", ["B17", "B18"], "B17; B18"),
        ("depth", "Consumer", "consumer", "consumer"),
        (
            "supply_regions",
            "SP,120,40\nRJ,80,12",
            [["SP", "120", "40"], ["RJ", "80", "12"]],
            "SP, 120, 40\nRJ, 80, 12",
        ),
    ],
)
def test_a_value_is_read_and_written(key: str, text: str, value: object, words: str) -> None:
    assert parse(fact_kind(key), text) == value
    assert shown(fact_kind(key), value) == words


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("units_made", "1,200"), ("units_made", "-5"), ("units_made", "about 12"),
        ("units_made", ""), ("price", "39 euro"), ("made_from", "14.04.2026"), ("depth", "moon"),
        ("photos", "picture.jpg"),
        ("supply_regions", "SP,120"),
    ],
)  # fmt: skip
def test_a_bad_value_is_refused_with_an_example(key: str, text: str) -> None:
    with pytest.raises(Unreadable) as refused:
        parse(fact_kind(key), text)
    assert refused.value.hint


def test_quarters_are_those_of_the_calendar_and_end_after_eight() -> None:
    quarters = Schedule(3, "months", aligned=True, due_after_days=30, times=8)
    found = periods(quarters, begins=date(2026, 5, 20), until=date(2029, 1, 1))
    assert len(found) == 8
    assert (found[0].first, found[0].last, found[0].due_on) == (
        date(2026, 5, 20),
        date(2026, 6, 30),
        date(2026, 7, 30),
    )
    assert found[1].last == date(2026, 9, 30)
    assert found[-1].last == date(2028, 3, 31)
    assert running(quarters, begins=date(2026, 5, 20), on=date(2029, 1, 1)) is None


def test_months_from_the_start_keep_its_day() -> None:
    months = Schedule(1, "months")
    found = periods(months, begins=date(2026, 1, 31), until=date(2026, 4, 30))
    assert [one.last for one in found] == [date(2026, 2, 27), date(2026, 3, 30), date(2026, 4, 29)]


def test_days_are_counted_from_the_start() -> None:
    found = periods(
        Schedule(14, "calendar_days"), begins=date(2026, 3, 20), until=date(2026, 4, 20)
    )
    assert [one.last for one in found] == [date(2026, 4, 2), date(2026, 4, 16)]
    open_one = running(
        Schedule(14, "calendar_days"), begins=date(2026, 3, 20), on=date(2026, 4, 20)
    )
    assert open_one is not None
    assert open_one.number == 3


def test_a_letter_asks_for_the_content_list_of_its_regime() -> None:
    letter = form(letter_id("us_cpsc_consumer", "fast_track_ready"))
    labels = [one.label for one in letter.fields]
    assert "Joint news release" in labels
    assert all(one.source for one in letter.fields)
    assert letter.order == "law"
    with pytest.raises(NotFound, match="no duty"):
        form("letter.us_cpsc_consumer.nothing")


def test_items_of_a_content_list_are_answered_by_facts() -> None:
    assert (
        facts_of("names and addresses of the manufacturer, importer, distributors and retailers")[0]
        == "maker"
    )
    assert facts_of("precise identification") == ("product_name", "brand", "models", "lots")
    assert facts_of("something nobody foresaw") == ()


def test_every_duty_of_every_regime_has_a_letter() -> None:
    for regime in {one.id: one for one in versions()}.values():
        for what in (*(duty.id for duty in regime.obligations), "progress", "termination"):
            letter = form(letter_id(regime.id, what))
            assert letter.fields, letter.id
            assert all(field.source for field in letter.fields), letter.id


def test_a_regime_without_a_list_is_said_to_have_none() -> None:
    letter = form(letter_id("us_cpsc_consumer", "s37_settled_suits"))
    assert "no content list" in letter.note
    assert "hazard" in [one.fact for one in letter.fields]


def test_the_same_facts_give_the_same_bytes_in_every_format() -> None:
    one = form("us_cpsc.monthly_progress")
    made_once = frozen(one, whole("US"))
    content, digest = made_once.whole, made_once.sha256
    for kind in FORMATS:
        made = [
            render(content, one, kind, sha256=digest, at=CUT_OFF, is_final=True) for _ in range(2)
        ]
        assert made[0] == made[1], kind
        assert made[0], kind
    assert file_name(content, "sheet") == "R-2026-001-us_cpsc.monthly_progress-US-v1.txt"
    with pytest.raises(Unreadable, match="xml"):
        render(content, one, "xml", sha256=digest, at=CUT_OFF, is_final=True)


def test_a_workbook_opens_and_has_its_tables() -> None:
    one = form("us_cpsc.monthly_progress")
    content = content_of(one, whole("US"))
    file = render(content, one, "xlsx", sha256="", at=CUT_OFF, is_final=True)
    book = openpyxl.load_workbook(io.BytesIO(file))
    assert book.sheetnames[0] == "Filing"
    table = book["2 corrections"]
    assert [cell.value for cell in table[2]] == ["Warehouses", 12, 12, 12]


def test_a_cell_that_looks_like_a_formula_stays_text() -> None:
    one = form("us_cpsc.initial_report")
    content = content_of(one, base(said("defect", '=HYPERLINK("http://x")')))
    rows = list(
        csv.reader(
            io.StringIO(render(content, one, "csv", sha256="", at=CUT_OFF, is_final=False).decode())
        )
    )
    assert [row[2] for row in rows if row[1] == "Nature and extent of the defect"] == [
        '\'=HYPERLINK("http://x")'
    ]


def test_the_copy_sheet_says_what_is_missing_and_that_it_is_no_advice() -> None:
    one = form("uk_opss.product_safety_notification")
    content = content_of(one, base(), "GB")
    text = render(content, one, "sheet", sha256="", at=CUT_OFF, is_final=False).decode()
    assert "(MISSING)" in text
    assert "NOT RELEASED" in text
    assert "no legal advice" in text
    assert "portal order unknown" in text


def test_json_says_that_it_is_nobodys_official_format() -> None:
    one = form("us_cpsc.initial_report")
    content = content_of(one, base())
    data = json.loads(render(content, one, "json", sha256="ab", at=CUT_OFF, is_final=False))
    assert data["is_the_authoritys_format"] is False
    assert data["sha256"] == "ab"


def test_what_names_a_person_is_no_part_of_what_a_package_shows() -> None:
    one = form("us_cpsc.initial_report")
    made = frozen(one, base(said("contact_name", "Lena Moreau, head of quality")))
    assert "Lena Moreau" in json.dumps(made.whole)
    assert "Lena Moreau" not in json.dumps(made.content)
    other = frozen(one, base(said("contact_name", "Abo Approver")))
    assert other.sha256 != made.sha256, "the commitment binds the words"
    erased = Frozen(made.content, {})
    assert erased.sha256 == made.sha256
    assert ERASED in json.dumps(erased.whole)


def test_differences_are_told_in_words() -> None:
    one = form("us_cpsc.initial_report")
    old, new = (content_of(one, base(said("incidents", number))) for number in ("3", "4"))
    assert differences(old, new) == ["Incidents: “3” became “4”."]
    assert differences(old, old) == []
