"""Complaints as a tally takes them, by unit: a product, or a maker's goods that are not ours."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple

from django.db.models import BigIntegerField, Count, F, QuerySet, Sum, Value

from holdfast.decision.intake.models import Complaint, HazardReading
from holdfast.decision.intake.queries.reports import named
from holdfast.decision.investigations.models import ProductTally
from holdfast.decision.investigations.queries.hearing import REVIEWS, stream_of
from holdfast.kit.signals.tally import Tally, Telling

AT_ONCE = 2_000
FIELDS = (
    "pk", "kind", "product_id", "maker", "received_at", "published_at", "harm", "is_echo", "stars",
    "fingerprint", "voice",
)  # fmt: skip
SPREAD, PRIME = 1_000_003, 2_147_483_647
OURS = ""  # the one name in the tally of a product of ours


class Unit(NamedTuple):
    """What is tallied together; `product` is None where it is none of ours."""

    stream: str
    product: int | None
    maker: str

    @property
    def key(self) -> str:
        """One text for it."""
        about = f"m {self.maker}" if self.product is None else f"p {self.product}"
        return f"{self.stream} {about}"

    def told(self) -> QuerySet[Complaint]:
        """Everything told of it but what repeats another."""
        found, is_review = self.of_any_kind(), {"kind": "review"}
        return found.filter(**is_review) if self.stream == REVIEWS else found.exclude(**is_review)

    def of_any_kind(self) -> QuerySet[Complaint]:
        """The same in every stream."""
        found = Complaint.objects.filter(duplicate_of__isnull=True, product=self.product)
        return found.filter(maker=self.maker) if self.product is None else found


class Sign(NamedTuple):
    """Number, sum and mixed sum of complaints: the same for the same ones, for no others."""

    reports: int
    total: int
    mixed: int

    def plus(self, other: Sign) -> Sign:
        """Of both together."""
        return Sign(*(one + two for one, two in zip(self, other, strict=True)))


_MIXED = (F("pk") * (F("pk") % Value(SPREAD))) % Value(PRIME)
_SIGN = {
    "reports": Count("pk"),
    "total": Sum("pk", output_field=BigIntegerField()),
    "mixed": Sum(_MIXED, output_field=BigIntegerField()),
}
NOTHING = Sign(0, 0, 0)


def unit_of(complaint: Complaint) -> Unit:
    """Where a complaint is tallied."""
    maker = "" if complaint.product_id else complaint.maker
    return Unit(stream_of(complaint.kind), complaint.product_id, maker)


def once_of(complaint: Complaint) -> list[Unit]:
    """Every unit it was ever counted in: links that were taken back are kept."""
    stream = stream_of(complaint.kind)
    linked = complaint.links.filter(product__isnull=False).order_by().values_list("product_id")
    ours = [Unit(stream, product, "") for (product,) in linked.distinct()]
    return [*ours, Unit(stream, None, complaint.maker)]


def sign_now(unit: Unit) -> Sign:
    """Of what the table of complaints has for it now."""
    return _signs(unit.of_any_kind()).get(unit, NOTHING)


def signs_now() -> dict[Unit, Sign]:
    """Of every unit that is told of, in one pass over an index."""
    return _signs(Complaint.objects.filter(duplicate_of__isnull=True))


def _signs(found: QuerySet[Complaint]) -> dict[Unit, Sign]:
    """Grouped as the index has them (`complaint_heard`), so that no complaint itself is read."""
    signs: dict[Unit, Sign] = {}
    groups = found.order_by().values_list("product_id", "maker", "kind").annotate(**_SIGN)
    for product, maker, kind, *numbers in groups.iterator(chunk_size=10_000):
        unit = Unit(stream_of(kind), product, maker if product is None else "")
        sign = Sign(*map(int, numbers))
        signs[unit] = signs[unit].plus(sign) if unit in signs else sign
    return signs


def signs_kept() -> Iterator[tuple[str, Sign]]:
    """Of every tally, by the key of its unit."""
    rows = ProductTally.objects.order_by().values_list("unit", "reports", "total", "mixed")
    for key, *sign in rows.iterator(chunk_size=10_000):
        yield key, Sign(*sign)


def sign_of(tally: Tally) -> Sign:
    """Of the complaints in it."""
    numbers = tally.rows["complaint"]
    mixed = (numbers * (numbers % SPREAD)) % PRIME
    return Sign(len(numbers), int(numbers.sum()), int(mixed.sum()))


def tally_of(row: ProductTally) -> Tally:
    """As it was kept."""
    return unpacked(row.content, row.names, row.hazards)


def unpacked(content: bytes | memoryview[int], names: Sequence[str], hazards: str) -> Tally:
    """Out of the fields it is kept in."""
    return Tally.read(bytes(content), names, hazards.split())


def tellings(found: QuerySet[Complaint], onto: tuple[Unit, Tally] | None = None) -> list[Telling]:
    """In the order of their numbers; `onto` the tally they are added to, of the same unit."""
    voices: dict[str, int] = {}
    made: list[Telling] = []
    for chunk in _chunks(found):
        hazards, said_of = _hazards([row[0] for row in chunk]), _told(chunk)
        for row in chunk:
            said = row[-1]
            if said and said not in voices:
                voices[said] = (_known_voice(said, *onto) if onto else 0) or row[0]
            made.append(_telling(row, hazards, said_of, voices.get(said, 0)))
    return made


def by_unit(units: Sequence[Unit]) -> dict[Unit, list[Telling]]:
    """Of several units of one stream, all products of ours or none of them, at once."""
    groups: dict[Unit, list[Telling]] = defaultdict(list)
    voices: dict[tuple[Unit, str], int] = {}
    for found in _of_all(units):
        for chunk in _chunks(found):
            hazards, said_of = _hazards([row[0] for row in chunk]), _told(chunk)
            for row in chunk:
                unit = Unit(stream_of(row[1]), row[2], "" if row[2] else row[3])
                voice = voices.setdefault((unit, row[-1]), row[0]) if row[-1] else 0
                groups[unit].append(_telling(row, hazards, said_of, voice))
    return groups


def _of_all(units: Sequence[Unit]) -> Iterable[QuerySet[Complaint]]:
    """Asked so that each is found by an index, whatever SQLite believes of the table.

    Of a sample it cannot tell that almost nothing repeats another, and would walk everything.
    """
    if units[0].product is None:
        return (unit.told() for unit in units)
    found = Complaint.objects.filter(product__in=[unit.product for unit in units])
    is_review = {"kind": "review"}
    is_one = units[0].stream == REVIEWS
    return [found.filter(**is_review) if is_one else found.exclude(**is_review)]


def _chunks(found: QuerySet[Complaint]) -> Iterator[list[tuple[Any, ...]]]:
    """In one reading; what repeats another is left out."""
    rows = found.order_by("pk").values_list(*FIELDS, "duplicate_of_id").iterator(AT_ONCE)
    while chunk := list(islice(rows, AT_ONCE)):
        if once := [row[:-1] for row in chunk if row[-1] is None]:
            yield once


def _known_voice(said: str, unit: Unit, tally: Tally) -> int:
    return tally.voice_of(unit.told().filter(voice=said).values_list("pk", flat=True))


def _hazards(keys: list[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    read = HazardReading.objects.filter(
        complaint__gte=keys[0], complaint__lte=keys[-1], is_denied=False
    ) if keys[-1] - keys[0] < 2 * len(keys) else HazardReading.objects.filter(
        complaint__in=keys, is_denied=False
    )  # fmt: skip
    for key, hazard in read.order_by("complaint", "rank").values_list("complaint_id", "hazard"):
        found[key].append(hazard)
    return found


def _told(rows: list[tuple[Any, ...]]) -> dict[int, object]:
    """As written, of those that are about no product of ours."""
    wanted = [row[0] for row in rows if not row[2]]
    return dict(Complaint.objects.filter(pk__in=wanted).values_list("pk", "told"))


def _telling(
    row: tuple[Any, ...], hazards: Mapping[int, list[str]], told: Mapping[int, object], voice: int
) -> Telling:
    key, _kind, product, maker, received, published, harm, echo, stars, said, _voice = row
    name = OURS if product else named(told.get(key))
    return Telling(
        key,
        (published or received).date(),
        name if product or maker or name else None,
        tuple(hazards.get(key, ())),
        harm,
        echo,
        stars is not None and stars >= 4,
        voice,
        said,
    )
