"""One language of the linter, from its data file: banned words, outcomes, elements."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from holdfast.kit.refusals import NotFound
from holdfast.kit.wording.folding import fold_pattern

FOLDER = Path(__file__).parent / "languages"


@dataclass(frozen=True, slots=True)
class BannedRule:
    """Words that make a danger sound smaller, and the harmless uses of the same words."""

    id: str
    group: str
    pattern: re.Pattern[str]
    harmless: re.Pattern[str] | None
    suggestion: str
    hits: tuple[str, ...]
    passes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tongue:
    """Everything the linter knows of one language."""

    language: str
    name: str
    direction: str
    latin: bool
    reviewer: str
    status: str
    heading: str
    heading_pattern: re.Pattern[str]
    heading_confidence: str
    abbreviations: frozenset[str]
    ordinal_dot: bool
    month_first: bool
    reading_measure: str
    reading_target: float
    reading_ceiling: float
    banned: tuple[BannedRule, ...]
    mechanism: re.Pattern[str]
    mechanism_examples: tuple[tuple[str, ...], tuple[str, ...]]
    outcome: re.Pattern[str]
    not_outcome: re.Pattern[str]
    outcome_suggestion: str
    elements: dict[str, re.Pattern[str]]


def languages() -> tuple[str, ...]:
    """The languages the linter can read."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


def _compile(patterns: list[str] | str, *, latin: bool, prefix: str = "") -> re.Pattern[str]:
    joined = patterns if isinstance(patterns, str) else "|".join(patterns)
    return re.compile(rf"(?<!\w){prefix}(?:{fold_pattern(joined, latin=latin)})(?!\w)")


_NEVER = re.compile(r"(?!)")


def _banned(entry: dict[str, Any], *, latin: bool, prefix: str) -> BannedRule:
    harmless = entry.get("harmless", [])
    return BannedRule(
        id=entry["id"],
        group=entry["group"],
        pattern=_compile(entry["pattern"], latin=latin, prefix=prefix),
        harmless=_compile(harmless, latin=latin, prefix=prefix) if harmless else None,
        suggestion=entry["suggestion"],
        hits=tuple(entry["hits"]),
        passes=tuple(entry["passes"]),
    )


@cache
def tongue(language: str) -> Tongue:
    """The language's data, compiled once; refuses a language that has no file."""
    code = language.replace("_", "-").split("-")[0].lower()
    path = FOLDER / f"{code}.toml"
    if not code.isalpha() or not path.is_file():
        raise NotFound(
            "unknown_language",
            f"There are no wording rules for the language “{language[:20]}”.",
            hint=f"Choose one of: {', '.join(languages())}.",
        )
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    latin = data["latin"]
    prefix = fold_pattern(data.get("prefix", ""), latin=latin)
    mechanism, outcome = data["mechanism"], data["outcome"]
    return Tongue(
        language=data["language"],
        name=data["name"],
        direction=data["direction"],
        latin=latin,
        reviewer=data["reviewer"],
        status=data["status"],
        heading=data["heading"],
        heading_pattern=_compile(data["heading_pattern"], latin=latin),
        heading_confidence=data["heading_confidence"],
        abbreviations=frozenset(data["abbreviations"]),
        ordinal_dot=data.get("ordinal_dot", False),
        month_first=data["month_first"],
        reading_measure=data["reading"]["measure"],
        reading_target=float(data["reading"]["target"]),
        reading_ceiling=float(data["reading"]["ceiling"]),
        banned=tuple(_banned(entry, latin=latin, prefix=prefix) for entry in data["banned"]),
        mechanism=_compile(mechanism["pattern"], latin=latin),
        mechanism_examples=(tuple(mechanism["hits"]), tuple(mechanism["passes"])),
        outcome=_compile(outcome["pattern"], latin=latin),
        not_outcome=_compile(outcome["not"], latin=latin) if outcome.get("not") else _NEVER,
        outcome_suggestion=outcome["suggestion"],
        elements={
            name: _compile(patterns, latin=latin) for name, patterns in data["elements"].items()
        },
    )
