"""One recall at one moment, gathered from every room: where it stands and what comes next."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, Q

from holdfast.decision.recalls.models import Recall
from holdfast.decision.recalls.queries import (
    classes_of,
    confirmed_scope,
    latest_scope,
    profile_of,
    signed_decision,
)
from holdfast.decision.recalls.rules import PHASES, ROLES, Standing, Step, checklist, next_step
from holdfast.ground.outbox.models import Message, Wave
from holdfast.kit.quantities import plain
from holdfast.response.duties.queries import next_deadline
from holdfast.response.duties.queries.entries import deadline_json
from holdfast.response.holds.queries import open_holds
from holdfast.response.holds.rules import SETTLED
from holdfast.response.notices.models import NoticeText
from holdfast.response.remedies.models import Claim, InjuryReport, RemedyPolicy
from holdfast.response.units.lifecycle import unknown_states
from holdfast.response.units.queries import units_by_state
from holdfast.supply.orders.models import OrderLine

WAITING = ("queued", "attempting")
ENDED = ("fulfilled", "refused", "withdrawn")
ANSWERED_ONLY = Q(state="answered") & ~Q(answer="have")


def standing_of(recall: Recall) -> Standing:
    """The numbers the checklist and the next step are worked out from."""
    confirmed, last = confirmed_scope(recall), latest_scope(recall)
    signed = signed_decision(recall)
    proposed = recall.decisions.filter(state="proposed").order_by("-number").first()
    whole = confirmed.counts.get("in_scope", {}) if confirmed else {}
    gone = confirmed.counts.get("unreachable", {}) if confirmed else {}
    needed, approved = _languages(recall)
    messages = _messages(recall)
    return Standing(
        state=recall.state,
        scope_proposed=last.number if last and last.state == "proposed" else None,
        scope_confirmed=confirmed.number if confirmed else None,
        people=int(whole.get("people", 0)),
        lines_in_data=1 if OrderLine.objects.exists() else 0,
        holds=recall.holds.count(),
        holds_open=open_holds(recall),
        decision_proposed=proposed.number if proposed else None,
        decision_signed=signed.number if signed else None,
        languages_needed=needed,
        languages_approved=approved,
        waves=Wave.objects.filter(recall=recall.ref, launched_at__isnull=False).count(),
        messages_open=sum(messages.get(state, 0) for state in WAITING),
        messages_ambiguous=messages.get("ambiguous", 0),
        people_unreachable=int(gone.get("people_without_contact", 0)),
        claims_open=open_claims(recall),
        units_unaccounted=units_unaccounted(recall),
        law_asked=profile_of(recall) is not None,
        remedies_set=RemedyPolicy.objects.filter(recall=recall).exclude(options=[]).exists(),
    )


def room(recall: Recall, *, now: datetime) -> dict[str, object]:
    """Everything `recall status --json` and the recall room show."""
    standing = standing_of(recall)
    steps = checklist(standing)
    coming = next_step(standing)
    last, signed = latest_scope(recall), signed_decision(recall)
    risk = recall.evaluations.order_by("-pk").first()
    settled = recall.holds.filter(state__in=SETTLED).count()
    return {
        "recall": recall.ref,
        "title": recall.title,
        "state": recall.state,
        "product": recall.product_code,
        "lot": recall.lot,
        "hazard": {"mechanism": recall.mechanism, "outcome": recall.outcome},
        "known_at": recall.known_at.isoformat(),
        "opened_at": recall.opened_at.isoformat(),
        "closed_at": recall.closed_at.isoformat() if recall.closed_at else None,
        "scope": {"version": last.number, "state": last.state, **last.counts} if last else None,
        "risk": {
            "level": risk.level,
            "severity": risk.severity,
            "probability": risk.probability,
            "method": risk.method,
            "presumed": [one["ground"] for one in risk.result.get("presumed", [])],
        }
        if risk
        else None,
        "classes": classes_of(recall),
        "decision": {"number": signed.number, "sha256": signed.sha256, **signed.content}
        if signed
        else None,
        "holds": {"all": standing.holds, "settled": settled, "open": standing.holds_open},
        "languages": {"needed": standing.languages_needed, "approved": standing.languages_approved},
        "waves": _waves(recall),
        "messages": _messages(recall),
        "next_deadline": deadline_json(next_deadline(recall), now=now),
        "claims": {"all": recall.claims.count(), "open": standing.claims_open},
        "injuries": InjuryReport.objects.filter(recall=recall).count(),
        "units": {
            level: {state: plain(units) for state, units in states.items()}
            for level, states in units_by_state(recall).items()
        },
        "units_unaccounted": standing.units_unaccounted,
        "next": _step(coming) if coming else None,
        "checklist": {p: [_step(s) for s in _of(recall, steps, p)] for p in PHASES},
        "roles": {
            role: recall.roles.filter(role=role).values_list("person", flat=True).first()
            for role in ROLES
        },
        "as_of": now.isoformat(),
    }


def closing_facts(recall: Recall) -> tuple[dict[str, bool], dict[str, object]]:
    """(the guards of closing, what is still open in numbers)."""
    standing = standing_of(recall)
    facts = {
        "holds_settled": standing.holds_open == 0,
        "everyone_told": standing.waves > 0 and standing.messages_open == 0,
        "claims_settled": standing.claims_open == 0,
        "units_known": not standing.units_unaccounted,
    }
    left: dict[str, object] = {
        "stops": standing.holds_open,
        "messages": standing.messages_open,
        "ambiguous": standing.messages_ambiguous,
        "claims": standing.claims_open,
        "units": standing.units_unaccounted,
        "people_without_contact": standing.people_unreachable,
    }
    return facts, left


def open_claims(recall: Recall) -> int:
    """Claims that wait for us; an answer without a remedy asks for nothing."""
    return (
        Claim.objects.filter(recall=recall).exclude(state__in=ENDED).exclude(ANSWERED_ONLY).count()
    )


def units_unaccounted(recall: Recall) -> int | str:
    """Units nobody has answered for; before the ledger is filled, all units of the scope."""
    by_level = units_by_state(recall)
    if not by_level:
        confirmed = confirmed_scope(recall)
        return confirmed.counts.get("in_scope", {}).get("units", 0) if confirmed else 0
    unknown = sum(
        (
            units
            for level, states in by_level.items()
            for state, units in states.items()
            if state in unknown_states(level)
        ),
        Decimal(0),
    )
    return plain(unknown)


def _languages(recall: Recall) -> tuple[int, int]:
    notice = recall.notices.order_by("-version").first()
    if notice is None:
        return 0, 0
    states = NoticeText.objects.filter(notice=notice).aggregate(
        all=Count("pk"), approved=Count("pk", filter=Q(state="approved"))
    )
    return states["all"], states["approved"]


def _messages(recall: Recall) -> dict[str, int]:
    rows = Message.objects.filter(recall=recall.ref).values_list("state").annotate(n=Count("pk"))
    return dict(rows.order_by("state"))


def _waves(recall: Recall) -> list[dict[str, object]]:
    return [
        {"number": wave.number, "channel": wave.channel, "state": wave.state}
        for wave in Wave.objects.filter(recall=recall.ref).order_by("number", "channel")
    ]


def _of(recall: Recall, steps: list[Step], phase: str) -> list[Step]:
    """The worked-out lines of a phase, then the ones people added."""
    added = [
        Step(phase, task.words, task.done_at is not None, f"task:{task.pk}")
        for task in recall.tasks.filter(phase=phase).order_by("pk")
    ]
    return [step for step in steps if step.phase == phase] + added


def _step(step: Step) -> dict[str, object]:
    return asdict(step)
