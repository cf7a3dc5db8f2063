"""Single sampling plans indexed by AQL: how many to take of a lot, and how many may fail.

The figures are data with their source in `plans.yaml`; arrows are followed as printed.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from pathlib import Path

from holdfast.kit.refusals import Unreadable
from holdfast.kit.regimes.yamltext import read_yaml

SEVERITIES = ("normal", "tightened", "reduced")
USUAL_LEVEL = "II"
SMALLEST_LOT, LARGEST_LOT = 2, 10**9
# Above it an AQL cannot be a percentage of items; it counts nonconformities in a hundred of them.
MOST_PERCENT = Decimal(10)
FILE = Path(__file__).with_name("plans.yaml")


@dataclass(frozen=True, slots=True)
class Tables:
    """`plans.yaml`, read: rows of cells by severity and letter, sizes beside them."""

    source: str
    url: str
    confidence: dict[str, tuple[str, str]]
    levels: tuple[str, ...]
    aqls: tuple[str, ...]
    classes: tuple[tuple[int | None, str], ...]
    sizes: dict[str, dict[str, int]]
    cells: dict[str, dict[str, tuple[str, ...]]]


@dataclass(frozen=True, slots=True)
class Plan:
    """One plan for one lot. `table_size` is the table's; `sample_size` never exceeds the lot.

    `letter` belongs to the lot size and level, `plan_letter` is where the arrows lead. Up to and
    with `accept` nonconforming the lot is accepted, from `reject` on it is not. Between them, which
    only reduced inspection has, it is accepted and the next one is inspected normally.
    """

    lot_size: int
    level: str
    aql: str
    severity: str
    letter: str
    plan_letter: str
    table_size: int
    accept: int
    reject: int

    @property
    def sample_size(self) -> int:
        return min(self.table_size, self.lot_size)

    @property
    def is_whole_lot(self) -> bool:
        """Is every item of the lot looked at?"""
        return self.table_size >= self.lot_size

    @property
    def is_per_hundred(self) -> bool:
        """Are nonconformities counted, of which an item may have several?"""
        return Decimal(self.aql) > MOST_PERCENT

    @property
    def sentence(self) -> str:
        take = (
            f"Take all {self.lot_size:,} of the lot"
            if self.is_whole_lot
            else f"Take {self.sample_size:,} of {self.lot_size:,} at random"
        )
        what = "nonconformities" if self.is_per_hundred else "nonconforming"
        gap = (
            "; in between, accept it and inspect the next one normally"
            if self.reject > self.accept + 1
            else ""
        )
        return (
            f"{take}. Accept the lot with at most {self.accept} {what}, "
            f"reject it from {self.reject} on{gap}."
        )

    def as_json(self) -> dict[str, object]:
        """The plan with where it stands and how sure we are."""
        table = tables()
        confidence, note = table.confidence[self.severity]
        return {
            "lot_size": self.lot_size,
            "level": self.level,
            "aql": self.aql,
            "severity": self.severity,
            "code_letter": self.letter,
            "plan_letter": self.plan_letter,
            "sample_size": self.sample_size,
            "table_size": self.table_size,
            "whole_lot": self.is_whole_lot,
            "accept": self.accept,
            "reject": self.reject,
            "counts": "nonconformities" if self.is_per_hundred else "nonconforming items",
            "sentence": self.sentence,
            "source": table.source,
            "url": table.url,
            "confidence": confidence,
            "confidence_note": note,
        }


@lru_cache(maxsize=1)
def tables() -> Tables:
    """The tables of `plans.yaml`."""
    read = read_yaml(FILE)
    sizes: dict[str, dict[str, int]] = {}
    cells: dict[str, dict[str, tuple[str, ...]]] = {}
    for severity in SEVERITIES:
        rows = {letter: row.split() for letter, row in read[severity].items()}
        sizes[severity] = {letter: int(row[0]) for letter, row in rows.items()}
        cells[severity] = {letter: tuple(row[1:]) for letter, row in rows.items()}
    return Tables(
        read["source"],
        read["url"],
        {part: (told["confidence"], told["note"]) for part, told in read["parts"].items()},
        tuple(read["levels"]),
        tuple(read["aqls"]),
        tuple((largest, letters) for largest, letters in read["code_letters"]),
        sizes,
        cells,
    )


def aql_named(text: str) -> str:
    """The AQL as the tables spell it: `1` is `1.0`. Refuses one they do not have."""
    try:
        asked = Decimal(text.strip().removesuffix("%").strip().replace(",", "."))
    except InvalidOperation:
        asked = Decimal("NaN")
    if not asked.is_finite():
        raise Unreadable("bad_aql", f"“{text[:40]}” is no AQL.", hint=_choices())
    for one in tables().aqls:
        if Decimal(one) == asked:
            return one
    raise Unreadable("aql_not_in_table", f"The tables have no AQL of {asked}.", hint=_choices())


def _choices() -> str:
    return "One of " + ", ".join(tables().aqls) + "."


def level_named(text: str) -> str:
    """An inspection level: I to III, or S-1 to S-4."""
    asked = text.strip().upper()
    level = {"S1": "S-1", "S2": "S-2", "S3": "S-3", "S4": "S-4", "1": "I", "2": "II", "3": "III"}
    asked = level.get(asked, asked)
    if asked not in tables().levels:
        raise Unreadable(
            "bad_level",
            f"“{text[:40]}” is no inspection level.",
            hint="One of " + ", ".join(tables().levels) + "; II where nothing else was agreed.",
        )
    return asked


def severity_named(text: str) -> str:
    """Normal, tightened or reduced."""
    if text not in SEVERITIES:
        raise Unreadable(
            "bad_severity",
            f"“{text[:40]}” is no severity of inspection.",
            hint="One of " + ", ".join(SEVERITIES) + ".",
        )
    return text


def code_letter(lot_size: int, level: str = USUAL_LEVEL) -> str:
    """The letter of a lot size at an inspection level."""
    if not SMALLEST_LOT <= lot_size <= LARGEST_LOT:
        raise Unreadable(
            "bad_lot_size",
            f"The tables are for lots of {SMALLEST_LOT} to {LARGEST_LOT:,} items, not {lot_size}.",
            hint="Look at a single item itself; give the number of items in the lot.",
        )
    at = tables().levels.index(level_named(level))
    return next(
        letters[at]
        for largest, letters in tables().classes
        if largest is None or lot_size <= largest
    )


def sampling_plan(
    lot_size: int, aql: str, level: str = USUAL_LEVEL, severity: str = "normal"
) -> Plan:
    """How many to take of a lot and how many may fail.

    >>> plan = sampling_plan(1000, "2.5")
    >>> plan.letter, plan.sample_size, plan.accept, plan.reject
    ('J', 80, 5, 6)
    """
    aql, level, severity = aql_named(aql), level_named(level), severity_named(severity)
    letter = code_letter(lot_size, level)
    found, accept, reject = _followed(severity, letter, tables().aqls.index(aql))
    size = tables().sizes[severity][found]
    return Plan(lot_size, level, aql, severity, letter, found, size, accept, reject)


def one_step_tighter(plan: Plan) -> tuple[int, int] | None:
    """Ac and Re of the same sample at the next lower AQL, where the table has a plan there."""
    at = tables().aqls.index(plan.aql)
    if at == 0:
        return None
    cell = tables().cells[plan.severity][plan.plan_letter][at - 1]
    return _numbers(cell) if "/" in cell else None


def _followed(severity: str, letter: str, at: int) -> tuple[str, int, int]:
    """The letter whose row holds a plan, after the arrows, with its Ac and Re."""
    rows = tables().cells[severity]
    letters = list(rows)
    place = letters.index(letter)
    while (cell := rows[letters[place]][at]) in ("v", "^"):
        place += 1 if cell == "v" else -1
    return (letters[place], *_numbers(cell))


def _numbers(cell: str) -> tuple[int, int]:
    accept, reject = cell.split("/")
    return int(accept), int(reject)
