"""O15: is it working: correction per level against the reference lines, the funnel, the waves."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from babel.numbers import format_currency
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from holdfast.decision.recalls.models import Recall
from holdfast.doors.desk.charts import funnel_of
from holdfast.doors.desk.pages import now, page, recall_named
from holdfast.doors.desk.policy import policy
from holdfast.doors.desk.sheets import csv_answer
from holdfast.doors.desk.units import LEVEL_WORDS, by_level
from holdfast.ground.look.charts import curve as drawn
from holdfast.ground.look.charts.svg import Figure
from holdfast.ground.look.figures import percent
from holdfast.ground.outbox.models import Wave
from holdfast.insight.measures.counting import FUNNEL, rates_from
from holdfast.insight.measures.figures import figures_of

HORIZON = 90
CHANNELS = {"email": gettext_lazy("E-mail"), "letter": gettext_lazy("Letter")}
PAYOUTS = {
    "due": gettext_lazy("To be paid"),
    "exported": gettext_lazy("Handed to the bank"),
    "paid": gettext_lazy("Paid"),
}


@policy("recall.view")
def results(request: HttpRequest, ref: str) -> HttpResponse:
    """Curve, funnel, rates with their intervals, waves, money owed and paid."""
    recall = recall_named(ref)
    at = now()
    figures = figures_of(recall, now=at).figures
    rates = [_rate(rate) for rate in rates_from(figures["ledger"])]
    context = {
        "curve": _curve(recall, figures["curve"]) if rates else None,
        "funnel": funnel_of(recall, figures, "fr") if figures.get("funnel") else None,
        "rates": rates,
        "consumer": next((rate for rate in rates if rate["name"] == "consumer"), None),
        "waves": [
            {**wave, "words": CHANNELS.get(wave["channel"], wave["channel"])}
            for wave in figures["waves"]
        ],
        "claims": figures["claims"],
        "money": _money(figures["claims"].get("payouts") or {}),
        "unreachable": (figures.get("people") or 0) - (figures.get("reachable") or 0),
    }
    return page(request, "desk/results.html", context, recall=recall, tab="results")


@policy("recall.view")
def funnel_csv(request: HttpRequest, ref: str) -> HttpResponse:
    """The funnel's numbers."""
    recall = recall_named(ref)
    funnel = figures_of(recall, now=now()).figures.get("funnel") or {}
    rows = [(step, funnel[step]) for step in FUNNEL if step in funnel]
    return csv_answer(f"{recall.ref}-funnel.csv", ("step", "units"), rows)


@policy("recall.view")
def curve_csv(request: HttpRequest, ref: str) -> HttpResponse:
    """Every point of every level."""
    recall = recall_named(ref)
    rows = [
        (level, f"{day:g}", f"{share:.6f}")
        for level, points in by_level(figures_of(recall, now=now()).figures["curve"])
        for day, share in points
    ]
    return csv_answer(f"{recall.ref}-correction.csv", ("level", "day", "share"), rows)


def _money(payouts: dict[str, dict[str, str]]) -> list[tuple[str, str]]:
    language = (get_language() or "en").replace("-", "_")
    return [
        (str(PAYOUTS.get(state, state)), format_currency(Decimal(total), currency, locale=language))
        for currency, states in payouts.items()
        for state, total in states.items()
    ]


def _rate(rate: Any) -> dict[str, Any]:
    band = rate.interval()
    return {
        "name": rate.level.name,
        "words": _(LEVEL_WORDS[rate.level.name]),
        "done": Decimal(rate.corrected.count),
        "units": Decimal(rate.of.count),
        "share": percent(rate.corrected.count, rate.of.count),
        "low": f"{band.low * 100:.0f}" if band else "",
        "high": f"{band.high * 100:.0f}" if band else "",
        "denominator": rate.denominator,
    }


def _curve(recall: Recall, curve: dict[str, list[tuple[float, float]]]) -> Figure:
    levels = [
        drawn.Level(
            _(LEVEL_WORDS[name]),
            tuple((day, share) for day, share in points),
            strong=name == "consumer",
        )
        for name, points in by_level(curve)
    ]
    begin = recall.told_at or recall.opened_at
    launched = Wave.objects.filter(recall=recall.ref, launched_at__isnull=False)
    waves = [
        drawn.Wave(wave.number, max((wave.launched_at - begin).total_seconds() / 86_400, 0))
        for wave in launched.order_by("number")
        if wave.launched_at is not None
    ]
    words = drawn.Words(
        _("Correction curve"),
        _("Day"),
        _("launch"),
        _("own target"),
        _("Per cent of units corrected since launch, one line per level."),
    )
    references = (
        drawn.Reference(0.06, _("6 % · US CPSC closed cases FY2013–16, press release only")),
        drawn.Reference(
            0.50, _("50 % · US CPSC closed cases FY2013–16, at least 95 % contacted directly")
        ),
    )
    return drawn.curve(
        "cu",
        levels,
        horizon=HORIZON,
        waves=waves,
        references=references,
        words=words,
        csv_url=reverse("recall_curve_csv", args=[recall.ref]),
    )
