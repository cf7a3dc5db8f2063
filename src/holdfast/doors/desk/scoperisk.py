"""What leaving somebody out would risk, what one more fact would settle, and the mass balance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from holdfast.decision.recalls.models import Recall, ScopeVersion
from holdfast.decision.recalls.queries.doubts import Doubts, doubts_of
from holdfast.doors.desk.pages import recall_named
from holdfast.doors.desk.policy import policy
from holdfast.doors.desk.scopemap import version_named
from holdfast.doors.desk.sheets import csv_answer
from holdfast.ground.look.charts import tradeoff as drawn
from holdfast.ground.look.charts.svg import Figure
from holdfast.ground.look.figures import percent
from holdfast.ground.look.templatetags.look import count
from holdfast.kit.trace.tradeoff import Point, Worth

CSV_HEADER = (
    "told_from_probability", "lines_told", "units_told", "people_told", "units_told_for_nothing",
    "units_left_out", "people_left_out", "affected_units_missed", "chance_any_missed_at_most",
)  # fmt: skip
RISKY = 40 / 190  # as in the drawing
LARGEST = Decimal(1_000_000_000)


@dataclass(frozen=True, slots=True)
class Prices:
    """Money for a unit told for nothing and for an affected one that is missed; None is unknown."""

    told: Decimal | None
    missed: Decimal | None
    currency: str
    told_is_price: bool


def prices_asked(request: HttpRequest, sold_for: Sequence[str] | None) -> Prices:
    """From the address, else the price the units were sold for; nothing is made up."""
    told = _money(request.GET.get("told"))
    price = Decimal(sold_for[0]) if sold_for else None
    currency = sold_for[1] if sold_for else ""
    return Prices(
        told if told is not None else price,
        _money(request.GET.get("missed")),
        currency,
        told is None and price is not None,
    )


def _money(text: str | None) -> Decimal | None:
    try:
        amount = Decimal((text or "").strip().replace(",", "."))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and 0 <= amount <= LARGEST else None


def risk_of(
    recall: Recall, version: ScopeVersion, stored: dict[str, Any], prices: Prices
) -> dict[str, Any]:
    """What the template shows; no chart where no probability lies between 0 and 1."""
    found = Doubts.from_json(stored)
    can_tell = bool(found.points) and found.points[0].over_units > 0
    return {
        "figure": _figure(recall, version, found, prices) if can_tell else None,
        "everybody": found.points[0] if found.points else None,
        "over": round(found.points[0].over_units) if found.points else 0,
        "facts": [_fact(one) for one in found.facts],
        "unweighed_lines": found.unweighed_lines,
        "unweighed_units": Decimal(str(found.unweighed_units)),
        "prices": prices,
    }


def _figure(recall: Recall, version: ScopeVersion, found: Doubts, prices: Prices) -> Figure:
    points = found.points
    description = _(
        "Telling everybody: %(over)s units told for nothing, as expected, and none missed. Leaving "
        "out all but the certain and the unknown: %(least)s for nothing, a chance of up to "
        "%(chance)s that an affected unit is missed."
    ) % {
        "over": count(round(points[0].over_units)),
        "least": count(round(points[-1].over_units)),
        "chance": percent(points[-1].any_missed, 1),
    }
    # The drawing says it at the first point that stands well above nothing.
    risky = next((point for point in points if point.any_missed > RISKY), points[-1])
    words = drawn.Words(
        _("What leaving out would risk"),
        description,
        _("units told for nothing, as expected"),
        _("chance that an affected unit is missed, at most"),
        _("everybody is told"),
        _("below %(share)s left out: about %(n)s affected units missed")
        % {
            "share": percent(risky.at_least, 1),
            "n": count(_units(risky.missed_units)),
        },
    )
    steps = [drawn.Step(point.over_units, point.any_missed) for point in points]
    wide, narrow = drawn.tradeoff("risk", steps, say=count, words=words)
    return Figure(
        name="risk",
        title=words.title,
        description=description,
        svg=wide,
        narrow=narrow,
        head=(
            _("Told from"),
            _("People told"),
            _("Told for nothing"),
            _("Cost of that"),
            _("People left out"),
            _("Units left out"),
            _("Affected among them"),
            _("Chance that one is missed"),
            _("Cost of that"),
        ),
        rows=tuple(_row(point, prices) for point in points),
        numeric=frozenset(range(1, 9)),
        csv_url=reverse("recall_scope_risk", args=[recall.ref, version.number]),
    )


def _row(point: Point, prices: Prices) -> tuple[str, ...]:
    return (
        _("everybody") if point.at_least <= 0 else percent(point.at_least, 1),
        count(point.told_people),
        count(_units(point.over_units)),
        _cost(point.over_units, prices.told, prices.currency),
        count(point.spared_people),
        count(_units(point.spared_units)),
        count(_units(point.missed_units)),
        percent(point.any_missed, 1) if point.any_missed else "0",
        _cost(point.missed_units, prices.missed, prices.currency),
    )


def _units(expected: float) -> Decimal:
    """An expectation needs no more than one decimal."""
    return Decimal(f"{expected:.1f}").normalize() + 0


def _cost(units: float, price: Decimal | None, currency: str) -> str:
    if price is None:
        return _("not known")
    return f"{count(round(Decimal(str(units)) * price))} {currency}".strip()


def _fact(one: Worth) -> dict[str, Any]:
    where = {"sku": one.sku, "site": one.site or _("a site that is not recorded")}
    asked = {
        "bins": _("The bin log of %(sku)s at %(site)s: which lot each pick took"),
        "receipts": _("What lay at %(site)s of %(sku)s, and when: receipts"),
        "serials": _("Which serial numbers of %(sku)s are affected, from the supplier"),
    }[one.fact] % where
    lines = ngettext("%(n)s order line", "%(n)s order lines", one.lines) % {"n": count(one.lines)}
    units = _("%(n)s units") % {"n": count(_units(one.units))}
    if one.saves_units is None:
        settled = _("nobody can say how many of them it would spare")
    else:
        settled = _("about %(n)s of them would be spared") % {"n": count(_units(one.saves_units))}
    return {"asked": asked, "words": f"{lines}, {units}: {settled}"}


@policy("recall.view")
def risk_csv(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """The curve as numbers."""
    recall = recall_named(ref)
    rows = (
        [
            round(one.at_least, 6), one.told_lines, round(one.told_units, 3), one.told_people,
            round(one.over_units, 3), round(one.spared_units, 3), one.spared_people,
            round(one.missed_units, 3), round(one.any_missed, 6),
        ]
        for one in doubts_of(version_named(recall, number)).points
    )  # fmt: skip
    return csv_answer(f"{recall.ref}-scope-v{number}-risk.csv", CSV_HEADER, rows)


def balance_rows(stored: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The balance of each lot with its gaps in words."""
    names = ("made", "used", "on_hand", "shipped", "returned", "destroyed", "unknown")
    return [
        {
            "lot": one["lot"],
            "cells": [None if one[name] is None else Decimal(one[name]) for name in names],
            "gaps": [gap_words(gap) for gap in one["gaps"]],
        }
        for one in stored
    ]


def gap_words(gap: str) -> str:
    """One gap of a balance in the reader's language."""
    return {
        "no_receipt": _("no receipt where it was made says how much there was"),
        "receipt_without_quantity": _("a receipt names no quantity"),
        "transformation_without_quantity": _("a process names no quantity"),
        "line_without_quantity": _("an order line names no quantity"),
        "more_came_back_than_shipped": _("more came back than was shipped"),
        "more_went_than_came": _("more went out than ever came in: a record is wrong"),
    }.get(gap, gap)
