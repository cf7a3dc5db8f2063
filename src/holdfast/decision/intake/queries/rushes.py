"""Rushes: when many different people told of one product at once, and what helps to judge it."""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Count, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import TruncDate

from holdfast.decision.intake.models import (
    Complaint,
    ComplaintLink,
    HazardReading,
    Informant,
    ProductRush,
)
from holdfast.decision.intake.queries.reports import named
from holdfast.kit.signals.rush import (
    BEFORE,
    DAY,
    DAYS,
    TIMES,
    VOICES,
    Rush,
    fullest,
    may_be_rush,
    rushes,
)
from holdfast.supply.catalog.models import Product

RECENT = 30  # days
MOST = 10  # rushes that lists show
READ = 100  # rows that are looked through for them
FEW_STARS = 2
ASKED = 900  # keys in one question
NAMING = ("product", "category", "product_name")  # what `named` looks at

Said = tuple[int, date, str]
"""Number, day and voice of one complaint."""


@dataclass(frozen=True, slots=True)
class About:
    """A product of ours, or what was told of the maker and the product where it is none."""

    product: int | None
    maker: str = ""
    name: str = ""

    def told(self, begins: date, ends: date) -> list[Said]:
        """Number, day and voice of everything told from one day to another, repeats left out."""
        rows = _between(begins, ends).filter(product=self.product)
        if self.product is not None:
            found = rows.values_list("pk", "received_at", "voice")
            return [(key, _day(at), voice) for key, at, voice in found]
        other = rows.filter(maker=self.maker).values_list("pk", "received_at", "voice", "told")
        return [
            (key, _day(at), voice) for key, at, voice, told in other if named(told) == self.name
        ]

    def holds(self, one: Complaint) -> bool:
        """Is this what a complaint is about?"""
        if one.product_id != self.product:
            return False
        return self.product is not None or (
            one.maker == self.maker and named(one.told) == self.name
        )

    @property
    def key(self) -> str:
        """What its row is found by."""
        return hashlib.sha256(
            json.dumps([self.product, self.maker, self.name]).encode()
        ).hexdigest()


@dataclass(frozen=True, slots=True)
class RushSeen:
    """A rush as it is kept: on a product, or on what was told of one that is none of ours."""

    rush: Rush
    about: About
    code: str
    name: str

    def holds(self, one: Complaint) -> bool:
        """Is this complaint one of it?"""
        if one.duplicate_of_id is not None or not self.about.holds(one):
            return False
        return self.rush.holds(_day(one.received_at))


@dataclass(frozen=True, slots=True)
class RushTold(RushSeen):
    """With what helps to judge it.

    `bought` are reports that name an order or serial number known here, or come from a customer,
    `few_stars` reviews of two stars and fewer; `hazards` says how many reports name each, the most
    named first.
    """

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
            "product": self.code or self.about.name,
            "maker": self.about.maker,
            "bought": self.bought,
            "few_stars": self.few_stars,
            "without_hazard": self.unnamed,
            "hazards": dict(self.hazards),
        }


def about_of(one: Complaint) -> About:
    """What a complaint is about, as rushes are counted."""
    if one.product_id is not None:
        return About(one.product_id)
    return About(None, one.maker, named(one.told))


def abouts_of(one: Complaint) -> set[About]:
    """Everything it was ever held to be about."""
    once = one.links.filter(product__isnull=False).values_list("product", flat=True)
    found = {About(key) for key in once} | {about_of(one)}
    return found | {About(None, one.maker, named(one.told))}


def rush_behind(days: Sequence[date], *, about: About, on: date) -> RushTold | None:
    """The rush in which most of these days lie, as it was known on a day; what repeats is none."""
    found = fullest(days)
    if found is None or found[0] * 2 <= len(days):
        return None
    told = about.told(found[1] - timedelta(days=BEFORE + DAYS), on)
    for rush in _rushes(told, found[1]):
        if sum(map(rush.holds, days)) * 2 > len(days):
            return _told(rush, about, told)
    return None


