"""A rush in words: how many people told of one product at once, and what helps to judge it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from holdfast.decision.intake.queries import RushSeen
from holdfast.doors.desk.hazardwords import hazard_title
from holdfast.ground.look.templatetags.look import count, day
from holdfast.kit.signals.rush import Rush

MOST_HAZARDS = 5


def rush_row(one: RushSeen) -> dict[str, Any]:
    """For a list: its sentence, and the words that find its reports."""
    return {"words": _words(one.rush, one.name), "find": one.code or one.about.maker}


def rush_words(rush: dict[str, Any], product: str) -> str:
    """How many people, when, and what would be usual."""
    begins, ends = (date.fromisoformat(rush[name]) for name in ("begins", "ends"))
    told = Rush(begins, ends, rush["reports"], rush["voices"], float(rush["usual"]))
    return _words(told, product)


def _words(rush: Rush, product: str) -> str:
    sentence = (
        _("%(voices)s people told of %(product)s on %(begins)s; usual would be %(usual)s.")
        if rush.begins == rush.ends
        else _(
            "%(voices)s people told of %(product)s from %(begins)s to %(ends)s; usual would be "
            "%(usual)s."
        )
    )
    return sentence % {
        "voices": count(rush.voices),
        "product": product,
        "begins": day(rush.begins),
        "ends": day(rush.ends),
        "usual": count(round(rush.usual)),
    }


def rush_facts(rush: dict[str, Any]) -> list[str]:
    """What helps to tell an accident of many from a call to complain."""
    facts = [
        _(
            "%(n)s of %(of)s reports come from customers, or name an order or serial number "
            "known here."
        )
        % {"n": count(rush["bought"]), "of": count(rush["reports"])}
    ]
    if rush["few_stars"]:
        facts.append(_("%(n)s are reviews of one or two stars.") % {"n": count(rush["few_stars"])})
    if rush["without_hazard"]:
        facts.append(_("%(n)s name no hazard.") % {"n": count(rush["without_hazard"])})
    named = [
        f"{hazard_title(hazard)} {count(number)}"
        for hazard, number in list(rush["hazards"].items())[:MOST_HAZARDS]
    ]
    if named:
        facts.append(_("Hazards named: %(hazards)s.") % {"hazards": " · ".join(named)})
    return facts
