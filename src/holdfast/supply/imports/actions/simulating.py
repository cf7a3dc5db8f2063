"""Writes invented receipts and addresses beside the real orders, each marked as simulated."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from decimal import Decimal
from itertools import groupby
from operator import itemgetter

from django.db import transaction
from django.db.models import CharField, F, Min, Q, Sum
from django.db.models.functions import Cast, Substr

from holdfast.ground.access.queries import organisation
from holdfast.ground.journal.actions import record
from holdfast.kit.actors import Actor
from holdfast.kit.refusals import Forbidden
from holdfast.supply.catalog.models import Product
from holdfast.supply.imports.actions.staging import Staging
from holdfast.supply.imports.events import HistorySimulated
from holdfast.supply.imports.policies import require_bring_in
from holdfast.supply.imports.simulation import (
    SimulatedReceipt,
    simulated_contact,
    simulated_receipts,
)
from holdfast.supply.orders.models import Customer, OrderLine
from holdfast.supply.parties.models import Site, Supplier
from holdfast.supply.traceability.models import Receipt

SITE = "main"
NOTE = "Lots, receipts and addresses are simulated on top of the imported orders."
CONTACT = ("name", "email", "phone", "street", "postcode", "city", "country", "language")


def simulate_history(
    *, seed: int, is_rehearsal: bool = False, by: Actor, now: datetime
) -> dict[str, object]:
    """Invent receipts for every product sold and contacts for customers without any.

    Real receipts and real contacts are left alone; what an earlier simulation invented is
    replaced. Every invented row says so, and so does the answer.
    """
    require_bring_in(by)
    if not OrderLine.objects.filter(kind="sale").exists():
        raise Forbidden(
            "nothing_to_simulate",
            "There are no orders yet; lots and addresses are simulated on top of real ones.",
            hint="First: holdfast import orders FILE.",
        )
    with transaction.atomic(), Staging() as staging:
        Receipt.objects.filter(is_simulated=True).delete()
        receipts = list(_receipts(seed))
        contacts = list(_contacts(seed))
        told: dict[str, object] = {
            "simulated": True,
            "seed": seed,
            "receipts": len(receipts),
            "lots": len({one.lot for one in receipts}),
            "customers": len(contacts),
        }
        if not is_rehearsal:
            _store_receipts(receipts)
            _store_contacts(staging, contacts)
            _say_so()
            record(
                HistorySimulated(
                    seed=seed,
                    receipts=len(receipts),
                    lots=len({one.lot for one in receipts}),
                    customers=len(contacts),
                ),
                by=by,
                now=now,
            )
        else:
            transaction.set_rollback(True)
    return told


def _say_so() -> None:
    """From now on every page says it, the consumer's too; a sample says more of itself already."""
    org = organisation()
    if not org.is_simulated:
        org.is_simulated, org.simulated_note = True, NOTE
        org.save()


def _receipts(seed: int) -> Iterator[SimulatedReceipt]:
    real = set(Receipt.objects.filter(is_simulated=False).values_list("product_id", flat=True))
    codes = dict(Product.objects.exclude(kind="pseudo").values_list("pk", "code"))
    # The day as stored, in UTC: SQLite calls back for a date function, twice for every line.
    written = Substr(Cast("moved_at", CharField()), 1, 10)
    days = (
        OrderLine.objects.filter(kind="sale", moved_at__isnull=False, quantity__gt=F("cancelled"))
        .annotate(day=written)
        .values_list("product_id", "day")
        .annotate(units=Sum(F("quantity") - F("cancelled")))
        .order_by("product_id", "day")
    )
    for product_id, group in groupby(days.iterator(), key=itemgetter(0)):
        if product_id in codes and product_id not in real:
            sold = [
                (datetime.combine(date.fromisoformat(day), time(6), UTC), Decimal(str(units)))
                for _, day, units in group
            ]
            yield from simulated_receipts(seed, product_id, codes[product_id], sold)


def _contacts(seed: int) -> Iterator[tuple[object, ...]]:
    without = Q(email="", phone="", street="") | Q(is_simulated=True)
    people = (
        Customer.objects.filter(without)
        .annotate(bought_in=Min("lines__market"))
        .values_list("pk", "key", "country", "bought_in", "is_simulated")
        .order_by("pk")
    )
    for pk, key, country, market, was_simulated in people.iterator():
        one = simulated_contact(
            seed, pk, key, (market if was_simulated else country or market) or ""
        )
        yield (pk, *(getattr(one, name) for name in CONTACT))


def _store_receipts(receipts: list[SimulatedReceipt]) -> None:
    Site.objects.get_or_create(code=SITE, defaults={"name": "Main warehouse (simulated)"})
    suppliers = {}
    for code in sorted({one.supplier for one in receipts}):
        suppliers[code], _ = Supplier.objects.get_or_create(
            code=code, defaults={"name": f"Simulated supplier {code}"}
        )
    Receipt.objects.bulk_create(
        (
            Receipt(
                lot=one.lot,
                product_id=one.product_id,
                site=SITE,
                received_at=one.received_at,
                depleted_at=one.depleted_at,
                quantity=one.quantity,
                supplier=suppliers[one.supplier],
                is_simulated=True,
            )
            for one in receipts
        ),
        batch_size=100,
    )


def _store_contacts(staging: Staging, contacts: list[tuple[object, ...]]) -> None:
    staging.create("simulated", {"id": "bigint PRIMARY KEY", **dict.fromkeys(CONTACT, "text")})
    staging.load("simulated", ("id", *CONTACT), contacts)
    name = staging.table(Customer)
    sets = ", ".join(f"{column} = s.{column}" for column in CONTACT)
    staging.run(
        f"UPDATE {name} SET {sets}, is_simulated = %s "  # noqa: S608 - names of this code only
        f"FROM simulated s WHERE s.id = {name}.id",
        [True],
    )
