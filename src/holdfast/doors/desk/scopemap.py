"""The scope map of one version: lots, sites, channels, markets, and what is held."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import Any

from django.db.models import Q, Sum
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from holdfast.decision.recalls.models import Recall, ScopeVersion
from holdfast.decision.recalls.queries.pictures import Passage
from holdfast.ground.look.charts import flows as drawn
from holdfast.ground.look.charts.svg import Figure
from holdfast.ground.look.templatetags.look import CERTAINTY_WORDS, count
from holdfast.kit.trace.criteria import Criteria
from holdfast.supply.traceability.models import StockOnHand

MOST_PLACES = 6
Key = tuple[str, str, str]


def map_of(recall: Recall, version: ScopeVersion, told: Any) -> Figure | None:
    """The drawing with its numbers; None where nothing is in the scope."""
    passages = tuple(
        Passage(site, channel, market, certainty, Decimal(units))
        for site, channel, market, certainty, units in told
    )
    if not passages:
        return None
    criteria = Criteria.from_json(version.criteria)
    bands = _bands(passages, _held(criteria))
    places = _places(bands, criteria)
    words = drawn.Words(
        _("Scope map: where the units in scope went"),
        _("From"),
        _("To"),
        _("Units"),
        _("Certainty"),
        (*((k, str(w).lower()) for k, w in CERTAINTY_WORDS.items()), ("held", _("held"))),
    )
    return drawn.flows(
        "map",
        [_("Affected"), _("Shipped from"), _("Sold through"), _("In homes")],
        places,
        bands,
        say=count,
        words=words,
        csv_url=reverse("recall_scope_csv", args=[recall.ref, version.number]),
    )


def _held(criteria: Criteria) -> dict[str, Decimal]:
    """Stock on hand of what is asked for, by site."""
    stock = StockOnHand.objects.filter(quantity__gt=0)
    if criteria.lots:
        stock = stock.filter(lot__in=criteria.lots)
    elif criteria.products:
        keys = [word.casefold() for word in criteria.products]
        stock = stock.filter(Q(product__code_key__in=keys))
    else:
        return {}
    rows = stock.values_list("site").annotate(units=Sum("quantity")).order_by("-units")
    return dict(rows[:MOST_PLACES])


def _bands(passages: tuple[Passage, ...], held: dict[str, Decimal]) -> list[drawn.Flow]:
    sites = _largest((p.site, p.units) for p in passages)
    channels = _largest((p.channel, p.units) for p in passages)
    joined: dict[Key, Decimal] = defaultdict(Decimal)
    for one in passages:
        site = f"site:{one.site if one.site in sites else '…'}"
        channel = f"channel:{one.channel if one.channel in channels else '…'}"
        for source, target in (("lot", site), (site, channel), (channel, f"market:{one.market}")):
            joined[(source, target, one.certainty)] += one.units
    for site, units in held.items():
        where = f"site:{site if site in sites else '…'}"
        joined[("lot", where, "held")] += units
        joined[(where, f"held:{site}", "held")] += units
    return [drawn.Flow(*key[:2], units, key[2]) for key, units in joined.items()]


def _largest(pairs) -> set[str]:  # type: ignore[no-untyped-def]
    totals: dict[str, Decimal] = defaultdict(Decimal)
    for key, units in pairs:
        totals[key] += units
    ordered = sorted(totals, key=lambda key: -totals[key])
    return set(ordered if len(ordered) <= MOST_PLACES + 1 else ordered[:MOST_PLACES])


def _places(bands: list[drawn.Flow], criteria: Criteria) -> list[drawn.Place]:
    layers = {"lot": 0, "site": 1, "channel": 2, "held": 2, "market": 3}
    units: dict[str, Decimal] = defaultdict(Decimal)
    for band in bands:
        units[band.target] += Decimal(str(band.units))
    units["lot"] = max(units.values(), default=Decimal(0))
    ordered = sorted(units, key=lambda key: (key.startswith("held:"), -units[key]))
    return [
        drawn.Place(
            key,
            layers[key.split(":")[0]],
            _label(key, criteria),
            held=key.startswith("held:"),
        )
        for key in ordered
    ]


def _label(key: str, criteria: Criteria) -> str:
    kind, _colon, name = key.partition(":")
    if kind == "lot":
        if criteria.lots:
            return _("Lot %(lot)s") % {"lot": ", ".join(criteria.lots[:3])}
        return ", ".join(criteria.products[:3]) or _("In scope")
    if name == "…":
        return _("All others")
    if kind == "held":
        return _("Held, %(site)s") % {"site": name or _("site not recorded")}
    if kind == "market":
        return country(name) if name else _("Country not recorded")
    missing = _("Site not recorded") if kind == "site" else _("Channel not recorded")
    return name or missing


def country(code: str) -> str:
    """The name of a country in the reader's language."""
    from babel import Locale  # noqa: PLC0415  babel's data is heavy and few pages need it

    names = Locale.parse((get_language() or "en").replace("-", "_")).territories
    return str(names.get(code.upper(), code))
