"""What the company owed its authorities, what it did of that, and the filing it prepares."""

from __future__ import annotations

from datetime import datetime, timedelta

from holdfast.decision.recalls.actions import (
    catch_up_clock_starts,
    record_clock_start,
    set_legal_profile,
)
from holdfast.decision.recalls.models import Recall
from holdfast.doors.cli.sample import company
from holdfast.doors.cli.sample.teller import Teller
from holdfast.kit.actors import Actor
from holdfast.response.duties.actions import rework_clocks, settle_duty
from holdfast.response.duties.models import DutyClock
from holdfast.response.duties.queries import clocks_of
from holdfast.response.filings.actions import draft_filing, state_fact


def report_to_authorities(teller: Teller, recall: Recall) -> None:
    """Asked what the law wants, and every duty that is past its end was done in time."""
    by, now = teller.by, teller.days.now - timedelta(minutes=20)
    set_legal_profile(
        recall=recall,
        categories=["electrical_consumer"],
        roles={"": ["importer"]},
        by=by,
        now=now,
    )
    catch_up_clock_starts(recall=recall, by=by, now=now)
    record_clock_start(
        recall=recall,
        fact="determination",
        at=teller.days.told - timedelta(hours=4),
        zone=str(company.SETTINGS["zone"]),
        known_by="quality",
        source="two of twenty retained samples failed",
        by=by,
        now=now,
    )
    sent: dict[tuple[str, str, str], str] = {}  # one report reaches every country of one law
    while True:
        rework_clocks(recall=recall, because="the facts of the recall were told", by=by, now=now)
        over = [clock for clock in clocks_of(recall) if _is_over(clock, now)]
        if not over:
            break
        for clock in over:
            about = (clock.regime, clock.obligation, clock.occurrence)
            reference = sent.setdefault(about, f"LV-2026-{len(sent) + 1:03d}")
            end, start = clock.acts_by or now, clock.started_at or clock.opened_at
            settle_duty(
                clock=clock,
                state="met",
                reference=reference,
                at=max(start, end - (end - start) / 4),
                is_told=True,
                by=by,
                now=now,
            )
    record_clock_start(
        recall=recall,
        fact="incident_known",
        at=now - timedelta(hours=2),
        zone=str(company.SETTINGS["zone"]),
        country="DE",
        occurrence="scorched table",
        known_by="support",
        source="a call; nobody was hurt",
        by=by,
        now=now,
    )
    rework_clocks(recall=recall, because="the firm knew of a scorched table", by=by, now=now)
    prepare_filing(recall, by, now)


def prepare_filing(recall: Recall, by: Actor, now: datetime) -> None:
    """The report of the scorched table, begun: its clock runs, and the page says what lacks."""
    draft_filing(
        recall=recall,
        form="eu_safety_gateway.accident_report",
        country="DE",
        occurrence="scorched table",
        by=by,
        now=now,
    )
    known = {
        "incident_account@DE": "On charge overnight it became hot and scorched a wooden table.",
        "incident_on@DE": f"{now - timedelta(days=1):%Y-%m-%d}",
        "became_aware_on@DE": f"{now:%Y-%m-%d}",
        "deaths@DE": "0",
        "injuries@DE": "0",
        "injury_nature": "Nobody was hurt; a table was damaged.",
        "maker": company.SUPPLIERS[0][1],
    }
    for name, value in known.items():
        state_fact(
            recall=recall, name=name, value=value, as_of=now, source="call of the owner",
            by=by, now=now,
        )  # fmt: skip


def _is_over(clock: DutyClock, now: datetime) -> bool:
    return clock.state == "running" and clock.acts_by is not None and clock.acts_by <= now
