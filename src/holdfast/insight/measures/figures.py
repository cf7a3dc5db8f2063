"""The figures of one recall: reach, correction per level, funnel, curve, what waits and is due."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from holdfast.decision.recalls.models import Recall
from holdfast.decision.recalls.queries import confirmed_scope, latest_scope
from holdfast.decision.recalls.queries.pictures import markets_of, shown_version
from holdfast.ground.journal.models import Entry
from holdfast.ground.outbox.models import Wave
from holdfast.insight.measures import counting
from holdfast.insight.measures.models import RecallFigures
from holdfast.insight.measures.room import room
from holdfast.insight.measures.telling import telling_of
from holdfast.kit.quantities import plain
from holdfast.response.duties.lifecycle import OPEN
from holdfast.response.duties.queries import next_deadline
from holdfast.response.duties.queries.telling import title_of
from holdfast.response.holds.queries import open_holds
from holdfast.response.remedies.models import Payout
from holdfast.response.remedies.queries import claim_counts
from holdfast.response.units.lifecycle import NO_ANSWER

SMALL = 20_000
"""Lines in scope up to which stale figures are worked out on each look instead of waited for."""
SHAPE = 4
"""Raised when the figures change their form: older stored ones are then worked out anew."""
SPARKS = 24
ZERO = Decimal(0)
OWED = ("due", "exported")


@dataclass(frozen=True, slots=True)
class Shown:
    """Figures with their age; `is_live` where nothing has happened in the recall since."""

    figures: Mapping[str, Any]
    as_of: datetime | None
    is_live: bool


def figures_of(recall: Recall, *, now: datetime) -> Shown:
    """As stored while nothing has happened since; worked out anew where that is quick.

    Only a large recall shows figures that are behind, and says from when they are. The answer is
    kept on the object, since a page and its frame both ask.
    """
    kept: Shown | None = recall.__dict__.get("_shown_figures")
    if kept is None:
        kept = recall.__dict__["_shown_figures"] = _figures_of(recall, now)
    return kept


def _figures_of(recall: Recall, now: datetime) -> Shown:
    stored = RecallFigures.objects.filter(recall=recall).first()
    if stored is not None and stored.figures.get("shape") == SHAPE:
        if stored.entry >= last_entry(recall):
            return Shown(stored.figures, stored.as_of, True)
        if lines_in_scope(recall) > SMALL:
            return Shown(stored.figures, stored.as_of, False)
    return Shown(work_out(recall, now=now), now, True)


def stored_figures(recalls: list[Recall]) -> dict[int, Mapping[str, Any]]:
    """Stored figures by recall, with one look-up for a whole list."""
    rows = RecallFigures.objects.filter(recall__in=recalls)
    return {row.recall_id: row.figures for row in rows}


def lines_in_scope(recall: Recall) -> int:
    """Lines of the newest version, from its stored counts."""
    last = latest_scope(recall)
    return int(last.counts.get("in_scope", {}).get("lines", 0)) if last else 0


def last_entry(recall: Recall) -> int:
    """The newest entry of a recall's journal."""
    found = Entry.objects.filter(subject=recall.ref).order_by("-index")
    return found.values_list("index", flat=True).first() or 0


def work_out(recall: Recall, *, now: datetime) -> dict[str, Any]:
    """Everything, from the rooms below; plain JSON."""
    ledger = counting.ledger_of(recall)
    rates = counting.rates_from(ledger)
    curve = counting.curve_of(recall, rates, now=now)
    figures: dict[str, Any] = {
        "shape": SHAPE,
        "ledger": ledger,
        "levels": {
            rate.level.name: [_plain(rate.corrected.count), _plain(rate.of.count)] for rate in rates
        },
        "curve": curve,
        "waves": counting.waves_of(recall),
        "claims": claim_counts(recall, now.date()),
        "deadline": due_next(recall),
        "room": room(recall, now=now),
    }
    figures |= _waiting(recall)
    figures["next"] = figures["room"]["next"]
    if lines_in_scope(recall) > SMALL:
        figures["telling"] = telling_of(recall)
    return {**figures, **_of_scope(recall, rates, ledger, curve)}


