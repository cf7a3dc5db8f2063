"""The answer of a scope: the lines of the first three certainties, and the numbers of all four."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import connection

from holdfast.decision.recalls.queries.recorded import Recorded
from holdfast.decision.recalls.queries.rows import LINES, UNITS, number_list, units_of
from holdfast.decision.recalls.queries.scoping import Scoper
from holdfast.kit.quantities import plain
from holdfast.kit.trace.criteria import Criteria
from holdfast.kit.trace.values import IN_SCOPE, Certainty
from holdfast.supply.orders.models import Customer
from holdfast.supply.orders.rules import EVENTS

Stored = tuple[int, str, int, str, str, str]
"""line id, certainty, thousandths of units, rule, reason, probability as decimal text"""
PEOPLE_AT_ONCE = 20_000
Way = tuple[str, str, str, str, str, int, str]
"""lot, site, container (where no site is known), channel, market, product id, certainty"""
MOST_WAYS = 5_000
"""Ways that are kept with a version; where each parcel has one of its own there are too many."""


@dataclass(slots=True)
class Found:
    """The answer of one scope, before anybody stores it; lines not in `lines` are excluded."""

    criteria: Criteria
    lines: list[Stored]
    counts: dict[str, object]
    spellings: dict[str, list[str]]
    lots: list[str]
    digest: str
    people: set[int] = field(default_factory=set)
    warnings: list[dict[str, str]] = field(default_factory=list)
    ways: dict[Way, int] = field(default_factory=dict)
    """Thousandths of units by way; empty where there are more than MOST_WAYS."""

    @property
    def is_as_hoped(self) -> bool:
        """Was every word of the criteria found?"""
        return not any(warning["code"].endswith("_not_found") for warning in self.warnings)


@dataclass(slots=True)
class _Tally:
    lines: int = 0
    units: int = 0
    people: set[int] = field(default_factory=set)

    def add(self, units: int, person: int | None) -> None:
        self.lines += 1
        self.units += units
        if person is not None:
            self.people.add(person)

    def as_json(self) -> dict[str, object]:
        return {
            "lines": self.lines,
            "units": plain(units_of(self.units)),
            "people": len(self.people),
        }


def find_scope(criteria: Criteria, *, watch: Callable[[int], None] | None = None) -> Found:
    """Work a scope out on the data as it is now; stores nothing.

    `watch` is told now and then how many lines were read and judged; it may raise to stop it all.
    """
    scoper = Scoper(criteria, watch=watch)
    tallies: dict[str, _Tally] = {certainty: _Tally() for certainty in IN_SCOPE}
    whole, nameless = _Tally(), _Tally()
    orders_without: set[tuple[str, str]] = set()
    lines_of: Counter[int] = Counter()
    lines: list[Stored] = []
    ways: Counter[Way] = Counter()
    told_as_events: set[tuple[str, int]] = set()
    told_by_shop: set[tuple[str, int]] = set()
    for row, certainty, rule, reason, part in scoper.verdicts():
        if certainty == Certainty.EXCLUDED:
            continue
        units, person = row[6], row[8]
        (told_as_events if row[10] == EVENTS else told_by_shop).add((row[11], row[1]))
        lines.append((row[0], str(certainty), units, rule, reason[:400], part))
        tallies[certainty].add(units, person)
        whole.add(units, person)
        if len(ways) <= MOST_WAYS:
            box = "" if row[3] else row[5]
            ways[row[4], row[3], box, row[13], row[7], row[1], str(certainty)] += units
        if person is None:
            nameless.add(units, None)
            orders_without.add((row[10], row[11]))
        else:
            lines_of[person] += 1
    scoper.note_unsaid()
    scoper.note_twice(_told_twice(told_as_events, told_by_shop))
    lines.sort()
    counts: dict[str, object] = {str(c): tallies[c].as_json() for c in IN_SCOPE}
    counts["excluded"] = _excluded(whole, lines_of)
    counts["in_scope"] = whole.as_json()
    counts["unreachable"] = {
        "orders_without_customer": len(orders_without),
        "lines_without_customer": nameless.lines,
        "units_without_customer": plain(units_of(nameless.units)),
        "people_without_contact": _without_contact(whole.people),
    }
    return Found(
        criteria,
        lines,
        counts,
        scoper.spellings,
        sorted(scoper.affected.lots),
        scope_digest(criteria.digest(), lines),
        whole.people,
        scoper.warnings,
        dict(ways) if len(ways) <= MOST_WAYS else {},
    )


def _told_twice(
    events: Iterable[tuple[str, int]], shop: Collection[tuple[str, int]]
) -> set[tuple[str, int]]:
    """Orders and products of the shop that events name as well.

    A line among the events is called by its order and its own name: `1001/2` or `1001-2`.
    """
    found = set()
    if shop:
        for number, product in events:
            ends = [at for at, sign in enumerate(number) if not sign.isalnum()]
            for end in (*ends, len(number)):
                if (number[:end], product) in shop:
                    found.add((number[:end], product))
    return found


def _excluded(whole: _Tally, lines_of: Counter[int]) -> dict[str, object]:
    """All other lines: their units are those of sales, their people everybody with such a line."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT COUNT(*), COALESCE(SUM(CASE WHEN kind = 'sale' THEN {UNITS} END), 0) "  # noqa: S608 (no input)
            f"FROM {LINES}"
        )
        lines, units = cursor.fetchone()
        cursor.execute(
            f"SELECT customer_id, COUNT(*) FROM {LINES} "  # noqa: S608 (no input)
            "WHERE customer_id IS NOT NULL GROUP BY customer_id"
        )
        people = sum(count > lines_of[person] for person, count in cursor.fetchall())
    # Recorded lines that were not taken in: other products, which nobody has to look at one by one.
    rows, sold = Recorded.load().total()
    taken, said = _taken_in() if rows else (0, 0)
    elsewhere = units_of(int(sold * 1000) - said) if rows > taken else Decimal(0)
    return {
        "lines": lines - whole.lines + max(0, rows - taken),
        "units": plain(units_of(int(units) - whole.units) + max(Decimal(0), elsewhere)),
        "people": people,
    }


def _taken_in() -> tuple[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT COUNT(*), COALESCE(SUM(CASE WHEN quantity > 0 THEN "  # noqa: S608 (no input)
            f"CAST(ROUND(quantity * 1000) AS BIGINT) END), 0) FROM {LINES} WHERE source = %s",
            [EVENTS],
        )
        lines, units = cursor.fetchone()
    return int(lines), int(units)


def _without_contact(people: set[int]) -> int:
    """People of whom neither e-mail, telephone nor street is known."""
    found = 0
    ordered = sorted(people)
    table = Customer._meta.db_table
    with connection.cursor() as cursor:
        for start in range(0, len(ordered), PEOPLE_AT_ONCE):
            some = number_list(ordered[start : start + PEOPLE_AT_ONCE])
            cursor.execute(
                f"SELECT COUNT(*) FROM {table} WHERE id IN ({some}) "  # noqa: S608 (whole numbers)
                "AND email = '' AND phone = '' AND street = ''"
            )
            found += cursor.fetchone()[0]
    return found


def scope_digest(criteria_sha256: str, lines: Iterable[tuple[Any, ...]]) -> str:
    """Binds criteria and result: every line, in order, with its certainty and its units."""
    digest = hashlib.sha256(criteria_sha256.encode())
    for line, certainty, units, *_ in lines:
        digest.update(f"\n{line} {certainty} {units}".encode())
    return digest.hexdigest()
