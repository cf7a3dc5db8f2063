"""The duties of a recall as JSON: what `holdfast duties` prints, with state, owner and proof."""

from __future__ import annotations

from datetime import datetime

from holdfast.decision.recalls.models import Recall
from holdfast.kit.refusals import Forbidden
from holdfast.kit.regimes.answers import duty_json, gap_json
from holdfast.kit.regimes.duties import Duty
from holdfast.response.duties.models import CounselConfirmation, DutyClock
from holdfast.response.duties.queries.clocks import clocks_of, kit_duty, local
from holdfast.response.duties.queries.law import confirmation_for, confirmations, current_digest
from holdfast.response.duties.queries.telling import moment_of, title_of
from holdfast.response.duties.queries.working import WorkedOut, worked_out
from holdfast.response.duties.rules import STEP_WORDS, left_words

WHAT_IS_MISSING = {
    "countries": "the countries it was sold in",
    "categories": "what kind of product it is",
    "roles": "what you are there (importer, manufacturer …)",
}


def ask_the_law(recall: Recall, *, now: datetime) -> WorkedOut:
    """What the law gives now; refused where it cannot be asked, since that is not “no duties”."""
    found = worked_out(recall, now=now)
    if found.can_ask:
        return found
    named = ", ".join(WHAT_IS_MISSING[one] for one in found.missing)
    raise Forbidden(
        "law_not_asked",
        f"Nobody can say yet which duties {recall.ref} has. Missing: {named}.",
        hint=f"Say it: holdfast recall clock {recall.ref} --category toys --role importer "
        "--sold-in DE,US.",
        extra={"missing": list(found.missing)},
    )


def entries_of(recall: Recall, *, now: datetime) -> list[dict[str, object]]:
    """Stored duties, the most urgent first; then ones not stored yet; then what nobody knows."""
    found = ask_the_law(recall, now=now)
    known = confirmations()
    clocks = clocks_of(recall)
    stored = {(one.regime, one.obligation, one.country, one.occurrence) for one in clocks}
    return [
        *(entry_json(clock, known, now=now) for clock in clocks),
        *(
            {**duty_json(duty), **_blank(), "occurrence": key[3] or None}
            for key, duty in found.found.items()
            if key not in stored
        ),
        *({**gap_json(gap), **_blank(), "state": "unknown"} for gap in found.gaps),
    ]


def entry_json(
    clock: DutyClock, known: list[CounselConfirmation], *, now: datetime
) -> dict[str, object]:
    """One stored duty; where the data no longer has its law, what was stored of it."""
    duty = kit_duty(clock)
    base = duty_json(duty) if duty else _without_law(clock)
    confirmed = confirmation_for(known, duty.regime, clock.obligation) if duty else None
    return {
        **base,
        "occurrence": clock.occurrence or None,
        "state": clock.state,
        "owner": clock.owner or None,
        "acts_by": _iso(clock, clock.acts_by),
        "left": left_words(clock.acts_by, now) if clock.acts_by else None,
        "is_overdue": _is_overdue(clock, now),
        "escalated": STEP_WORDS[clock.escalated] or None,
        "reference": clock.reference or None,
        "reason": clock.reason or None,
        "settled_at": _iso(clock, clock.settled_at),
        "own_limit": clock.is_own_target,
        "confirmed_by_counsel": _confirmed(confirmed),
        "confirm_with_counsel": bool(base["confirm_with_counsel"]) and confirmed is None,
        "law_changed": duty is None or _differs(clock, duty),
    }


def deadline_json(clock: DutyClock | None, *, now: datetime) -> dict[str, object] | None:
    """What `recall status` says of the duty to be acted on first."""
    if clock is None or clock.acts_by is None:
        return None
    return {
        "duty": f"{clock.regime}.{clock.obligation}",
        "country": clock.country,
        "title": title_of(clock),
        "acts_by": _iso(clock, clock.acts_by),
        "due_at": _iso(clock, clock.due_at),
        "local": moment_of(clock, clock.acts_by),
        "left": left_words(clock.acts_by, now),
        "is_overdue": _is_overdue(clock, now),
        "is_law": clock.acts_by in (clock.due_at, clock.at_latest),
        "owner": clock.owner or None,
    }


def _differs(clock: DutyClock, duty: Duty) -> bool:
    return current_digest(duty.regime, clock.obligation) != clock.law


def _is_overdue(clock: DutyClock, now: datetime) -> bool:
    is_open = clock.state in ("waiting", "running")
    return is_open and clock.acts_by is not None and clock.acts_by <= now


def _confirmed(found: CounselConfirmation | None) -> dict[str, object] | None:
    if found is None:
        return None
    return {
        "by": found.confirmed_by,
        "on": found.confirmed_on.isoformat(),
        "source": found.source,
        "value_read": found.value_read,
    }


def _without_law(clock: DutyClock) -> dict[str, object]:
    return {
        "regime": clock.regime,
        "obligation": clock.obligation,
        "name": clock.name,
        "country": clock.country,
        "due_at": _iso(clock, clock.due_at),
        "at_latest": _iso(clock, clock.at_latest),
        "rule": clock.rule,
        "confidence": "unknown",
        "confirm_with_counsel": True,
        "missing": clock.missing,
        "zone": clock.zone,
        "versions": clock.versions,
        "warnings": ["The data has no such duty any more: ask counsel whether it still holds."],
    }


def _blank() -> dict[str, object]:
    blank = dict.fromkeys(
        ("owner", "acts_by", "left", "escalated", "reference", "reason", "settled_at")
    )
    more: dict[str, object] = {
        "occurrence": None,
        "state": "new",
        "is_overdue": False,
        "own_limit": False,
        "confirmed_by_counsel": None,
        "law_changed": False,
    }
    return {**blank, **more}


def _iso(clock: DutyClock, at: datetime | None) -> str | None:
    there = local(clock, at)
    return there.isoformat(timespec="seconds") if there else None
