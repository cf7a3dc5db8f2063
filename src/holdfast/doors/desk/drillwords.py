"""The library of drills and what a drill finds, in the reader's language; stored as they were."""

from __future__ import annotations

import re
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from holdfast.learning.drills.rules import STAGES, Scenario

# Gaps and tasks with numbers in them, as the rules write them, and their sentence.
PATTERNS = (
    (r"DRILL: (?P<what>.+)", "DRILL: %(what)s"),
    (r"Gap: (?P<what>.+)", "Gap: %(what)s"),
    (r"(?P<stage>.+): not reached\.", "%(stage)s: not reached."),
    (
        r"(?P<stage>.+): (?P<a>\d+) s, the goal is (?P<b>\d+) s\.",
        "%(stage)s: %(a)s s, the goal is %(b)s s.",
    ),
    (r"(?P<a>\d+) of (?P<b>\d+) units have no state\.", "%(a)s of %(b)s units have no state."),
    (
        r"(?P<a>\d+) of (?P<b>\d+) people have no working channel\.",
        "%(a)s of %(b)s people have no working channel.",
    ),
    (r"(?P<a>\d+) orders name no buyer\.", "%(a)s orders name no buyer."),
    (r"No approved text in: (?P<codes>.+)\.", "No approved text in: %(codes)s."),
    (
        r"(?P<a>\d+) places to stop are still open\.",
        "%(a)s places to stop are still open.",
    ),
)
LABELS = {label for label, _goal in STAGES.values()}


def scenario_words(scenario: Scenario) -> dict[str, Any]:
    """A scenario as a reader chooses it."""
    return {
        "name": scenario.name,
        "title": pgettext("drill", scenario.title),
        "mechanism": pgettext("drill", scenario.mechanism),
    }


def drill_words(text: str) -> str:
    """A gap, a task or something thrown in; what a person wrote is told as they wrote it."""
    for pattern, sentence in PATTERNS:
        found = re.fullmatch(pattern, text)
        if found and _fits(found.groupdict()):
            slots = {name: _slot(name, value) for name, value in found.groupdict().items()}
            return pgettext("drill", sentence) % slots
    return pgettext("drill", text) if text else ""


def _fits(slots: dict[str, str]) -> bool:
    return "stage" not in slots or slots["stage"] in LABELS


def _slot(name: str, value: str) -> str:
    if name == "stage":
        return _(value)
    return drill_words(value) if name == "what" else value
