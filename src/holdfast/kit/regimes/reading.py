"""The regimes of the law folder, read once: every file but the cases is a version of a regime."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from holdfast.kit.refusals import NotFound
from holdfast.kit.regimes.counting import RollOver
from holdfast.kit.regimes.law import (
    MATTERS,
    Authority,
    Bound,
    Counting,
    Deadline,
    Obligation,
    Regime,
    Source,
    Statement,
    Variant,
)
from holdfast.kit.regimes.yamltext import read_yaml

FOLDER = Path(__file__).parent / "law"
CASES = "cases.yaml"


@cache
def versions() -> tuple[Regime, ...]:
    """Every version of every regime, by id and the day it begins to apply."""
    found = [
        regime_of(read_yaml(path)) for path in sorted(FOLDER.glob("*/*.yaml")) if path.name != CASES
    ]
    return tuple(sorted(found, key=lambda one: (one.id, one.valid_from or date.min)))


def regimes(on: date) -> tuple[Regime, ...]:
    """The versions in force on a day."""
    return tuple(one for one in versions() if one.applies_on(on))


def regime(name: str, on: date | None = None) -> Regime:
    """The version of a regime in force on a day; without a day the newest one."""
    known = [one for one in versions() if one.id == name]
    if not known:
        raise NotFound(
            "unknown_regime",
            f"There is no regime “{name[:60]}”.",
            hint="Regimes: " + ", ".join(dict.fromkeys(one.id for one in versions())) + ".",
        )
    if on is None:
        return known[-1]
    for one in known:
        if one.applies_on(on):
            return one
    first = min((one.valid_from for one in known if one.valid_from), default=None)
    last = max((one.valid_to for one in known if one.valid_to), default=None)
    raise NotFound(
        "regime_not_in_force",
        f"{name} is not in force on {on.isoformat()}.",
        hint=f"It applies from {first or 'the beginning'} to {last or 'further notice'}.",
    )


def regime_of(data: dict[str, Any]) -> Regime:
    """One version from its YAML, as `schema.json` describes it."""
    authority = data["authority"]
    return Regime(
        id=data["id"],
        name=data["name"],
        jurisdiction=data["jurisdiction"],
        valid_from=_day(data["valid_from"]),
        valid_to=_day(data["valid_to"]),
        reference=tuple(data["reference"]),
        categories=tuple(data["categories"]),
        excludes=tuple(data.get("excludes", ())),
        authority=Authority(
            authority["name"],
            authority.get("zone", ""),
            authority.get("calendar", ""),
            authority.get("note", ""),
        ),
        counting=_counting(data.get("counting")),
        obligations=tuple(_obligation(one) for one in data["obligations"]),
        sources=tuple(Source(**one) for one in data["sources"]),
        confidence=data["confidence"],
        confidence_note=data.get("confidence_note", ""),
        also_in=tuple(data.get("also_in", ())),
        not_in=tuple(data.get("not_in", ())),
        scope_note=data.get("scope_note", ""),
        excludes_note=data.get("excludes_note", ""),
        statements={name: _statement(data[name]) for name in MATTERS if name in data},
        exemptions=tuple(data.get("exemptions", ())),
        notes=tuple(data.get("notes", ())),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _roll_over(data: dict[str, Any] | None) -> RollOver | None:
    if data is None:
        return None
    return RollOver(data.get("saturdays", True), data["confidence"] == "verified")


def _counting(data: dict[str, Any] | None) -> Counting:
    if data is None:
        return Counting()
    return Counting(
        text=data["text"],
        counts_first_day=data.get("first_day") == "counted",
        hours_skip_days_off=bool(_hours_skip(data, data["confidence"])),
        roll_over=_roll_over(data.get("roll_over")),
        citation=data.get("citation", ""),
        confidence=data["confidence"],
    )


def _hours_skip(data: dict[str, Any], confidence: str) -> bool | None:
    # Hours that stand still end later: only where the text was read.
    stated: bool | None = data.get("hours_skip_non_working_days")
    return stated if stated is None else stated and confidence == "verified"


def _deadline(data: dict[str, Any], confidence: str) -> Deadline:
    stricter = data.get("stricter", {})
    return Deadline(
        value=data["value"],
        unit=data["unit"],
        starts=tuple(data["from"]),
        is_before=data.get("before", False),
        counts_first_day=data["first_day"] == "counted" if "first_day" in data else None,
        hours_skip_days_off=_hours_skip(data, confidence),
        roll_over=_roll_over(data.get("roll_over")),
        words=data.get("words", ""),
        stricter_value=stricter.get("value"),
        stricter_unit=stricter.get("unit", ""),
        variants=tuple(Variant(**one) for one in data.get("variants", ())),
        at_latest=tuple(
            Bound(
                one.get("after", ""),
                one.get("from", ""),
                one.get("value", 0),
                one.get("unit", "calendar_days"),
                one.get("citation", ""),
            )
            for one in data.get("at_latest", ())
        ),
        note=data.get("note", ""),
    )


def _obligation(data: dict[str, Any]) -> Obligation:
    abroad = data.get("abroad")
    return Obligation(
        id=data["id"],
        name=data["name"],
        who=tuple(data["who"]),
        when=data["when"],
        deadline=_deadline(data["deadline"], data["confidence"]),
        file_at=data["file_at"],
        citation=data["citation"],
        confidence=data["confidence"],
        who_note=data.get("who_note", ""),
        categories=tuple(data.get("categories", ())),
        content=tuple(data.get("content", ())),
        abroad=tuple(abroad.get("from", ("decision", "initiation", "action_taken")))
        if abroad
        else (),
        abroad_text=abroad["text"] if abroad else "",
        confidence_note=data.get("confidence_note", ""),
    )


def _statement(data: dict[str, Any]) -> Statement:
    every = data.get("every", {})
    return Statement(
        text=data["text"],
        confidence=data["confidence"],
        content=tuple(data.get("content", ())),
        languages=tuple(data.get("languages", ())),
        every_value=every.get("value", 0),
        every_unit=every.get("unit", ""),
        every_times=every.get("times", 0),
        citation=data.get("citation", ""),
        confidence_note=data.get("confidence_note", ""),
    )
