"""Complaints as the detector hears them: one stream for what is told, one for reviews.

A linked complaint counts for its product whatever maker it names.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import QuerySet

from holdfast.decision.intake.models import Complaint
from holdfast.decision.intake.queries.reports import named, reports
from holdfast.decision.investigations.models import ReportingHabit
from holdfast.kit.signals.detector import Habits
from holdfast.kit.signals.makers import maker_key
from holdfast.kit.signals.report import Report

AT_ONCE = 2_000
TOLD, REVIEWS = "complaints", "reviews"
KNOWN_BY = "publication"  # received by us, or public where it was told elsewhere


@dataclass(frozen=True, slots=True)
class Heard:
    """A report with its complaint's number, its product in our catalogue, and whose voice it is."""

    report: Report
    complaint: int
    product: int | None
    voice: str

    @property
    def on(self) -> date:
        return self.report.known_on(KNOWN_BY)

    @property
    def key(self) -> tuple[str, str, str]:
        return self.report.stream, self.report.maker, self.report.product


def heard(found: QuerySet[Complaint]) -> Iterator[Heard]:
    """In the order they came in; duplicates are left out by the intake."""
    fields = ("pk", "product_id", "voice", "kind", "product__code", "product__brand")
    rows = found.filter(duplicate_of__isnull=True).order_by("pk")
    last = 0
    while chunk := list(rows.filter(pk__gt=last).values_list(*fields)[:AT_ONCE]):
        about = {row[0]: row for row in chunk}
        last, before = chunk[-1][0], last
        told = rows.filter(pk__gt=before, pk__lte=last)
        for report in reports(told, every_voice=True):
            yield _as_heard(report, about[int(report.id.removeprefix("C-"))])


def _as_heard(report: Report, row: tuple[Any, ...]) -> Heard:
    key, product, voice, kind, code, brand = row
    if not product:
        return Heard(replace(report, stream=stream_of(kind)), key, None, voice)
    stream, maker, name = own_key(stream_of(kind), code, brand)
    title = report.product_name or code
    made = replace(
        report, stream=stream, maker=maker, product=name, product_name=title, maker_name=title
    )
    return Heard(made, key, product, voice)


def own_key(stream: str, code: str, brand: str) -> tuple[str, str, str]:
    """Stream, maker and product of a product of ours."""
    return stream, maker_key(brand) or code.casefold(), code.casefold()


def key_of(complaint: Complaint) -> tuple[str, str, str] | None:
    """What a complaint is counted for; None where it names neither product nor maker."""
    stream, product = stream_of(complaint.kind), complaint.product
    if product:
        return own_key(stream, product.code, product.brand)
    name = named(complaint.told)
    return (stream, complaint.maker, name) if complaint.maker or name else None


def stream_of(kind: str) -> str:
    """Reviews have habits of their own."""
    return REVIEWS if kind == "review" else TOLD


def habits() -> dict[str, Habits]:
    """What each source is like, as counted so far."""
    return {
        row.stream: Habits(
            row.first_on,
            row.heard,
            row.by_hazard,
            {int(month): number for month, number in row.by_month.items()},
        )
        for row in ReportingHabit.objects.all()
    }


def watched(key: tuple[str, str, str]) -> str:
    """One text for stream, maker and product."""
    return " · ".join(part or "–" for part in key)[:400]


def words_of(one: Heard) -> str:
    """What it is called: our product's title, else the product and who makes it."""
    report = one.report
    name = report.product_name or report.product
    who = report.maker_name
    return (f"{name} · {who}" if who and who != name and one.product is None else name)[:300]