def recent_rushes(now: datetime, most: int = MOST) -> list[RushSeen]:
    """Those of the last days, the latest first, as they were counted."""
    since = _since(now)
    rows = ProductRush.objects.filter(ends__gte=since).select_related("product")
    found = [
        RushSeen(rush, about, *_called(about, row.product))
        for row in rows.order_by("-ends", "-pk")[:READ]
        for about in (About(row.product_id, row.maker, row.name),)
        for rush in map(_unpacked, row.spans)
        if rush.ends >= since
    ]
    return sorted(found, key=lambda one: (one.rush.ends, one.rush.reports), reverse=True)[:most]


def rush_told(seen: RushSeen) -> RushTold:
    """With what helps to judge it, read out of its reports."""
    rush = seen.rush
    return _told(rush, seen.about, seen.about.told(rush.begins, rush.ends))


def rushes_now(about: About, now: datetime) -> list[list[object]]:
    """What `ProductRush.spans` has to hold, counted anew."""
    since = _since(now)
    told = about.told(since - timedelta(days=BEFORE + DAYS), now.date() + timedelta(days=1))
    return [
        [one.begins.isoformat(), one.ends.isoformat(), one.reports, one.voices, one.usual]
        for one in _rushes(told, since)
    ]


def may_have_rushed(one: Complaint) -> bool:
    """Whether counts around the day of a complaint allow a rush with it; nothing is read."""
    rows = Complaint.objects.filter(duplicate_of=None, product=one.product_id)
    if one.product_id is None:
        rows = rows.filter(maker=one.maker)
    on = _day(one.received_at)
    near = _days(rows, on - (DAYS - 1) * DAY, on + DAYS * DAY).values_list("pk")
    if len(near[:VOICES]) < VOICES:
        return False
    if one.product_id is None:
        return True
    begins = [on - back * DAY for back in range(DAYS)]
    told = {f"told_{day}": Count("pk", filter=_in_days(day, day + DAYS * DAY)) for day in begins}
    before = {
        f"before_{day}": Count("pk", filter=_in_days(day - BEFORE * DAY, day)) for day in begins
    }
    counted = _days(rows, begins[-1] - BEFORE * DAY, on + DAYS * DAY).aggregate(**told, **before)
    return any(
        counted[f"told_{day}"] >= max(VOICES, TIMES * counted[f"before_{day}"] / BEFORE * DAYS)
        for day in begins
    )


def rushing(now: datetime) -> list[About]:
    """What may be in a rush of the last days, by counts of the database alone."""
    since = datetime.combine(_since(now), time.min, UTC)
    enough = (VOICES - 1) // DAYS  # on one of the days at least
    spoken: Counter[About] = Counter()
    counted = (
        Complaint.objects.filter(received_at__gte=since, duplicate_of=None)
        .annotate(day=TruncDate("received_at", tzinfo=UTC))
        .order_by()
        .values("day", "product_id", "maker")
        .annotate(reports=Count("pk"))
        .filter(reports__gt=enough)
    )
    makers: set[str] = set()
    for row in counted:
        if row["product_id"]:
            spoken[About(row["product_id"])] += row["reports"]
        else:
            makers.add(row["maker"])
    spoken.update(_named_often(makers, since, enough))
    begins = since.date() - timedelta(days=BEFORE + DAYS)
    return _standing_out([about for about, _ in spoken.most_common()], begins, since.date())


def _standing_out(often: list[About], begins: date, since: date) -> list[About]:
    """Those whose days alone allow a rush: a shop that is told of a lot every day has none.

    Counted by the database, so that nobody waits for what is usual. What is no product of ours
    is not told apart by days here.
    """
    found: dict[int, Counter[date]] = defaultdict(Counter)
    ours = [one.product for one in often if one.product is not None]
    for at in range(0, len(ours), ASKED):
        rows = Complaint.objects.filter(
            duplicate_of=None, product__in=ours[at : at + ASKED], received_at__gte=_midnight(begins)
        )
        dated = rows.annotate(day=TruncDate("received_at", tzinfo=UTC)).order_by()
        days = dated.values("product_id", "day")
        for row in days.annotate(reports=Count("pk")):
            found[row["product_id"]][row["day"]] = row["reports"]
    return [one for one in often if one.product is None or may_be_rush(found[one.product], since)]


