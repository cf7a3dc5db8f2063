"""What facts do to the clocks: opened, moved, waiting, settled; each change said in a sentence."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from holdfast.config.worker import run_reactions
from holdfast.decision.recalls.actions import (
    open_recall,
    record_clock_start,
    set_legal_profile,
    withdraw_clock_start,
)
from holdfast.decision.recalls.models import Recall
from holdfast.decision.recalls.queries import clock_starts
from holdfast.ground.journal.models import Entry, Reaction
from holdfast.ground.journal.telling import told
from holdfast.kit.actors import Actor
from holdfast.kit.refusals import Forbidden, NotFound, Unreadable
from holdfast.kit.regimes.answers import duty_json
from holdfast.response.duties.actions import (
    assign_duty,
    confirm_law,
    meet_duty,
    reopen_duty,
    rework_clocks,
    set_house_target,
    settle_duty,
)
from holdfast.response.duties.models import DutyClock
from holdfast.response.duties.queries import (
    changed_law,
    clock_named,
    clocks_of,
    confirmation_for,
    confirmations,
    kit_duty,
    next_deadline,
)
from holdfast.response.duties.queries.clocks import law_of
from holdfast.response.remedies.actions import report_injury

LEAD = Actor("person:1", "Lea", frozenset({"lead"}), 1, alone=True)
KNEW = datetime.fromisoformat("2026-11-20T22:15:00-05:00")  # a Friday night
NOW = KNEW + timedelta(hours=1)
CPSC = "us_cpsc_consumer"


@pytest.fixture
def recall(db: None) -> Recall:
    made = open_recall(outcome="fire", products=("VL-10K",), known_at=KNEW, by=LEAD, now=NOW)
    set_legal_profile(
        recall=made,
        categories=["toys"],
        sold_in=["US"],
        roles={"": ["importer"]},
        by=LEAD,
        now=NOW,
    )
    run_reactions(now=NOW)
    return made


def say(recall: Recall, fact: str = "reportable_information", **more: Any) -> None:
    words: dict[str, Any] = {"at": KNEW, "by": LEAD, "now": NOW, **more}
    record_clock_start(recall=recall, fact=fact, **words)
    run_reactions(now=words["now"])


def report(recall: Recall) -> DutyClock:
    return clock_named(recall, f"{CPSC}.s15b_initial@US")


def said(kind: str = "DutyClocksReworked") -> str:
    return told(Entry.objects.filter(kind=kind).latest("index")).words


def local(at: datetime | None) -> str:
    from holdfast.kit.regimes.zones import zone

    return at.astimezone(zone("America/New_York")).isoformat() if at else ""


def test_a_profile_opens_the_duties_and_a_missing_fact_is_asked_for(recall: Recall) -> None:
    clock = report(recall)
    assert (clock.state, clock.due_at) == ("waiting", None)
    assert clock.missing == ["reportable_information"]
    # bounded all the same: ten working days to investigate, then one working day of hours
    assert local(clock.at_latest).startswith("2026-12-08")
    assert clock.acts_by == clock.at_latest
    assert "duties open, first End of the time to investigate (US)" in said()


def test_a_fact_moves_the_clock_and_says_why(recall: Recall) -> None:
    say(recall, source="call of the engineer")
    clock = report(recall)
    assert clock.state == "running"
    assert local(clock.due_at) == "2026-11-23T22:15:00-05:00"
    assert clock.zone == "America/New_York"
    assert "tzdata" in clock.versions
    assert "holidays" in clock.versions
    words = said()
    assert "Report to the CPSC (US) moved from Tue 2026-12-08 23:59 Washington to Mon" in words
    assert "because: There was reason to believe that a report is due" in words
    assert next_deadline(recall) == clock


def test_a_corrected_fact_moves_it_again_and_a_withdrawn_one_makes_it_wait(recall: Recall) -> None:
    say(recall)
    say(recall, at=KNEW - timedelta(days=1))
    assert local(report(recall).due_at) == "2026-11-20T22:15:00-05:00"
    (start,) = [one for one in clock_starts(recall) if one.fact == "reportable_information"]
    withdraw_clock_start(clock_start=start, reason="it was not reportable", by=LEAD, now=NOW)
    run_reactions(now=NOW)
    assert report(recall).state == "waiting"
    assert "it was not reportable" in said()


def test_working_them_out_again_changes_nothing(recall: Recall) -> None:
    say(recall)
    rows = list(DutyClock.objects.order_by("pk").values())
    entries = Entry.objects.count()
    Reaction.objects.update(state="waiting")
    run_reactions(now=NOW)
    assert rework_clocks(recall=recall, by=LEAD, now=NOW + timedelta(days=400)) == []
    assert list(DutyClock.objects.order_by("pk").values()) == rows
    assert Entry.objects.count() == entries


def test_a_clock_of_the_machine_set_back_moves_and_reopens_nothing(recall: Recall) -> None:
    say(recall)
    meet_duty(
        recall=recall,
        regime=CPSC,
        obligation="s15b_initial",
        country="US",
        reference="SP-1",
        by=LEAD,
        now=NOW,
    )
    run_reactions(now=NOW)
    rows = list(DutyClock.objects.order_by("pk").values())
    assert rework_clocks(recall=recall, by=LEAD, now=NOW - timedelta(hours=1)) == []
    assert list(DutyClock.objects.order_by("pk").values()) == rows


def test_what_no_longer_follows_falls_away_and_comes_back(recall: Recall) -> None:
    say(recall)
    due = report(recall).due_at
    set_legal_profile(recall=recall, roles={"": ["service_provider"]}, by=LEAD, now=NOW)
    run_reactions(now=NOW)
    assert clocks_of(recall) == []
    assert "falls away" in said()
    set_legal_profile(recall=recall, roles={"": ["importer"]}, by=LEAD, now=NOW)
    run_reactions(now=NOW)
    assert report(recall).due_at == due


def test_each_accident_starts_clocks_of_its_own(recall: Recall) -> None:
    waiting = clock_named(recall, f"{CPSC}.s102_choking")
    assert (waiting.state, waiting.occurrence) == ("waiting", "")
    for number in (1, 2):
        report_injury(
            recall=recall,
            words="a child choked",
            contact="",
            reference=f"I-{number}",
            source="phone",
            by=LEAD,
            now=NOW + timedelta(days=number),
        )
        run_reactions(now=NOW + timedelta(days=number))
    found = {
        one.occurrence: local(one.due_at)[:10]
        for one in clocks_of(recall)
        if one.obligation == "s102_choking"
    }
    # The weekend counts: only 16 CFR 1115 leaves it out, and this duty stands in 1117.
    assert found == {"I-1": "2026-11-22", "I-2": "2026-11-23"}
    first = clock_named(recall, f"{CPSC}.s102_choking", "I-1")
    settle_duty(clock=first, state="met", reference="SP-7", by=LEAD, now=NOW + timedelta(days=3))
    assert clock_named(recall, f"{CPSC}.s102_choking", "I-2").state == "running"


def test_a_filing_meets_its_duty_and_starts_what_counts_from_the_report(recall: Recall) -> None:
    say(recall)
    words: dict[str, Any] = {
        "recall": recall,
        "regime": CPSC,
        "obligation": "s15b_initial",
        "country": "US",
        "reference": "SP-123",
        "by": LEAD,
        "now": NOW + timedelta(hours=20),
    }
    meet_duty(**words)
    run_reactions(now=NOW + timedelta(hours=20))
    clock = report(recall)
    assert (clock.state, clock.reference) == ("met", "SP-123")
    notified = [one for one in clock_starts(recall) if one.fact == "authority_notified"]
    assert [(one.regime, one.country) for one in notified] == [(CPSC, "US")]
    assert clock_named(recall, f"{CPSC}.fast_track_ready").state == "running"
    entries = Entry.objects.count()
    meet_duty(**{**words, "now": NOW + timedelta(hours=21)})
    assert Entry.objects.count() == entries
    with pytest.raises(NotFound):
        meet_duty(**{**words, "country": "DE"})


def test_a_report_that_came_late_says_how_late(recall: Recall) -> None:
    say(recall)
    due = report(recall).due_at
    assert due
    settle_duty(
        clock=report(recall),
        state="met",
        reference="SP-1",
        at=due + timedelta(hours=2),
        by=LEAD,
        now=due + timedelta(hours=3),
    )
    assert said("DutyMet").endswith("2 h 0 min late.")


def test_settling_asks_for_what_shows_it(recall: Recall) -> None:
    clock = report(recall)
    with pytest.raises(Forbidden) as refused:
        settle_duty(clock=clock, state="met", by=LEAD, now=NOW)
    assert refused.value.code == "has_reference"
    with pytest.raises(Forbidden) as refused:
        settle_duty(clock=clock, state="not_applicable", reason=" ", by=LEAD, now=NOW)
    assert refused.value.code == "has_reason"
    with pytest.raises(Unreadable) as unread:
        settle_duty(
            clock=clock,
            state="met",
            reference="x",
            at=NOW + timedelta(days=1),
            by=LEAD,
            now=NOW,
        )
    assert unread.value.code == "in_the_future"


def test_what_does_not_apply_stays_so_until_it_is_opened_again(recall: Recall) -> None:
    settle_duty(
        clock=report(recall), state="not_applicable", reason="never sold there", by=LEAD, now=NOW
    )
    say(recall)
    assert report(recall).state == "not_applicable"
    reopen_duty(clock=report(recall), reason="it was", by=LEAD, now=NOW)
    assert report(recall).state == "running"
    assert report(recall).due_at is not None


def test_an_own_limit_comes_first_and_never_after_the_law(recall: Recall) -> None:
    say(recall)
    clock = report(recall)
    assert clock.due_at
    with pytest.raises(Forbidden):
        set_house_target(clock=clock, at=clock.due_at + timedelta(hours=1), by=LEAD, now=NOW)
    own = NOW + timedelta(hours=5)
    set_house_target(clock=clock, at=own, by=LEAD, now=NOW)
    assert report(recall).acts_by == own
    assert "It is no law" in said("HouseTargetSet")
    rework_clocks(recall=recall, by=LEAD, now=NOW)
    assert report(recall).acts_by == own
    set_house_target(clock=report(recall), at=None, by=LEAD, now=NOW)
    assert report(recall).acts_by == report(recall).due_at


def test_a_duty_has_an_owner_who_works_here_or_a_role(recall: Recall) -> None:
    assert report(recall).owner == "lead"
    assert assign_duty(clock=report(recall), owner="legal", by=LEAD, now=NOW).owner == "legal"
    with pytest.raises(NotFound):
        assign_duty(clock=report(recall), owner="nobody@example.org", by=LEAD, now=NOW)


def test_a_stored_clock_tells_what_the_engine_tells(recall: Recall) -> None:
    from holdfast.response.duties.queries import worked_out

    say(recall)
    fresh = worked_out(recall, now=NOW).found
    for clock in clocks_of(recall):
        duty = kit_duty(clock)
        assert duty is not None
        key = (clock.regime, clock.obligation, clock.country, clock.occurrence)
        assert duty_json(duty) == duty_json(fresh[key])


def test_a_changed_law_names_every_open_recall_it_touches(recall: Recall) -> None:
    say(recall)
    assert changed_law(now=NOW) == []
    DutyClock.objects.filter(obligation="s15b_initial").update(law="0" * 32)
    DutyClock.objects.filter(obligation="s102_choking").update(obligation="s999")
    assert {
        (one.clock.recall.ref, one.clock.obligation, one.why) for one in changed_law(now=NOW)
    } == {
        (recall.ref, "s15b_initial", "changed"),
        (recall.ref, "s999", "gone"),
    }
    rework_clocks(recall=recall, by=LEAD, now=NOW)
    assert changed_law(now=NOW) == []
    assert "the law's data says it differently, its end stays" in said()


def test_counsel_confirms_what_the_data_says_now(recall: Recall) -> None:
    words: dict[str, Any] = {
        "regime": CPSC,
        "obligation": "s102_choking",
        "confirmed_by": "Dr. Ruth Recht",
        "confirmed_on": NOW.date(),
        "source": "16 CFR 1117.4, read on paper",
        "value_read": "24 hours",
        "by": LEAD,
        "now": NOW,
    }
    kept = confirm_law(**words)
    law = law_of(clock_named(recall, f"{CPSC}.s102_choking"))
    assert law
    assert confirmation_for(confirmations(), law, "s102_choking") == kept
    assert confirmation_for(confirmations(), law, "s15b_initial") is None
    assert "Recht" not in Entry.objects.latest("index").payload
    kept.law = "0" * 32
    kept.save()
    assert confirmation_for(confirmations(), law, "s102_choking") is None
    for missing in ("confirmed_by", "source", "value_read"):
        with pytest.raises(Unreadable):
            confirm_law(**{**words, missing: " "})
    with pytest.raises(NotFound):
        confirm_law(**{**words, "obligation": "s999"})


def test_a_time_in_a_far_zone_falls_on_the_authoritys_day(recall: Recall) -> None:
    """Saturday morning in Tokyo is Friday evening in Washington: the 24 hours end on Monday."""
    say(recall, at=datetime(2026, 11, 21, 3, 15, tzinfo=UTC), zone="Asia/Tokyo")
    assert local(report(recall).due_at) == "2026-11-23T22:15:00-05:00"
