"""Fills a form from the fact base: every field with its value, or with what is missing and why."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from holdfast.kit.filings.catalogue import FactKind, catalogue, level_of
from holdfast.kit.filings.factbase import FactBase, FactValue
from holdfast.kit.filings.form import Field, Form, When
from holdfast.kit.filings.values import number, shown
from holdfast.kit.measures.levels import LEVELS

NOT_KNOWN = "Not known at this time"


@dataclass(frozen=True, slots=True)
class Stated:
    """A number, day or list that a filing states: what is compared between filings."""

    key: str
    place: str
    value: Any


@dataclass(frozen=True, slots=True)
class Filled:
    """One field with what it says. `state` is filled, unknown (said so), missing or empty."""

    field: Field
    state: str
    text: str = ""
    value: Any = None
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    wants: tuple[str, ...] = ()  # NAME or NAME@PLACE of the facts that are missing
    why: str = ""
    sources: tuple[str, ...] = ()
    states: tuple[Stated, ...] = ()

    @property
    def is_missing(self) -> bool:
        """Does the form need it, and does nobody say it?"""
        return self.state == "missing"


@dataclass(frozen=True, slots=True)
class FilledForm:
    """A form filled for one country at one cut-off."""

    form: Form
    country: str
    cut_off: datetime
    fields: tuple[Filled, ...]

    @property
    def missing(self) -> tuple[Filled, ...]:
        """The fields that are needed and empty, in the order of the form."""
        return tuple(one for one in self.fields if one.is_missing)

    @property
    def needed(self) -> int:
        """How many fields the form needs here."""
        return sum(
            one.state in ("filled", "unknown", "missing") and _needs(one) for one in self.fields
        )

    @property
    def done(self) -> int:
        """How many of them say something."""
        return self.needed - len(self.missing)

    @property
    def is_complete(self) -> bool:
        """Is nothing missing?"""
        return not self.missing

    @property
    def states(self) -> tuple[Stated, ...]:
        """Everything it states that can be compared, each once."""
        found = {(one.key, one.place): one for field in self.fields for one in field.states}
        return tuple(found.values())


def _needs(one: Filled) -> bool:
    return one.field.required or one.field.when is not None or one.is_missing


def fill(
    form: Form, base: FactBase, *, country: str = "", places: tuple[str, ...] = ()
) -> FilledForm:
    """The form with every field filled from the base.

    `places` are the countries a table per country has rows for. Nothing is guessed: a field
    without a value is missing if the form needs it, or if its condition cannot be told.
    """
    fields = tuple(_fill(one, form, base, country, places) for one in form.fields)
    return FilledForm(form, country, base.cut_off, fields)


def _fill(one: Field, form: Form, base: FactBase, country: str, places: tuple[str, ...]) -> Filled:
    if one.rows:
        return _table(one, base, country, places)
    if one.facts:
        return _composed(one, form, base, country)
    if one.fact:
        fact, found = catalogue()[one.fact], _found(one.fact, one.place, form, base, country)
        wanted = _name(one.fact, _place(one.fact, one.place, form, country))
    else:
        fact, found, wanted = one.own, base.answers.get(one.key), one.key
    return _single(one, fact, found, wanted, base)


def _single(
    one: Field, fact: FactKind, found: FactValue | None, wanted: str, base: FactBase
) -> Filled:
    if found is None or not found.is_known:
        return _absent(one, base, (wanted,))
    if found.unknown:
        return Filled(
            one,
            "unknown",
            f"{NOT_KNOWN}: {found.unknown}",
            sources=(found.source,),
            wants=(wanted,),
        )
    rows: tuple[tuple[str, ...], ...] = ()
    if fact.kind == "table":
        rows = tuple(tuple(str(cell) for cell in row) for row in found.value)
    return Filled(
        one,
        "filled",
        shown(fact, found.value),
        found.value,
        head=fact.columns,
        rows=rows,
        sources=(found.source,),
        states=_statements(fact, found),
    )


def _composed(one: Field, form: Form, base: FactBase, country: str) -> Filled:
    """Several facts in one field, each with its name; all of them are needed."""
    answer = base.answers.get(one.key)
    if answer is not None and answer.is_known:  # said in words of its own, for this filing
        return _single(one, one.own, answer, one.key, base)
    lines: list[str] = []
    wants: list[str] = []
    sources: list[str] = []
    states: list[Stated] = []
    for key in one.facts:
        fact, found = catalogue()[key], _found(key, one.place, form, base, country)
        if found is None:
            wants.append(_name(key, _place(key, one.place, form, country)))
            continue
        lines.append(f"{fact.name}: {_said(fact, found)}")
        sources.append(found.source)
        states += _statements(fact, found)
    text = "\n".join(lines)
    if not wants:
        from_where = tuple(dict.fromkeys(sources))
        return Filled(one, "filled", text, text, sources=from_where, states=tuple(states))
    return replace(_absent(one, base, tuple(wants)), text=text, states=tuple(states))


def _said(fact: FactKind, found: FactValue) -> str:
    return f"{NOT_KNOWN}: {found.unknown}" if found.unknown else shown(fact, found.value)


def _table(one: Field, base: FactBase, country: str, places: tuple[str, ...]) -> Filled:
    """One row a level, country or channel, one column a fact, and a sum of each column."""
    answer = base.answers.get(one.key)
    if answer is not None and answer.is_known:
        return _single(one, replace(one.own, kind="text"), answer, one.key, base)
    known = catalogue()
    rows: list[tuple[str, ...]] = []
    wants: list[str] = []
    states: list[Stated] = []
    sources: list[str] = []
    names = _rows(one, base, country, places)
    sums = {key: Decimal(0) for key in one.facts}
    for label, place in names:
        cells = []
        for key in one.facts:
            found = base.get(key, place)
            if found is None:
                wants.append(_name(key, place))
                cells.append("")
                continue
            sums[key] += number(found.value) or 0
            cells.append("not known" if found.unknown else shown(known[key], found.value))
            sources.append(found.source)
            states += _statements(known[key], found)
        rows.append((label, *cells))
    if one.rows in ("level", "country") and len(names) > 1 and not wants:
        rows.append(("Total", *(shown(known[key], sums[key]) for key in one.facts)))
    made = Filled(
        one,
        "filled",
        "\n".join(", ".join(row) for row in rows),
        [list(row) for row in rows],
        head=(one.rows.capitalize(), *(known[key].name for key in one.facts)),
        rows=tuple(rows),
        sources=tuple(dict.fromkeys(sources)),
        states=tuple(states),
    )
    if names and not wants:
        return made
    empty = _absent(one, base, tuple(wants) or tuple(f"{key}@{one.rows}" for key in one.facts))
    return replace(made, state=empty.state, value=None, wants=empty.wants, why=empty.why)


def _rows(
    one: Field, base: FactBase, country: str, places: tuple[str, ...]
) -> list[tuple[str, str]]:
    here = country if one.place == "here" else ""
    if one.rows == "level":
        joined = f"{here}/" if here else ""
        return [(level.label, f"{joined}{level.name}") for level in LEVELS]
    if one.rows == "country":
        return [(place, place) for place in places]
    found = {place for key in one.facts for place in base.places(key)}
    return [(place, place) for place in sorted(found) if place and not level_of(place)]


def _found(key: str, place: str, form: Form, base: FactBase, country: str) -> FactValue | None:
    """The value at the field's place; a fact that is also said of everywhere counts there too."""
    where = _place(key, place, form, country)
    if not where:
        return base.get(key)
    fact = catalogue()[key]
    exact = base.get(key, where)
    # a number of everywhere is not the number of one country; words, days and lists may be
    return exact or (None if fact.kind == "number" and place != "" else base.get(key))


