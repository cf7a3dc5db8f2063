"""O14: the unit ledger of one recall: balance per level, every state, counting and moving."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from holdfast.decision.recalls.models import Recall
from holdfast.doors.desk.pages import now, page, recall_named, said
from holdfast.doors.desk.policy import policy
from holdfast.doors.desk.sheets import csv_answer
from holdfast.ground.look import figures
from holdfast.ground.look.charts import balance as drawn
from holdfast.ground.look.charts.svg import Figure
from holdfast.ground.look.templatetags.look import count
from holdfast.insight.measures.counting import balances_from
from holdfast.insight.measures.figures import figures_of
from holdfast.kit.refusals import Refusal, Unreadable
from holdfast.response.units.actions import count_stock, move_units
from holdfast.response.units.lifecycle import EVIDENCE_WORDS, MOVES, STATES, Evidence, states_of
from holdfast.response.units.models import UnitGroup
from holdfast.supply.orders.queries import lines_of_order
from holdfast.supply.parties.models import Consignee

MOST = 60
FIRMS = ("manufacturer", "distributor", "retailer")
SAFE = {"held", "laboratory", "claim_open", "in_transit"}
DANGER = {"still_in_use", "on_sale", "refused"}
LEVEL_WORDS = {
    "manufacturer": "Warehouses",
    "distributor": "Distributors",
    "retailer": "Retail partners",
    "consumer": "Consumers",
}


@policy("recall.view")
def units(request: HttpRequest, ref: str) -> HttpResponse:
    """The ledger; a POST counts a rack or records what became of units."""
    recall = recall_named(ref)
    refusal = None
    if request.method == "POST":
        try:
            words = _write(request, recall)
        except Refusal as refused:
            refusal = refused
        else:
            said(request, words)
            back = reverse("recall_units", args=[recall.ref])
            order = request.POST.get("order", "")
            return redirect(f"{back}?order={order}" if order else back)
    ledger = figures_of(recall, now=now()).figures["ledger"]
    found = balances_from(ledger)
    levels = [b.level.name for b in found]
    context = {
        "figure": _figure(recall, found) if found else None,
        "levels": [(name, _(LEVEL_WORDS[name])) for name in levels],
        "rows": [_row(row, levels) for row in ledger["rows"]],
        "sums": [(b.held, b.in_scope.count) for b in found],
        "total": sum((Decimal(b.held) for b in found), Decimal(0)),
        "gaps": [b for b in found if not b.balances],
        "sentences": [_sentence(b) for b in found],
        "unknown": sum((Decimal(b.unknown) for b in found), Decimal(0)),
        "places": _stock_places(recall),
        "groups": _groups(recall, request.GET.get("order", "").strip()),
        "order": request.GET.get("order", "").strip(),
        "evidence": [(e.value, _(w)) for e, w in EVIDENCE_WORDS.items() if e != Evidence.SCOPE],
        "typed": request.POST if refusal else {},
    }
    return page(request, "desk/units.html", context, recall=recall, tab="units", refusal=refusal)


@policy("recall.view")
def units_csv(request: HttpRequest, ref: str) -> HttpResponse:
    """The ledger as a table: level, state, standing, units."""
    recall = recall_named(ref)
    rows = [
        (level, row["state"], row["label"], row["standing"], units)
        for row in figures_of(recall, now=now()).figures["ledger"]["rows"]
        for level, units in by_level(row["levels"])
    ]
    head = ("level", "state", "label", "standing", "units")
    return csv_answer(f"{recall.ref}-units.csv", head, rows)


def _write(request: HttpRequest, recall: Recall) -> str:
    given = request.POST
    by, at = request.actor, now()  # type: ignore[attr-defined]
    quantity = _quantity(given.get("quantity", ""))
    if given.get("step") == "count":
        gap = count_stock(
            recall=recall, place=given.get("place", ""), counted=quantity, by=by, now=at
        )
        if gap == 0:
            return _("Counted. The ledger says the same.")
        return _("Counted. The gap is %(gap)s units and stays visible until it has a state.") % {
            "gap": figures.signed(gap)
        }
    group = UnitGroup.objects.filter(recall=recall, pk=given.get("group") or 0).first()
    if group is None:
        raise Unreadable(
            "no_group", _("These units have moved meanwhile."), hint=_("Look at the ledger again.")
        )
    move_units(
        recall=recall,
        level=group.level,
        place=group.place,
        lot=group.lot,
        source=group.state,
        target=given.get("target", ""),
        quantity=quantity,
        kind=given.get("kind", ""),
        evidence=_proof(given.get("proof", "")),
        by=by,
        now=at,
    )
    return _("%(n)s units recorded.") % {"n": count(quantity)}


def _quantity(text: str) -> Decimal:
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or number < 0:
        raise Unreadable(
            "bad_number",
            _("“%(text)s” is no number of units.") % {"text": text[:40]},
            hint=_("Write a number such as 12."),
        )
    return number


def _proof(text: str) -> str:
    words = text.strip()
    if not words:
        raise Unreadable(
            "no_proof",
            _("A state moves only on its own evidence."),
            hint=_("Name the certificate, scan, receipt or statement."),
        )
    return words


def _figure(recall: Recall, found: list[Any]) -> Figure:
    levels = []
    for one in found:
        known = states_of(one.level.name)
        parts = tuple(
            drawn.Part(_(known[state].label), units, _kind(known[state]))
            for state, units in one.by_state.items()
        )
        gap = (drawn.Part(_("without a state"), one.gap, "unknown"),) if one.gap > 0 else ()
        levels.append(drawn.Level(_(LEVEL_WORDS[one.level.name]), parts + gap))
    words = drawn.Words(
        _("Mass balance by level"), _("units"), _("unknown"), _("Level"), _("State")
    )
    url = reverse("recall_units_csv", args=[recall.ref])
    return drawn.balance("ba", levels, say=count, words=words, csv_url=url)


def _kind(state: Any) -> str:
    if state.name in DANGER:
        return "danger"
    if state.name in SAFE:
        return "safe"
    return {"corrected": "final", "unknown": "unknown"}.get(state.standing.value, "held")


def _row(row: dict[str, Any], levels: list[str]) -> dict[str, Any]:
    return {
        "label": _(row["label"]),
        "danger": row["state"] in DANGER,
        "cells": [_cell(row["levels"].get(level)) for level in levels],
        "evidence": _evidence(row["evidence"]),
    }


def _evidence(told: list[str]) -> str:
    """“statement × 3” of several levels as one sum per kind, in the reader's language."""
    sums: dict[str, int] = {}
    for one in told:
        kind, _times, n = one.partition(" × ")
        sums[kind] = sums.get(kind, 0) + int(n or 0)
    return ", ".join(
        f"{_(EVIDENCE_WORDS[Evidence(kind)])} × {count(n)}" for kind, n in sums.items()
    )


