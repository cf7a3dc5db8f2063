"""Which duties there are: by country, category and role; what is said where nothing is known."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from holdfast.kit.refusals import NotFound, Unreadable
from holdfast.kit.regimes.answers import as_json
from holdfast.kit.regimes.clock_facts import ClockFact, doubts, parse_fact
from holdfast.kit.regimes.duties import Duties, Question, duties
from holdfast.kit.regimes.places import category, place
from holdfast.kit.regimes.reading import regime

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


def ask(
    sold_in: str, kind: str = "toys", role: str = "importer", facts: tuple[str, ...] = ()
) -> Duties:
    question = Question(
        sold_in=tuple(place(one) for one in sold_in.split(",")),
        categories=(category(kind),),
        roles={"": frozenset([role])},
        facts=tuple(parse_fact(one) for one in facts),
    )
    return duties(question, now=NOW)


def keys(found: Duties) -> list[str]:
    return [f"{one.regime.id}.{one.obligation.id}" for one in found.duties]


def test_the_soonest_duty_comes_first_and_those_without_a_date_last() -> None:
    found = ask("US", facts=("first_information=2026-11-20T22:15:00-05:00",))
    assert keys(found)[0] == "us_cpsc_consumer.s15b_investigation"
    times = [one.acts_by for one in found.duties]
    known = [at for at in times if at]
    assert known == sorted(known)
    assert times[: len(known)] == known


def test_a_missing_fact_is_asked_for_by_name_and_bounded_where_the_law_bounds_it() -> None:
    found = ask("US", facts=("first_information=2026-11-20T22:15:00-05:00",))
    report = next(one for one in found.duties if one.obligation.id == "s15b_initial")
    assert report.due_at is None
    assert report.missing == ("reportable_information",)
    # Ten working days to investigate, then 24 hours that count on working days.
    assert report.at_latest is not None
    assert report.at_latest.isoformat() == "2026-12-08T23:59:59-05:00"


def test_what_an_employee_knew_is_known_to_the_firm_after_five_working_days() -> None:
    found = ask("US", facts=("capable_employee_knew=2026-11-02T10:00:00-05:00",))
    report = next(one for one in found.duties if one.obligation.id == "s15b_initial")
    assert report.at_latest is not None
    assert report.at_latest.isoformat() == "2026-11-10T23:59:59-05:00"


def test_a_country_without_data_is_never_said_to_have_no_duties() -> None:
    found = ask("US,VA")
    assert [gap.place.code for gap in found.gaps] == ["VA"]
    entry = as_json(found)[-1]
    assert entry["regime"] is None
    assert entry["unit"] == "unknown"
    assert "not mean that there is no duty" in str(entry["rule"])


def test_a_category_that_no_law_of_the_country_covers_is_a_gap() -> None:
    found = ask("US", kind="service")
    assert not found.duties
    assert "service" in found.gaps[0].why


def test_a_role_without_a_duty_is_a_gap_that_names_the_laws() -> None:
    found = ask("US", role="hospital")
    assert "us_cpsc_consumer" in found.gaps[0].why


def test_a_law_for_the_wider_category_covers_the_narrower() -> None:
    assert "us_cpsc_consumer.s15b_initial" in keys(ask("US", kind="childcare"))


def test_facts_in_the_future_and_in_an_order_that_cannot_be_are_said() -> None:
    facts = (
        parse_fact("initiation=2026-11-20T10:00:00+01:00"),
        parse_fact("decision=2026-11-21T10:00:00+01:00"),
        parse_fact("incident_known=2027-01-01T10:00:00+01:00"),
    )
    said = " ".join(doubts(facts, now=NOW))
    assert "incident_known lies in the future" in said
    assert "initiation" in said
    assert "before decision" in said


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("first_information=2026-11-20", "time_without_zone"),
        ("first_information=2026-11-20T10:00:00", "time_without_zone"),
        ("first_information=yesterday", "bad_time"),
        ("first_information", "bad_fact"),
        ("heard_of_it=2026-11-20T10:00:00+01:00", "unknown_fact"),
    ],
)
def test_a_fact_that_cannot_start_a_clock_is_refused(text: str, code: str) -> None:
    with pytest.raises(Unreadable) as refused:
        parse_fact(text)
    assert refused.value.code == code
    assert refused.value.hint


def test_a_fact_of_another_country_starts_no_clock_here() -> None:
    found = ask("US", facts=("reportable_information@DE=2026-11-20T10:00:00+01:00",))
    report = next(one for one in found.duties if one.obligation.id == "s15b_initial")
    assert report.due_at is None


def test_a_fact_bound_to_another_regime_starts_no_clock_here() -> None:
    at = datetime(2026, 11, 20, tzinfo=UTC)
    question = Question(
        (place("US"),),
        (category("toys"),),
        {"": frozenset(["importer"])},
        (ClockFact("authority_notified", at, regime="us_nhtsa_vehicles"),),
    )
    plan = next(
        one for one in duties(question, now=NOW).duties if one.obligation.id == "fast_track_ready"
    )
    assert plan.missing == ("authority_notified",)


def test_roles_may_differ_by_country() -> None:
    question = Question(
        (place("US"),),
        (category("toys"),),
        {"": frozenset(["importer"]), "US": frozenset(["hospital"])},
    )
    assert duties(question, now=NOW).gaps


def test_a_regime_that_is_unknown_or_not_in_force_is_said() -> None:
    with pytest.raises(NotFound, match="no regime"):
        regime("us_nothing")


@pytest.mark.parametrize("text", ["Germany", "D", "", "1A"])
def test_what_is_no_country_code_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        place(text)


def test_common_other_codes_are_understood() -> None:
    assert place("uk").code == "GB"
    assert place("EL").code == "GR"
