"""Bringing the ledger to the numbers of a scope: units enter, units leave, the sum is kept."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, QuerySet, Sum

from holdfast.decision.recalls.models import Recall, ScopeLine, ScopeVersion
from holdfast.ground.journal.actions import record
from holdfast.kit.actors import Actor
from holdfast.kit.quantities import plain
from holdfast.kit.refusals import NotFound, Unreadable
from holdfast.response.units.actions.moving import shift
from holdfast.response.units.events import UnitsEntered, UnitsRebalanced
from holdfast.response.units.lifecycle import FIRST, NO_ANSWER, OUT_OF_SCOPE, STATES, Evidence
from holdfast.response.units.models import UnitGroup, UnitMovement
from holdfast.response.units.policies import require_unit_work
from holdfast.response.units.queries import CERTAINTIES, ZERO
from holdfast.response.units.rules import leaving_order
from holdfast.supply.orders.models import OrderLine
from holdfast.supply.traceability.models import StockOnHand

HOMES = "consumer"
STOCK = "manufacturer"


@transaction.atomic
def rebalance_units(
    *, recall: Recall, version: ScopeVersion, by: Actor, now: datetime
) -> dict[str, Decimal]:
    """Make the ledger hold exactly the units of this scope version. Doing it twice is harmless.

    A million lines enter with one statement; only lines that changed are looked at one by one.
    """
    require_unit_work(by)
    Recall.objects.select_for_update().get(pk=recall.pk)
    change = _Change(recall, version, by, now)
    totals = change.of_homes()
    change.of_stock()
    return totals


@transaction.atomic
def enter_units(
    *,
    recall: Recall,
    level: str,
    place: str,
    quantity: Decimal,
    evidence: str,
    by: Actor,
    now: datetime,
    lot: str = "",
) -> None:
    """Units at a place no order line knows: stock on hand, a delivery to a consignee."""
    require_unit_work(by)
    if level not in STATES:
        raise NotFound("unknown_level", f"There is no level {level!r}.", hint=", ".join(STATES))
    if level == HOMES:
        raise Unreadable(
            "homes_come_from_scope", "Units in homes enter through the scope, not by hand."
        )
    if quantity <= 0:
        raise Unreadable("no_units", f"{plain(quantity)} is no number of units.")
    entry = record(
        UnitsEntered(level, place, str(plain(quantity)), evidence),
        by=by,
        now=now,
        subject=recall.ref,
    )
    _enter(recall, level, place, lot, quantity, evidence, entry.index, by, now)


class _Change:
    """One rebalancing: what entered and what left, told in one journal entry per level."""

    def __init__(self, recall: Recall, version: ScopeVersion, by: Actor, now: datetime) -> None:
        self.recall, self.version, self.by, self.now = recall, version, by, now
        self.words = f"scope v{version.number}"

    def of_homes(self) -> dict[str, Decimal]:
        before = self._held(HOMES)
        leaving = _by_state(self._gone())
        returning = self._returning().aggregate(units=Sum("quantity"))["units"] or ZERO
        after = self._scope_units()
        changed = list(self._changed_lines())
        if not (leaving or returning or changed or self._new_lines()):
            return {"entered": ZERO, "left": ZERO, "units": before}
        shrunk = sum((held - wanted for _line, wanted, held in changed if held > wanted), ZERO)
        left = sum(leaving.values(), ZERO) + shrunk
        entered = after - before + left
        entry = record(
            UnitsRebalanced(
                self.version.number,
                HOMES,
                str(plain(entered)),
                str(plain(left)),
                str(plain(after)),
            ),
            by=self.by,
            now=self.now,
            subject=self.recall.ref,
        )
        self._leave_whole_lines(entry.index)
        self._summary(leaving, OUT_OF_SCOPE, entry.index)
        self._return_lines()
        if returning:
            self._summary({OUT_OF_SCOPE: returning}, NO_ANSWER, entry.index)
        fresh = self._insert_new_lines()
        if fresh:
            self._summary({"": fresh}, NO_ANSWER, entry.index)
        self._adjust_changed_lines(entry.index)
        self._refresh_certainty()
        return {"entered": entered, "left": left, "units": after}

    def of_stock(self) -> None:
        """Stock on hand of the affected products and lots is a level of its own."""
        should: dict[tuple[str, str], Decimal] = {}
        for row in stock_in_scope(self.recall, self.version):
            key = (f"site:{row.site}", row.lot)
            should[key] = should.get(key, ZERO) + row.quantity
        there = self._entered_stock()
        for place, lot in sorted(should.keys() | there.keys()):
            more = should.get((place, lot), ZERO) - there.get((place, lot), ZERO)
            if more == 0:
                continue
            entry = record(
                UnitsRebalanced(
                    self.version.number,
                    STOCK,
                    str(plain(max(more, ZERO))),
                    str(plain(max(-more, ZERO))),
                    str(plain(should.get((place, lot), ZERO))),
                ),
                by=self.by,
                now=self.now,
                subject=self.recall.ref,
            )
            if more > 0:
                _enter(
                    self.recall, STOCK, place, lot, more, self.words, entry.index, self.by, self.now
                )
            else:
                self._leave(STOCK, place, lot, -more, entry.index)

    def _entered_stock(self) -> dict[tuple[str, str], Decimal]:
        """Stock the ledger still has in scope and that came from the stock list."""
        rows = (
            UnitGroup.objects.filter(
                recall=self.recall, level=STOCK, place__startswith="site:", quantity__gt=0
            )
            .exclude(state=OUT_OF_SCOPE)
            .values_list("place", "lot")
            .annotate(units=Sum("quantity"))
        )
        return {(place, lot): units for place, lot, units in rows}

    def _held(self, level: str) -> Decimal:
        groups = UnitGroup.objects.filter(recall=self.recall, level=level)
        inside = groups.exclude(state=OUT_OF_SCOPE)
        return inside.aggregate(units=Sum("quantity"))["units"] or ZERO

    def _scope_lines(self) -> QuerySet[ScopeLine]:
        return ScopeLine.objects.filter(
            version=self.version, certainty__in=CERTAINTIES, units__gt=0
        )

    def _scope_units(self) -> Decimal:
        return self._scope_lines().aggregate(units=Sum("units"))["units"] or ZERO

    def _gone(self) -> QuerySet[UnitGroup]:
        """Groups inside the ledger whose line the new version no longer has."""
        kept = self._scope_lines().filter(line_id=OuterRef("line_id"))
        inside = UnitGroup.objects.filter(recall=self.recall, level=HOMES, quantity__gt=0)
        return inside.exclude(state=OUT_OF_SCOPE).filter(~Exists(kept))

    def _siblings(self) -> QuerySet[UnitGroup]:
        same = UnitGroup.objects.filter(
            recall_id=self.recall.pk,
            level=HOMES,
            place=OuterRef("place"),
            lot=OuterRef("lot"),
        )
        return same.exclude(pk=OuterRef("pk"))

    def _leave_whole_lines(self, _entry: int) -> None:
        gone = self._gone().annotate(shared=Exists(self._siblings()))
        for group in list(gone.filter(shared=True)):
            out, _made = UnitGroup.objects.get_or_create(
                recall_id=group.recall_id,
                level=HOMES,
                place=group.place,
                lot=group.lot,
                state=OUT_OF_SCOPE,
                defaults={
                    "line_id": group.line_id,
                    "certainty": group.certainty,
                    "quantity": ZERO,
                    "since": self.now,
                },
            )
            UnitGroup.objects.filter(pk=out.pk).update(quantity=F("quantity") + group.quantity)
            group.delete()
        alone = self._gone().filter(~Exists(self._siblings()))
        UnitGroup.objects.filter(pk__in=alone.values("pk")).update(
            state=OUT_OF_SCOPE, since=self.now
        )

    def _returning(self) -> QuerySet[UnitGroup]:
        """Groups that had left whole and whose line is in the scope again."""
        wanted = self._scope_lines().filter(line_id=OuterRef("line_id"))
        left = UnitGroup.objects.filter(recall=self.recall, level=HOMES, state=OUT_OF_SCOPE)
        here = UnitGroup.objects.filter(
            recall_id=self.recall.pk, level=HOMES, line_id=OuterRef("line_id")
        ).exclude(state=OUT_OF_SCOPE)
        return left.filter(Exists(wanted), ~Exists(here), quantity__gt=0)

    def _return_lines(self) -> None:
        UnitGroup.objects.filter(pk__in=self._returning().values("pk")).update(
            state=NO_ANSWER, since=self.now
        )

    def _new_lines(self) -> bool:
        known = UnitGroup.objects.filter(
            recall_id=self.recall.pk, level=HOMES, line_id=OuterRef("line_id")
        )
        return self._scope_lines().filter(~Exists(known)).exists()

    def _insert_new_lines(self) -> Decimal:
        """INSERT … SELECT: a million lines in one statement."""
        groups, scope, lines = (
            connection.ops.quote_name(model._meta.db_table)
            for model in (UnitGroup, ScopeLine, OrderLine)
        )
        before = self._held(HOMES)
        statement = f"""
            INSERT INTO {groups} (recall_id, level, place, line_id, lot, certainty, state,
                                  quantity, since)
            SELECT %s, 'consumer', 'line:' || s.line_id, s.line_id, o.lot, s.certainty,
                   %s, s.units, %s
              FROM {scope} s JOIN {lines} o ON o.id = s.line_id
             WHERE s.version_id = %s AND s.units > 0
               AND s.certainty IN ('confirmed', 'probable', 'cannot_rule_out')
               AND NOT EXISTS (SELECT 1 FROM {groups} g WHERE g.recall_id = %s
                               AND g.level = 'consumer' AND g.line_id = s.line_id)
        """  # noqa: S608  (table names come from the models)
        when = connection.ops.adapt_datetimefield_value(self.now)
        with connection.cursor() as cursor:
            cursor.execute(
                statement, [self.recall.pk, NO_ANSWER, when, self.version.pk, self.recall.pk]
            )
        return self._held(HOMES) - before

    def _changed_lines(self) -> Iterable[tuple[int, Decimal, Decimal]]:
        """(line, units in scope, units in ledger) where the two differ."""
        groups, scope = (
            connection.ops.quote_name(model._meta.db_table) for model in (UnitGroup, ScopeLine)
        )
        statement = f"""
            SELECT s.line_id, s.units, g.total FROM {scope} s
              JOIN (SELECT line_id, SUM(quantity) AS total FROM {groups}
                     WHERE recall_id = %s AND level = 'consumer' AND state <> %s
                     GROUP BY line_id) g ON g.line_id = s.line_id
             WHERE s.version_id = %s AND s.units > 0 AND s.units <> g.total
               AND s.certainty IN ('confirmed', 'probable', 'cannot_rule_out')
        """  # noqa: S608  (table names come from the models)
        with connection.cursor() as cursor:
            cursor.execute(statement, [self.recall.pk, OUT_OF_SCOPE, self.version.pk])
            rows = cursor.fetchall()
        for line, wanted, held in rows:
            yield line, Decimal(str(wanted)), Decimal(str(held))

    def _adjust_changed_lines(self, entry: int) -> None:
        for line, wanted, held in list(self._changed_lines()):
            place = f"line:{line}"
            if wanted > held:
                row = OrderLine.objects.only("lot").get(pk=line)
                _enter(
                    self.recall, HOMES, place, row.lot, wanted - held, self.words, entry,
                    self.by, self.now, line_id=line,
                )  # fmt: skip
            else:
                self._leave(HOMES, place, None, held - wanted, entry)

    def _leave(self, level: str, place: str, lot: str | None, units: Decimal, entry: int) -> None:
        """The least settled units leave first."""
        for state in leaving_order(level):
            groups = UnitGroup.objects.filter(
                recall=self.recall, level=level, place=place, state=state, quantity__gt=0
            )
            for group in list(groups if lot is None else groups.filter(lot=lot)):
                take = min(units, group.quantity)
                if take <= 0:
                    return
                shift(
                    recall_id=self.recall.pk,
                    level=level,
                    place=place,
                    lot=group.lot,
                    source=state,
                    target=OUT_OF_SCOPE,
                    quantity=take,
                    kind=Evidence.SCOPE.value,
                    evidence=self.words,
                    entry_index=entry,
                    by=self.by,
                    now=self.now,
                )
                units -= take

    def _refresh_certainty(self) -> None:
        groups, scope = (
            connection.ops.quote_name(model._meta.db_table) for model in (UnitGroup, ScopeLine)
        )
        statement = f"""
            UPDATE {groups} SET certainty = (
                SELECT s.certainty FROM {scope} s
                 WHERE s.version_id = %s AND s.line_id = {groups}.line_id)
             WHERE recall_id = %s AND level = 'consumer' AND state <> %s AND EXISTS (
                SELECT 1 FROM {scope} s WHERE s.version_id = %s
                   AND s.line_id = {groups}.line_id AND s.certainty <> {groups}.certainty)
        """  # noqa: S608  (table names come from the models)
        with connection.cursor() as cursor:
            cursor.execute(
                statement, [self.version.pk, self.recall.pk, OUT_OF_SCOPE, self.version.pk]
            )

    def _summary(self, units: dict[str, Decimal], target: str, entry: int) -> None:
        UnitMovement.objects.bulk_create(
            UnitMovement(
                recall=self.recall,
                level=HOMES,
                place=f"scope:v{self.version.number}",
                from_state=source,
                to_state=target,
                quantity=quantity,
                kind=Evidence.SCOPE.value,
                evidence=self.words,
                entry_index=entry,
                by=self.by.key,
                at=self.now,
            )
            for source, quantity in sorted(units.items())
            if quantity
        )


def _by_state(groups: QuerySet[UnitGroup]) -> dict[str, Decimal]:
    return dict(groups.values_list("state").annotate(units=Sum("quantity")))


def _enter(
    recall: Recall,
    level: str,
    place: str,
    lot: str,
    quantity: Decimal,
    evidence: str,
    entry: int,
    by: Actor,
    now: datetime,
    line_id: int | None = None,
) -> None:
    group, _made = UnitGroup.objects.get_or_create(
        recall=recall,
        level=level,
        place=place,
        lot=lot,
        state=FIRST[level],
        defaults={"line_id": line_id, "quantity": ZERO, "since": now},
    )
    UnitGroup.objects.filter(pk=group.pk).update(quantity=F("quantity") + quantity)
    UnitMovement.objects.create(
        recall=recall,
        level=level,
        place=place,
        from_state="",
        to_state=FIRST[level],
        quantity=quantity,
        kind=Evidence.SCOPE.value,
        evidence=evidence[:200],
        entry_index=entry,
        by=by.key,
        at=now,
    )


def stock_in_scope(recall: Recall, version: ScopeVersion) -> Iterable[StockOnHand]:
    """Stock of the affected products whose lot is affected, or was never recorded."""
    skus = {str(code).casefold() for code in _listed(version.criteria, "product")}
    lots = {str(lot).casefold() for lot in _listed(version.criteria, "lot")}
    if not skus and recall.product_code:
        skus = {recall.product_code.casefold()}
    if not skus and not lots:
        return
    for row in StockOnHand.objects.select_related("product").filter(quantity__gt=0):
        if skus and row.product.code_key not in skus:
            continue
        if lots and row.lot and row.lot.casefold() not in lots:
            continue
        yield row


def _listed(criteria: dict[str, object], word: str) -> list[object]:
    found = criteria.get(f"{word}s") or criteria.get(word) or []
    return list(found) if isinstance(found, list | tuple | set) else [found]
