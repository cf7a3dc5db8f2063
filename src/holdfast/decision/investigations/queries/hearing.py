"""Complaints as the detector hears them: one stream for what is told, one for reviews.

A linked complaint counts for its product whatever maker it names; one person about one product
counts once in a year.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import QuerySet

from holdfast.decision.intake.models import Complaint
from holdfast.decision.intake.queries import reports
from holdfast.decision.investigations.models import ReportingHabit
from holdfast.kit.signals.detector import Habits
from holdfast.kit.signals.makers import maker_key
from holdfast.kit.signals.report import Report

AT_ONCE = 2_000
SAME_VOICE_DAYS = 365
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
        for report in reports(rows.filter(pk__gt=before, pk__lte=last)):
            yield _as_heard(report, about[int(report.id.removeprefix("C-"))])


def _as_heard(report: Report, row: tuple[Any, ...]) -> Heard:
    key, product, voice, kind, code, brand = row
    if not product:
        return Heard(replace(report, stream=_stream(kind)), key, None, voice)
    stream, maker, name = _own_key(kind, code, brand)
    title = report.product_name or code
    made = replace(
        report, stream=stream, maker=maker, product=name, product_name=title, maker_name=title
    )
    return Heard(made, key, product, voice)


def _own_key(kind: str, code: str, brand: str) -> tuple[str, str, str]:
    return _stream(kind), maker_key(brand) or code.casefold(), code.casefold()


def _stream(kind: str) -> str:
    return REVIEWS if kind == "review" else TOLD


def watched_by(complaint: Complaint) -> str:
    """What a complaint about one of our products is counted for; empty for any other."""
    product = complaint.product
    return watched(_own_key(complaint.kind, product.code, product.brand)) if product else ""


def by_day(found: Iterable[Heard]) -> list[tuple[date, list[Heard]]]:
    """Day by day; who spoke of a product in the year before does not count again."""
    spoke: dict[tuple[str, tuple[str, str, str]], date] = {}
    days: dict[date, list[Heard]] = {}
    for one in sorted(found, key=lambda one: (one.on, one.complaint)):
        if one.voice:
            last = spoke.get((one.voice, one.key))
            if last is not None and (one.on - last).days <= SAME_VOICE_DAYS:
                continue
            spoke[one.voice, one.key] = one.on
        days.setdefault(one.on, []).append(one)
    return sorted(days.items())


def of_same(complaint: Complaint) -> QuerySet[Complaint]:
    """Everything told of the same product, or of the same maker where it is none of ours."""
    same = (
        Complaint.objects.filter(kind="review")
        if complaint.kind == "review"
        else (Complaint.objects.exclude(kind="review"))
    )
    if complaint.product_id:
        return same.filter(product=complaint.product_id)
    return same.filter(product__isnull=True, maker=complaint.maker)


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
