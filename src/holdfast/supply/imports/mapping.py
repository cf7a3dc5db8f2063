"""Which column means what: recognised, guessed, or said; and a refusal that shows the proposal."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from holdfast.kit.refusals import Unreadable
from holdfast.supply.imports.fields import (
    FIELDS,
    IDENTIFIES_CUSTOMER,
    REQUIRED,
    SAYS_SOMETHING,
    canonical,
    squeezed,
)
from holdfast.supply.imports.formats import Format, formats_for

# Beside its own columns, a recognised export may carry these under any common name.
ALSO_GUESSED = ("lot", "serial", "container", "language", "gtin", "customer", "shipped_at")


@dataclass
class Columns:
    """Field -> column name, and field -> fixed value; `said` tells what a person decided."""

    format: Format
    columns: dict[str, str] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)
    said: frozenset[str] = frozenset()
    notes: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, object]:
        """`{"order": "Name", "quantity": {"value": "1"}}`: the form `--mapping` reads."""
        shown: dict[str, object] = dict(self.columns)
        shown.update({name: {"value": value} for name, value in self.values.items()})
        order = FIELDS[self.format.kind]
        return {name: shown[name] for name in order if name in shown}


def parse_pairs(kind: str, pairs: Sequence[str], flag: str) -> dict[str, str]:
    """`field=text` pairs of `--map` and `--set`. Raises `Unreadable`."""
    found: dict[str, str] = {}
    for pair in pairs:
        name, equals, text = pair.partition("=")
        known = canonical(kind, name)
        if not equals or known is None:
            raise Unreadable(
                "usage",
                f"{flag} {pair}: "
                + (f"{name!r} is no field of {kind}." if equals else "there is no = in it."),
                hint=f"Write {flag} field=…; fields: {', '.join(FIELDS[kind])}.",
            )
        found[known] = text
    return found


def parse_mapping(kind: str, text: str, file: str) -> tuple[dict[str, str], dict[str, str]]:
    """Columns and values of a mapping file: what `--json` printed as `mapping`."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        data = None
    if isinstance(data, dict) and isinstance(data.get("mapping"), dict):
        data = data["mapping"]
    if not isinstance(data, dict):
        raise Unreadable(
            "mapping_unreadable",
            f"{file} is no JSON object.",
            file=file,
            hint='Write {"order": "Order no.", "product": "SKU", "quantity": {"value": "1"}}.',
        )
    columns: dict[str, str] = {}
    values: dict[str, str] = {}
    for name, what in data.items():
        known = canonical(kind, str(name))
        if known is None:
            raise Unreadable(
                "mapping_unreadable",
                f"{file}: {name!r} is no field of {kind}.",
                file=file,
                column=str(name),
                hint=f"Fields: {', '.join(FIELDS[kind])}.",
            )
        if isinstance(what, dict) and set(what) == {"value"}:
            values[known] = str(what["value"])
        elif isinstance(what, str):
            columns[known] = what
        elif what is not None:
            raise Unreadable(
                "mapping_unreadable",
                f"{file}: the column of {name!r} is not a text.",
                file=file,
                column=str(name),
                hint='Write "Column name" or {"value": "…"}.',
            )
    return columns, values


def recognise(kind: str, columns: Sequence[str]) -> Format:
    """The first format whose signature is there and whose required columns are; else the guess."""
    there = frozenset(squeezed(column) for column in columns)
    *special, guess = formats_for(kind)
    for each in special:
        if each.recognises(there):
            found = _find(each, columns, {}, {})
            if all(name in found for name in REQUIRED[kind] if name != "product"):
                return each
    return guess


def propose(
    kind: str,
    columns: Sequence[str],
    *,
    maps: Mapping[str, str] | None = None,
    sets: Mapping[str, str] | None = None,
    format_name: str = "",
) -> Columns:
    """A mapping for these columns; what a person said stands, the rest is recognised or guessed."""
    maps, sets = dict(maps or {}), dict(sets or {})
    chosen = recognise(kind, columns)
    if format_name:
        named = [each for each in formats_for(kind) if each.name == format_name]
        if not named:
            known = sorted({each.name for each in formats_for(kind)})
            raise Unreadable(
                "format_unknown",
                f"There is no format {format_name!r} for {kind}.",
                hint=f"Formats: {', '.join(known)}.",
            )
        chosen = chosen if chosen in named else named[0]
    fixed = {name: value for name, value in chosen.values.items() if name not in maps}
    mapping = Columns(format=chosen, values={**fixed, **sets}, said=frozenset({*maps, *sets}))
    mapping.columns = _find(chosen, columns, maps, sets)
    guess = formats_for(kind)[-1]
    if chosen is not guess:
        taken = set(mapping.columns.values())
        for name in ALSO_GUESSED:
            if name not in mapping.columns and name not in sets and name in FIELDS[kind]:
                column = _best(guess.columns.get(name, ()), columns, taken)
                if column:
                    mapping.columns[name] = column
                    taken.add(column)
    return mapping


