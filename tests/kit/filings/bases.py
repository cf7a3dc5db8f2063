"""Fact bases for tests: a whole one in which every fact of the catalogue says something."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from holdfast.kit.filings.catalogue import FactKind, catalogue
from holdfast.kit.filings.factbase import FactBase, FactValue, keyed
from holdfast.kit.measures.levels import LEVELS

CUT_OFF = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)


def said(key: str, value: Any, place: str = "", **more: Any) -> FactValue:
    """A value somebody stated."""
    return FactValue(key, place, value, "test", "person:1", CUT_OFF, **more)


def base(*values: FactValue, answers: dict[str, Any] | None = None, **more: Any) -> FactBase:
    """A base of stated values."""
    own = {key: said(key, value) for key, value in (answers or {}).items()}
    return FactBase(CUT_OFF, stated=keyed(values), answers=own, **more)


def whole(*countries: str) -> FactBase:
    """Every fact everywhere it can be said."""
    values = [
        said(key, sample(fact), place)
        for key, fact in catalogue().items()
        for place in places(fact, countries)
    ]
    return base(*values)


def sample(fact: FactKind) -> Any:
    """Some value of its kind."""
    values: dict[str, Any] = {
        "number": "12",
        "date": "2026-04-14",
        "money": {"amount": "39.00", "currency": "EUR"},
        "choice": (fact.choices or ("yes",))[0],
        "list": ["one", "two"],
        "table": [["SP"] * len(fact.columns or ("a", "b"))],
        "photo": ["0" * 64],
    }
    return values.get(fact.kind, f"{fact.name} in words")


def places(fact: FactKind, countries: tuple[str, ...]) -> list[str]:
    """Everywhere, the countries, the levels in them, a channel, a language, a regime."""
    found = ["", *(countries if "country" in fact.per else ())]
    if "level" in fact.per:
        found += [f"{c}/{level.name}" for c in countries for level in LEVELS]
        found += [level.name for level in LEVELS]
    found += ["email"] if "channel" in fact.per else []
    return found + (["en", "pt"] if "language" in fact.per else [])
