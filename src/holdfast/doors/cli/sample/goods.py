"""Where the units of the sample ended up that no customer has: stock, shops, distributors."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from holdfast.decision.recalls.models import Recall
from holdfast.doors.cli.sample import company
from holdfast.doors.cli.sample.teller import Teller
from holdfast.response.units.actions import enter_units, move_units
from holdfast.response.units.models import UnitGroup


def count_stock(teller: Teller, recall: Recall, told: datetime) -> None:
    """Own warehouses: all of it held within hours, part of it destroyed with a certificate."""
    for group in UnitGroup.objects.filter(recall=recall, level="manufacturer").order_by("pk"):
        _move(teller, recall, group, "held", group.quantity, "count", "rack list", told)
    for group in UnitGroup.objects.filter(recall=recall, place="site:Gdansk", state="held"):
        half = Decimal(int(group.quantity / 2))
        _move(
            teller, recall, group, "destroyed", half, "certificate", "certificate 0071",
            teller.days.ago(5),
        )  # fmt: skip


def hear_partners(teller: Teller, recall: Recall, told: datetime) -> None:
    """Deliveries to partners; one has not answered."""
    for number, (code, _name, level, _country) in enumerate(company.CONSIGNEES):
        place, quantity = f"consignee:{code}", Decimal(24 + 12 * number)
        enter_units(
            recall=recall, level=level, place=place, quantity=quantity, lot="B17",
            evidence=f"delivery note {7700 + number}", by=teller.by, now=told,
        )  # fmt: skip
        if number == 2:
            continue
        group = UnitGroup.objects.get(recall=recall, level=level, place=place)
        _move(
            teller, recall, group, "held", quantity, "statement", "answer of the partner",
            told + timedelta(days=1 + number),
        )  # fmt: skip
        if number == 0:
            group = UnitGroup.objects.get(recall=recall, level=level, place=place)
            _move(
                teller, recall, group, "returned", quantity, "receipt", "receipt scan Gdansk",
                teller.days.ago(4),
            )  # fmt: skip


def _move(
    teller: Teller,
    recall: Recall,
    group: UnitGroup,
    target: str,
    quantity: Decimal,
    kind: str,
    evidence: str,
    now: datetime,
) -> None:
    move_units(
        recall=recall, level=group.level, place=group.place, lot=group.lot, source=group.state,
        target=target, quantity=quantity, kind=kind, evidence=evidence, by=teller.by, now=now,
    )  # fmt: skip
