"""Who reads which language, and whom a letter, a merge row or a message file is for."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.core.cache import cache
from django.db.models import Count, Q

from holdfast.decision.recalls.models import Recall, ScopeLine, ScopeVersion
from holdfast.decision.recalls.queries import confirmed_scope
from holdfast.ground.access.queries import organisation
from holdfast.ground.outbox.queries import failed_recipients
from holdfast.kit.quantities import plain
from holdfast.kit.renderings.laws import TextLaws
from holdfast.kit.tables.countries import country_code
from holdfast.kit.wording.laws import law_followed, text_name
from holdfast.kit.wording.library import library_languages
from holdfast.kit.wording.profile import regime_id
from holdfast.kit.wording.readers import languages_given, languages_lacking, languages_read

# The law people follow and the languages they read, in their order of preference.
Reader = tuple[str, tuple[str, ...]]
CERTAINTIES = ("confirmed", "probable", "cannot_rule_out")
_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+")
_COLUMNS = (
    "line__customer_id",
    "line__customer__name",
    "line__customer__email",
    "line__customer__language",
    "line__customer__country",
    "line__customer__street",
    "line__customer__postcode",
    "line__customer__city",
    "line__customer__region",
    "line__language",
    "line__market",
    "line__order_number",
    "line__product__title",
    "line__product__code",
    "line__moved_at",
    "units",
)
MOST_ITEMS = 12
KEPT_FOR = 60  # seconds


@dataclass(frozen=True, slots=True)
class Addressee:
    """One person to tell: how to reach them, what they read, what they bought."""

    id: int
    name: str
    email: str
    street: str
    postcode: str
    city: str
    region: str
    country: str
    reads: tuple[str, ...]
    order: str
    items: str
    bought_on: date | None

    @property
    def recipient(self) -> str:
        """The opaque key that journal and outbox know the person by."""
        return f"customer:{self.id}"

    @property
    def has_email(self) -> bool:
        """Whether there is something that looks like an address."""
        return bool(_ADDRESS.fullmatch(self.email))

    @property
    def has_postal_address(self) -> bool:
        """Whether a letter could arrive."""
        return bool(self.street and (self.city or self.postcode))

    def address(self, *, home_country: str, country_name: str) -> tuple[str, ...]:
        """The lines under the name, as posted; the country in capitals only when it is another."""
        place = " ".join(part for part in (self.postcode, self.city) if part)
        abroad = self.country and self.country.upper() != home_country.upper()
        lines = (self.street, place, self.region, country_name.upper() if abroad else "")
        return tuple(line for line in lines if line)


def addressees(recall: Recall) -> Iterator[Addressee]:
    """Everybody known in the scope that counts, one each, in one pass."""
    scope = confirmed_scope(recall)
    if scope is None:
        return
    rows = (
        ScopeLine.objects.filter(
            version=scope,
            certainty__in=CERTAINTIES,
            units__gt=0,
            line__customer__isnull=False,
        )
        .order_by("line__customer_id", "line_id")
        .values_list(*_COLUMNS)
    )
    zone = ZoneInfo(organisation().zone)
    bought: list[tuple[Any, ...]] = []
    for row in rows.iterator(chunk_size=5_000):
        if bought and bought[0][0] != row[0]:
            yield _addressee(bought, zone)
            bought = []
        bought.append(row)
    if bought:
        yield _addressee(bought, zone)


def _addressee(rows: list[tuple[Any, ...]], zone: ZoneInfo) -> Addressee:
    first = rows[0]
    orders = list(dict.fromkeys(row[11] for row in rows))
    items = [f"{plain(row[15])} × {row[12] or row[13]} ({row[11]})" for row in rows]
    days = [row[14] for row in rows if row[14] is not None]
    more = f"\n+ {len(items) - MOST_ITEMS}" if len(items) > MOST_ITEMS else ""
    return Addressee(
        id=first[0],
        name=first[1].strip(),
        email=first[2].strip(),
        street=first[5].strip(),
        postcode=first[6].strip(),
        city=first[7].strip(),
        region=first[8].strip(),
        country=(first[4] or first[10]).strip(),
        reads=languages_read(first[3], first[9], first[4] or first[10]),
        order=", ".join(orders[:3]),
        items="\n".join(items[:MOST_ITEMS]) + more,
        bought_on=min(days).astimezone(zone).date() if days else None,
    )


def first_language() -> str:
    """The language people get whose own ones have no text."""
    languages = organisation().languages
    return str(languages[0]).lower() if languages else "en"


@dataclass(slots=True)
class Coverage:
    """Head count per text, by its name; whoever is told in two languages counts under both.

    `people` by the texts in languages they read, else in their first; `given` by the texts they
    get; `follows` by the law of their country; `waiting` by the one that has no text at all;
    `uncovered` by the languages the others should be told in and are not, and `not_covered` is how
    many people these are; `unknown` those of whom nobody knows what they read, and `everybody`
    counts each person once.
    """

    people: Counter[str] = field(default_factory=Counter)
    given: Counter[str] = field(default_factory=Counter)
    follows: Counter[str] = field(default_factory=Counter)
    waiting: Counter[str] = field(default_factory=Counter)
    uncovered: Counter[str] = field(default_factory=Counter)
    not_covered: int = 0
    unknown: int = 0
    everybody: int = 0


def coverage(recall: Recall, texts: Mapping[str, Collection[str]], laws: TextLaws) -> Coverage:
    """Who reads what, counted by the database; `texts` are the languages there are of each law.

    One whose orders name different languages counts under each of these.
    """
    return covered(_readers(recall), texts, laws)


def covered(
    readers: Mapping[Reader, int], texts: Mapping[str, Collection[str]], laws: TextLaws
) -> Coverage:
    """The head count per text of people given by their law and what they read."""
    found = Coverage()
    first, writable = first_language(), library_languages()
    for (followed, reads), people in readers.items():
        law = laws.text_of(followed)
        there = list(texts.get(law, ()))
        given = languages_given(reads, there, first)
        lacking = languages_lacking(reads, there, writable) if there else ()
        for code in given:
            found.given[text_name(code, law)] += people
        for code in [one for one in given if one in reads] or [reads[0] if reads else first]:
            found.people[text_name(code, law)] += people
        for code in lacking:
            found.uncovered[code] += people
        found.everybody += people
        found.follows[followed] += people
        found.waiting[law or laws.own] += 0 if there else people
        found.not_covered += people if lacking else 0
        found.unknown += 0 if reads else people
    found.waiting = +found.waiting
    return found


def _readers(recall: Recall) -> Counter[Reader]:
    """People by law and what they read; kept a minute, so that a page of a million is quick."""
    scope = confirmed_scope(recall)
    if scope is None:
        return Counter()
    name = f"notices.law_readers.{scope.pk}.{scope.digest[:16]}"
    found = cache.get(name)
    if found is None:
        found = reader_counts(recall)
        cache.set(name, found, KEPT_FOR)
    return found


def reader_counts(recall: Recall) -> Counter[Reader]:
    """People in the scope that counts, by the law and the languages they read; none twice."""
    scope = confirmed_scope(recall)
    return _count_readers(scope, regime_id(recall.profile)) if scope else Counter()


def _count_readers(scope: ScopeVersion, own: str) -> Counter[Reader]:
    found: Counter[Reader] = Counter()
    rows = (
        ScopeLine.objects.filter(
            version=scope, certainty__in=CERTAINTIES, units__gt=0, line__customer__isnull=False
        )
        .values_list(
            "line__customer__language", "line__customer__country", "line__language", "line__market"
        )
        .annotate(people=Count("line__customer_id", distinct=True))
        .order_by()
    )
    for known, country, order, market, people in rows:
        land = country or market
        found[law_followed(land, own), languages_read(known, order, land)] += people
    return found


def countries_told(recall: Recall) -> list[str]:
    """Countries of the people in the scope that counts, as two letters; the same order each time.

    One query over the scope: for actions and the worker, not for a page.
    """
    scope = confirmed_scope(recall)
    if scope is None:
        return []
    rows = (
        ScopeLine.objects.filter(
            version=scope, certainty__in=CERTAINTIES, units__gt=0, line__customer__isnull=False
        )
        .order_by()
        .values_list("line__customer__country", "line__market")
        .distinct()
    )
    found = {(country or market).strip() for country, market in rows}
    return sorted({country_code(one) or one.upper() for one in found if one})


def ways_to_reach(recall: Recall) -> dict[str, int]:
    """People with e-mail, with a postal address, and whom only a letter reaches; kept a minute.

    Only a letter reaches who has no e-mail, and whose every message failed or came back.
    """
    scope = confirmed_scope(recall)
    if scope is None:
        return {"email": 0, "post": 0, "post_only": 0}
    name = f"notices.ways.{scope.pk}.{scope.digest[:16]}"
    found = cache.get(name)
    if found is None:
        by_post = ~Q(line__customer__street="") & (
            ~Q(line__customer__city="") | ~Q(line__customer__postcode="")
        )
        by_email = Q(line__customer__email__contains="@")
        came_back = Q(line__customer_id__in=failed_recipients(recall.ref, "customer"))
        only_post = by_post & (~by_email | came_back)
        found = ScopeLine.objects.filter(
            version=scope, certainty__in=CERTAINTIES, units__gt=0, line__customer__isnull=False
        ).aggregate(
            email=Count("line__customer_id", distinct=True, filter=by_email),
            post=Count("line__customer_id", distinct=True, filter=by_post),
            post_only=Count("line__customer_id", distinct=True, filter=only_post),
        )
        cache.set(name, found, KEPT_FOR)
    return dict(found)
