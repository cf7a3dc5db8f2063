"""Scope versions: propose, confirm, refuse; narrowing takes a reason and a second person."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from holdfast.decision.recalls.actions.storing import store_journeys, store_lines
from holdfast.decision.recalls.events import ScopeConfirmed, ScopeProposed, ScopeRefused
from holdfast.decision.recalls.lifecycle import RECALL
from holdfast.decision.recalls.models import Recall, ScopeVersion
from holdfast.decision.recalls.policies import may_confirm_scope, may_propose_scope
from holdfast.decision.recalls.queries.differences import difference
from holdfast.decision.recalls.queries.finding import Found, find_scope
from holdfast.decision.recalls.queries.recalls import confirmed_scope, latest_scope
from holdfast.decision.recalls.rules import ask_second_person
from holdfast.ground.journal.actions import record
from holdfast.kit.actors import Actor
from holdfast.kit.refusals import Forbidden, Unreadable
from holdfast.kit.trace.criteria import Criteria


@transaction.atomic
def propose_scope(
    *,
    recall: Recall,
    criteria: Criteria,
    rationale: str = "",
    found: Found | None = None,
    by: Actor,
    now: datetime,
) -> ScopeVersion:
    """Work a scope out and store it as the next version, with its difference to the one before.

    The same criteria with the same result again give the version there is. A version that leaves
    out lines of the confirmed one needs its reason here and a second person at `confirm_scope`.
    """
    may_propose_scope(by)
    recall = Recall.objects.select_for_update().get(pk=recall.pk)
    RECALL.after(recall.state, "propose_scope")
    found = found or find_scope(criteria)
    last = latest_scope(recall)
    if last and last.digest == found.digest and last.state in ("proposed", "confirmed"):
        return last
    before = confirmed_scope(recall)
    changes = difference(before, found)
    is_narrowing = bool(changes["lines_out"])
    if is_narrowing and not rationale.strip():
        raise Forbidden(
            "reason_needed",
            f"This leaves out {changes['lines_out']} lines of scope v{changes['against']} "
            "and needs a reason.",
            hint="Say what shows that they are not affected: --rationale “…”.",
        )
    ScopeVersion.objects.filter(recall=recall, state="proposed").update(
        state="superseded", settled_at=now, settled_by=by.key
    )
    version = ScopeVersion.objects.create(
        recall=recall,
        number=(last.number if last else 0) + 1,
        criteria=criteria.as_json(),
        rationale=rationale.strip(),
        counts=found.counts,
        difference=changes,
        digest=found.digest,
        proposed_by=by.key,
        proposed_at=now,
        is_narrowing=is_narrowing,
    )
    store_lines(version.pk, found.lines)
    store_journeys(version.pk, found.ways)
    whole = _whole(version)
    fact = ScopeProposed(
        number=version.number,
        criteria=version.criteria,
        counts=found.counts,
        digest=version.digest,
        units=str(whole["units"]),
        people=int(str(whole["people"])),
        rationale=version.rationale,
        is_narrowing=is_narrowing,
    )
    record(fact, by=by, now=now, subject=recall.ref)
    return version


@transaction.atomic
def confirm_scope(
    *, version: ScopeVersion, digest: str = "", by: Actor, now: datetime
) -> ScopeVersion:
    """Make a proposed version count; `digest` is that of what the person read.

    Widening, and the first version, take one person. Narrowing takes a second one, except in an
    organisation declared to be one person, which is recorded.
    """
    may_confirm_scope(by)
    recall = Recall.objects.select_for_update().get(pk=version.recall_id)
    version = ScopeVersion.objects.select_for_update().get(pk=version.pk)
    if version.state == "confirmed":
        return version
    state = RECALL.after(recall.state, "confirm_scope")
    _ask_open(version)
    if digest and digest != version.digest:
        raise Forbidden(
            "scope_changed",
            f"Scope v{version.number} is not the one that was read.",
            hint="Read it again, then confirm.",
        )
    alone = version.is_narrowing and ask_second_person(
        by, version.proposed_by, what="narrower scope"
    )
    recall.scopes.filter(state="confirmed").update(state="superseded")
    version.state, version.settled_by, version.settled_at = "confirmed", by.key, now
    version.is_alone = alone
    version.save()
    recall.state = state
    recall.summary = {**recall.summary, "scope": version.number, "counts": version.counts}
    recall.save(update_fields=["state", "summary"])
    whole = _whole(version)
    fact = ScopeConfirmed(
        number=version.number,
        digest=version.digest,
        units=str(whole["units"]),
        people=int(str(whole["people"])),
        proposed_by=version.proposed_by,
        alone=alone,
    )
    record(fact, by=by, now=now, subject=recall.ref)
    return version


@transaction.atomic
def refuse_scope(*, version: ScopeVersion, reason: str, by: Actor, now: datetime) -> ScopeVersion:
    """Turn a proposed version down, with the reason."""
    may_confirm_scope(by)
    recall = Recall.objects.select_for_update().get(pk=version.recall_id)
    version = ScopeVersion.objects.select_for_update().get(pk=version.pk)
    RECALL.after(recall.state, "propose_scope")
    _ask_open(version)
    if not reason.strip():
        raise Unreadable("reason_needed", "Refusing a scope needs a reason in words.")
    version.state, version.settled_by, version.settled_at = "refused", by.key, now
    version.save()
    fact = ScopeRefused(number=version.number, reason=reason.strip())
    record(fact, by=by, now=now, subject=recall.ref)
    return version


def _ask_open(version: ScopeVersion) -> None:
    if version.state != "proposed":
        raise Forbidden(
            "scope_settled",
            f"Scope v{version.number} is {version.state}; only a proposed version can be settled.",
            hint="Propose it again: holdfast recall scope.",
        )


def _whole(version: ScopeVersion) -> dict[str, object]:
    whole = version.counts["in_scope"]
    assert isinstance(whole, dict)
    return whole
