"""Bringing the ledger to the numbers of a scope: units enter, units leave, the sum is kept."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, QuerySet, Sum

from holdfast.decision.recalls.models import Recall, ScopeLine, ScopeVersion
from holdfast.ground.journal.actions import record
from holdfast.ground.journal.models import Entry
from holdfast.kit.actors import Actor
from holdfast.kit.quantities import plain
from holdfast.kit.refusals import NotFound, Unreadable
from holdfast.response.units.actions.moving import UnitLedger
from holdfast.response.units.events import UnitsEntered, UnitsRebalanced
from holdfast.response.units.lifecycle import FIRST, NO_ANSWER, OUT_OF_SCOPE, STATES, Evidence
from holdfast.response.units.models import UnitGroup, UnitMovement
from holdfast.response.units.policies import require_unit_work
from holdfast.response.units.queries import CERTAINTIES, ZERO, confirmed_scope, stock_in_scope
from holdfast.response.units.rules import leaving_order
from holdfast.supply.orders.models import OrderLine

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
    told = change.plan_homes()
    if told["entered"] or told["left"] or change.is_shuffled:
        change.entry = record(_rebalanced(version, HOMES, told), by=by, now=now, subject=recall.ref)
        change.do_homes()
    stock = change.plan_stock()
    if stock:
        moved = {
            "entered": sum((more for more in stock.values() if more > 0), ZERO),
            "left": -sum((more for more in stock.values() if more < 0), ZERO),
            "units": change.stock_units,
        }
        change.entry = record(
            _rebalanced(version, STOCK, moved), by=by, now=now, subject=recall.ref
        )
        change.do_stock(stock)
    return told


def _rebalanced(version: ScopeVersion, level: str, told: dict[str, Decimal]) -> UnitsRebalanced:
    entered, left, units = (str(plain(told[word])) for word in ("entered", "left", "units"))
    return UnitsRebalanced(version.number, level, entered, left, units)


def follow_scope(*, entry: Entry, by: Actor, now: datetime) -> None:
    """The reaction to a confirmed scope: the ledger follows, to the version now in force."""
    require_unit_work(by)
    recall = Recall.objects.get(ref=entry.subject)
    version = confirmed_scope(recall)
    if version is not None:
        rebalance_units(recall=recall, version=version, by=by, now=now)


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
    _enter(recall, level, place, lot, quantity, evidence, entry, by, now)


class _Change:
    """One rebalancing: first what would enter and leave, then, with its journal entry, doing it."""

    entry: Entry

    def __init__(self, recall: Recall, version: ScopeVersion, by: Actor, now: datetime) -> None:
        self.recall, self.version, self.by, self.now = recall, version, by, now
        self.words = f"scope v{version.number}"
        self.is_shuffled = False
        self.stock_units = ZERO

    def plan_homes(self) -> dict[str, Decimal]:
        before, after = self._held(HOMES), self._scope_units()
        self._leaving = _by_state(self._gone())
        self._coming_back = self._returning().aggregate(units=Sum("quantity"))["units"] or ZERO
        changed = list(self._changed_lines())
        shrunk = sum((held - wanted for _line, wanted, held in changed if held > wanted), ZERO)
        left = sum(self._leaving.values(), ZERO) + shrunk
        self.is_shuffled = bool(changed or self._leaving or self._new_lines())
        return {"entered": after - before + left, "left": left, "units": after}

    def do_homes(self) -> None:
        self._leave_whole_lines()
        self._summary(self._leaving, OUT_OF_SCOPE)
        self._return_lines()
        if self._coming_back:
            self._summary({OUT_OF_SCOPE: self._coming_back}, NO_ANSWER)
        fresh = self._insert_new_lines()
        if fresh:
            self._summary({"": fresh}, NO_ANSWER)
        self._adjust_changed_lines()
        self._refresh_certainty()

    def plan_stock(self) -> dict[tuple[str, str], Decimal]:
        """Differences per place and lot; stock on hand of affected goods is a level of its own."""
        should: dict[tuple[str, str], Decimal] = {}
        for row in stock_in_scope(self.recall, self.version):
            key = (f"site:{row.site}", row.lot)
            should[key] = should.get(key, ZERO) + row.quantity
        self.stock_units = sum(should.values(), ZERO)
        there = self._entered_stock()
        both = {key: should.get(key, ZERO) - there.get(key, ZERO) for key in should | there}
        return {key: more for key, more in sorted(both.items()) if more}

    def do_stock(self, changes: dict[tuple[str, str], Decimal]) -> None:
        for (place, lot), more in changes.items():
            if more > 0:
                self._enter(STOCK, place, lot, more)
            else:
                self._leave(STOCK, place, lot, -more)

    def _enter(
        self, level: str, place: str, lot: str, more: Decimal, line_id: int | None = None
    ) -> None:
        _enter(
            self.recall, level, place, lot, more, self.words, self.entry, self.by, self.now, line_id
        )

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

    def _leave_whole_lines(self) -> None:
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

    def _adjust_changed_lines(self) -> None:
        for line, wanted, held in list(self._changed_lines()):
            place = f"line:{line}"
            if wanted > held:
                row = OrderLine.objects.only("lot").get(pk=line)
                self._enter(HOMES, place, row.lot, wanted - held, line)
            else:
                self._leave(HOMES, place, None, held - wanted)

    def _leave(self, level: str, place: str, lot: str | None, units: Decimal) -> None:
        """The least settled units leave first."""
        ledger = UnitLedger(self.entry, self.recall.pk, self.by, self.now)
        for state in leaving_order(level):
            groups = UnitGroup.objects.filter(
                recall=self.recall, level=level, place=place, state=state, quantity__gt=0
            )
            for group in list(groups if lot is None else groups.filter(lot=lot)):
                take = min(units, group.quantity)
                if take <= 0:
                    return
                ledger.move(
                    level=level,
                    place=place,
                    lot=group.lot,
                    source=state,
                    target=OUT_OF_SCOPE,
                    quantity=take,
                    kind=Evidence.SCOPE.value,
                    evidence=self.words,
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

    def _summary(self, units: dict[str, Decimal], target: str) -> None:
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
                entry_index=self.entry.index,
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
    entry: Entry,
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
        entry_index=entry.index,
        by=by.key,
        at=now,
    )
