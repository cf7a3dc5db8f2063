"""Rushes: when many different people told of one product at once, and what helps to judge it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncDate

from holdfast.decision.intake.models import Complaint, ComplaintLink, HazardReading, Informant
from holdfast.kit.signals.rush import BEFORE, DAYS, VOICES, Rush, fullest, rushes
from holdfast.supply.catalog.models import Product

RECENT = 30  # days
MOST = 10  # products that lists show
FEW_STARS = 2


@dataclass(frozen=True, slots=True)
class RushTold:
    """A rush on one product, or on a maker that is none of ours.

    `bought` are reports that name an order or serial number known here, or come from a customer,
    `few_stars` reviews of two stars and fewer; `hazards` says how many reports name each, the most
    named first.
    """

    rush: Rush
    product: int | None
    code: str
    name: str
    maker: str
    bought: int
    few_stars: int
    unnamed: int
    hazards: tuple[tuple[str, int], ...]

    def as_json(self) -> dict[str, object]:
        """With the usual as text, so that it has one form."""
        return {
            "begins": self.rush.begins.isoformat(),
            "ends": self.rush.ends.isoformat(),
            "reports": self.rush.reports,
            "voices": self.rush.voices,
            "usual": f"{self.rush.usual:.2f}",
            "product": self.code,
            "maker": self.maker,
            "bought": self.bought,
            "few_stars": self.few_stars,
            "without_hazard": self.unnamed,
            "hazards": dict(self.hazards),
        }

    def holds(self, one: Complaint) -> bool:
        """Is this complaint one of it?"""
        same = one.product_id == self.product and (self.product or one.maker == self.maker)
        return bool(same) and one.duplicate_of_id is None and self.rush.holds(_day(one.received_at))


def rush_behind(
    days: Sequence[date], *, product: int | None, maker: str, on: date
) -> RushTold | None:
    """The rush in which most of these days lie, as it was known on a day; what repeats is none."""
    found = fullest(days)
    if found is None or found[0] * 2 <= len(days):
        return None
    for rush in _rushes(_of(product, maker), found[1], on):
        if sum(map(rush.holds, days)) * 2 > len(days):
            return _told(rush, product, maker)
    return None


def recent_rushes(now: datetime, days: int = RECENT, most: int = MOST) -> list[RushTold]:
    """Those of the last days, the latest first."""
    since = now - timedelta(days=days)
    counted = (
        Complaint.objects.filter(received_at__gt=since, duplicate_of=None)
        .annotate(day=TruncDate("received_at"))
        .order_by()
        .values("day", "product_id", "maker")
        .annotate(reports=Count("pk"))
        .filter(reports__gt=(VOICES - 1) // DAYS)  # else three of them are too few
    )
    spoken: Counter[tuple[int | None, str]] = Counter()
    for row in counted:
        key = (row["product_id"], "" if row["product_id"] else row["maker"])
        spoken[key] += row["reports"]
    found = [
        _told(rush, product, maker)
        for (product, maker), _ in spoken.most_common(most)
        if product or maker
        for rush in _rushes(_of(product, maker), since.date(), now.date() + timedelta(days=1))
    ]
    return sorted(found, key=lambda one: (one.rush.ends, one.rush.reports), reverse=True)[:most]


def _of(product: int | None, maker: str) -> QuerySet[Complaint]:
    found = Complaint.objects.filter(duplicate_of=None)
    if product:
        return found.filter(product=product)
    return found.filter(product=None, maker=maker)


def _rushes(found: QuerySet[Complaint], since: date, upto: date) -> list[Rush]:
    begin = _midnight(since - timedelta(days=BEFORE + DAYS))
    end = _midnight(upto + timedelta(days=1))
    rows = found.filter(received_at__gte=begin, received_at__lt=end)
    told = [(_day(at), voice) for at, voice in rows.values_list("received_at", "voice")]
    return [one for one in rushes(told) if one.ends >= since]


def _told(rush: Rush, product: int | None, maker: str) -> RushTold:
    begin, end = _midnight(rush.begins), _midnight(rush.ends + timedelta(days=1))
    inside = _of(product, maker).filter(received_at__gte=begin, received_at__lt=end)
    keys = inside.order_by().values("pk")
    links = ComplaintLink.objects.filter(
        complaint__in=keys, kind__in=("order", "serial"), order_line__isnull=False,
        withdrawn_at=None,
    )  # fmt: skip
    customers = Informant.objects.filter(complaint__in=keys, customer__isnull=False)
    bought = {*links.values_list("complaint", flat=True)}
    bought |= {*customers.values_list("complaint", flat=True)}
    read = HazardReading.objects.filter(complaint__in=keys, is_denied=False)
    hazards: dict[str, set[int]] = defaultdict(set)
    for hazard, key in read.values_list("hazard", "complaint_id"):
        hazards[hazard].add(key)
    ours = Product.objects.filter(pk=product).first() if product else None
    return RushTold(
        rush,
        product,
        ours.code if ours else "",
        str(ours) if ours else maker,
        "" if ours else maker,
        bought=len(bought),
        few_stars=inside.filter(stars__lte=FEW_STARS).count(),
        unnamed=rush.reports - len(set().union(*hazards.values())),
        hazards=tuple(
            sorted(
                ((hazard, len(named)) for hazard, named in hazards.items()),
                key=lambda one: (-one[1], one[0]),
            )
        ),
    )


def _day(at: datetime) -> date:
    return at.astimezone(UTC).date()


def _midnight(on: date) -> datetime:
    return datetime.combine(on, time.min, UTC)
