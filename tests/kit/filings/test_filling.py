"""Filling: nothing is guessed, what is missing is named, and why it is needed."""

from __future__ import annotations

from holdfast.kit.filings.factbase import FactBase, FactValue, keyed
from holdfast.kit.filings.filling import fill
from holdfast.kit.filings.form import Field, Form, Section, When
from tests.kit.filings.bases import CUT_OFF, base, said


def one_form(*fields: Field) -> Form:
    return Form(
        id="x.form", name="Form", authority="Authority", regime="us_cpsc_consumer",
        obligations=(), purpose="initial", order="law", file_at="", version="1",
        sections=(Section("s", "Section", fields),),
    )  # fmt: skip


def asks(key: str, fact: str = "", **more: object) -> Field:
    values: dict[str, object] = {
        "label": key, "kind": "text", "source": "s.1", "confidence": "verified", "fact": fact,
    }  # fmt: skip
    return Field(key, **{**values, **more})  # type: ignore[arg-type]


def test_an_empty_field_that_is_needed_is_missing_and_names_its_fact() -> None:
    filled = fill(
        one_form(asks("units", "units_sold", place="here"), asks("who")), base(), country="DE"
    )
    assert [one.wants for one in filled.missing] == [("units_sold@DE",), ("who",)]
    assert (filled.done, filled.needed) == (0, 2)


def test_the_number_of_everywhere_is_not_the_number_of_one_country() -> None:
    form = one_form(
        asks("units", "units_sold", place="here"), asks("days", "sold_from", place="here")
    )
    filled = fill(
        form, base(said("units_sold", "500"), said("sold_from", "2026-01-05")), country="DE"
    )
    assert [one.state for one in filled.fields] == ["missing", "filled"]


def test_a_condition_decides_whether_a_field_is_needed() -> None:
    form = one_form(asks("nature", "injury_nature", required=False, when=When("injuries", above=0)))
    assert fill(form, base(said("injuries", "0"))).missing == ()
    needed = fill(form, base(said("injuries", "2"))).missing[0]
    assert needed.why == "needed, since injuries is above 0"
    open_one = fill(form, base()).missing[0]
    assert "not known yet" in open_one.why


def test_a_condition_may_ask_for_a_word_in_a_list() -> None:
    form = one_form(asks("tests", "tests", required=False, when=When("remedies", has="repair")))
    assert not fill(form, base(said("remedies", ["refund"]))).missing
    assert fill(form, base(said("remedies", ["refund", "repair"]))).missing


def test_not_known_is_an_answer_if_somebody_says_so() -> None:
    filled = fill(
        one_form(asks("cause", "root_cause")),
        base(said("root_cause", None, unknown="the laboratory reports on 12 May")),
    )
    assert filled.is_complete
    assert filled.fields[0].text == "Not known at this time: the laboratory reports on 12 May"
    assert filled.states == ()


def test_a_table_per_level_has_its_rows_and_a_total() -> None:
    field = asks(
        "levels",
        kind="table",
        facts=("units_affected", "units_corrected"),
        rows="level",
        place="here",
    )
    values = [
        said(key, number, f"US/{level}")
        for level, a, c in (
            ("manufacturer", "10", "10"),
            ("distributor", "0", "0"),
            ("retailer", "4", "1"),
            ("consumer", "1200", "300"),
        )
        for key, number in (("units_affected", a), ("units_corrected", c))
    ]
    filled = fill(one_form(field), base(*values), country="US")
    assert filled.fields[0].rows[-2:] == (("Consumers", "1,200", "300"), ("Total", "1,214", "311"))
    assert ("units_corrected", "US/consumer") in {(s.key, s.place) for s in filled.states}
    short = fill(one_form(field), base(*values[:-1]), country="US").fields[0]
    assert short.is_missing
    assert short.wants == ("units_corrected@US/consumer",)


def test_a_field_of_several_facts_names_those_that_are_missing() -> None:
    field = asks("who", facts=("maker", "importer"))
    part = fill(one_form(field), base(said("maker", "Lumen Ltd"))).fields[0]
    assert part.is_missing
    assert part.wants == ("importer",)
    assert "Lumen Ltd" in part.text
    own = fill(one_form(field), base(answers={"who": "Lumen Ltd makes and imports."})).fields[0]
    assert own.text == "Lumen Ltd makes and imports."


def test_a_stated_value_goes_before_a_computed_one() -> None:
    computed = keyed([FactValue("units_sold", "DE", "100", "scope v1", "scope")])
    stated = keyed([said("units_sold", "120", "DE")])
    both = FactBase(CUT_OFF, stated=stated, computed=computed)
    assert both.number("units_sold", "DE") == 120
    assert FactBase(CUT_OFF, computed=computed).number("units_sold", "DE") == 100