def _find(
    form: Format, columns: Sequence[str], maps: Mapping[str, str], sets: Mapping[str, str]
) -> dict[str, str]:
    found: dict[str, str] = {name: column for name, column in maps.items() if name not in sets}
    taken = set(found.values())
    required = [name for name in FIELDS[form.kind] if name in REQUIRED[form.kind]]
    others = [name for name in FIELDS[form.kind] if name not in REQUIRED[form.kind]]
    for name in (*required, *others):
        if name in found or name in sets:
            continue
        column = _best(form.columns.get(name, ()), columns, taken)
        if column:
            found[name] = column
            taken.add(column)
    return found


def _best(names: Sequence[str], columns: Sequence[str], taken: set[str]) -> str | None:
    by_name: dict[str, str] = {}
    for column in reversed(columns):
        by_name[squeezed(column)] = column
    for name in names:
        column = by_name.get(squeezed(name), "")
        if column and column not in taken:
            return column
    return None


def places(mapping: Columns, columns: Sequence[str], file: str) -> dict[str, int]:
    """Field -> index of its column. Raises `Unreadable` for missing and doubled columns."""
    kind = mapping.format.kind
    counts = Counter(columns)
    folded = Counter(column.casefold() for column in columns)
    found: dict[str, int] = {}
    for name, column in list(mapping.columns.items()):
        exact = counts[column]
        alike = [c for c in columns if c.casefold() == column.strip().casefold()]
        if not exact and len(alike) == 1:
            mapping.columns[name] = column = alike[0]
            exact = 1
        if not exact:
            raise Unreadable(
                "column_missing",
                f"{file} has no column {column!r} (for {name}).",
                file=file,
                line=1,
                column=column,
                hint=f"Its columns: {', '.join(filter(None, columns[:40]))}.",
                extra={"proposal": proposal(mapping, columns)},
            )
        if exact > 1 or folded[column.casefold()] > 1:
            if name in REQUIRED[kind] or name in mapping.said or _alone_says_it(mapping, name):
                raise Unreadable(
                    "column_twice",
                    f"{file} has the column {column!r} (for {name}) more than once.",
                    file=file,
                    line=1,
                    column=column,
                    hint="Rename or remove one of them, or map another column.",
                    extra={"proposal": proposal(mapping, columns)},
                )
            mapping.notes.append(f"The column {column!r} is there twice, so it is not read.")
            del mapping.columns[name]
            continue
        found[name] = columns.index(column)
    _refuse_incomplete(mapping, columns, file)
    return found


def _alone_says_it(mapping: Columns, name: str) -> bool:
    """Would a complaint say nothing without this column?"""
    says = {*mapping.columns, *mapping.values}.intersection(SAYS_SOMETHING)
    return mapping.format.kind == "complaints" and says == {name}


def _refuse_incomplete(mapping: Columns, columns: Sequence[str], file: str) -> None:
    kind = mapping.format.kind
    have = {*mapping.columns, *mapping.values}
    missing = [name for name in REQUIRED[kind] if name not in have]
    if "product" in missing and mapping.format.product_from_title and "title" in have:
        missing.remove("product")
    if kind == "customers" and have.isdisjoint(IDENTIFIES_CUSTOMER):
        missing = ["customer"]
    if kind == "complaints" and have.isdisjoint(SAYS_SOMETHING):
        missing = ["text"]
    if not missing:
        return
    words = (
        " and ".join(missing)
        if len(missing) < 3
        else f"{', '.join(missing[:-1])} and {missing[-1]}"
    )
    packed = {"lineitems", "lineitem1", "products"} & {squeezed(column) for column in columns}
    raise Unreadable(
        "column_missing",
        f"{file}: no column was found for {words}.",
        file=file,
        line=1,
        column=missing[0],
        hint="This export packs all items of an order into one cell: choose “one row per item” "
        "in the exporter and export again."
        if packed and kind == "orders"
        else f"Say which column it is with --map {missing[0]}=COLUMN, or give a value for every "
        f"row with --set {missing[0]}=VALUE. Columns: {', '.join(filter(None, columns[:40]))}.",
        extra={"proposal": proposal(mapping, columns), "missing": missing},
    )


def proposal(mapping: Columns, columns: Sequence[str]) -> dict[str, object]:
    """What was found so far, for people and programs to complete."""
    return {
        "format": mapping.format.name,
        "mapping": mapping.as_json(),
        "columns": list(columns),
        "fields": list(FIELDS[mapping.format.kind]),
        "required": list(REQUIRED[mapping.format.kind]),
    }
