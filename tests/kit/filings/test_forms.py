"""The forms: which there are, what each field rests on, what is said of order and formats."""

from __future__ import annotations

import re

import pytest

from holdfast.kit.filings.catalogue import catalogue, parse_name
from holdfast.kit.filings.filling import fill
from holdfast.kit.filings.form import Form
from holdfast.kit.filings.letters import letter_id
from holdfast.kit.filings.reading import form, form_of, forms, forms_for
from holdfast.kit.refusals import NotFound, Unreadable
from holdfast.kit.regimes.reading import versions
from tests.kit.filings.bases import whole
from tests.kit.filings.page import PAGE, table

WRITTEN = {
    "us_cpsc.initial_report", "us_cpsc.full_report", "us_cpsc.fast_track",
    "us_cpsc.monthly_progress", "eu_safety_gateway.product_safety_notification",
    "eu_safety_gateway.accident_report", "eu_marketplace.dangerous_offer",
    "eu_marketplace.order_answer", "uk_opss.product_safety_notification",
    "ca_health.incident_2_day", "ca_health.incident_10_day", "au_accc.recall_notification",
    "au_accc.injury_report", "us_fda.recall_strategy", "us_fda.status_report",
    "us_fda.termination_request", "us_fda.reportable_food", "us_fda.device_806",
    "us_nhtsa.part_573", "us_nhtsa.quarterly_report", "jp_caa.serious_accident",
    "br_senacon.recall_communication", "br_senacon.attendance_report",
}  # fmt: skip


def test_every_form_that_was_promised_is_there() -> None:
    assert set(forms()) == WRITTEN


@pytest.mark.parametrize("name", sorted(WRITTEN))
def test_a_form_says_what_it_rests_on(name: str) -> None:
    one = form(name)
    keys = [field.key for field in one.fields]
    assert len(keys) == len(set(keys)), "a key twice"
    assert one.reads, "what was read to write it down"
    assert one.order_note
    assert one.file_at
    assert one.machine_note
    for field in one.fields:
        assert field.label, field.key
        assert field.source, field.key
        assert not (field.fact and field.facts), field.key
    if one.order == "law":
        assert re.search(
            "could not be read|no form|after|follow|order|items|remembered", one.order_note
        )


@pytest.mark.parametrize("name", sorted(WRITTEN))
def test_a_form_is_complete_where_every_fact_is_known(name: str) -> None:
    """Only what a form asks for itself, and no fact says, is left to be answered."""
    one = form(name)
    filled = fill(one, whole("US", "DE"), country="US", places=("US", "DE"))
    own = {field.key for field in one.fields if not field.fact and not field.facts}
    assert {m.field.key for m in filled.missing} <= own | {"case", "registration"}
    assert filled.needed >= filled.done > 0


def test_a_form_names_duties_that_the_law_has() -> None:
    known = {one.id: {duty.id for duty in one.obligations} for one in versions()}
    for one in forms().values():
        assert set(one.obligations) <= known[one.regime], one.id
        for other in one.other_regimes:
            assert other in known, (one.id, other)


def test_every_duty_of_every_regime_has_a_form_or_a_letter() -> None:
    for regime in versions():
        for duty in regime.obligations:
            named = forms_for(regime.id, duty.id) or [form(letter_id(regime.id, duty.id))]
            assert all(one.sections for one in named), (regime.id, duty.id)


def test_a_progress_report_has_a_schedule_with_its_source() -> None:
    for one in forms().values():
        if one.purpose == "progress":
            assert one.schedule is not None, one.id
            assert one.schedule.source, one.id


def test_a_termination_request_lists_its_evidence() -> None:
    for one in forms().values():
        if one.purpose == "termination":
            assert len(one.evidence) >= 3, one.id


def test_forms_are_found_by_the_duty() -> None:
    assert [one.id for one in forms_for("us_cpsc_consumer", "s15b_initial")] == [
        "us_cpsc.full_report",
        "us_cpsc.initial_report",
    ]
    assert forms_for("eu_gpsr_marketplace", "accident") == []
    assert "eu_safety_gateway.accident_report" in [o.id for o in forms_for("eu_gpsr_marketplace")]


def test_an_unknown_form_is_refused_with_what_to_do() -> None:
    with pytest.raises(NotFound, match="no form") as refused:
        form("us_cpsc.nothing")
    assert "filings forms" in refused.value.hint


def test_a_fact_is_written_with_its_place() -> None:
    assert parse_name("units_corrected@us/CONSUMER")[1] == "US/consumer"
    assert parse_name("notice_text@EN")[1] == "en"
    assert parse_name("case_number@us_cpsc_consumer")[1] == "us_cpsc_consumer"
    with pytest.raises(Unreadable, match="no place of defect"):
        parse_name("defect@DE")
    with pytest.raises(Unreadable, match="not stated per level"):
        parse_name("units_sold@consumer")
    with pytest.raises(Unreadable, match="knows no fact") as refused:
        parse_name("unit_sold")
    assert "units_sold" in refused.value.hint


def test_the_catalogue_says_who_states_what() -> None:
    for key, fact in catalogue().items():
        assert fact.name, key
        assert fact.meaning, key
        assert fact.kind != "number" or fact.unit, key
        assert not fact.at_most or catalogue()[fact.at_most].kind == "number", key
    assert catalogue()["contact_email"].personal
    assert not catalogue()["incidents"].is_computed


def test_a_word_that_is_no_word_of_forms_is_found() -> None:
    data = {"id": "x.y", "purpose": "dream", "order": "law"}
    with pytest.raises(ValueError, match="dream"):
        form_of(data)


def test_no_form_claims_a_format_of_an_authority_without_its_source() -> None:
    claiming: list[Form] = [one for one in forms().values() if one.machine]
    assert [one.id for one in claiming] == ["br_senacon.attendance_report"]
    assert "20/2020" in claiming[0].machine_note


def test_the_page_says_of_every_form_what_is_read_and_what_is_not() -> None:
    assert table() in PAGE.read_text(), "python -m tests.kit.filings.page writes it"
