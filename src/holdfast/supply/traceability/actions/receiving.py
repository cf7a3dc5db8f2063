"""Writing down a receipt by hand, where no file has it: then dates can tell lots apart."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Max

from holdfast.ground.access.queries import organisation
from holdfast.ground.journal.actions import record
from holdfast.kit.actors import Actor
from holdfast.kit.quantities import plain
from holdfast.kit.refusals import NotFound, Unreadable
from holdfast.supply.catalog.models import Product
from holdfast.supply.parties.models import Supplier
from holdfast.supply.traceability.events import ReceiptRecorded
from holdfast.supply.traceability.models import Receipt
from holdfast.supply.traceability.policies import may_record_receipt


@transaction.atomic
def record_receipt(
    *,
    lot: str,
    product: str,
    came_on: date | None,
    gone_on: date | None = None,
    site: str = "",
    quantity: Decimal | None = None,
    supplier: str = "",
    by: Actor,
    now: datetime,
) -> Receipt:
    """Record one stay of a lot; days are the shop's, both included, an empty end is open.

    The same words again give the receipt there is.
    """
    may_record_receipt(by)
    lot, site = lot.strip(), site.strip()
    found = Product.objects.filter(code_key=product.strip().casefold()).first()
    if not lot:
        raise Unreadable("lot_needed", "A receipt names its lot.")
    if found is None:
        raise NotFound(
            "no_product",
            f"No product has the code “{product[:60]}”.",
            hint="Bring the orders or products in first.",
        )
    if came_on and gone_on and gone_on < came_on:
        raise Unreadable("bad_dates", f"Lot {lot} cannot be used up before it came.")
    if quantity is not None and quantity < 0:
        raise Unreadable("bad_quantity", "A receipt of less than nothing is none.")
    zone = ZoneInfo(organisation().zone)
    starts = _start(came_on, zone)
    ends = _start(gone_on + timedelta(days=1), zone) if gone_on else None
    same = Receipt.objects.select_for_update().filter(lot=lot, product=found, site=site)
    twin = same.filter(received_at=starts, depleted_at=ends, quantity=quantity).first()
    if twin:
        return twin
    firm = Supplier.objects.get_or_create(code=supplier.strip())[0] if supplier.strip() else None
    last = same.aggregate(last=Max("position"))["last"]
    made = Receipt.objects.create(
        lot=lot,
        product=found,
        site=site,
        received_at=starts,
        depleted_at=ends,
        quantity=quantity,
        supplier=firm,
        position=0 if last is None else last + 1,
    )
    fact = ReceiptRecorded(
        receipt=made.pk,
        lot=lot,
        product=found.code,
        site=site or "not recorded",
        came=came_on.isoformat() if came_on else "on an unknown day",
        gone=gone_on.isoformat() if gone_on else "later or not yet",
        quantity="" if quantity is None else str(plain(quantity)),
        supplier=supplier.strip(),
    )
    record(fact, by=by, now=now)
    return made


def _start(day: date | None, zone: ZoneInfo) -> datetime | None:
    return datetime(day.year, day.month, day.day, tzinfo=zone) if day else None
