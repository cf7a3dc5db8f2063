"""Moving units between states, and counting what lies on a rack."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import F, Sum

from holdfast.decision.recalls.models import Recall
from holdfast.ground.journal.actions import record
from holdfast.ground.journal.models import Entry
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
    UnitLedger(entry, recall.pk, by, now).move(
        level=level,
        place=place,
        lot=lot,
        source=source,
        target=target,
        quantity=quantity,
        kind=kind,
        evidence=evidence,
    )
    return quantity


@dataclass(frozen=True)
class UnitLedger:
    """The ledger's one write. It opens only with the journal entry that explains the movement.

    Other rooms use it inside the transaction of their own action.
    """

    entry: Entry
    recall_id: int
    by: Actor
    now: datetime

    def move(
        self,
        *,
        level: str,
        place: str,
        source: str,
        target: str,
        quantity: Decimal,
        kind: str,
        evidence: str,
        lot: str | None = None,
    ) -> None:
        """Take from a group, give to another, add the movement."""
        ask_move(level=level, source=source, target=target, evidence=kind)
        here = UnitGroup.objects.select_for_update().filter(
            recall_id=self.recall_id, level=level, place=place, state__in=(source, target)
        )
        found = list((here if lot is None else here.filter(lot=lot)).order_by("lot", "pk"))
        groups = [g for g in found if g.state == source and g.quantity > 0]
        arrived = {g.lot: g for g in found if g.state == target}
        there = sum((group.quantity for group in groups), Decimal(0))
        if not groups:
            raise NotFound(
                "no_such_units", f"No units at {place} are {source.replace('_', ' ')}.", hint=level
            )
        ask_split(held=there, wanted=quantity)
        if len(groups) > 1 and quantity != there:
            raise Forbidden(
                "which_lot",
                f"{place} holds several lots: {', '.join(g.lot or 'none' for g in groups)}.",
                hint="Say which lot moves.",
            )
        rest = quantity
        for group in groups:
            take = min(rest, group.quantity)
            self._carry(group, arrived.get(group.lot), target, take)
            rest -= take
        UnitMovement.objects.create(
            recall_id=self.recall_id,
            level=level,
            place=place,
            from_state=source,
            to_state=target,
            quantity=quantity,
            kind=kind,
            evidence=evidence[:200],
            entry_index=self.entry.index,
            by=self.by.key,
            at=self.now,
        )

    def _carry(
        self, group: UnitGroup, arrived: UnitGroup | None, target: str, take: Decimal
    ) -> None:
        """Conditional writes: a second writer that read the same numbers changes nothing."""
        same = UnitGroup.objects.filter(pk=group.pk, state=group.state, quantity=group.quantity)
        if take == group.quantity and arrived is None:
            taken = same.update(state=target, since=self.now)
        elif take == group.quantity:
            taken = same.delete()[0]
        else:
            taken = same.update(quantity=F("quantity") - take)
        if not taken:
            raise Forbidden("moved_meanwhile", "Somebody else has just moved these units.")
        if arrived is not None:
            UnitGroup.objects.filter(pk=arrived.pk).update(
                quantity=F("quantity") + take, since=self.now
            )
        elif take != group.quantity:
            UnitGroup.objects.create(
                recall_id=group.recall_id,
                level=group.level,
                place=group.place,
                lot=group.lot,
                state=target,
                line_id=group.line_id,
                certainty=group.certainty,
                quantity=take,
                since=self.now,
            )


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
    short, ledger = -gap, UnitLedger(entry, recall.pk, by, now)
    for group in list(groups.order_by("state", "lot")) if short > 0 else []:
        take = min(short, group.quantity)
        if take > 0:
            ledger.move(
                level="manufacturer",
                place=place,
                lot=group.lot,
                source=group.state,
                target="in_question",
                quantity=take,
                kind=Evidence.COUNT.value,
                evidence=f"counted {plain(counted)}, ledger {plain(there)}",
            )
            short -= take
    return gap
