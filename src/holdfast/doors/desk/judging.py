"""The risk on O6: scenarios read from the form and shown, with what would change the level."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from holdfast.decision.recalls.models import HazardEvaluation
from holdfast.doors.desk.words import LEVELS_OF_RISK
from holdfast.kit.risk import eu_rapex, uk_prism
from holdfast.kit.risk.methods import for_markets, methods
from holdfast.kit.risk.presumption import QUESTIONS
from holdfast.kit.risk.probability import parse_probability
from holdfast.kit.risk.scenario import CONSUMER_TYPES, MOST, Scenario, scenario_from

FORMS = 3
CONSUMERS = {
    "very_vulnerable": gettext_lazy("Very vulnerable: very young or very ill"),
    "vulnerable": gettext_lazy("Vulnerable: children, older or impaired people"),
    "other": gettext_lazy("Everybody else"),
}
PARTS = ("hazard", "user", "use", "consumer")


def read_scenarios(given: Any) -> list[Scenario]:
    """What was filled in; the first scenario may also be judged in one go, without steps."""
    found = []
    for number in range(1, FORMS + 1):
        told = _typed(given, number)
        if told["steps"]:
            # The steps count; what stands in the field for the whole is their old product.
            found.append(scenario_from({**told, "probability": ""}))
        elif number > 1:
            if told["words"] or told["severity"]:
                found.append(scenario_from(told))
        elif told["probability"] or (told["severity"] and not given.getlist("presume")):
            parse_probability(told["probability"])
            found.append(scenario_from(told))
    return found


def _typed(given: Any, number: int) -> dict[str, Any]:
    def field(name: str) -> str:
        # PostgreSQL keeps no NUL, neither in a text nor in JSON.
        return str(given.get(f"s{number}_{name}", "")).replace("\x00", "").strip()

    steps = [
        {"probability": field(f"p{at}"), "words": field(f"w{at}"), "basis": field(f"b{at}")}
        for at in range(1, MOST + 1)
    ]
    first = number == 1
    return {
        "words": str(given.get("scenario", "")).strip() if first else field("words"),
        "severity": str(given.get("severity", "")).strip() if first else field("severity"),
        "probability": str(given.get("probability", "")).strip() if first else "",
        **{name: field(name) for name in PARTS},
        "steps": [step for step in steps if step["probability"] or step["words"]],
    }


def forms_of(risk: HazardEvaluation | None, typed: Any) -> list[dict[str, Any]]:
    """What stands in the three scenario forms: what was typed, else the last assessment."""
    if typed is not None:
        told = [_typed(typed, number) for number in range(1, FORMS + 1)]
    else:
        stored: list[dict[str, Any]] = list(risk.result.get("scenarios", [])) if risk else []
        if risk and not stored and risk.severity:
            stored = [{"words": risk.scenario, "severity": risk.severity, "steps": []}]
            stored[0]["probability"] = risk.probability
        # The one that decides comes first: it is the one whose cell is marked.
        told = sorted(stored, key=lambda one: not one.get("decides"))[:FORMS]
    told += [{} for _ in range(FORMS - len(told))]
    return [_form(number, one) for number, one in enumerate(told, start=1)]


def _form(number: int, told: Mapping[str, Any]) -> dict[str, Any]:
    steps = list(told.get("steps") or [])
    rows = [*steps, *({} for _ in range(MOST - len(steps)))]
    return {
        "number": number,
        "words": told.get("words", ""),
        "severity": str(told.get("severity") or ""),
        "probability": told.get("probability", ""),
        **{name: told.get(name, "") for name in PARTS},
        "consumers": [
            (key, CONSUMERS[key], key == (told.get("consumer") or "other"))
            for key in CONSUMER_TYPES
        ],
        "rows": [{"at": at, **row} for at, row in enumerate(rows, start=1)],
        "has_steps": bool(steps),
        "is_filled": bool(told.get("words") or told.get("severity")),
    }


def judged(risk: HazardEvaluation | None) -> dict[str, Any]:
    """The assessment as the page tells it: grounds, scenarios, what would change the level."""
    result: dict[str, Any] = risk.result if risk else {}
    changes = [_change(one) for one in result.get("changes", [])]
    return {
        "grounds": [_(one["because"]) for one in result.get("presumed", [])],
        "scenarios": [_scenario(one) for one in result.get("scenarios", [])],
        "changes": changes,
        "more": ngettext("and %(n)s more", "and %(n)s more", len(changes) - 1)
        % {"n": len(changes) - 1}
        if len(changes) > 1
        else "",
        "is_firm": "changes" in result and not changes and not result.get("presumed"),
        "confidence": result.get("confidence", ""),
    }


def _scenario(one: Mapping[str, Any]) -> dict[str, Any]:
    lacking = len(one.get("undocumented", []))
    return {
        **one,
        "risk_words": LEVELS_OF_RISK[one["risk"]],
        "consumer_words": CONSUMERS.get(one.get("consumer", "other"), ""),
        "lacking": ngettext(
            "%(n)s thing is missing in its documentation",
            "%(n)s things are missing in its documentation",
            lacking,
        )
        % {"n": lacking}
        if lacking
        else "",
    }


def _change(one: Mapping[str, Any]) -> str:
    """One band less likely in step 2 (1/40 instead of 1/4) would make it high."""
    slots = {
        "step": one["step"],
        "after": one["after"],
        "before": one["before"],
        "level": str(LEVELS_OF_RISK[one["level"]]).lower(),
    }
    if one["moved"] == "worse":
        text = _("A level more severe (%(after)s instead of %(before)s) would make it %(level)s.")
    elif one["moved"] == "milder":
        text = _("A level less severe (%(after)s instead of %(before)s) would make it %(level)s.")
    elif one["step"] and one["moved"] == "likelier":
        text = _(
            "One band likelier in step %(step)s (%(after)s instead of %(before)s) "
            "would make it %(level)s."
        )
    elif one["step"]:
        text = _(
            "One band less likely in step %(step)s (%(after)s instead of %(before)s) "
            "would make it %(level)s."
        )
    elif one["moved"] == "likelier":
        text = _("One band likelier (%(after)s instead of %(before)s) would make it %(level)s.")
    else:
        text = _("One band less likely (%(after)s instead of %(before)s) would make it %(level)s.")
    return text % slots


def presumption(risk: HazardEvaluation | None, typed: Any) -> list[dict[str, Any]]:
    """The grounds as questions, ticked as they were answered."""
    if typed is not None:
        ticked = set(typed.getlist("presume"))
    else:
        ticked = {one["ground"] for one in risk.result.get("presumed", [])} if risk else set()
    return [{"key": q.key, "asks": _(q.asks), "on": q.key in ticked} for q in QUESTIONS]


def grids(picked: str) -> list[dict[str, Any]]:
    """The grids to judge by; one whose cells are unknown is shown and cannot be picked."""
    return [
        {
            "name": one.name,
            "title": _(one.title),
            "basis": one.source.legal_basis,
            "status": one.source.status,
            "on": one.name == picked,
            "is_unknown": one.name == uk_prism.METHOD,
        }
        for one in methods().values()
        if one.kind == "grid"
    ]


def by_market(markets: tuple[str, ...]) -> list[dict[str, Any]]:
    """Which methods are in force where this was sold, markets with the same ones together."""
    together: dict[tuple[str, ...], list[str]] = {}
    for market, found in for_markets(markets).items():
        names = tuple(one.name for one in found if one.name != eu_rapex.METHOD)
        together.setdefault(names, []).append(market)
    return [
        {"markets": places, "methods": [_said(name) for name in names]}
        for names, places in sorted(together.items(), key=lambda pair: pair[1])
    ]


def _said(name: str) -> str:
    title = _(methods()[name].title)
    return (
        _("%(title)s (its cells are not known here)") % {"title": title}
        if (name == uk_prism.METHOD)
        else title
    )
