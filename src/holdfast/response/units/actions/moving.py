"""Moving units between states, and counting what lies on a rack."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import F, Sum

from holdfast.decision.recalls.models import Recall
from holdfast.ground.journal.actions import record
from holdfast.kit.actors import Actor
from holdfast.kit.quantities import plain
from holdfast.kit.refusals import Forbidden, NotFound
from holdfast.response.units.events import StockCounted, UnitsMoved
from holdfast.response.units.lifecycle import Evidence
from holdfast.response.units.models import UnitGroup, UnitMovement
from holdfast.response.units.policies import require_unit_work
from holdfast.response.units.rules import ask_move, ask_split


@transaction.atomic
def move_units(
    *,
    recall: Recall,
    level: str,
    place: str,
    source: str,
    target: str,
    quantity: Decimal,
    kind: str,
    evidence: str,
    by: Actor,
    now: datetime,
    lot: str | None = None,
) -> Decimal:
    """Move some units of one place to another state; returns how many moved."""
    require_unit_work(by)
    if kind == Evidence.SCOPE.value:
        raise Forbidden(
            "scope_is_no_proof",
            "Only a confirmed scope version brings units in or takes them out.",
            hint="Change the scope instead.",
        )
    entry = record(
        UnitsMoved(level, place, source, target, str(plain(quantity)), kind, evidence),
        by=by,
        now=now,
        subject=recall.ref,
    )
    shift(
        recall_id=recall.pk,
        level=level,
        place=place,
        lot=lot,
        source=source,
        target=target,
        quantity=quantity,
        kind=kind,
        evidence=evidence,
        entry_index=entry.index,
        by=by,
        now=now,
    )
    return quantity


def shift(
    *,
    recall_id: int,
    level: str,
    place: str,
    source: str,
    target: str,
    quantity: Decimal,
    kind: str,
    evidence: str,
    entry_index: int,
    by: Actor,
    now: datetime,
    lot: str | None = None,
) -> None:
    """The ledger's one write: take from a group, give to another, add the movement.

    Called inside the transaction of an action that has recorded the journal entry.
    """
    ask_move(level=level, source=source, target=target, evidence=kind)
    held = UnitGroup.objects.select_for_update().filter(
        recall_id=recall_id, level=level, place=place, state=source, quantity__gt=0
    )
    if lot is not None:
        held = held.filter(lot=lot)
    groups = list(held.order_by("lot"))
    there = sum((group.quantity for group in groups), Decimal(0))
    if not groups:
        raise NotFound(
            "no_such_units", f"No units at {place} are {source.replace('_', ' ')}.", hint=level
        )
    if len(groups) > 1 and quantity != there:
        raise Forbidden(
            "which_lot",
            f"{place} holds several lots: {', '.join(g.lot or 'none' for g in groups)}.",
            hint="Say which lot moves.",
        )
    rest = quantity
    for group in groups:
        take = min(rest, group.quantity)
        ask_split(held=group.quantity, wanted=take if len(groups) > 1 else quantity)
        _take(group, take)
        _give(group, target, take, now)
        rest -= take
    UnitMovement.objects.create(
        recall_id=recall_id,
        level=level,
        place=place,
        from_state=source,
        to_state=target,
        quantity=quantity,
        kind=kind,
        evidence=evidence[:200],
        entry_index=entry_index,
        by=by.key,
        at=now,
    )


def _take(group: UnitGroup, quantity: Decimal) -> None:
    # conditional: a second writer that read the same number changes nothing here
    taken = UnitGroup.objects.filter(pk=group.pk, quantity__gte=quantity).update(
        quantity=F("quantity") - quantity
    )
    if not taken:
        raise Forbidden("moved_meanwhile", "Somebody else has just moved these units.")
    UnitGroup.objects.filter(pk=group.pk, quantity=0).delete()


def _give(group: UnitGroup, target: str, quantity: Decimal, now: datetime) -> None:
    there, _made = UnitGroup.objects.get_or_create(
        recall_id=group.recall_id,
        level=group.level,
        place=group.place,
        lot=group.lot,
        state=target,
        defaults={
            "line_id": group.line_id,
            "certainty": group.certainty,
            "quantity": Decimal(0),
            "since": now,
        },
    )
    UnitGroup.objects.filter(pk=there.pk).update(quantity=F("quantity") + quantity, since=now)


@transaction.atomic
def count_stock(
    *, recall: Recall, place: str, counted: Decimal, by: Actor, now: datetime
) -> Decimal:
    """Set a count beside the ledger; what is short becomes "in question". Returns the gap."""
    require_unit_work(by)
    groups = UnitGroup.objects.filter(
        recall=recall, level="manufacturer", place=place, state__in=("held", "on_sale")
    )
    there = groups.aggregate(units=Sum("quantity"))["units"]
    if there is None:
        raise NotFound("unknown_place", f"The ledger has no stock at {place}.")
    gap: Decimal = counted - there
    entry = record(
        StockCounted(
            "manufacturer", place, str(plain(counted)), str(plain(there)), str(plain(gap))
        ),
        by=by,
        now=now,
        subject=recall.ref,
    )
    short = -gap
    for group in list(groups.order_by("state", "lot")) if short > 0 else []:
        take = min(short, group.quantity)
        if take > 0:
            shift(
                recall_id=recall.pk,
                level="manufacturer",
                place=place,
                lot=group.lot,
                source=group.state,
                target="in_question",
                quantity=take,
                kind=Evidence.COUNT.value,
                evidence=f"counted {plain(counted)}, ledger {plain(there)}",
                entry_index=entry.index,
                by=by,
                now=now,
            )
            short -= take
    return gap
