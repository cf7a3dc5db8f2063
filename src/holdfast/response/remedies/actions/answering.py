"""A person answers for what they bought: has it, some of it, no longer has it; chooses a remedy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Sum

from holdfast.decision.recalls.models import Recall
from holdfast.ground.journal.actions import record
from holdfast.ground.journal.models import Entry
from holdfast.kit.actors import Actor
from holdfast.kit.quantities import plain
from holdfast.kit.refusals import Forbidden
from holdfast.response.remedies.events import ClaimAnswered, ClaimsWithdrawn, RemedyChosen
from holdfast.response.remedies.lifecycle import (
    ANSWERED,
    CANCELLED,
    CHOSEN,
    DUE,
    FULFILLED,
    WITHDRAWN,
)
from holdfast.response.remedies.models import Claim, Payout, PersonalLink
from holdfast.response.remedies.policies import require_answering
from holdfast.response.remedies.queries import GONE_PART, Owned, terms_of
from holdfast.response.remedies.rules import (
    PAID_IN_MONEY,
    REFUND,
    ask_choice,
    ask_gone,
    ask_kept,
    promise_for,
    state_of,
)
from holdfast.response.units.actions import UnitLedger
from holdfast.response.units.lifecycle import CONSUMER_MOVES
from holdfast.response.units.models import UnitGroup

SETTLED = (FULFILLED,)


@transaction.atomic
def answer_have(
    *,
    recall: Recall,
    owned: Sequence[Owned],
    reference: str,
    source: str,
    by: Actor,
    now: datetime,
    link: PersonalLink | None = None,
) -> list[Claim]:
    """ "Yes, I have it": told to stop; what they would like comes next."""
    require_answering(by)
    claims = _claims(recall, owned, reference, source, now)
    unsaid = [c for c in claims if c.state == ANSWERED]
    joined = _join(recall, unsaid, owned, by, now)
    open_ones = [c for c in unsaid if c.answer != "have" or c.line_id in joined]
    if open_ones:
        entry = _answered(recall, open_ones, "have", "", source, by, now)
        for claim in open_ones:
            _save(claim, answer="have", outcome="", now=now)
            _take_along(claim, "has_it", "statement", entry, by, now)
    _used(link, now)
    return claims


@transaction.atomic
def answer_gone(
    *,
    recall: Recall,
    owned: Sequence[Owned],
    outcome: str,
    reference: str,
    source: str,
    by: Actor,
    now: datetime,
    link: PersonalLink | None = None,
) -> list[Claim]:
    """ "I no longer have it" is an answer: it is counted, and a promised remedy is let go."""
    require_answering(by)
    state = ask_gone(outcome)
    claims = _claims(recall, owned, reference, source, now)
    free = [c for c in claims if c.state not in SETTLED and _may_let_go(c)]
    joined = _join(recall, free, owned, by, now)
    changed = [c for c in free if (c.answer, c.outcome) != ("gone", state) or c.line_id in joined]
    if not changed and any(not _may_let_go(c) for c in claims):
        raise Forbidden(
            "money_on_its_way",
            "Your money is already on its way, so this cannot be changed here any more.",
            hint="Write to us if something is wrong.",
        )
    if changed:
        entry = _answered(recall, changed, "gone", state, source, by, now)
        for claim in changed:
            Payout.objects.filter(claim=claim, state=DUE).update(state=CANCELLED)
            _save(claim, answer="gone", outcome=state, now=now)
            _take_along(claim, state, "statement", entry, by, now)
    _used(link, now)
    return claims


@transaction.atomic
def choose_remedy(
    *,
    recall: Recall,
    owned: Sequence[Owned],
    remedy: str,
    stopped: bool,
    reference: str,
    source: str,
    by: Actor,
    now: datetime,
    link: PersonalLink | None = None,
    late: bool = False,
) -> list[Claim]:
    """Choose what one gets; choosing the same again changes nothing, another one replaces it.

    `late` allows the refund even where it was not on offer: a promise has passed.
    """
    require_answering(by)
    terms, _replacement = terms_of(recall)
    offered = (*terms.remedies, *((REFUND,) if late and REFUND not in terms.remedies else ()))
    ask_choice(remedy, offered=offered, stopped=stopped)
    claims = _claims(recall, owned, reference, source, now)
    by_line = {o.line.pk: o for o in owned}
    changed = [
        c
        for c in claims
        if c.state not in SETTLED
        and ((c.state, c.remedy) != (CHOSEN, remedy) or c.quantity != by_line[c.line_id or 0].units)
    ]
    if any(not _may_let_go(c) for c in changed):
        raise Forbidden(
            "money_on_its_way",
            "Your money is already on its way, so this cannot be changed here any more.",
            hint="Write to us if something is wrong.",
        )
    if changed:
        _join(recall, changed, owned, by, now)
        promise = promise_for(remedy, now=now, within_days=terms.within_days.get(remedy, 14))
        entry = record(
            RemedyChosen(
                [c.reference for c in changed],
                remedy,
                str(plain(sum((c.quantity for c in changed), Decimal(0)))),
                promise.by.isoformat(),
                source,
            ),
            by=by,
            now=now,
            subject=recall.ref,
        )
        for claim in changed:
            Payout.objects.filter(claim=claim, state=DUE).update(state=CANCELLED)
            claim.answer, claim.outcome, claim.remedy = "have", "", remedy
            claim.state, claim.has_stopped_using = CHOSEN, True
            claim.promised_on, claim.send_on = promise.by, promise.send_on
            claim.escalated_at = None
            claim.save()
            owed = by_line.get(claim.line_id or 0)
            if remedy in PAID_IN_MONEY and owed is not None:
                _owe(claim, owed, promise.by)
            _take_along(claim, "claim_open", "claim", entry, by, now)
    _used(link, now)
    return claims


@transaction.atomic
def split_answer(
    *,
    recall: Recall,
    owned: Sequence[Owned],
    kept: Mapping[int, Decimal],
    outcome: str,
    reference: str,
    source: str,
    by: Actor,
    now: datetime,
    link: PersonalLink | None = None,
) -> list[Claim]:
    """ "Two of the three I still have, one I threw away": `kept` says how many, by order line.

    A remedy that was promised is let go, as after any new answer; it is chosen again for what is
    still there. Lines that `kept` leaves out are all there.
    """
    require_answering(by)
    counts = {o.line.pk: ask_kept(kept.get(o.line.pk, o.units), bought=o.units) for o in owned}
    rejoined = _split_lines(recall, owned)
    none = [o for o in owned if counts[o.line.pk] == 0]
    whole = [o for o in owned if counts[o.line.pk] == o.units and o.line.pk not in rejoined]
    some = [o for o in owned if o not in none and o not in whole]
    shared: dict[str, Any] = {"recall": recall, "source": source, "by": by, "now": now}
    state = ask_gone(outcome) if any(counts[o.line.pk] < o.units for o in owned) else ""
    made: list[Claim] = []
    if none:
        made += answer_gone(owned=none, outcome=outcome, reference=f"{reference}-N", **shared)
    made += [_split(recall, o, counts[o.line.pk], state, reference, source, by, now) for o in some]
    if whole:
        made += answer_have(owned=whole, reference=f"{reference}-A", **shared)
    _used(link, now)
    return made


def _split_lines(recall: Recall, owned: Sequence[Owned]) -> set[int]:
    """Lines of which a part was said to be gone before."""
    lines = [o.line.pk for o in owned]
    parts = Claim.objects.filter(recall=recall, line__in=lines, part=GONE_PART)
    return {line or 0 for line in parts.exclude(state=WITHDRAWN).values_list("line_id", flat=True)}


def _split(
    recall: Recall,
    owned: Owned,
    kept: Decimal,
    state: str,
    reference: str,
    source: str,
    by: Actor,
    now: datetime,
) -> Claim:
    """One claim for what is there, one for what is gone, if any; the ledger follows both."""
    (claim,) = _claims(recall, [owned], f"{reference}-{owned.line.pk}", source, now)
    if claim.state in SETTLED or not _may_let_go(claim):
        raise Forbidden(
            "money_on_its_way",
            "Your money is already on its way, so this cannot be changed here any more.",
            hint="Write to us if something is wrong.",
        )
    gone = Claim.objects.filter(recall=recall, line=owned.line, part=GONE_PART)
    there = gone.exclude(state=WITHDRAWN).first()
    lost = owned.units - kept
    if there and (claim.quantity, there.quantity, there.outcome) == (kept, lost, state):
        return claim
    _join(recall, [claim], [owned], by, now)
    Payout.objects.filter(claim=claim, state=DUE).update(state=CANCELLED)
    claim.quantity = kept
    if not lost:
        entry = _answered(recall, [claim], "have", "", source, by, now)
        _save(claim, answer="have", outcome="", now=now)
        _take_along(claim, "has_it", "statement", entry, by, now)
        return claim
    rest = Claim.objects.create(
        recall=recall,
        line=owned.line,
        part=GONE_PART,
        reference=f"{reference}-{owned.line.pk}-G",
        customer_id=owned.line.customer_id,
        quantity=lost,
        answer="gone",
        outcome=state,
        state=ANSWERED,
        source=source,
        made_at=now,
    )
    entry = _answered(recall, [claim], "have", "", source, by, now)
    _save(claim, answer="have", outcome="", now=now)
    _take_along(claim, "has_it", "statement", entry, by, now)
    entry = _answered(recall, [rest], "gone", state, source, by, now)
    _take_along(rest, state, "statement", entry, by, now)
    return claim


def _join(
    recall: Recall, claims: Sequence[Claim], owned: Sequence[Owned], by: Actor, now: datetime
) -> set[int]:
    """An answer for all of a line takes back the one for a part of it; gives the lines."""
    units = {o.line.pk: o for o in owned}
    joined = set()
    for claim in claims:
        item = units[claim.line_id or 0]
        parts = Claim.objects.filter(recall=recall, line=item.line, part=GONE_PART)
        living = parts.exclude(state=WITHDRAWN)
        if not item.is_part and living.exists():
            joined.add(item.line.pk)
            fact = ClaimsWithdrawn([c.reference for c in living], "answered for all of it")
            living.update(state=WITHDRAWN)
            record(fact, by=by, now=now, subject=recall.ref)
        if claim.state not in SETTLED and claim.quantity != item.units:
            claim.quantity = item.units
            claim.save(update_fields=["quantity"])
    return joined


def _claims(
    recall: Recall, owned: Sequence[Owned], reference: str, source: str, now: datetime
) -> list[Claim]:
    """One claim per line, made once; a locked row each, so that two clicks queue up."""
    if not owned:
        raise Forbidden("nothing_affected", "None of these orders is in the recall any more.")
    claims = []
    for number, item in enumerate(owned, 1):
        claim, _made = Claim.objects.exclude(state=WITHDRAWN).get_or_create(
            recall=recall,
            line=item.line,
            part=1,
            defaults={
                "reference": reference if number == 1 else f"{reference}-{number}",
                "customer_id": item.line.customer_id,
                "quantity": item.units,
                "answer": "",
                "state": ANSWERED,
                "source": source,
                "made_at": now,
            },
        )
        claims.append(Claim.objects.select_for_update().get(pk=claim.pk))
    return claims


def _may_let_go(claim: Claim) -> bool:
    payout = Payout.objects.filter(claim=claim).first()
    return payout is None or payout.state in (DUE, CANCELLED)


def _answered(
    recall: Recall,
    claims: Sequence[Claim],
    answer: str,
    outcome: str,
    source: str,
    by: Actor,
    now: datetime,
) -> Entry:
    units = str(plain(sum((c.quantity for c in claims), Decimal(0))))
    return record(
        ClaimAnswered([c.reference for c in claims], answer, outcome, units, source),
        by=by,
        now=now,
        subject=recall.ref,
    )


def _save(claim: Claim, *, answer: str, outcome: str, now: datetime) -> None:
    claim.answer, claim.outcome, claim.state = answer, outcome, ANSWERED
    claim.remedy, claim.promised_on, claim.send_on = "", None, None
    claim.has_stopped_using = None
    claim.save()


def _owe(claim: Claim, owed: Owned, due_on: date) -> None:
    """One payout per claim for ever: the row is made once and only changes its state."""
    amount = owed.amount
    if amount is None:
        return
    payout, made = Payout.objects.get_or_create(
        claim=claim,
        defaults={"amount": amount, "currency": owed.currency[:3], "due_on": due_on},
    )
    if not made:
        Payout.objects.filter(pk=payout.pk, state=CANCELLED).update(
            state=DUE, amount=amount, currency=owed.currency[:3], due_on=due_on
        )


def _take_along(
    claim: Claim, target: str, kind: str, entry: Entry, by: Actor, now: datetime
) -> None:
    """Take the units of the claim's line along, from wherever the table lets them come."""
    if claim.line_id is None:
        return
    place = f"line:{claim.line_id}"
    ledger = UnitLedger(entry, claim.recall_id, by, now)
    others = Claim.objects.filter(recall_id=claim.recall_id, line_id=claim.line_id)
    others = others.exclude(part=claim.part).exclude(state=WITHDRAWN)
    if others:
        _take_part(claim, {c: state_of(c) for c in others}, target, kind, ledger, place)
        return
    groups = UnitGroup.objects.filter(
        recall_id=claim.recall_id, level="consumer", place=place, quantity__gt=0
    ).exclude(state=target)
    for state, units in list(groups.values_list("state").annotate(units=Sum("quantity"))):
        if target in CONSUMER_MOVES.get(state, ()):
            ledger.move(
                level="consumer",
                place=place,
                source=state,
                target=target,
                quantity=units,
                kind=kind,
                evidence=f"claim {claim.reference}",
            )


