"""Progress reports that open themselves, and correspondence with its own clocks."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from holdfast.kit.actors import SYSTEM
from holdfast.kit.refusals import Forbidden, Unreadable
from holdfast.response.filings.actions import (
    draft_filing,
    open_progress_reports,
    propose_filing,
    record_authority_letter,
    record_authority_request,
    record_filed,
    release_filing,
    settle_authority_request,
)
from holdfast.response.filings.models import Filing
from holdfast.response.filings.queries import Desk, request_rows
from tests.response.conftest import Small
from tests.response.filings.shop import LATER, LEAD, SECOND, complete, draft, moved, sold

DAY = timedelta(days=1)


def filed(small: Small, form: str, country: str) -> Filing:
    one = propose_filing(filing=complete(small, draft(small, form, country)), by=LEAD, now=LATER)
    one = release_filing(filing=one, sha256=one.sha256, by=SECOND, now=LATER)
    return record_filed(filing=one, reference=f"REF-{country}", by=LEAD, now=LATER)


def test_a_report_opens_itself_once_its_month_has_ended(small: Small) -> None:
    sold(small, US=30)
    filed(small, "us_cpsc.initial_report", "US")
    assert open_progress_reports(by=SYSTEM, now=datetime(2026, 5, 31, 12, tzinfo=UTC)) == []
    now = datetime(2026, 7, 2, 6, tzinfo=UTC)
    made = open_progress_reports(by=SYSTEM, now=now)
    assert [(one.form, one.period_number, one.due_on) for one in made] == [
        ("us_cpsc.monthly_progress", 1, date(2026, 6, 1)),
        ("us_cpsc.monthly_progress", 2, date(2026, 7, 1)),
    ]
    assert open_progress_reports(by=SYSTEM, now=now) == []


def test_its_numbers_are_those_of_its_period(small: Small) -> None:
    sold(small, US=30)
    filed(small, "us_cpsc.initial_report", "US")
    place = f"line:{small.lines[0].pk}"
    moved(small, place, "no_answer", "refunded", 4, datetime(2026, 5, 20, tzinfo=UTC))
    moved(small, place, "no_answer", "refunded", 7, datetime(2026, 6, 20, tzinfo=UTC))
    first, second = open_progress_reports(by=SYSTEM, now=datetime(2026, 7, 2, 6, tzinfo=UTC))
    table = {
        one.pk: next(
            f for f in Desk(small.recall, LATER).filled(one).fields if f.field.key == "corrections"
        )
        for one in (first, second)
    }
    assert table[first.pk].rows[3] == ("Consumers", "30", "4", "4")
    assert table[second.pk].rows[3] == ("Consumers", "30", "7", "11")


def test_a_report_ends_with_the_termination(small: Small) -> None:
    sold(small, US=30)
    filed(small, "us_cpsc.initial_report", "US")
    filed(small, "letter.us_cpsc_consumer.termination", "US")
    assert open_progress_reports(by=SYSTEM, now=datetime(2026, 9, 2, tzinfo=UTC)) == []


def test_a_termination_request_needs_its_evidence(small: Small) -> None:
    sold(small, US=30)
    one = draft_filing(
        recall=small.recall, form="letter.us_cpsc_consumer.termination", country="US", by=LEAD,
        now=LATER,
    )  # fmt: skip
    missing = {m.field.key for m in Desk(small.recall, LATER).filled(one).missing}
    assert {"evidence_1", "evidence_2", "evidence_3", "evidence_4"} <= missing


def test_a_question_has_a_clock_of_its_own(small: Small) -> None:
    letter = record_authority_letter(
        recall=small.recall, direction="from", authority="OPSS", subject="Questions on lot B17",
        at=LATER, regime="uk_gpsr", country="GB", by=LEAD, now=LATER,
    )  # fmt: skip
    asked = record_authority_request(
        letter=letter, kind="question", words="How many units reached Wales?", due_at=LATER + DAY,
        by=LEAD, now=LATER,
    )  # fmt: skip
    row = request_rows(small.recall, now=LATER + 2 * DAY)[0]
    assert (row["is_overdue"], row["authority"]) == (True, "OPSS")
    with pytest.raises(Forbidden, match="Nothing shows"):
        settle_authority_request(request=asked, by=LEAD, now=LATER)
    answer = record_authority_letter(
        recall=small.recall, direction="to", authority="OPSS", subject="Answer", at=LATER + DAY,
        by=LEAD, now=LATER + 2 * DAY,
    )  # fmt: skip
    done = settle_authority_request(request=asked, answered_in=answer, by=LEAD, now=LATER + 2 * DAY)
    assert (done.state, done.answer) == ("answered", "letter no. 2")
    assert not request_rows(small.recall, now=LATER + 9 * DAY)[0]["is_overdue"]


def test_a_commitment_may_be_dropped_with_a_reason(small: Small) -> None:
    letter = record_authority_letter(
        recall=small.recall, direction="to", authority="BAuA", subject="Plan", at=LATER, by=LEAD,
        now=LATER,
    )  # fmt: skip
    one = record_authority_request(
        letter=letter, kind="commitment", words="A weekly count", by=LEAD, now=LATER
    )
    with pytest.raises(Forbidden, match="reason"):
        settle_authority_request(request=one, is_dropped=True, by=LEAD, now=LATER)
    done = settle_authority_request(
        request=one, answer="The authority asks for a monthly one.", is_dropped=True, by=LEAD,
        now=LATER,
    )  # fmt: skip
    assert done.state == "dropped"
    with pytest.raises(Unreadable, match="from"):
        record_authority_letter(
            recall=small.recall, direction="sideways", authority="x", subject="x", at=LATER,
            by=LEAD, now=LATER,
        )  # fmt: skip
