"""A planted contradiction blocks both filings until somebody says why both numbers may stand."""

from __future__ import annotations

from datetime import timedelta

import pytest

from holdfast.ground.journal.models import Entry
from holdfast.kit.refusals import Forbidden, NotFound, NotPermitted
from holdfast.response.filings.actions import (
    amend_filing,
    explain_contradiction,
    export_filing,
    propose_filing,
    record_filed,
    release_filing,
    state_fact,
)
from holdfast.response.filings.models import Filing
from holdfast.response.filings.queries import Desk, filing_rows
from tests.response.conftest import Small
from tests.response.filings.shop import (
    AGENT,
    LATER,
    LEAD,
    SECOND,
    complete,
    draft,
    moved,
    sold,
    state,
)

DAY = timedelta(days=1)
US, CA = "us_cpsc.full_report", "ca_health.incident_10_day"


def released(small: Small, form: str, country: str) -> Filing:
    one = propose_filing(filing=complete(small, draft(small, form, country)), by=LEAD, now=LATER)
    return release_filing(filing=one, sha256=one.sha256, by=SECOND, now=LATER)


def test_a_number_that_differs_between_two_filings_blocks_both(small: Small) -> None:
    sold(small, US=30, CA=12)
    state(small, units_made="12000")
    first = released(small, US, "US")
    state_fact(
        recall=small.recall, name="lots", value="B17; B18", as_of=LATER, source="second letter",
        by=LEAD, now=LATER,
    )  # fmt: skip
    second = complete(small, draft(small, CA, "CA"))
    with pytest.raises(Forbidden, match="waits: Lots: B17 in F-1") as refused:
        propose_filing(filing=second, by=LEAD, now=LATER)
    assert refused.value.code == "agrees"
    rows = {row["filing"]: row for row in filing_rows(small.recall, at=LATER)}
    assert rows["F-1"]["blocked_by"]
    assert rows["F-2"]["blocked_by"]
    with pytest.raises(Forbidden, match="waits"):
        export_filing(filing=first, kind="csv", by=LEAD, now=LATER)


def test_an_explanation_lets_both_go_and_is_in_the_journal(small: Small) -> None:
    sold(small, US=30, CA=12)
    released(small, US, "US")
    state(small, lots="B17; B18")
    second = complete(small, draft(small, CA, "CA"))
    for found in Desk(small.recall, LATER).open_contradictions():
        explain_contradiction(
            recall=small.recall, key=found.key, place=found.place, one=found.one, other=found.other,
            words="Lot B18 was found on 5 May; the United States never got it.", by=SECOND,
            now=LATER,
        )  # fmt: skip
    assert propose_filing(filing=second, by=LEAD, now=LATER).state == "ready"
    told = Entry.objects.filter(kind="ContradictionExplained").first()
    assert told is not None
    assert told.by == "person:2"
    assert "never got it" in told.fields["because"]


def test_an_explanation_is_of_something_that_is_there_and_takes_a_permission(small: Small) -> None:
    sold(small, US=30)
    with pytest.raises(NotFound, match="Nothing contradicts"):
        explain_contradiction(
            recall=small.recall, key="lots", place="", one="a", other="b", words="because",
            by=LEAD, now=LATER,
        )  # fmt: skip
    with pytest.raises(NotPermitted):
        explain_contradiction(
            recall=small.recall, key="lots", place="", one="a", other="b", words="because",
            by=AGENT, now=LATER,
        )  # fmt: skip


def test_a_number_that_is_not_the_ledgers_blocks_the_filing(small: Small) -> None:
    sold(small, US=30)
    moved(small, f"line:{small.lines[0].pk}", "no_answer", "refunded", 4, LATER)
    state(small, US__units_sold="300")
    one = complete(small, draft(small, US, "US"))
    with pytest.raises(Forbidden, match=r"300 in F-1.*30 in the scope"):
        propose_filing(filing=one, by=LEAD, now=LATER)


def test_a_fact_base_that_contradicts_itself_blocks_too(small: Small) -> None:
    sold(small, US=30)
    state(small, units_made="20")
    with pytest.raises(Forbidden, match="cannot be more than units made"):
        propose_filing(filing=complete(small, draft(small, US, "US")), by=LEAD, now=LATER)


def test_a_later_filing_may_know_of_more_incidents_and_never_of_fewer(small: Small) -> None:
    sold(small, US=30, CA=12)
    state(small, incidents="3")
    released(small, US, "US")
    state_fact(
        recall=small.recall, name="incidents", value="4", as_of=LATER + DAY, source="mailbox",
        by=LEAD, now=LATER + DAY,
    )  # fmt: skip
    more = complete(small, draft(small, CA, "CA", now=LATER + DAY))
    assert not Desk(small.recall, LATER).blocking(more)
    state_fact(
        recall=small.recall, name="incidents", value="2", as_of=LATER + DAY, source="recount",
        by=LEAD, now=LATER + DAY,
    )  # fmt: skip
    fewer = Desk(small.recall, LATER).blocking(Filing.objects.get(pk=more.pk))
    assert [one.key for one in fewer] == ["incidents"]


def test_what_an_amendment_replaced_is_not_held_against_others(small: Small) -> None:
    sold(small, US=30, CA=12)
    state(small, units_made="12000")
    first = record_filed(filing=released(small, US, "US"), reference="A-1", by=LEAD, now=LATER)
    state_fact(
        recall=small.recall, name="units_made", value="12450", as_of=LATER + DAY, source="factory",
        by=LEAD, now=LATER + DAY,
    )  # fmt: skip
    other = complete(small, draft(small, "jp_caa.serious_accident", "JP", now=LATER + DAY))
    assert [one.key for one in Desk(small.recall, LATER).blocking(other)] == ["units_made"]
    second = amend_filing(filing=first, reason="factory recount", by=LEAD, now=LATER + DAY)
    assert not Desk(small.recall, LATER).blocking(second), "a version is not compared with its own"
    propose_filing(filing=second, by=LEAD, now=LATER + DAY)
    assert not Desk(small.recall, LATER).blocking(Filing.objects.get(pk=other.pk))
