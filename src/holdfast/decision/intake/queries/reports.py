"""Complaints in the shape that detection reads: one `Report` each, duplicates left out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet

from holdfast.decision.intake.models import Complaint, ComplaintLink, HazardReading
from holdfast.kit.signals.report import Report
from holdfast.supply.catalog.models import Product

AT_ONCE = 2_000
ONE_VOICE = timedelta(days=30)
FIELDS = (
    "pk", "source", "channel", "kind", "told", "maker", "product_id", "product__code",
    "product__title", "product__brand", "known_at", "received_at", "published_at", "harm",
    "is_echo", "stars", "fingerprint", "voice", "urgency",
)  # fmt: skip


def reports_of(product: Product) -> list[Report]:
    """The reports of one product, oldest first; `id` is `C-12`."""
    return sorted(
        reports(Complaint.objects.filter(product=product)), key=lambda one: one.reported_on
    )


def reports(
    found: QuerySet[Complaint] | None = None, *, every_voice: bool = False
) -> Iterator[Report]:
    """Every complaint that is no duplicate, in their order of arrival.

    One person is one voice: told again within 30 days of the same product, it is left out. A
    linked one is known by its product's code and brand, another by what was told of the maker
    and the product; one that names neither is left out, since nothing can be said of it.
    With `every_voice` nobody is left out for having spoken before.
    """
    rows = Complaint.objects.all() if found is None else found
    rows = rows.filter(duplicate_of__isnull=True).order_by("pk")
    chunk: list[dict[str, Any]] = []
    heard: dict[tuple[object, ...], date] = {}
    for row in rows.values(*FIELDS).iterator(chunk_size=AT_ONCE):
        if row["voice"] and not every_voice:
            key = (row["voice"], row["product_id"], row["maker"], row["urgency"])
            on = row["received_at"].date()
            if key in heard and abs(on - heard[key]) <= ONE_VOICE:
                continue
            heard[key] = on
        chunk.append(row)
        if len(chunk) == AT_ONCE:
            yield from _made(chunk)
            chunk = []
    yield from _made(chunk)


def _made(rows: list[dict[str, Any]]) -> Iterator[Report]:
    keys = [row["pk"] for row in rows]
    hazards: dict[object, list[str]] = defaultdict(list)
    read = HazardReading.objects.filter(complaint__in=keys, is_denied=False)
    for key, hazard in read.order_by("rank").values_list("complaint_id", "hazard"):
        hazards[key].append(hazard)
    links = ComplaintLink.objects.filter(complaint__in=keys, kind="lot", withdrawn_at=None)
    lots: dict[object, str] = dict(links.order_by("-pk").values_list("complaint_id", "value"))
    for row in rows:
        report = _report(row, tuple(hazards[row["pk"]]), lots.get(row["pk"], ""))
        if report.maker or report.product:
            yield report


def _report(row: dict[str, Any], hazards: tuple[str, ...], lot: str) -> Report:
    told = row["told"] if isinstance(row["told"], dict) else {}
    code = str(row["product__code"] or "")
    stars, harm = row["stars"], row["harm"]
    published = row["published_at"] or row["received_at"]
    said = told.get("maker", "") or told.get("brand", "")
    return Report(
        id=f"C-{row['pk']}",
        stream=str(row["source"] or row["channel"]),
        maker=str(row["maker"]),
        product=code or named(told),
        hazards=hazards,
        reported_on=row["received_at"].date(),
        published_on=published.date(),
        harm=harm if isinstance(harm, int) else None,
        is_echo=bool(row["is_echo"]),
        is_praise=isinstance(stars, int) and stars >= 4,
        maker_name=str(row["product__brand"] or "") or said,
        product_name=str(row["product__title"] or "") or told.get("product_name", ""),
        brand=told.get("brand", ""),
        lot=lot,
        fingerprint=str(row["fingerprint"]),
    )


def named(told: object) -> str:
    """What was told of where it is no product of ours, as the report called it; empty for nothing.

    `told` is what a complaint keeps as written.
    """
    said = told if isinstance(told, dict) else {}
    name = said.get("product") or said.get("category") or _folded(said.get("product_name", ""))
    return str(name)


def voices(found: Iterable[Complaint]) -> int:
    """How many different people speak: one with fifty reports is one, unknown ones count each."""
    known: set[str] = set()
    unknown = 0
    for one in found:
        if one.voice:
            known.add(one.voice)
        else:
            unknown += 1
    return len(known) + unknown


def _folded(name: str) -> str:
    return " ".join(name[:80].casefold().split())
