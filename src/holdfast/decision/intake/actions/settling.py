"""What people decide about complaints: links, duplicates, that they were read, who is forgotten."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from holdfast.decision.intake.events import (
    ComplaintLinked,
    ComplaintLinkWithdrawn,
    ComplaintsCarried,
    ComplaintSeen,
    DuplicateMarked,
    DuplicateWithdrawn,
    InformantErased,
)
from holdfast.decision.intake.models import (
    Complaint,
    ComplaintLink,
    Informant,
    SafetySignal,
    TextMark,
)
from holdfast.decision.intake.policies import may_work_on
from holdfast.decision.intake.queries.linking import CERTAIN, ORDER
from holdfast.decision.intake.rules.told import orders_in
from holdfast.ground.journal.actions import record
from holdfast.ground.journal.rules import EMAIL, PHONE
from holdfast.kit.actors import Actor
from holdfast.kit.refusals import Unreadable
from holdfast.supply.catalog.models import Product
from holdfast.supply.catalog.rules import code_key
from holdfast.supply.imports.actions import erase_rejected_rows

MOST_NAMED = 200
NUMBERED = ("order", "serial")
HIDDEN = "·"  # one for each letter, so that the places of other words stay true


@transaction.atomic
def link_complaint(
    *, complaint: Complaint, product: str = "", lot: str = "", by: Actor, now: datetime
) -> Complaint:
    """A person says what it is about: a product code, a lot, or both; it outweighs every rule."""
    may_work_on(by)
    complaint = Complaint.objects.select_for_update().get(pk=complaint.pk)
    product, lot = product.strip(), lot.strip()
    if not product and not lot:
        raise Unreadable("nothing_named", "Name a product code or a lot.")
    found = None
    if product:
        found = Product.objects.filter(code_key=code_key(product)).first()
        if found is None:
            raise Unreadable(
                "unknown_product",
                f"No product has the code “{product[:60]}”.",
                hint="Letter case does not matter; every other sign does.",
            )
    made: list[tuple[str, int | None, str]] = []
    if found is not None:
        made.append(("product", found.pk, ""))
    if lot:
        made.append(("lot", found.pk if found else complaint.product_id, lot[:120]))
    for kind, key, value in made:
        same = complaint.links.filter(kind=kind, value=value, certainty=CERTAIN, withdrawn_at=None)
        same = same.filter(product=None) if key is None else same.filter(product_id=key)
        is_known = same.exists()
        if is_known and (kind == "lot" or key == complaint.product_id):
            continue  # else it becomes what the complaint is about again
        if not is_known:
            ComplaintLink.objects.create(
                complaint=complaint,
                kind=kind,
                product_id=key,
                value=value,
                certainty=CERTAIN,
                reason="A person said so.",
                made_by=by.key,
                made_at=now,
            )
        fact = ComplaintLinked(
            complaint=complaint.pk,
            ref=complaint.ref,
            kind=kind,
            product=found.code if found else "",
            lot=value,
        )
        record(fact, by=by, now=now)
    if found is not None:
        complaint.product = found
        complaint.save(update_fields=["product"])
    return complaint


@transaction.atomic
def withdraw_link(*, link: ComplaintLink, by: Actor, now: datetime) -> Complaint:
    """Take a link back; it stays on record, and the next surest one decides the product."""
    may_work_on(by)
    complaint = Complaint.objects.select_for_update().get(pk=link.complaint_id)
    link = ComplaintLink.objects.select_for_update().get(pk=link.pk)
    if link.withdrawn_at:
        return complaint
    link.withdrawn_at, link.withdrawn_by = now, by.key
    link.save(update_fields=["withdrawn_at", "withdrawn_by"])
    complaint.product_id = _product_of(complaint)
    complaint.save(update_fields=["product"])
    fact = ComplaintLinkWithdrawn(
        complaint=complaint.pk,
        ref=complaint.ref,
        link=link.pk,
        kind=link.kind,
        product=link.product.code if link.product else "",
    )
    record(fact, by=by, now=now)
    return complaint


@transaction.atomic
def mark_duplicate(*, complaint: Complaint, of: Complaint, by: Actor, now: datetime) -> Complaint:
    """A person says that it repeats another; the text of both stays."""
    may_work_on(by)
    complaint = Complaint.objects.select_for_update().get(pk=complaint.pk)
    of = Complaint.objects.select_related("duplicate_of").get(pk=of.pk)
    first = of.duplicate_of or of
    if first.pk == complaint.pk:
        raise Unreadable(
            "repeats_itself",
            f"{of.ref} is {complaint.ref} itself, or repeats it.",
            hint="Name the other one, the one that was told first.",
        )
    if complaint.duplicate_of_id == first.pk:
        return complaint
    complaint.duplicates.update(duplicate_of=first)
    _repeat(complaint, first, "A person said so.", by=by, now=now)
    record(DuplicateMarked(complaint=complaint.pk, ref=complaint.ref, of=first.ref), by=by, now=now)
    return complaint


@transaction.atomic
def undo_duplicate(*, complaint: Complaint, by: Actor, now: datetime) -> Complaint:
    """It stands by itself and counts again; rules never merge it again."""
    may_work_on(by)
    complaint = Complaint.objects.select_for_update().get(pk=complaint.pk)
    if complaint.duplicate_of is None:
        return complaint
    of = complaint.duplicate_of.ref
    _repeat(complaint, None, "", by=by, now=now)
    record(DuplicateWithdrawn(complaint=complaint.pk, ref=complaint.ref, of=of), by=by, now=now)
    return complaint


@transaction.atomic
def see_complaint(*, complaint: Complaint, by: Actor, now: datetime) -> Complaint:
    """Mark it as read; the first reader stays on record."""
    may_work_on(by)
    first = Complaint.objects.filter(pk=complaint.pk, seen_at=None).update(
        seen_at=now, seen_by=by.key
    )
    if first:
        record(ComplaintSeen(complaint=complaint.pk, ref=complaint.ref), by=by, now=now)
    return complaint


@transaction.atomic
def forget_informant(*, complaint: Complaint, by: Actor, now: datetime) -> int:
    """Erase who told it, here and in every other complaint of the same person; what was told stays.

    What rejected rows of complaint files say of the person goes as well.

    Name, address and numbers, of the order and the serial one too, are also taken out of the texts.
    The complaints stay one voice, but nobody's.
    """
    may_work_on(by)
    same = Complaint.objects.filter(pk=complaint.pk)
    if complaint.voice:
        same = Complaint.objects.filter(voice=complaint.voice)
    found = list(same.select_for_update().order_by("pk"))
    names: set[str] = set()
    for one in found:
        known = Informant.objects.filter(complaint=one).first()
        said = [known.name, known.email, known.phone] if known else []
        names.update(said)
        said += [one.told.get("order", ""), one.told.get("serial", ""), *orders_in(one.whole)]
        said += one.links.filter(kind__in=NUMBERED).values_list("value", flat=True)
        one.text, one.title = _hidden(one.text, said), _hidden(one.title, said)
        one.source_id = "" if "@" in one.source_id else one.source_id
        one.told = {key: said for key, said in one.told.items() if key not in ("order", "serial")}
        one.voice = f"nobody {found[0].pk}" if one.voice else ""
        one.save(update_fields=["text", "title", "told", "voice", "source_id"])
    keys = [one.pk for one in found]
    Informant.objects.filter(complaint__in=keys).delete()
    ComplaintLink.objects.filter(complaint__in=keys, kind__in=NUMBERED).update(
        value="", order_line=None, reason="It was linked by a number that was erased."
    )
    TextMark.objects.filter(complaint__in=keys).delete()
    erase_rejected_rows(kind="complaints", naming=names, by=by, now=now)
    record(
        InformantErased(complaint=complaint.pk, ref=complaint.ref, complaints=len(found)),
        by=by,
        now=now,
    )
    return len(found)


@transaction.atomic
def carry_complaints(
    *, complaints: Sequence[Complaint], signal: SafetySignal, by: Actor, now: datetime
) -> int:
    """Complaints that led to a recall: each points to its signal, and so to what was known when."""
    if not complaints:
        return 0
    may_work_on(by)
    keys = [one.pk for one in complaints]
    carried = Complaint.objects.filter(pk__in=keys, signal=None).update(signal=signal)
    if not carried:
        return 0
    fact = ComplaintsCarried(
        signal=signal.pk,
        complaints=tuple(one.ref for one in complaints)[:MOST_NAMED],
        count=len(keys),
        known_at=min(one.known_at for one in complaints).isoformat(),
    )
    record(fact, by=by, now=now)
    return carried


def _product_of(complaint: Complaint) -> int | None:
    rows = complaint.links.filter(withdrawn_at=None, product__isnull=False)
    ranked = sorted((ORDER.index(link.certainty), -link.pk, link.product_id) for link in rows)
    return ranked[0][2] if ranked else None


def _repeat(
    complaint: Complaint, of: Complaint | None, why: str, *, by: Actor, now: datetime
) -> None:
    complaint.duplicate_of, complaint.duplicate_why = of, why
    complaint.duplicate_by, complaint.duplicate_at = by.key, now
    complaint.is_distinct = of is None
    complaint.save(
        update_fields=[
            "duplicate_of", "duplicate_why", "duplicate_by", "duplicate_at", "is_distinct",
        ]
    )  # fmt: skip


def _hidden(text: str, said: list[str]) -> str:
    words = {part for one in said for part in (one, *one.split()) if len(part) > 2}
    for word in sorted((unicodedata.normalize("NFC", one) for one in words), key=len, reverse=True):
        whole = rf"(?<!\w){re.escape(word)}(?!\w)"  # in any case; as written, inside words too
        for shape in (re.compile(whole, re.IGNORECASE), re.compile(re.escape(word))):
            text = shape.sub(lambda found: HIDDEN * len(found.group()), text)
    for shape in (EMAIL, PHONE):
        text = shape.sub(lambda found: HIDDEN * len(found.group()), text)
    return text