def _take_part(
    claim: Claim,
    others: Mapping[Claim, str],
    target: str,
    kind: str,
    ledger: UnitLedger,
    place: str,
) -> None:
    """Take as many units along as the claim is for, and none that another part answers for."""
    reserved: dict[str, Decimal] = {}
    for other, state in others.items():
        reserved[state] = reserved.get(state, Decimal(0)) + other.quantity
    groups = UnitGroup.objects.filter(
        recall_id=claim.recall_id, level="consumer", place=place, quantity__gt=0
    )
    rows = list(groups.order_by("state", "lot").values_list("state", "lot", "quantity"))
    there = sum((units for state, _lot, units in rows if state == target), Decimal(0))
    need = claim.quantity - max(there - reserved.get(target, Decimal(0)), Decimal(0))
    for state, lot, units in rows:
        if state == target or target not in CONSUMER_MOVES.get(state, ()):
            continue
        held = min(units, reserved.get(state, Decimal(0)))
        reserved[state] = reserved.get(state, Decimal(0)) - held
        take = min(need, units - held)
        if take > 0:
            need -= take
            ledger.move(
                level="consumer",
                place=place,
                lot=lot,
                source=state,
                target=target,
                quantity=take,
                kind=kind,
                evidence=f"claim {claim.reference}",
            )


def _used(link: PersonalLink | None, now: datetime) -> None:
    if link is not None and link.first_used_at is None:
        PersonalLink.objects.filter(pk=link.pk, first_used_at__isnull=True).update(
            first_used_at=now
        )
