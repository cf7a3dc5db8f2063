"""What jumps the queue and why, and what was read besides the hazards."""

from __future__ import annotations

from typing import Any

from holdfast.decision.intake.rules.told import Told
from holdfast.kit.signals.goods import Goods
from holdfast.kit.signals.hazard_reading import Reading

URGENT, HAZARD, ORDINARY = 0, 1, 2
FIRE = frozenset({"fire", "explosion", "burn", "shock"})
HOSPITAL = 3  # from here on the words of harm are enough without a hazard beside them


def urgency(told: Told, reading: Reading, *, is_foreign: bool = False) -> tuple[int, str]:
    """`(0, why)` for injury and fire, 1 where a hazard is named, 2 for the rest.

    What the source says of harm decides before the words of the text do. What nobody can read by
    rules (`is_foreign`) may name a hazard, so it does not wait behind what names none.
    """
    if told.kind == "injury":
        return URGENT, "It was told as an injury."
    if told.harm:
        return URGENT, "The report says that somebody was hurt."
    if told.is_praise:
        return (HAZARD if reading.hazards else ORDINARY), ""
    if told.harm is None:
        level = reading.severity
        if level >= HOSPITAL or (level and reading.hazards):
            return URGENT, f"Somebody may have been hurt: “{reading.severity_words}”."
    for hazard in reading.hazards:
        if hazard in FIRE:
            return URGENT, f"It speaks of {hazard}: “{reading.words_for(hazard)[0]}”."
    if is_foreign:
        return HAZARD, "It is in a language that the rules do not read; a person has to."
    return (HAZARD if reading.hazards else ORDINARY), ""


def harm(told: Told, reading: Reading) -> int | None:
    """What the source says, else what the words say beside a hazard; None where nobody said."""
    if told.harm is not None:
        return told.harm
    if told.kind == "injury":
        return max(1, reading.severity)
    return (reading.severity or None) if reading.hazards else None


def particulars(reading: Reading | None, goods: Goods) -> dict[str, Any]:
    """What was read besides hazards, each with the words that named it; empty where nothing was."""
    found: dict[str, Any] = {}
    if goods.kind:
        found["goods"] = {goods.kind: goods.words}
    if reading is None:
        return found
    is_harm = reading.hazards or reading.severity >= HOSPITAL  # “the lens came scratched” is none
    found |= {
        "parts": dict(zip(reading.parts, reading.part_words, strict=True)),
        "body_parts": dict(zip(reading.body_parts, reading.body_words, strict=True))
        if is_harm
        else {},
        "ages_in_months": list(reading.ages_in_months),
        "harm": reading.severity_words if is_harm else "",
    }
    return {name: value for name, value in found.items() if value}
