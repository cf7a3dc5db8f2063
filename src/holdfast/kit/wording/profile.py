"""What one regime demands of a notice: elements, banned words, headings; each with its source."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from holdfast.kit.refusals import NotFound

FOLDER = Path(__file__).parent / "profiles"
# A file of its own for a regime whose wording rules are known in part at least; the others, with
# what is known of them, stand together in one; the house's rules fill what no law is known for.
_TOGETHER, _HOUSE = "unknown", "house"
MONTHS_FRESH = 12


@dataclass(frozen=True, slots=True)
class RequiredElement:
    """One element a notice must have; `check` names how the linter looks for it."""

    id: str
    label: str
    check: str
    severity: str
    law: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Unchecked:
    """Something the regime asks, or may ask, that no text alone can show the linter."""

    id: str
    what: str
    why: str
    law: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A citation with how sure we are of it."""

    citation: str
    confidence: str
    read_in: tuple[str, ...] = ()  # languages the words were read in; empty: no words of a law

    def in_language(self, language: str) -> Rule:
        """The rule for words of a language: less sure where they are our own rendering."""
        if not self.read_in or language in self.read_in or self.confidence != "verified":
            return self
        cited = f"{self.citation}; the word is our rendering of it, the law was not read in it"
        return Rule(cited, "recalled", self.read_in)


@dataclass(frozen=True, slots=True)
class Heading:
    """The regime's exact heading in one language, or None where we have not read it."""

    language: str
    text: str | None
    confidence: str
    source: str


@dataclass(frozen=True, slots=True)
class Profile:
    """A regime as the linter sees it; `wording` is known, partly or unknown."""

    id: str
    also: tuple[str, ...]
    name: str
    jurisdiction: str
    countries: tuple[str, ...]  # where it is the regime of consumer goods in general
    authority: str
    wording: str
    law: str
    confidence: str
    as_of: date
    reviewer: str
    sources: tuple[str, ...]
    minimum_remedies: int
    severities: Mapping[str, str]
    banned: Mapping[str, Rule]  # by group of words; "*" for the rest
    allowed: frozenset[str]  # groups of words this regime does not mind, or even asks for
    own_rule: str
    elements: tuple[RequiredElement, ...]
    unchecked: tuple[Unchecked, ...]
    languages: tuple[str, ...] = ()
    languages_confidence: str = "unknown"
    headings: Mapping[str, Heading] = field(default_factory=dict)

    def rule_for(self, group: str) -> Rule:
        """What the words of a group are banned by."""
        return self.banned.get(group) or self.banned["*"]

    def is_old(self, today: date) -> bool:
        """Whether it was last read against its sources more than twelve months before `today`."""
        month = self.as_of.month - 1 + MONTHS_FRESH
        year, month = self.as_of.year + month // 12, month % 12 + 1
        return (today.year, today.month, today.day) > (year, month, self.as_of.day)

    def banner(self, today: date) -> str:
        """A sentence to show above everything where the profile is old; else empty."""
        if not self.is_old(today):
            return ""
        return (
            f"The wording rules of {self.id} were last read against their sources on "
            f"{self.as_of.isoformat()}, more than {MONTHS_FRESH} months ago. "
            "Have them confirmed before you rely on them."
        )


def regimes() -> tuple[str, ...]:
    """The regimes the linter can be asked for, by the ids the law is kept under."""
    return tuple(sorted(_tables()))


def profile(regime: str) -> Profile:
    """The regime's profile; refuses an id that is none."""
    found = _tables().get(_others().get(regime, regime))
    if found is None:
        raise NotFound(
            "unknown_regime",
            f"There is no regime “{regime[:40]}”.",
            hint=f"Choose one of: {', '.join(regimes())}.",
        )
    return _profile(found["id"])


def regime_id(regime: str) -> str:
    """The id a regime is kept under, also for one it was known by before; refuses any other."""
    return profile(regime).id


def general_regime(country: str) -> str:
    """The regime of consumer goods in general in a country (two letters); empty if none is."""
    return _of_country().get(country.upper(), "")


@cache
def _of_country() -> dict[str, str]:
    return {land: id_ for id_, data in _tables().items() for land in data.get("countries", ())}


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def _tables() -> dict[str, dict[str, Any]]:
    """Every regime's data by its id."""
    together = _read(_TOGETHER)
    shared = {key: value for key, value in together.items() if key != "regimes"}
    found = {entry["id"]: shared | entry for entry in together["regimes"]}
    for path in FOLDER.glob("*.toml"):
        if path.stem not in (_TOGETHER, _HOUSE):
            found[path.stem] = _read(path.stem)
    return found


@cache
def _others() -> dict[str, str]:
    return {name: id_ for id_, data in _tables().items() for name in data.get("also", ())}


@cache
def _profile(regime: str) -> Profile:
    data, house = _tables()[regime], _read(_HOUSE)
    law, confidence = data["law"], data["confidence"]
    elements = [_element(one, law, confidence) for one in data.get("elements", ())]
    if data["wording"] != "known":
        checks = {one.check for one in elements}
        elements += [
            _element(one, house["law"], house["confidence"])
            for one in house["elements"]
            if not checks.intersection((one["check"], *one.get("unless", ())))
        ]
    banned = {"*": Rule(house["banned"]["citation"], house["banned"]["confidence"])}
    for entry in data.get("banned", ()):
        rule = Rule(entry["citation"], entry["confidence"], tuple(entry.get("read_in", ())))
        banned |= dict.fromkeys(entry["groups"], rule)
    return Profile(
        id=data["id"],
        also=tuple(data.get("also", ())),
        name=data["name"],
        jurisdiction=data["jurisdiction"],
        countries=tuple(data.get("countries", ())),
        authority=data["authority"],
        wording=data["wording"],
        law=law,
        confidence=confidence,
        as_of=date.fromisoformat(data["as_of"]),
        reviewer=data.get("reviewer", ""),
        sources=tuple(data.get("sources", ())),
        minimum_remedies=data.get("minimum_remedies", 1),
        severities=house["severities"] | data.get("severities", {}),
        banned=banned,
        allowed=frozenset(data.get("allowed", ())),
        own_rule=house["banned"]["own_rule"],
        elements=tuple(elements),
        unchecked=tuple(_unchecked(one, law, confidence) for one in data.get("unchecked", ())),
        languages=tuple(data.get("languages", ())),
        languages_confidence=data.get("languages_confidence", "unknown"),
        headings=_headings(data.get("headings", {})),
    )


def _element(entry: dict[str, Any], law: str, confidence: str) -> RequiredElement:
    return RequiredElement(
        entry["id"],
        entry["label"],
        entry["check"],
        entry["severity"],
        entry.get("law", law),
        entry.get("confidence", confidence),
    )


def _unchecked(entry: dict[str, Any], law: str, confidence: str) -> Unchecked:
    return Unchecked(
        entry["id"],
        entry["what"],
        entry["why"],
        entry.get("law", law),
        entry.get("confidence", confidence),
    )


def _headings(data: dict[str, Any]) -> dict[str, Heading]:
    return {
        language: Heading(language, entry.get("text"), entry["confidence"], entry.get("source", ""))
        for language, entry in data.items()
    }