def _of_scope(
    recall: Recall, rates: list[Any], ledger: dict[str, Any], curve: dict[str, Any]
) -> dict[str, Any]:
    """What only a scope gives: people, reach, countries, the funnel, the pictures of its page."""
    shown = shown_version(recall)
    scope = confirmed_scope(recall)
    counted = scope or shown
    if shown is None or counted is None or "in_scope" not in counted.counts:
        return {}
    whole, gone = counted.counts["in_scope"], counted.counts["unreachable"]
    people = whole["people"] + gone["orders_without_customer"]
    found: dict[str, Any] = {
        "people": people,
        "reachable": whole["people"] - gone["people_without_contact"],
        "unreachable": gone,
        "units": whole["units"],
        "countries": len(markets_of(counted)),
        "pictures": counting.pictures_of(shown),
    }
    if scope is not None:
        found["funnel"] = counting.funnel_of(recall, scope, rates, _answered(ledger))
        points = curve.get("consumer", [])
        found["spark"] = [share for _day, share in points[:: max(len(points) // SPARKS, 1)]]
    return found


def _answered(ledger: dict[str, Any]) -> Decimal:
    homes = next((b for b in ledger["balances"] if b["level"] == "consumer"), None)
    if homes is None:
        return ZERO
    return sum((Decimal(n) for s, n in homes["by_state"].items() if s != NO_ANSWER), ZERO)


def _plain(units: int | Decimal) -> int | str:
    return plain(units if isinstance(units, Decimal) else int(units))


def _waiting(recall: Recall) -> dict[str, Any]:
    """Decisions that wait for a person, and how many things each page asks for."""
    asks: dict[str, int] = {}
    decisions: list[str] = []
    last = latest_scope(recall)
    if last is not None and last.state == "proposed":
        asks["scope"] = 1
        decisions.append(f"scope v{last.number}")
    proposed = recall.decisions.filter(state="proposed").order_by("-number").first()
    if proposed is not None:
        asks["decision"] = 1
        decisions.append(f"decision no. {proposed.number}")
    waves = Wave.objects.filter(recall=recall.ref, state__in=("planned", "paused"))
    for wave in waves.order_by("number")[:3]:
        asks["outreach"] = asks.get("outreach", 0) + 1
        decisions.append(f"wave {wave.number}")
    holds = open_holds(recall)
    if holds:
        asks["stop"] = holds
    near = recall.duty_clocks.filter(state__in=OPEN, escalated__gt=0).count()
    if near:
        asks["deadlines"] = near
    return {"asks": asks, "open_decisions": decisions}


def due_next(recall: Recall) -> dict[str, str]:
    """What the law, a promise or a plan has done next: a duty, a task, a wave, a refund.

    `zone` is there where the time is an authority's.
    """
    found: list[tuple[datetime, str, datetime, str]] = []
    duty = next_deadline(recall)
    if duty is not None and duty.acts_by is not None:
        since = duty.started_at or duty.opened_at
        found.append((duty.acts_by, title_of(duty), since, duty.zone))
    open_tasks = recall.tasks.filter(done_at__isnull=True, due_at__isnull=False)
    task = open_tasks.order_by("due_at").first()
    if task is not None and task.due_at is not None:
        found.append((task.due_at, task.words, recall.opened_at, ""))
    wave = Wave.objects.filter(recall=recall.ref, state="planned", planned_for__isnull=False)
    for one in wave.order_by("planned_for")[:1]:
        if one.planned_for is not None:
            found.append((one.planned_for, f"wave {one.number}", recall.opened_at, ""))
    payout = Payout.objects.filter(claim__recall=recall, state__in=OWED, due_on__isnull=False)
    for owed in payout.order_by("due_on").select_related("claim")[:1]:
        if owed.due_on is not None:
            end = datetime.combine(owed.due_on, datetime.max.time(), recall.opened_at.tzinfo)
            found.append((end, "refunds promised", owed.claim.made_at, ""))
    if not found:
        return {}
    at, words, since, zone = min(found, key=lambda one: one[0])
    due = {"at": at.isoformat(), "words": words, "from": since.isoformat()}
    return {**due, "zone": zone} if zone else due
