"""The list of complaints: urgent ones first, by filters; one complaint by what people call it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from holdfast.decision.intake.models import Complaint
from holdfast.kit.refusals import NotFound

SHOWS = ("waiting", "urgent", "foreign", "unlinked", "duplicates", "all")
HEAD = (
    "complaint", "kind", "source", "report_number", "received_at", "urgency", "why", "harm",
    "hazards", "product", "lots", "maker", "duplicate_of", "read_at", "text",
)  # fmt: skip
MOST_COUNTED = 10_000
MOST_SOURCES = 100
_REF = re.compile(r"\s*(?:C-)?(\d{1,18})\s*", re.IGNORECASE)


@dataclass(frozen=True)
class Asked:
    """What to show. `show`: waiting (nobody read it), urgent, foreign (in a language the rules do
    not read, and nobody read it), unlinked, duplicates or all."""

    show: str = "waiting"
    words: str = ""
    hazard: str = ""
    kind: str = ""
    source: str = ""


def complaint_named(ref: str) -> Complaint:
    """`C-12` or `12`. Raises `NotFound`."""
    found = _REF.fullmatch(ref)
    one = Complaint.objects.filter(pk=int(found.group(1))).first() if found else None
    if one is None:
        raise NotFound("no_complaint", f"There is no complaint {ref[:20]}.")
    return one


def listed(asked: Asked) -> QuerySet[Complaint]:
    """Urgent ones first, then the latest."""
    rows = Complaint.objects.select_related("product", "duplicate_of")
    if asked.show == "waiting":
        rows = rows.filter(seen_at=None, duplicate_of=None)
    elif asked.show == "urgent":
        rows = rows.filter(urgency=0, duplicate_of=None)
    elif asked.show == "foreign":
        rows = rows.filter(is_foreign=True, seen_at=None, duplicate_of=None)
    elif asked.show == "unlinked":
        rows = rows.filter(product=None, duplicate_of=None)
    elif asked.show == "duplicates":
        rows = rows.filter(duplicate_of__isnull=False)
    if asked.hazard:
        named = Q(hazards__hazard=asked.hazard, hazards__is_denied=False)
        rows = rows.filter(pk__in=Complaint.objects.filter(named).values("pk"))
    if asked.kind:
        rows = rows.filter(kind=asked.kind)
    if asked.source:
        rows = rows.filter(source=asked.source)
    words = asked.words.replace("\0", "").strip()
    if words:
        rows = rows.filter(pk__in=Complaint.objects.filter(_having(words)).values("pk"))
    return rows.order_by("urgency", "-received_at", "-pk")


def _having(words: str) -> Q:
    if number := _REF.fullmatch(words):
        return Q(pk=int(number.group(1))) | Q(source_id=words)
    return (
        Q(text__icontains=words)
        | Q(title__icontains=words)
        | Q(source_id=words)
        | Q(product__code__iexact=words)
        | Q(product__title__icontains=words)
        | Q(maker__icontains=words.casefold())
        | Q(links__kind="lot", links__value__iexact=words, links__withdrawn_at=None)
    )


def waiting() -> dict[str, int]:
    """How many there are in each queue, up to `MOST_COUNTED`, so that no page walks a million."""
    once = Complaint.objects.filter(duplicate_of=None)
    queues = {
        "waiting": once.filter(seen_at=None),
        "urgent": once.filter(urgency=0),
        "foreign": once.filter(is_foreign=True, seen_at=None),
        "unlinked": once.filter(product=None),
        "duplicates": Complaint.objects.filter(duplicate_of__isnull=False),
        "all": Complaint.objects.all(),
    }
    return {name: rows[:MOST_COUNTED].count() for name, rows in queues.items()}


def urgent_unread() -> QuerySet[Complaint]:
    """Injuries and fires nobody has read yet, the latest first."""
    return listed(Asked("waiting")).filter(urgency=0)


def sources() -> list[str]:
    """The sources there are, to filter by; from one to the next by the index."""
    found: list[str] = []
    every = Complaint.objects.order_by("source").values_list("source", flat=True)
    while len(found) < MOST_SOURCES:
        following = every.filter(source__gt=found[-1] if found else "").first()
        if following is None:
            break
        found.append(following)
    return found


def listed_rows(found: QuerySet[Complaint]) -> Iterator[tuple[object, ...]]:
    """Rows of the export under `HEAD`, without who told it."""
    for one in found.prefetch_related("hazards", "links").iterator(chunk_size=500):
        hazards = sorted((h.rank, h.hazard) for h in one.hazards.all() if not h.is_denied)
        lots = [
            link.value
            for link in one.links.all()
            if link.kind == "lot" and link.withdrawn_at is None
        ]
        yield (
            one.ref, one.kind, one.source or one.channel, one.source_id,
            one.received_at.isoformat(), one.urgency, one.urgency_why, one.harm,
            " ".join(hazard for _rank, hazard in hazards),
            one.product.code if one.product else "", " ".join(lots), one.maker,
            one.duplicate_of.ref if one.duplicate_of else "",
            one.seen_at.isoformat() if one.seen_at else "", f"{one.title}\n{one.text}".strip(),
        )  # fmt: skip
