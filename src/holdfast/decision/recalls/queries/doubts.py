"""How likely each part of a scope is affected: what leaving some out would risk, fact by fact.

Nothing here narrows a scope: everybody in the first three certainties is told.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Sum

from holdfast.decision.recalls.models import ScopeLine, ScopeVersion
from holdfast.decision.recalls.queries.journeys import SCOPE, UNITS
from holdfast.decision.recalls.queries.rows import LINES
from holdfast.kit.trace.tradeoff import Doubt, Point, Worth, curve, worth
from holdfast.supply.catalog.models import Product

KEPT = 32
FACTS = 12
"""Facts that are shown; the CSV has the curve, a list of all shelves would help nobody."""


@dataclass(frozen=True, slots=True)
class Doubts:
    """The curve of one version, what one more fact would settle, and what nobody can weigh."""

    points: tuple[Point, ...]
    facts: tuple[Worth, ...]
    unweighed_lines: int
    unweighed_units: float

    def as_json(self) -> dict[str, Any]:
        """Plain values to be stored."""
        return {
            "points": [asdict(one) for one in self.points],
            "facts": [asdict(one) for one in self.facts],
            "unweighed_lines": self.unweighed_lines,
            "unweighed_units": self.unweighed_units,
        }

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Doubts:
        """What `as_json` was taken from."""
        return cls(
            tuple(Point(**one) for one in stored["points"]),
            tuple(Worth(**one) for one in stored["facts"]),
            stored["unweighed_lines"],
            stored["unweighed_units"],
        )


def doubts_of(version: ScopeVersion) -> Doubts:
    """Worked out once for each version and process; its lines never change."""
    return _doubts(version.pk, version.digest)


@lru_cache(maxsize=KEPT)
def _doubts(version: int, _digest: str) -> Doubts:
    held = doubts_in(version)
    blank = [one for one in held if one.probability is None]
    return Doubts(
        tuple(curve(held)),
        tuple(worth(held)[:FACTS]),
        sum(one.lines for one in blank),
        sum(one.units for one in blank),
    )


def doubts_in(version: int) -> list[Doubt]:
    """The lines of a version, added up where they share rule, probability, shelf and person."""
    sql = f"""
    SELECT s.rule, s.certainty, s.probability, o.product_id, o.site, o.customer_id,
        SUM({UNITS}), COUNT(*), SUM(CASE WHEN o.serial <> '' THEN 1 ELSE 0 END)
    FROM {SCOPE} s JOIN {LINES} o ON o.id = s.line_id WHERE s.version_id = %s
    GROUP BY 1, 2, 3, 4, 5, 6
    """  # noqa: S608 (names of this code)
    codes = dict(Product.objects.values_list("pk", "code"))
    with connection.cursor() as cursor:
        cursor.execute(sql, [version])
        return [
            Doubt(
                _chance(rule, certainty, probability),
                int(thousandths) / 1000,
                person,
                codes[product],
                site,
                rule,
                int(lines),
                int(serials),
            )
            for (
                rule, certainty, probability, product, site, person, thousandths, lines, serials
            ) in cursor.fetchall()
        ]  # fmt: skip


def _chance(rule: str, certainty: str, probability: str) -> float | None:
    """1 where every lot it may be of is affected; None where no record says which there were."""
    if certainty == "confirmed" or rule.endswith("_all"):
        return 1.0
    return float(probability) if probability else None


def unit_price(version: ScopeVersion) -> tuple[Decimal, str] | None:
    """What a unit of the scope was sold for on average, and the currency; None unless all say it.

    The price on the order line counts, else that of the product. Two currencies are no sum.
    """
    rows = (
        ScopeLine.objects.filter(version=version, units__gt=0)
        .order_by()
        .values_list(
            "line__unit_price", "line__currency", "line__product__price",
            "line__product__currency",
        )
        .annotate(n=Sum("units"))
    )  # fmt: skip
    sums: dict[str, list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
    for on_line, currency, of_product, its_currency, units in rows:
        price, unit = (on_line, currency) if on_line and currency else (of_product, its_currency)
        if price is None or not unit:
            return None
        sums[unit][0] += price * units
        sums[unit][1] += units
    if len(sums) != 1:
        return None
    ((currency, (total, units)),) = sums.items()
    return (total / units).quantize(Decimal("0.01")), currency