def _place(key: str, place: str, form: Form, country: str) -> str:
    if place == "here":
        return country if "country" in catalogue()[key].per else ""
    return form.regime if place == "regime" else place


def _statements(fact: FactKind, found: FactValue) -> tuple[Stated, ...]:
    if not fact.is_compared or found.unknown:
        return ()
    return (Stated(fact.key, found.place, found.value),)


def _absent(one: Field, base: FactBase, wants: tuple[str, ...]) -> Filled:
    """A field without a value: missing where it is needed or where nobody can tell."""
    if one.when is None:
        state = "missing" if one.required else "empty"
        return Filled(one, state, wants=wants if one.required else ())
    needed = _holds(one.when, base)
    if needed is None:
        return Filled(
            one, "missing", wants=wants, why=f"needed if {one.when.words}; that is not known yet"
        )
    if needed:
        return Filled(one, "missing", wants=wants, why=f"needed, since {one.when.words}")
    return Filled(one, "empty")


def _holds(when: When, base: FactBase) -> bool | None:
    """Does the condition hold? None where the fact it looks at is not known."""
    found = base.get(when.fact)
    if found is None:
        return None
    if when.above is not None:
        value = number(found.value)
        return None if value is None else value > when.above
    if when.has:
        said = found.value if isinstance(found.value, list) else [str(found.value)]
        return when.has in said
    return True


def _name(key: str, place: str) -> str:
    return f"{key}@{place}" if place else key
