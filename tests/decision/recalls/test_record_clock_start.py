"""Facts that legal clocks count from: told with their zone, replaced and never edited."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from holdfast.config.worker import run_reactions
from holdfast.decision.recalls.actions import (
    catch_up_clock_starts,
    record_clock_start,
    set_legal_profile,
    withdraw_clock_start,
)
from holdfast.decision.recalls.models import ClockStart, Recall
from holdfast.decision.recalls.queries import (
    clock_facts,
    clock_starts,
    countries_of_sale,
    facts_by_occurrence,
    legal_question,
)
from holdfast.ground.journal.models import Entry, Reaction
from holdfast.ground.journal.telling import told
from holdfast.kit.refusals import NotPermitted, Unreadable
from holdfast.response.holds.actions import add_hold, stop_hold
from holdfast.response.remedies.actions import report_injury
from tests.decision.conftest import ALONE, LEAD, NOW, VIEWER, Shop

KNEW = datetime.fromisoformat("2026-04-13T22:15:00-05:00")


@pytest.fixture
def recall(shop: Shop) -> Recall:
    return shop.recall()


def say(recall: Recall, fact: str = "capable_employee_knew", **more: Any) -> ClockStart:
    words: dict[str, Any] = {"at": KNEW, "by": LEAD, "now": NOW, **more}
    return record_clock_start(recall=recall, fact=fact, **words)


def last(kind: str) -> str:
    return told(Entry.objects.filter(kind=kind).latest("index")).words


def test_a_fact_is_kept_in_the_zone_it_was_told_in(recall: Recall) -> None:
    say(recall, zone="America/Chicago", known_by="quality", source="letter of the supplier")
    (fact,) = clock_facts(recall)
    assert fact.at.isoformat() == "2026-04-13T22:15:00-05:00"
    assert "2026-04-13T22:15:00-05:00 (America/Chicago)" in last("ClockStartRecorded")


def test_the_same_again_changes_nothing(recall: Recall) -> None:
    first = say(recall)
    entries = Entry.objects.count()
    assert say(recall).pk == first.pk
    assert Entry.objects.count() == entries


def test_another_time_replaces_the_fact_and_leaves_the_row(recall: Recall) -> None:
    first = say(recall)
    second = say(recall, at=KNEW + timedelta(hours=1))
    first.refresh_from_db()
    assert first.superseded_by_id == second.pk
    assert first.at == KNEW
    assert [one.pk for one in clock_starts(recall)] == [second.pk]
    assert "Before: 2026-04-13T22:15:00-05:00." in last("ClockStartRecorded")


def test_countries_regimes_and_accidents_stand_side_by_side(recall: Recall) -> None:
    say(recall)
    say(recall, country="uk")
    say(recall, regime="us_cpsc_consumer")
    say(recall, occurrence="fire no. 4")
    assert {(one.country, one.regime) for one in clock_facts(recall)} == {
        ("", ""),
        ("GB", ""),
        ("", "us_cpsc_consumer"),
    }
    assert set(facts_by_occurrence(recall)) == {"", "fire no. 4"}


def test_a_fact_taken_back_counts_no_more_and_needs_a_reason(recall: Recall) -> None:
    start = say(recall)
    with pytest.raises(Unreadable) as refused:
        withdraw_clock_start(clock_start=start, reason=" ", by=LEAD, now=NOW)
    assert refused.value.code == "reason_needed"
    withdraw_clock_start(clock_start=start, reason="another product", by=LEAD, now=NOW)
    assert clock_starts(recall) == []
    assert ClockStart.objects.count() == 1
    assert last("ClockStartWithdrawn").endswith("another product")


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        ({"fact": "heard_of_it"}, "unknown_fact"),
        ({"at": datetime(2026, 4, 13, 22, 15)}, "time_without_zone"),
        ({"zone": "Chicago"}, "unknown_zone"),
        ({"country": "Germany"}, "bad_country"),
        ({"regime": "mars"}, "unknown_regime"),
    ],
)
def test_what_cannot_be_meant_is_refused(recall: Recall, bad: dict[str, Any], code: str) -> None:
    with pytest.raises(Unreadable) as refused:
        say(recall, **{"fact": "decision", **bad})
    assert refused.value.code == code
    assert refused.value.hint
    assert not ClockStart.objects.exists()


def test_a_fact_in_the_future_and_a_wrong_order_are_kept_and_said(recall: Recall) -> None:
    say(recall, "decision", at=NOW + timedelta(days=1))
    assert "lies in the future" in last("ClockStartRecorded")
    say(recall, "initiation", at=KNEW)
    assert "one of the two is wrong" in last("ClockStartRecorded")


def test_who_knew_is_in_the_record_and_not_in_the_journal(recall: Recall) -> None:
    assert say(recall, known_by="Anna Schmidt, quality").known_by == "Anna Schmidt, quality"
    assert "Schmidt" not in Entry.objects.latest("index").payload


def test_a_viewer_may_not(recall: Recall) -> None:
    with pytest.raises(NotPermitted):
        say(recall, by=VIEWER)


def test_what_happens_starts_its_clocks_once(recall: Recall) -> None:
    hold = add_hold(recall=recall, kind="channel", name="shop", by=LEAD, now=NOW)
    stop_hold(hold=hold, proof="off", by=LEAD, now=NOW + timedelta(hours=1))
    stop_hold(hold=hold, proof="still off", by=LEAD, now=NOW + timedelta(hours=2))
    report_injury(
        recall=recall,
        words="burnt hand",
        contact="",
        reference="I-0001",
        source="phone",
        by=ALONE,
        now=NOW + timedelta(hours=3),
    )
    run_reactions(now=NOW + timedelta(hours=4))
    found = {(one.fact, one.occurrence): one.at for one in clock_starts(recall)}
    injury = recall.injuries.get().reference
    assert found == {
        ("first_information", ""): recall.known_at,
        ("action_taken", ""): NOW + timedelta(hours=1),
        ("incident_known", injury): NOW + timedelta(hours=3),
        ("injury_known", injury): NOW + timedelta(hours=3),
    }
    Reaction.objects.update(state="waiting")
    run_reactions(now=NOW + timedelta(hours=5))
    assert ClockStart.objects.count() == 4


def test_a_person_knows_better_than_the_journal(recall: Recall) -> None:
    run_reactions(now=NOW)
    say(recall, "first_information")
    Reaction.objects.update(state="waiting")
    run_reactions(now=NOW)
    assert [one.at for one in clock_starts(recall)] == [KNEW]
    withdraw_clock_start(clock_start=clock_starts(recall)[0], reason="no", by=LEAD, now=NOW)
    Reaction.objects.update(state="waiting")
    run_reactions(now=NOW)
    assert clock_starts(recall) == []


def test_an_older_recall_catches_up_from_its_journal(recall: Recall) -> None:
    Reaction.objects.all().delete()
    catch_up_clock_starts(recall=recall, by=LEAD, now=NOW)
    catch_up_clock_starts(recall=recall, by=LEAD, now=NOW)
    assert [one.fact for one in clock_starts(recall)] == ["first_information"]


def test_the_profile_says_what_the_law_asks_and_what_is_missing(shop: Shop) -> None:
    recall = shop.recall()
    assert legal_question(recall) == (None, ["countries", "categories", "roles"])
    shop.line("VL-10K", market="FR")
    shop.scope(recall, products=("VL-10K",))
    set_legal_profile(
        recall=recall,
        categories=["Toys"],
        sold_in=["us", "UK"],
        roles={"": ["importer"], "US": ["retailer", "importer"]},
        by=LEAD,
        now=NOW,
    )
    assert countries_of_sale(recall) == ("FR", "GB", "US")
    question, missing = legal_question(recall)
    assert missing == []
    assert question is not None
    assert question.roles["US"] == {"retailer", "importer"}
    entries = Entry.objects.count()
    set_legal_profile(recall=recall, categories=["toys"], by=LEAD, now=NOW)
    assert Entry.objects.count() == entries


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        ({"categories": ["spaceships"]}, "unknown_category"),
        ({"sold_in": ["Germany"]}, "bad_country"),
        ({"roles": {"": ["boss"]}}, "unknown_role"),
    ],
)
def test_a_profile_of_unknown_words_is_refused(
    recall: Recall, bad: dict[str, Any], code: str
) -> None:
    with pytest.raises(Unreadable) as refused:
        set_legal_profile(recall=recall, by=LEAD, now=NOW, **bad)
    assert refused.value.code == code
    assert refused.value.hint


def test_the_moment_is_that_of_the_zone_whatever_the_machine_has(recall: Recall) -> None:
    start = say(recall, zone="Asia/Tokyo", at=datetime(2026, 4, 13, 23, 30, tzinfo=UTC))
    start.refresh_from_db()
    assert clock_facts(recall)[0].at.date().isoformat() == "2026-04-14"
