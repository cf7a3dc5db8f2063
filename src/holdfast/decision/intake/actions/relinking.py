"""Complaints without a product, looked at again when the catalogue, lots or orders came in."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime

from django.db import transaction

from holdfast.decision.intake.actions.taking import link_row
from holdfast.decision.intake.events import ComplaintsRelinked
from holdfast.decision.intake.models import Complaint, ComplaintLink
from holdfast.decision.intake.queries.linking import Linker, best_product
from holdfast.decision.intake.rules.told import Told
from holdfast.ground.journal.actions import record
from holdfast.ground.journal.models import Entry
from holdfast.kit.actors import Actor

AT_ONCE = 500
BRINGS = frozenset({"products", "receipts", "orders", "stock"})
WRITTEN = frozenset(one.name for one in fields(Told))


@transaction.atomic
def relink_complaints_of_entry(*, entry: Entry, by: Actor, now: datetime) -> int:
    """Link what could not be linked before; a product a person took back is not proposed again."""
    if entry.fields.get("kind", "products") not in BRINGS:
        return 0
    waiting = Complaint.objects.select_for_update().filter(product=None).order_by("pk")
    linker, linked, last = Linker(), 0, 0
    while rows := list(waiting.filter(pk__gt=last).prefetch_related("links")[:AT_ONCE]):
        last = rows[-1].pk
        linked += _relink(rows, linker, by, now)
    if linked:
        record(ComplaintsRelinked(complaints=linked, after=entry.index), by=by, now=now)
    return linked


def _relink(rows: list[Complaint], linker: Linker, by: Actor, now: datetime) -> int:
    made, changed = [], []
    for one in rows:
        written = {name: said for name, said in one.told.items() if name in WRITTEN}
        links = linker.links(Told(text=one.text, title=one.title, **written))
        refused = {link.product_id for link in one.links.all() if link.withdrawn_at}
        known = {(link.kind, link.product_id, link.value) for link in one.links.all()}
        fresh = [
            link
            for link in links
            if link.product
            and link.product not in refused
            and (link.kind, link.product, link.value) not in known
        ]
        best = best_product(fresh)
        if best is None:
            continue
        one.product_id = best
        changed.append(one)
        made += [link_row(link, one, by=by, now=now) for link in fresh]
    Complaint.objects.bulk_update(changed, ["product"], batch_size=AT_ONCE)
    ComplaintLink.objects.bulk_create(made)
    return len(changed)
