"""The layered map of one scope version: the drawing, the table beside it, and the CSV of it all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, StreamingHttpResponse
from django.utils import formats
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, get_language_bidi, ngettext
from django.utils.translation import gettext as _

from holdfast.decision.recalls.models import Recall, ScopeVersion
from holdfast.decision.recalls.queries.journeys import HELD, LAYERS, journeys_of
from holdfast.doors.desk.pages import recall_named
from holdfast.doors.desk.policy import policy
from holdfast.doors.desk.sheets import csv_stream
from holdfast.ground.look.charts import layers as drawn
from holdfast.ground.look.templatetags.look import CERTAINTY_WORDS, count
from holdfast.kit.quantities import plain
from holdfast.kit.refusals import NotFound
from holdfast.kit.trace.map import Layered, Node, Spot

CSV_HEADER = (
    "supplier_lot", "process", "lot", "shipment", "channel", "country", "certainty", "units",
)  # fmt: skip
TOLD = ("confirmed", "probable", "cannot_rule_out")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: a node of the map, its units by certainty, and all of them."""

    name: str
    note: str
    cells: Sequence[Decimal | None]
    units: Decimal
    is_quiet: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """One layer of the table with its sum, which is the same for every layer that all reach."""

    head: str
    cells: Sequence[Decimal | None]
    units: Decimal
    rows: Sequence[Row]


@dataclass(frozen=True, slots=True)
class ScopeMap:
    """What the template shows."""

    svg: SafeString
    groups: Sequence[Group]
    in_stock: Decimal


def map_of(stored: Mapping[str, Any]) -> ScopeMap | None:
    """The map from its stored numbers; None where nothing is in the scope."""
    found = Layered.from_json(stored)
    if not found.layers:
        return None
    heads = _heads(found)
    kinds = {name: str(words).lower() for name, words in CERTAINTY_WORDS.items()}
    kinds[HELD] = _("in stock")
    words = drawn.Words(
        _("Scope map: where the units came from and where they went"),
        heads,
        kinds,
        lambda n: _("%(n)s units") % {"n": n},
    )
    picture = drawn.layers(
        "map", found, label=label_of, words=words, say=count, mirrored=get_language_bidi()
    )
    in_stock = _summed(found.layers[0]).get(HELD, Decimal(0))
    shown = (*TOLD, HELD) if in_stock else TOLD
    groups = [
        Group(
            head,
            _cells(_summed(layer), shown),
            sum((node.units for node in layer), Decimal(0)),
            [_row(node, shown) for node in layer],
        )
        for head, layer in zip(heads, found.layers, strict=True)
    ]
    return ScopeMap(mark_safe(picture), groups, in_stock)  # noqa: S308 - every word was escaped


def _row(node: Node, shown: Sequence[str]) -> Row:
    label = label_of(node)
    return Row(label.name, label.note, _cells(node.by_kind, shown), node.units, label.is_quiet)


def _summed(layer: Sequence[Node]) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for node in layer:
        for kind, units in node.by_kind.items():
            found[kind] = found.get(kind, Decimal(0)) + units
    return found


def _cells(by_kind: Mapping[str, Decimal], shown: Sequence[str]) -> list[Decimal | None]:
    return [by_kind.get(kind) or None for kind in shown]


def _heads(found: Layered) -> list[str]:
    """A word for each layer, by what it holds; a layer may also hold stock that stays there."""
    spots = [{node.spot for node in layer} for layer in found.layers]
    heads = []
    for layer in spots:
        kind = next(iter({spot.kind for spot in layer} - {HELD}), HELD)
        is_leg = any("→" in (spot.name or "") for spot in layer)
        is_made = any(spot.kind == "made" for one in spots for spot in one)
        heads.append(
            {
                "supplied": _("Supplier's lot") if is_made else _("Supplier"),
                "made": _("Process"),
                "lot": _("Finished lot") if is_made else _("Lot"),
                "shipped": _("Shipment") if is_leg else _("Shipped from"),
                "channel": _("Channel"),
                "market": _("Country"),
                HELD: _("In stock"),
            }[kind]
        )
    return heads


def label_of(node: Node) -> drawn.Label:
    """What a node is called, in the reader's language."""
    kind, name = node.spot
    if name is None:
        more = _("and %(n)s more")
        return drawn.Label(more % {"n": count(node.members)}, is_quiet=True)
    if not name:
        return drawn.Label(_missing(kind), is_quiet=True)
    if kind == "made":
        return _process(name)
    if kind == "supplied":
        lots, _dot, firms = name.partition(" · ")
        return drawn.Label(lots, firms)
    if kind == "market":
        return drawn.Label(country(name))
    if kind == HELD:
        return drawn.Label(_("In stock, %(site)s") % {"site": name}, is_quiet=True)
    if kind == "lot" and " / " in name:
        return drawn.Label(name.replace(" / ", _(" or ")), _("one of these"))
    return drawn.Label(name)


def _missing(kind: str) -> str:
    return {
        "supplied": _("Supplier not recorded"),
        "made": _("No process recorded"),
        "lot": _("Lot not recorded"),
        "shipped": _("Site not recorded"),
        "channel": _("Channel not recorded"),
        "market": _("Country not recorded"),
        HELD: _("In stock, site not recorded"),
    }[kind]


def _process(name: str) -> drawn.Label:
    first, last, inputs = name.split("/")
    days = [date.fromisoformat(day) for day in dict.fromkeys((first, last)) if day]
    went_in = int(inputs)
    note = ngettext("%(n)s lot went in", "%(n)s lots went in", went_in) % {"n": count(went_in)}
    if not days:
        return drawn.Label(_("Day not recorded"), note)
    # Months and years only where they change: there is little room.
    alike = [day for day in days[:-1] if (day.year, day.month) == (days[-1].year, days[-1].month)]
    shown = [str(day.day) if day in alike else formats.date_format(day, "j M") for day in days[:-1]]
    return drawn.Label(" – ".join([*shown, formats.date_format(days[-1], "j M Y")]), note)


def country(code: str) -> str:
    """The name of a country in the reader's language."""
    from babel import Locale  # noqa: PLC0415  babel's data is heavy and few pages need it

    names = Locale.parse((get_language() or "en").replace("-", "_")).territories
    return str(names.get(code.upper(), code))


@policy("recall.view")
def map_csv(request: HttpRequest, ref: str, number: int) -> StreamingHttpResponse:
    """Every way units took, nothing folded; stock that stayed has neither channel nor country."""
    recall = recall_named(ref)
    version = version_named(recall, number)
    rows = (
        (
            *(_said(one.path, kind) for kind in LAYERS),
            "in_stock" if one.kind == HELD else one.kind,
            plain(one.units),
        )
        for one in sorted(journeys_of(version), key=lambda one: (one.path, one.kind))
    )
    return csv_stream(f"{recall.ref}-scope-v{number}-map.csv", CSV_HEADER, rows)


def _said(path: Sequence[Spot], kind: str) -> str:
    """What a way says of one layer; a process as its days and how many lots went in."""
    name = next((spot.name for spot in path if spot.kind == kind), "") or ""
    if kind == "made" and name:
        first, last, inputs = name.split("/")
        days = first if first == last else f"{first} to {last}"
        return f"{days or 'day not recorded'}, {inputs} lots in"
    return name


def version_named(recall: Recall, number: int) -> ScopeVersion:
    """One version of a recall's scope, or a refusal."""
    found = recall.scopes.filter(number=number).first()
    if found is None:
        raise NotFound("no_version", _("There is no such version."))
    return found