def _named_often(makers: set[str], since: datetime, enough: int) -> Counter[About]:
    """What is no product of ours and is told of often on one day, counted by the database."""
    spoken: Counter[About] = Counter()
    if not makers:
        return spoken
    parts = {name: KeyTextTransform(name, "told") for name in NAMING}
    rows = Complaint.objects.filter(
        received_at__gt=since, duplicate_of=None, product=None, maker__in=sorted(makers)[:ASKED]
    )
    counted = (
        rows.annotate(
            day=TruncDate("received_at", tzinfo=UTC), **{f"of_{k}": v for k, v in parts.items()}
        )
        .order_by()
        .values("day", "maker", *(f"of_{name}" for name in NAMING))
        .annotate(reports=Count("pk"))
        .filter(reports__gt=enough)
    )
    for row in counted:
        name = named({part: row[f"of_{part}"] or "" for part in NAMING})
        if row["maker"] or name:
            spoken[About(None, row["maker"], name)] += row["reports"]
    return spoken


def _rushes(told: Sequence[Said], since: date) -> list[Rush]:
    return [one for one in rushes([(on, voice) for _, on, voice in told]) if one.ends >= since]


def _between(begins: date, ends: date) -> QuerySet[Complaint]:
    return Complaint.objects.filter(
        duplicate_of=None,
        received_at__gte=_midnight(begins),
        received_at__lt=_midnight(ends + timedelta(days=1)),
    )


def _told(rush: Rush, about: About, told: Sequence[Said]) -> RushTold:
    keys = [key for key, on, _ in told if rush.holds(on)]
    bought: set[int] = set()
    hazards: dict[str, set[int]] = defaultdict(set)
    few = 0
    for some in _parts(keys):
        links = ComplaintLink.objects.filter(
            complaint__in=some, kind__in=("order", "serial"), order_line__isnull=False,
            withdrawn_at=None,
        )  # fmt: skip
        customers = Informant.objects.filter(complaint__in=some, customer__isnull=False)
        bought.update(links.values_list("complaint", flat=True))
        bought.update(customers.values_list("complaint", flat=True))
        few += Complaint.objects.filter(pk__in=some, stars__lte=FEW_STARS).count()
        read = HazardReading.objects.filter(complaint__in=some, is_denied=False)
        for hazard, key in read.values_list("hazard", "complaint_id"):
            hazards[hazard].add(key)
    ours = Product.objects.filter(pk=about.product).first() if about.product else None
    return RushTold(
        rush,
        about,
        *_called(about, ours),
        bought=len(bought),
        few_stars=few,
        unnamed=rush.reports - len(set().union(*hazards.values())),
        hazards=tuple(
            sorted(
                ((hazard, len(found)) for hazard, found in hazards.items()),
                key=lambda one: (-one[1], one[0]),
            )
        ),
    )


def _called(about: About, ours: Product | None) -> tuple[str, str]:
    """Its code, and what people call it."""
    if ours is not None:
        return ours.code, str(ours)
    return "", " · ".join(filter(None, (about.name, about.maker)))


def _unpacked(span: Sequence[object]) -> Rush:
    begins, ends, reports, voices, usual = span
    first, last = date.fromisoformat(str(begins)), date.fromisoformat(str(ends))
    return Rush(first, last, int(str(reports)), int(str(voices)), float(str(usual)))


def _days(rows: QuerySet[Complaint], begins: date, until: date) -> QuerySet[Complaint]:
    return rows.filter(_in_days(begins, until))


def _in_days(begins: date, until: date) -> Q:
    return Q(received_at__gte=_midnight(begins), received_at__lt=_midnight(until))


def _since(now: datetime) -> date:
    return (now - timedelta(days=RECENT)).date()


def _parts(keys: list[int]) -> Iterator[list[int]]:
    for at in range(0, len(keys), ASKED):
        yield keys[at : at + ASKED]


def _day(at: datetime) -> date:
    return at.astimezone(UTC).date()


def _midnight(on: date) -> datetime:
    return datetime.combine(on, time.min, UTC)
