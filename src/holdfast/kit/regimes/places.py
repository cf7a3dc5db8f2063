"""Countries of sale and product categories, as the laws see them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from holdfast.kit.refusals import Unreadable
from holdfast.kit.regimes.yamltext import read_yaml

_HERE = Path(__file__).parent
_ALIASES = {"UK": "GB", "EL": "GR", "GB-NIR": "XI"}
UNIONS = ("EU", "GCC")


@dataclass(frozen=True, slots=True)
class Place:
    """A country of sale. `zone` is its capital's; both are empty where no law of it is known."""

    code: str
    zone: str = ""
    calendar: str = ""
    unions: tuple[str, ...] = ()
    part_of: str = ""

    @property
    def laws(self) -> tuple[str, ...]:
        """The jurisdictions whose law may apply here."""
        return (self.part_of or self.code, *self.unions)


@dataclass(frozen=True, slots=True)
class Category:
    """A kind of product; `kinds` are itself and all wider kinds."""

    id: str
    name: str
    kinds: frozenset[str]


@cache
def _places() -> dict[str, Place]:
    return {
        code: Place(
            code, row["zone"], row["calendar"], tuple(row["unions"]), row.get("part_of", "")
        )
        for code, row in read_yaml(_HERE / "places.yaml").items()
    }


def places() -> tuple[Place, ...]:
    """Every country whose zone and calendar are known."""
    return tuple(_places().values())


def place(text: str) -> Place:
    """The country of a two-letter code; an unknown country is a place without law, not an error."""
    code = text.strip().upper()
    code = _ALIASES.get(code, code)
    if not re.fullmatch(r"[A-Z]{2}", code):
        raise Unreadable(
            "bad_country",
            f"“{text[:30]}” is no country code.",
            hint="Write two letters as in ISO 3166: DE, US, JP; XI is Northern Ireland.",
        )
    return _places().get(code, Place(code))


@cache
def categories() -> dict[str, Category]:
    """Every category a law may name, by id."""
    return {
        name: Category(name, row["name"], frozenset((name, *row["kind_of"])))
        for name, row in read_yaml(_HERE / "categories.yaml").items()
    }


def category(text: str) -> Category:
    """The category of an id; refuses one that no regime knows."""
    name = text.strip().lower().replace("-", "_").replace(" ", "_")
    found = categories().get(name)
    if found is None:
        raise Unreadable(
            "unknown_category",
            f"No regime knows the category “{text[:60]}”.",
            hint="Categories: " + ", ".join(categories()) + ".",
        )
    return found