def _sentence(one: Any) -> str:
    given = {"level": _(LEVEL_WORDS[one.level.name]), "n": count(one.in_scope.count)}
    if one.balances:
        return _("%(level)s: %(n)s in scope, every one in one state.") % given
    if one.gap > 0:
        return _("%(level)s: %(gap)s of %(n)s have no state.") % {**given, "gap": count(one.gap)}
    return _("%(level)s: the ledger holds %(gap)s more than the %(n)s in scope.") % {
        **given,
        "gap": count(-one.gap),
    }


def by_level(found: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """What is stored per level, in the order of the chain; JSON keeps none on PostgreSQL."""
    return [(level, found[level]) for level in LEVEL_WORDS if level in found]


def _cell(units: str | None) -> Decimal | None:
    return None if units is None else Decimal(units)


def _place(place: str, firms: dict[str, str]) -> str:
    kind, _colon, code = place.partition(":")
    return (firms.get(code) or code) if kind == "consignee" else code or place


def _stock_places(recall: Recall) -> list[str]:
    rows = UnitGroup.objects.filter(
        recall=recall, level="manufacturer", state__in=("held", "on_sale"), quantity__gt=0
    )
    return sorted(set(rows.values_list("place", flat=True)[:500]))


def _groups(recall: Recall, order: str) -> list[dict[str, Any]]:
    """Groups a person can move here: stock and firms, or the units of one order."""
    rows = (
        UnitGroup.objects.filter(quantity__gt=0)
        .select_related("line")
        .exclude(state="out_of_scope")
    )
    if order:
        # By line alone: with the recall beside it the database would walk all its groups.
        lines = list(lines_of_order(order).values_list("pk", flat=True)[:MOST])
        found = [g for g in rows.filter(line_id__in=lines[:MOST]) if g.recall_id == recall.pk]
    else:
        found = list(rows.filter(recall=recall, level__in=FIRMS)[:MOST])
    shown = sorted(found, key=lambda group: (group.level, group.place, group.state))
    codes = [group.place.removeprefix("consignee:") for group in shown]
    firms = dict(Consignee.objects.filter(code__in=codes).values_list("code", "name"))
    return [
        {
            "group": group,
            "place": group.line.order_number if group.line else _place(group.place, firms),
            "level": _(LEVEL_WORDS[group.level]),
            "state": _(states_of(group.level)[group.state].label),
            "targets": [
                (name, _(states_of(group.level)[name].label))
                for name in MOVES[group.level].get(group.state, ())
            ],
        }
        for group in shown
        if group.level in STATES
    ]
