"""The figures of one recall: reach, correction per level, funnel, curve, what waits and is due."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, Sum, Value
from django.db.models.fields import CharField
from django.db.models.functions import Cast, Concat

from holdfast.decision.recalls.models import Recall, ScopeLine, ScopeVersion
from holdfast.decision.recalls.queries import confirmed_scope, latest_scope
from holdfast.decision.recalls.queries.pictures import markets_of
from holdfast.ground.journal.models import Entry
from holdfast.ground.outbox.models import Message, Wave
from holdfast.insight.measures.models import RecallFigures
from holdfast.insight.measures.room import room
from holdfast.kit.quantities import plain
from holdfast.response.holds.queries import open_holds
from holdfast.response.remedies.models import Payout, PersonalLink
from holdfast.response.units.lifecycle import NO_ANSWER, OUT_OF_SCOPE
from holdfast.response.units.models import UnitGroup
from holdfast.response.units.queries import corrected_changes, correction_rates

SMALL = 20_000
"""Lines in scope up to which the figures are worked out on each look instead of being stored."""
SPARKS = 24
ZERO = Decimal(0)
OWED = ("due", "exported")


@dataclass(frozen=True, slots=True)
class Shown:
    """Figures with their age; `is_live` where they were worked out just now."""

    figures: Mapping[str, Any]
    as_of: datetime | None
    is_live: bool


def figures_of(recall: Recall, *, now: datetime) -> Shown:
    """Live for a recall of the size of one shop, else as stored, with the moment they are from."""
    if lines_in_scope(recall) <= SMALL:
        return Shown(work_out(recall, now=now), now, True)
    stored = RecallFigures.objects.filter(recall=recall).first()
    if stored is None:
        return Shown(work_out(recall, now=now), now, True)
    return Shown(stored.figures, stored.as_of, False)


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
    scope = confirmed_scope(recall)
    figures: dict[str, Any] = {"levels": _levels(recall), "deadline": due_next(recall)}
    figures |= _waiting(recall)
    shown = scope or latest_scope(recall)
    if shown is not None:
        whole = shown.counts["in_scope"]
        missing = shown.counts["unreachable"]["people_without_contact"]
        figures |= {
            "people": whole["people"],
            "reachable": whole["people"] - missing,
            "units": whole["units"],
            "countries": len(markets_of(shown)),
        }
    if scope is not None:
        figures["funnel"] = funnel_counts(recall, scope)
        figures["spark"] = _spark(recall, now)
    figures["room"] = room(recall, now=now)
    figures["next"] = figures["room"]["next"]
    return figures


def _levels(recall: Recall) -> dict[str, list[int | str]]:
    return {
        rate.level.name: [_plain(rate.corrected.count), _plain(rate.of.count)]
        for rate in correction_rates(recall)
    }


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
    return {"asks": asks, "open_decisions": decisions}


def due_next(recall: Recall) -> dict[str, str]:
    """What is promised or set to be done next: a task with its time, a wave, a refund."""
    found: list[tuple[datetime, str, datetime]] = []
    task = (
        recall.tasks.filter(done_at__isnull=True, due_at__isnull=False).order_by("due_at").first()
    )
    if task is not None and task.due_at is not None:
        found.append((task.due_at, task.words, recall.opened_at))
    wave = Wave.objects.filter(recall=recall.ref, state="planned", planned_for__isnull=False)
    for one in wave.order_by("planned_for")[:1]:
        if one.planned_for is not None:
            found.append((one.planned_for, f"wave {one.number}", recall.opened_at))
    payout = Payout.objects.filter(claim__recall=recall, state__in=OWED, due_on__isnull=False)
    for owed in payout.order_by("due_on").select_related("claim")[:1]:
        if owed.due_on is not None:
            end = datetime.combine(owed.due_on, datetime.max.time(), recall.opened_at.tzinfo)
            found.append((end, "refunds promised", owed.claim.made_at))
    if not found:
        return {}
    at, words, since = min(found, key=lambda one: one[0])
    return {"at": at.isoformat(), "words": words, "from": since.isoformat()}


def funnel_counts(recall: Recall, scope: ScopeVersion) -> dict[str, int | str]:
    """Units in homes by how far they got; a message that was sent corrects nothing.

    `used_page` counts people who pressed a button on their own page: opening it is no evidence,
    because mail scanners open every link.
    """
    lines = ScopeLine.objects.filter(version=scope)
    has_contact = ~Q(line__customer__email="") | ~Q(line__customer__phone="")
    has_contact |= ~Q(line__customer__street="")
    key = Concat(Value("customer:"), Cast(OuterRef("line__customer_id"), CharField()))
    sent = Message.objects.filter(recall=recall.ref, state="accepted", recipient=key)
    used = PersonalLink.objects.filter(
        recall=recall, customer_id=OuterRef("line__customer_id"), first_used_at__isnull=False
    )
    homes = UnitGroup.objects.filter(recall=recall, level="consumer").exclude(state=OUT_OF_SCOPE)
    answered = homes.exclude(state=NO_ANSWER).aggregate(n=Sum("quantity"))["n"] or ZERO
    corrected = next(
        (
            rate.corrected.count
            for rate in correction_rates(recall)
            if rate.level.name == "consumer"
        ),
        ZERO,
    )
    known = lines.filter(line__customer__isnull=False)
    counted = {
        "in_scope": _sum(lines),
        "reachable": _sum(known.filter(has_contact)),
        "sent": _sum(known.filter(Exists(sent))),
        "used_page": _sum(known.filter(Exists(used))),
        "answered": answered,
        "corrected": Decimal(corrected),
    }
    return {name: _plain(units) for name, units in counted.items()}


def _sum(lines: Any) -> Decimal:
    found: Decimal | None = lines.aggregate(n=Sum(F("units")))["n"]
    return found or ZERO


def _spark(recall: Recall, now: datetime) -> list[float]:
    points = correction_points(recall, "consumer", now=now)
    step = max(len(points) // SPARKS, 1)
    return [round(share, 4) for _day, share in points[::step]]


def correction_points(recall: Recall, level: str, *, now: datetime) -> list[tuple[float, float]]:
    """(days since launch, share corrected) at the end of each day, and now."""
    total = next((r.of.count for r in correction_rates(recall) if r.level.name == level), 0)
    begin = recall.told_at or recall.opened_at
    if not total:
        return []
    changes = list(corrected_changes(recall, level, until=now))
    days = max((now - begin).days, 0)
    points, running, at = [], ZERO, 0
    for day in range(days + 1):
        end = min(begin + timedelta(days=day), now)
        while at < len(changes) and changes[at][0] <= end:
            running += changes[at][1]
            at += 1
        points.append((float(day), float(running / Decimal(total))))
    while at < len(changes):
        running += changes[at][1]
        at += 1
    elapsed = (now - begin).total_seconds() / 86_400
    points.append((round(max(elapsed, float(days)), 3), float(running / Decimal(total))))
    return points
