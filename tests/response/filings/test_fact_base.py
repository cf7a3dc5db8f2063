"""The fact base: where each number comes from, at which moment, and that nothing is edited."""

from __future__ import annotations

from datetime import timedelta

import pytest

from holdfast.ground.journal.models import Entry
from holdfast.kit.refusals import Forbidden, NotPermitted, Unreadable
from holdfast.response.filings.actions import propose_filing, state_fact
from holdfast.response.filings.models import FactStatement
from holdfast.response.filings.queries import fact_base, statements_of
from holdfast.response.remedies.models import InjuryReport
from holdfast.supply.parties.models import Consignee, Site
from tests.response.conftest import NOW, Small
from tests.response.filings.shop import AGENT, LATER, LEAD, complete, draft, moved, sold, state

DAY = timedelta(days=1)


def test_units_come_from_scope_and_ledger_per_country(small: Small) -> None:
    sold(small, US=30, DE=20)
    line = small.lines[0]
    moved(small, f"line:{line.pk}", "no_answer", "refunded", 4, LATER)
    base = fact_base(small.recall, at=LATER)
    assert base.number("units_sold") == 50
    assert base.number("units_sold", "US") == 30
    assert base.number("units_affected", "US/consumer") == 30
    assert base.number("units_corrected", "US/consumer") == 4
    assert base.number("units_corrected", "DE/consumer") == 0
    assert base.number("units_unaccounted", "US") == 26
    assert base.get("countries").value == ["DE", "US"]  # type: ignore[union-attr]


def test_the_base_of_an_earlier_moment_does_not_know_what_came_later(small: Small) -> None:
    sold(small, US=30)
    place = f"line:{small.lines[0].pk}"
    moved(small, place, "no_answer", "refunded", 4, LATER)
    moved(small, place, "no_answer", "refunded", 5, LATER + DAY)
    assert fact_base(small.recall, at=LATER).number("units_corrected", "US/consumer") == 4
    later = fact_base(
        small.recall,
        at=LATER + DAY,
        period=((LATER + DAY).date(), (LATER + DAY).date()),
    )
    assert later.number("units_corrected", "US/consumer") == 9
    assert later.number("units_corrected_in_period", "US/consumer") == 5
    assert fact_base(small.recall, at=NOW - DAY).number("units_affected") is None


def test_stock_and_firms_are_counted_where_they_are(small: Small) -> None:
    sold(small, US=1)
    Site.objects.create(code="Lyon", country="FR")
    Consignee.objects.create(code="C-1", name="Shop", level="retailer", country="DE")
    moved(small, "site:Lyon", "", "on_sale", 40, LATER, level="manufacturer", kind="scope")
    moved(small, "site:Lyon", "on_sale", "destroyed", 15, LATER, level="manufacturer")
    base = fact_base(small.recall, at=LATER)
    assert base.number("units_on_hand", "FR") == 25
    assert base.number("units_destroyed", "FR/manufacturer") == 15
    assert base.number("units_affected", "US/manufacturer") == 0
    # a firm of that level is known and nobody said what it holds: that is not zero
    assert base.get("units_affected", "US/retailer") is None
    assert base.number("units_affected", "US/distributor") == 0


def test_what_is_stated_goes_before_what_is_computed_and_is_as_of_its_day(small: Small) -> None:
    sold(small, US=30)
    state_fact(
        recall=small.recall, name="units_sold@US", value="35", as_of=LATER + DAY,
        source="importer's books", by=LEAD, now=LATER + DAY,
    )  # fmt: skip
    assert fact_base(small.recall, at=LATER).number("units_sold", "US") == 30
    assert fact_base(small.recall, at=LATER + DAY).number("units_sold", "US") == 35


def test_a_statement_is_superseded_and_never_edited(small: Small) -> None:
    state(small, incidents="3")
    state(small, incidents="3")
    state(small, incidents="4")
    rows = list(FactStatement.objects.order_by("pk").values_list("value", "superseded_at"))
    assert [value for value, _ in rows] == ["3", "4"]
    assert rows[0][1] is not None
    assert Entry.objects.filter(kind="FactStated").count() == 2
    last = Entry.objects.filter(kind="FactStated").order_by("-index")[0]
    assert last.fields["replaced"] == "Before: 3."
    assert [one["is_current"] for one in statements_of(small.recall)] == [True, False]


def test_words_stay_out_of_the_journal_and_their_hash_is_in_it(small: Small) -> None:
    state(small, incident_account="On 3 May a power bank caught fire on a bedside table.")
    entry = Entry.objects.get(kind="FactStated")
    assert "bedside" not in entry.payload
    assert len(entry.fields["value_sha256"]) == 64


def test_what_harm_was_reported_on_our_pages_is_counted(small: Small) -> None:
    InjuryReport.objects.create(
        recall=small.recall, reference="I-1", words="burned hand", told_at=LATER
    )
    assert fact_base(small.recall, at=LATER).number("injury_reports") == 1


@pytest.mark.parametrize(
    ("name", "value", "match"),
    [
        ("incidents", "three", "no number"),
        ("no_such_fact", "3", "knows no fact"),
        ("defect@DE", "x", "no place"),
    ],
)
def test_bad_input_is_said_plainly(small: Small, name: str, value: str, match: str) -> None:
    with pytest.raises(Unreadable, match=match):
        state_fact(
            recall=small.recall, name=name, value=value, as_of=LATER, source="x", by=LEAD, now=LATER
        )


def test_a_fact_has_a_source_a_zone_and_no_future(small: Small) -> None:
    one = {"recall": small.recall, "name": "incidents", "value": "3", "by": LEAD, "now": LATER}
    with pytest.raises(Unreadable, match="source"):
        state_fact(as_of=LATER, source="", **one)  # type: ignore[arg-type]
    with pytest.raises(Unreadable, match="no zone"):
        state_fact(as_of=LATER.replace(tzinfo=None), source="x", **one)  # type: ignore[arg-type]
    with pytest.raises(Unreadable, match="future"):
        state_fact(as_of=LATER + DAY, source="x", **one)  # type: ignore[arg-type]


def test_who_may_state_facts(small: Small) -> None:
    state_fact(
        recall=small.recall,
        name="incidents",
        value="1",
        as_of=LATER,
        source="x",
        by=AGENT,
        now=LATER,
    )
    with pytest.raises(NotPermitted):
        state_fact(
            recall=small.recall, name="incidents", value="1", as_of=LATER, source="x",
            by=AGENT.__class__("person:9", "Vi", frozenset({"viewer"}), 9), now=LATER,
        )  # fmt: skip


def test_an_answer_belongs_to_its_filing_alone(small: Small) -> None:
    sold(small, US=30)
    one = draft(small, "us_cpsc.fast_track")
    state_fact(
        recall=small.recall, name="poster", value="A3, from 1 June", as_of=LATER, source="draft",
        filing=one, by=LEAD, now=LATER,
    )  # fmt: skip
    assert FactStatement.objects.get(key="poster").filing == one.number
    propose_filing(filing=complete(small, one), by=LEAD, now=LATER)
    with pytest.raises(Forbidden, match="frozen"):
        state_fact(
            recall=small.recall, name="poster", value="A4", as_of=LATER, source="draft",
            filing=type(one).objects.get(pk=one.pk), by=LEAD, now=LATER,
        )  # fmt: skip
