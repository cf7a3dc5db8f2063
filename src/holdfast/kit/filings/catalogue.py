"""The catalogue of the fact base: every fact a form may ask for, its unit, and who states it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any

from holdfast.kit.measures.levels import BY_NAME
from holdfast.kit.refusals import Unreadable
from holdfast.kit.regimes.yamltext import read_yaml

KINDS = ("text", "number", "date", "money", "choice", "list", "table", "photo")
#: What may follow the @: DE, consumer, US/consumer, email, us_cpsc_consumer; empty is everywhere.
PLACE = re.compile(r"(?:[A-Z]{2})?(?:/?[a-z][a-z0-9_-]{1,39})?")
COMPARED = ("number", "money", "date", "list", "choice")


@dataclass(frozen=True, slots=True)
class FactKind:
    """One fact of the base.

    `by` names who states it: "person", or the source it is worked out from. `course` says how it
    may differ between two days (empty: in no way that could be compared). `at_most` is a fact whose
    number it may not exceed at the same place.
    """

    key: str
    name: str
    kind: str
    meaning: str
    by: str = "person"
    unit: str = ""
    course: str = ""
    per: tuple[str, ...] = ()
    at_most: str = ""
    choices: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    personal: bool = False

    @property
    def is_computed(self) -> bool:
        """Is it worked out from the recall, its ledger, scope, decision or notices?"""
        return self.by != "person"

    @property
    def is_compared(self) -> bool:
        """Must two filings say the same?"""
        return bool(self.course) and self.kind in COMPARED


@cache
def catalogue() -> dict[str, FactKind]:
    """Every fact by its key, in the order of the file."""
    rows: dict[str, dict[str, Any]] = read_yaml(Path(__file__).parent / "catalogue.yaml")
    return {key: _fact(key, row) for key, row in rows.items()}


def _fact(key: str, row: dict[str, Any]) -> FactKind:
    return FactKind(
        key=key,
        name=row["name"],
        kind=row["kind"],
        meaning=row["meaning"],
        by=row.get("by", "person"),
        unit=row.get("unit", ""),
        course=row.get("course", ""),
        per=tuple(row.get("per", ())),
        at_most=row.get("at_most", ""),
        choices=tuple(row.get("choices", ())),
        columns=tuple(row.get("columns", ())),
        personal=row.get("personal", False),
    )


def fact_kind(key: str) -> FactKind:
    """The fact of a key; refuses an unknown one and names the nearest."""
    found = catalogue().get(key)
    if found is None:
        near = get_close_matches(key, catalogue(), 3, 0.5)
        raise Unreadable(
            "unknown_fact",
            f"The fact base knows no fact “{key[:60]}”.",
            hint=f"Did you mean {', '.join(near)}?" if near else "See all: holdfast filings facts.",
        )
    return found


def parse_name(text: str) -> tuple[FactKind, str]:
    """`units_sold@DE` as its fact and place; a place the fact does not have is refused."""
    key, _, place = text.strip().partition("@")
    fact = fact_kind(key)
    if not place:
        return fact, ""
    place = _spelled(place, has_countries="country" in fact.per)
    if not PLACE.fullmatch(place) or not fact.per:
        can = " or ".join(fact.per) or "no place"
        raise Unreadable(
            "bad_place",
            f"“{place[:40]}” is no place of {fact.key}.",
            hint=f"{fact.key} is stated per {can}: {fact.key}@DE, units_corrected@DE/consumer.",
        )
    is_level = place.rpartition("/")[2] in BY_NAME
    if is_level and "level" not in fact.per:
        raise Unreadable("bad_place", f"{fact.key} is not stated per level of the chain.")
    return fact, place


def _spelled(place: str, *, has_countries: bool) -> str:
    """Countries in capitals, levels, languages, channels and regimes in small letters."""
    head, slash, tail = place.strip().partition("/")
    first = head.upper() if len(head) == 2 and has_countries else head.lower()
    return f"{first}{slash}{tail.lower()}"


def country_of(place: str) -> str:
    """The country in a place, or nothing."""
    head = place.partition("/")[0]
    return head if len(head) == 2 and head.isupper() else ""


def level_of(place: str) -> str:
    """The level in a place, or nothing."""
    tail = place.rpartition("/")[2]
    return tail if tail in BY_NAME else ""
