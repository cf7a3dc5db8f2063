"""Working the clocks out anew when facts, scope or law change, and saying what it did to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from holdfast.decision.recalls.models import Recall
from holdfast.ground.journal.actions import record
from holdfast.ground.journal.models import Entry
from holdfast.ground.journal.telling import told
from holdfast.kit.actors import Actor
from holdfast.kit.regimes.duties import Duty
from holdfast.kit.regimes.law_digest import obligation_digest
from holdfast.kit.regimes.told_times import zone_words
from holdfast.kit.regimes.zones import zone
from holdfast.response.duties.events import DutyClocksReworked
from holdfast.response.duties.lifecycle import DUTY, SETTLED
from holdfast.response.duties.models import DutyClock
from holdfast.response.duties.policies import may_rework
from holdfast.response.duties.queries.telling import moment_of, title_of
from holdfast.response.duties.queries.working import Key, worked_out
from holdfast.response.duties.rules import step_at

MOST_SAID = 6


@dataclass(frozen=True, slots=True)
class Change:
    """What happened to one clock: `kind` is opened, moved, waits, dropped or law."""

    clock: DutyClock
    kind: str
    was: datetime | None = None


@transaction.atomic
def rework_clocks(*, recall: Recall, because: str = "", by: Actor, now: datetime) -> list[Change]:
    """Bring every clock in line with the facts; again, nothing changes.

    What is met or does not apply stays so. A duty that no longer follows falls away, one that
    follows again comes back. Where the law cannot be asked yet, nothing is touched.
    """
    may_rework(by)
    recall = Recall.objects.select_for_update().get(pk=recall.pk)
    found = worked_out(recall, now=now)
    if not found.can_ask:
        return []
    stored = {_key(clock): clock for clock in recall.duty_clocks.select_for_update()}
    changes = []
    for key, duty in found.found.items():
        clock = stored.pop(key, None)
        change = _opened(recall, key, duty, now) if clock is None else _followed(clock, duty, now)
        changes += [change] if change else []
    for clock in stored.values():
        if clock.state not in (*SETTLED, "superseded"):
            clock.state = DUTY.after(clock.state, "drop")
            _save(clock, now)
            changes.append(Change(clock, "dropped", clock.acts_by))
    if changes:
        fact = DutyClocksReworked(
            because=because,
            said=_said(changes, because),
            clocks=tuple(_as_json(change) for change in changes),
        )
        record(fact, by=by, now=now, subject=recall.ref)
    return changes


def rework_clocks_of_entry(*, entry: Entry, by: Actor, now: datetime) -> None:
    """What follows for the clocks from a new fact, a confirmed scope or a changed profile."""
    recall = Recall.objects.filter(ref=entry.subject).first()
    if recall is not None:
        words = told(entry).words
        rework_clocks(recall=recall, because=words[:400], by=by, now=now)


def _key(clock: DutyClock) -> Key:
    return clock.regime, clock.obligation, clock.country, clock.occurrence


def _opened(recall: Recall, key: Key, duty: Duty, now: datetime) -> Change:
    regime, obligation, country, occurrence = key
    clock = DutyClock(
        recall=recall,
        regime=regime,
        obligation=obligation,
        country=country,
        occurrence=occurrence,
        owner="legal" if recall.roles.filter(role="legal").exists() else "lead",
        opened_at=now,
        changed_at=now,
        **_values(duty),
    )
    clock.acts_by = clock.due_at or clock.at_latest or clock.target_at
    clock.state = DUTY.after("waiting", "wait" if _waits(duty) else "run")
    clock.save()
    return Change(clock, "opened")


def _followed(clock: DutyClock, duty: Duty, now: datetime) -> Change | None:
    if clock.state in SETTLED:
        return None  # it stands as it was when it was settled
    before = {name: getattr(clock, name) for name in (*_values(duty), "acts_by")}
    state, was, law = clock.state, clock.acts_by, clock.law
    values = _values(duty)
    if clock.is_own_target:
        values["target_at"] = clock.target_at
    for name, value in values.items():
        setattr(clock, name, value)
    clock.acts_by = _acts_by(clock)
    clock.state = DUTY.after(clock.state, "wait" if _waits(duty) else "run")
    same = before == {name: getattr(clock, name) for name in before}
    if same and clock.state == state:
        return None
    if clock.acts_by != was:
        # Steps that lie ahead again are told again; those already told are not repeated.
        clock.escalated = min(clock.escalated, step_at(clock.acts_by, now))
    _save(clock, now)
    if state == "superseded":
        return Change(clock, "opened")
    if clock.acts_by == was and clock.state == state:
        return Change(clock, "law") if law != clock.law else None
    return Change(clock, "waits" if clock.acts_by is None else "moved", was)


def _acts_by(clock: DutyClock) -> datetime | None:
    if clock.is_own_target and clock.target_at:
        return min(filter(None, (clock.due_at, clock.at_latest, clock.target_at)))
    return clock.due_at or clock.at_latest or clock.target_at


def _waits(duty: Duty) -> bool:
    return bool(duty.missing)


def _save(clock: DutyClock, now: datetime) -> None:
    clock.revision += 1
    clock.changed_at = now
    clock.save()


def _values(duty: Duty) -> dict[str, Any]:
    start = duty.started_by
    return {
        "name": duty.obligation.name[:200],
        "start_fact": start.name if start else "",
        "started_at": start.at if start else None,
        "start_zone": zone_words(start.at) if start else "",
        "start_country": start.country if start else "",
        "due_at": duty.due_at,
        "at_latest": duty.at_latest,
        "rolls_to": duty.rolls_to,
        "target_at": duty.target_at,
        "missing": list(duty.missing),
        "opened_by": duty.opened_by,
        "warnings": list(duty.warnings),
        "rule": duty.rule,
        "zone": duty.zone,
        "calendar": duty.calendar,
        "versions": duty.versions[:120],
        "law": obligation_digest(duty.regime, duty.obligation),
        "law_from": str(duty.regime.valid_from or ""),
    }


def _as_json(change: Change) -> dict[str, object]:
    clock = change.clock
    return {
        "duty": f"{clock.regime}.{clock.obligation}",
        "country": clock.country,
        "occurrence": clock.occurrence,
        "state": clock.state,
        "due_at": _iso(clock, clock.acts_by),
        "was": _iso(clock, change.was),
    }


def _iso(clock: DutyClock, at: datetime | None) -> str | None:
    return at.astimezone(zone(clock.zone)).isoformat(timespec="seconds") if at else None


def _said(changes: list[Change], because: str) -> str:
    """One or a few sentences: what moved, from when to when; then what opened and fell away."""
    because = because.strip().rstrip(".")
    why = f" because: {because}" if because else ""
    lines = [_sentence(change) for change in changes if change.kind != "opened"]
    opened = [change.clock for change in changes if change.kind == "opened"]
    if opened:
        lines.append(_opened_words(opened))
    rest = len(lines) - MOST_SAID
    if rest > 0:
        lines = [*lines[:MOST_SAID], f"and {rest} more"]
    return f"{'; '.join(lines)}{why}."


def _sentence(change: Change) -> str:
    clock, title = change.clock, title_of(change.clock)
    if change.kind == "dropped":
        return f"{title} falls away"
    if change.kind == "law":
        return f"{title}: the law's data says it differently, its end stays"
    new = moment_of(clock, clock.acts_by)
    if change.kind == "waits":
        return f"{title} waits for a fact: {' or '.join(clock.missing) or 'none is told'}"
    if change.was is None:
        return f"{title} is due {new}"
    if change.was == clock.acts_by:
        return f"{title} is {clock.state}, due {new}"
    return f"{title} moved from {moment_of(clock, change.was)} to {new}"


def _opened_words(opened: list[DutyClock]) -> str:
    many = f"{len(opened)} duties open" if len(opened) > 1 else f"{title_of(opened[0])} opens"
    timed = [clock for clock in opened if clock.acts_by]
    if not timed:
        return many
    first = min(timed, key=lambda clock: clock.acts_by or clock.opened_at)
    soonest = f"due {moment_of(first, first.acts_by)}"
    return (
        f"{many}, {soonest}" if len(opened) == 1 else f"{many}, first {title_of(first)}, {soonest}"
    )
