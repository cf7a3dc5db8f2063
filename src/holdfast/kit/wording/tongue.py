"""One language of the linter, from its data file: banned words, outcomes, elements.

A file may hold a part only, and a language may have none: then the linter says what it did not
check. The parts are `PARTS`.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from babel import Locale
from babel.core import UnknownLocaleError

from holdfast.kit.refusals import NotFound
from holdfast.kit.wording.folding import fold_pattern

FOLDER = Path(__file__).parent / "languages"
PARTS = ("banned", "mechanism", "outcome", "elements", "reading", "heading")


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
    parts: frozenset[str]

    @property
    def is_complete(self) -> bool:
        """Whether every part is known."""
        return self.parts.issuperset(PARTS)


def languages() -> tuple[str, ...]:
    """The languages that have a file, whole or in part."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


def complete_languages() -> tuple[str, ...]:
    """The languages every check is made in."""
    return tuple(code for code in languages() if tongue(code).is_complete)


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


def language_code(language: str) -> str:
    """`de` of `de-AT`; refuses what is no language."""
    code = language.replace("_", "-").split("-")[0].lower()
    if code.isascii() and code.isalpha() and code not in ("", "root"):
        try:
            Locale.parse(code)
        except (UnknownLocaleError, ValueError):
            pass
        else:
            return code
    raise NotFound(
        "unknown_language",
        f"“{language[:20]}” is no language we know.",
        hint=f"Choose one of: {', '.join(languages())}. Any other language by its two letters: "
        "then the checks that need its words are not made, and the answer says so.",
    )


@cache
def tongue(language: str) -> Tongue:
    """The language's data, compiled once; of a language without a file, nothing but its name."""
    code = language_code(language)
    path = FOLDER / f"{code}.toml"
    data = (
        tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else _without_file(code)
    )
    latin = data["latin"]
    prefix = fold_pattern(data.get("prefix", ""), latin=latin)
    mechanism, outcome = data.get("mechanism", {}), data.get("outcome", {})
    reading = data.get("reading", {})
    return Tongue(
        language=data["language"],
        name=data["name"],
        direction=data["direction"],
        latin=latin,
        reviewer=data["reviewer"],
        status=data["status"],
        heading=data.get("heading", ""),
        heading_pattern=_pattern(data.get("heading_pattern"), latin=latin),
        heading_confidence=data.get("heading_confidence", "unknown"),
        abbreviations=frozenset(data.get("abbreviations", ())),
        ordinal_dot=data.get("ordinal_dot", False),
        month_first=data.get("month_first", False),
        reading_measure=reading.get("measure", ""),
        reading_target=float(reading.get("target", 0)),
        reading_ceiling=float(reading.get("ceiling", 0)),
        banned=tuple(
            _banned(entry, latin=latin, prefix=prefix) for entry in data.get("banned", ())
        ),
        mechanism=_pattern(mechanism.get("pattern"), latin=latin),
        mechanism_examples=(tuple(mechanism.get("hits", ())), tuple(mechanism.get("passes", ()))),
        outcome=_pattern(outcome.get("pattern"), latin=latin),
        not_outcome=_pattern(outcome.get("not"), latin=latin),
        outcome_suggestion=outcome.get("suggestion", "Say what can happen to a person."),
        elements={
            name: _compile(patterns, latin=latin)
            for name, patterns in data.get("elements", {}).items()
        },
        parts=frozenset(part for part in PARTS if data.get(part)),
    )


def _pattern(given: list[str] | str | None, *, latin: bool) -> re.Pattern[str]:
    return _compile(given, latin=latin) if given else _NEVER


def _without_file(code: str) -> dict[str, Any]:
    locale = Locale.parse(code)
    return {
        "language": code,
        "name": locale.get_display_name(code) or code,
        "direction": locale.text_direction,
        "latin": False,
        "reviewer": "",
        "status": "no word list",
    }
