"""Two filings may not say different things: which differences there are, and how they end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from holdfast.kit.filings.contradictions import (
    Statement,
    contradictions,
    unexplained,
    within,
)
from holdfast.kit.filings.factbase import FactBase, FactValue, keyed
from tests.kit.filings.bases import CUT_OFF, base, said

DAY = timedelta(days=1)


def states(
    chain: int,
    key: str,
    value: Any,
    *,
    place: str = "",
    on: datetime = CUT_OFF,
    period: tuple[str, str] | None = None,
) -> Statement:
    return Statement(f"filing {chain}", chain, key, place, value, on, period)


def test_a_number_that_differs_blocks_both() -> None:
    found = contradictions([states(1, "units_made", "12000"), states(2, "units_made", "12450")])
    assert [one.chains for one in found] == [(1, 2)]
    assert found[0].words() == (
        "Units made: 12,000 in filing 1, 12,450 in filing 2. It cannot be both."
    )


@pytest.mark.parametrize(
    ("key", "first", "second", "later", "differs"),
    [
        ("units_made", "10", "10.0", 0, False),
        ("units_made", "10", "11", 30, True),
        ("incidents", "3", "4", 30, False),  # it may grow
        ("incidents", "4", "3", 30, True),  # and never fall
        ("incidents", "3", "4", 0, True),  # at one moment it is one number
        ("units_on_hand", "40", "12", 1, False),
        ("units_on_hand", "40", "12", 0, True),
        ("sold_until", "2026-04-14", "2026-04-15", 30, True),
        ("lots", ["B17", "B18"], ["B18", "B17"], 30, False),
        ("lots", ["B17"], ["B17", "B18"], 30, True),
        (
            "price",
            {"amount": "39.00", "currency": "EUR"},
            {"amount": "39", "currency": "EUR"},
            0,
            False,
        ),
        (
            "price",
            {"amount": "39.00", "currency": "EUR"},
            {"amount": "39", "currency": "USD"},
            0,
            True,
        ),
        ("root_cause", "cell", "charger", 0, False),  # words are told anew, not compared
    ],
)
def test_what_may_differ_depends_on_the_fact(
    key: str, first: Any, second: Any, later: int, differs: bool
) -> None:
    found = contradictions(
        [states(1, key, first), states(2, key, second, on=CUT_OFF + later * DAY)]
    )
    assert bool(found) is differs


def test_numbers_of_a_period_are_compared_within_the_period() -> None:
    april, may = ("2026-04-01", "2026-04-30"), ("2026-05-01", "2026-05-31")
    first = states(1, "units_corrected_in_period", "300", place="US/consumer", period=april)
    assert not contradictions(
        [
            first,
            states(
                2,
                "units_corrected_in_period",
                "90",
                place="US/consumer",
                on=CUT_OFF + 30 * DAY,
                period=may,
            ),
        ]
    )
    assert contradictions(
        [first, states(3, "units_corrected_in_period", "301", place="US/consumer", period=april)]
    )


def test_places_are_facts_of_their_own() -> None:
    assert not contradictions(
        [states(1, "units_sold", "5", place="DE"), states(2, "units_sold", "7", place="FR")]
    )


def test_a_version_is_not_compared_with_its_own_successor() -> None:
    assert not contradictions(
        [states(1, "units_made", "5"), states(1, "units_made", "7", on=CUT_OFF + DAY)]
    )


def test_a_filing_that_differs_from_the_ledger_at_its_cut_off_is_blocked() -> None:
    stated = [states(1, "units_corrected", "500", place="US/consumer")]
    ledger = {(1, "units_corrected", "US/consumer"): "312"}
    found = contradictions(stated, ledger)
    assert found[0].where == ("filing 1", "the unit ledger")
    assert not contradictions(stated, {(1, "units_corrected", "US/consumer"): "500"})


def test_an_explanation_holds_for_the_same_two_values_and_no_others() -> None:
    first = contradictions([states(1, "units_made", "12000"), states(2, "units_made", "12450")])
    again = contradictions([states(1, "units_made", "12000"), states(3, "units_made", "12450")])
    other = contradictions([states(1, "units_made", "12000"), states(3, "units_made", "12999")])
    explained = [first[0].mark]
    assert not unexplained(first, explained)
    assert not unexplained(again, explained)
    assert unexplained(other, explained)


def test_the_base_may_not_contradict_itself() -> None:
    bad = within(base(said("units_made", "100"), said("units_sold", "120")))
    assert "cannot be more than units made" in bad[0].why
    parts = within(
        base(
            said("units_sold", "100"),
            said("units_sold", "60", "DE"),
            said("units_sold", "50", "FR"),
        )
    )
    assert parts[0].why == "The countries add up to more than the whole."
    assert not within(
        base(said("units_made", "100"), said("units_sold", "100"), said("units_sold", "60", "DE"))
    )


def test_more_reports_of_harm_than_incidents_is_a_contradiction() -> None:
    computed = keyed([FactValue("injury_reports", "", "3", "own pages", "injuries")])
    both = FactBase(
        datetime(2026, 5, 1, tzinfo=UTC), stated=keyed([said("incidents", "1")]), computed=computed
    )
    assert within(both)[0].key == "injury_reports"
