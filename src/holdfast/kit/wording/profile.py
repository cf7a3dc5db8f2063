"""What one regime demands of a notice: elements, severities, citations with confidence."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from holdfast.kit.refusals import NotFound

FOLDER = Path(__file__).parent / "profiles"


@dataclass(frozen=True, slots=True)
class RequiredElement:
    """One element a notice must have; `check` names how the linter looks for it."""

    id: str
    label: str
    check: str
    severity: str
    law: str


@dataclass(frozen=True, slots=True)
class Profile:
    """A regime as the linter sees it."""

    id: str
    name: str
    law: str
    confidence: str
    minimum_remedies: int
    severities: dict[str, str]
    banned_citation: str
    banned_confidence: str
    own_rule: str
    elements: tuple[RequiredElement, ...]


def regimes() -> tuple[str, ...]:
    """The regimes that have a wording profile."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


def _element(entry: dict[str, Any], law: str) -> RequiredElement:
    return RequiredElement(
        entry["id"], entry["label"], entry["check"], entry["severity"], entry.get("law", law)
    )


@cache
def profile(regime: str) -> Profile:
    """The regime's profile; refuses a name that has no file."""
    path = FOLDER / f"{regime}.toml"
    if not regime.isidentifier() or not path.is_file():
        raise NotFound(
            "unknown_regime",
            f"There is no wording profile “{regime[:30]}”.",
            hint=f"Choose one of: {', '.join(regimes())}.",
        )
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    return Profile(
        id=data["id"],
        name=data["name"],
        law=data["law"],
        confidence=data["confidence"],
        minimum_remedies=data["minimum_remedies"],
        severities=data["severities"],
        banned_citation=data["banned_source"]["citation"],
        banned_confidence=data["banned_source"]["confidence"],
        own_rule=data["banned_source"]["own_rule"],
        elements=tuple(_element(entry, data["law"]) for entry in data["elements"]),
    )
