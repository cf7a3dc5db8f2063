"""The trace as the contract words it: a plain search over raw rows, the judge of the fast engine.

Nothing here is clever and nothing is shared with the engine, so that an expert can hold each
function against the sentence it writes out, and so that two answers that agree are two witnesses.
`reference_sql` says the same for millions of rows.

Rows are mappings with the column names of the five tables. Times are `datetime` or ISO 8601, in
UTC where they name no zone. What was not recorded is '' or None.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction

NO_LOT = (
    r"\d{18}|\(00\)\d{18}|\((8003|8004|253|254|402|414)\).+|\(01\)\d{14}"
    r"|urn:epc:id:(sscc|grai|giai|sgln|gdti|gsin):.+"
)
"""GS1 keys of pallets, crates and other assets, and of a product without a lot."""

Row = Mapping[str, object]

CONFIRMED, PROBABLE, CANNOT_RULE_OUT, EXCLUDED = (
    "confirmed",
    "probable",
    "cannot_rule_out",
    "excluded",
)
STRENGTH = {CONFIRMED: 3, PROBABLE: 2, CANNOT_RULE_OUT: 1, EXCLUDED: 0}
HALF = Fraction(1, 2)

ALWAYS = datetime.min.replace(tzinfo=UTC)
"""An interval without a start holds from here."""
NEVER = datetime.max.replace(tzinfo=UTC)
"""An interval without an end, an empty end, is open."""

START = {
    "transformations": "at",
    "packings": "packed_at",
    "shipments": "shipped_at",
    "receipts": "received_at",
    "order_lines": "shipped_at",
}
"""Table -> the column that says when its event took place."""


@dataclass(frozen=True)
class Rows:
    """The five tables, as they were recorded."""

    transformations: Sequence[Row] = ()
    packings: Sequence[Row] = ()
    shipments: Sequence[Row] = ()
    receipts: Sequence[Row] = ()
    order_lines: Sequence[Row] = ()

    def up_to(self, at: datetime | str | None) -> Rows:
        """`--at T`: as if later events had not happened; an event of unknown time stays."""
        last = instant(at)
        if last is None:
            return self
        kept = {}
        for table, column in START.items():
            rows: Sequence[Row] = getattr(self, table)
            kept[table] = [row for row in rows if (instant(row[column]) or ALWAYS) <= last]
        return Rows(**kept)


@dataclass(frozen=True)
class Verdict:
    """What one row is for one affected set; `share` is the affected part of the candidates."""

    certainty: str
    rule: str
    candidates: frozenset[str] = frozenset()
    share: Fraction | None = None


@dataclass
class Line:
    """One order line: the strongest of its rows, what of it is affected, and who got it."""

    certainty: str = EXCLUDED
    rule: str = ""
    share: Fraction | None = None
    quantity: Decimal = Decimal(0)
    customers: set[str] = field(default_factory=set)
    counted: bool = False
    """In one of the first three certainties, or excluded and of the affected lots' SKUs."""


@dataclass(frozen=True)
class Reach:
    """A forward answer: lots with their generation, logistic units, their stays, every line."""

    lots: Mapping[str, int]
    logistic_units: frozenset[str]
    sessions: int
    lines: Mapping[str, Line]

    def of(self, *certainties: str) -> dict[str, Line]:
        """The counted lines of these certainties."""
        return {
            name: line
            for name, line in self.lines.items()
            if line.counted and line.certainty in certainties
        }

    def counts(self, *certainties: str) -> dict[str, object]:
        """Lines, distinct customers and quantity of these certainties."""
        lines = self.of(*certainties).values()
        return {
            "lines": len(lines),
            "customers": len({customer for line in lines for customer in line.customers}),
            "quantity": sum((line.quantity for line in lines), Decimal(0)),
        }

    @property
    def by_certainty(self) -> dict[str, dict[str, object]]:
        """`by_certainty` of the answer."""
        return {certainty: self.counts(certainty) for certainty in STRENGTH}

    @property
    def confirmed_sha256(self) -> str:
        """The digest of the confirmed lines."""
        return digest(self.of(CONFIRMED))

    @property
    def open_sha256(self) -> str:
        """The digest of the lines that are probable or cannot be ruled out."""
        return digest(self.of(PROBABLE, CANNOT_RULE_OUT))


def digest(lines: Iterable[str]) -> str:
    """SHA-256 over the line ids, sorted as UTF-8 bytes, each followed by a newline."""
    return hashlib.sha256(b"".join(sorted(f"{line}\n".encode() for line in lines))).hexdigest()


def forward(rows: Rows, seeds: Collection[str], *, at: datetime | str | None = None) -> Reach:
    """Everything the seed lots reached."""
    rows = rows.up_to(at)
    lots = descendants(rows, seeds)
    units, sessions = holders(rows, lots)
    judge = Judge(rows, lots)
    skus = {str(row["sku"]) for row in rows.receipts if row["lot"] in lots}
    judged = [(row, judge.judge(row)) for row in rows.order_lines]
    lines: dict[str, Line] = {}
    for row, verdict in judged:
        line = lines.setdefault(str(row["line"]), Line())
        if not line.rule or STRENGTH[verdict.certainty] > STRENGTH[line.certainty]:
            line.certainty, line.rule, line.share = verdict.certainty, verdict.rule, verdict.share
    for row, verdict in judged:
        line = lines[str(row["line"])]
        if line.certainty == EXCLUDED:
            belongs = row["sku"] in skus
        else:
            belongs = verdict.certainty != EXCLUDED
        if belongs:
            line.counted = True
            line.quantity += number(row["quantity"]) or 0
            line.customers |= {str(row["customer"])} if row["customer"] else set()
    return Reach(lots, frozenset(units), sessions, lines)


def forward_container(rows: Rows, container: str, *, at: datetime | str | None = None) -> Reach:
    """The lots ever inside a container, or inside it at T, and everything they reached."""
    seen = rows.up_to(at)
    moments = [instant(at)] if at else moments_of(seen)
    inside = {lot for moment in moments for lot in lots_inside(seen, container, moment or ALWAYS)}
    return forward(rows, inside, at=at)


def lots_received(rows: Rows, column: str, value: str) -> set[str]:
    """The lots of a `sku` or a `supplier`: those with such a receipt."""
    return {str(row["lot"]) for row in rows.receipts if row[column] == value}


def forward_line(rows: Rows, line: str, *, at: datetime | str | None = None) -> Reach:
    """The lots a line may have been taken from, and everything they reached."""
    return forward(rows, candidates_of(rows.up_to(at), line), at=at)


def backward(
    rows: Rows, seeds: Collection[str], *, at: datetime | str | None = None
) -> dict[str, int]:
    """The lots that went into the seed lots, the seeds included, with their generation."""
    return ancestors(rows.up_to(at), seeds)


def backward_line(
    rows: Rows, line: str, *, at: datetime | str | None = None
) -> dict[str, tuple[str, int]]:
    """The candidate lots of a line and all their ancestors: lot -> (certainty, generation).

    A lot is as certain as the line would be if that lot were the one recalled.
    """
    rows = rows.up_to(at)
    own = [row for row in rows.order_lines if row["line"] == line]
    found = {}
    for lot, generation in ancestors(rows, candidates_of(rows, line)).items():
        judge = Judge(rows, descendants(rows, [lot]))
        strongest = max((judge.judge(row).certainty for row in own), key=STRENGTH.__getitem__)
        found[lot] = (strongest, generation)
    return found


def descendants(rows: Rows, seeds: Collection[str]) -> dict[str, int]:
    """An affected lot is affected as a whole: transformations are followed whatever their time."""
    return _walk(seeds, [(row["input_lot"], row["output_lot"]) for row in rows.transformations])


def ancestors(rows: Rows, seeds: Collection[str]) -> dict[str, int]:
    """The same, against the flow."""
    return _walk(seeds, [(row["output_lot"], row["input_lot"]) for row in rows.transformations])


def _walk(seeds: Collection[str], arrows: Sequence[tuple[object, object]]) -> dict[str, int]:
    onward: dict[str, set[str]] = {}
    for from_lot, to_lot in arrows:
        onward.setdefault(str(from_lot), set()).add(str(to_lot))
    found = dict.fromkeys(seeds, 0)
    newest, generation = set(seeds), 0
    while newest:  # a lot is entered once, so a cycle ends
        generation += 1
        newest = {lot for old in newest for lot in onward.get(old, ())} - found.keys()
        found.update(dict.fromkeys(newest, generation))
    return found


def holds(row: Row, start: str, end: str, moment: datetime) -> bool:
    """Intervals are half-open: from <= t < to; an empty end is open."""
    return begun(row, start, moment) and moment < (instant(row[end]) or NEVER)


def begun(row: Row, start: str, moment: datetime) -> bool:
    """Had it begun by then? What has no start always had."""
    return (instant(row[start]) or ALWAYS) <= moment


def packed_at(rows: Rows, moment: datetime) -> list[tuple[int, Row]]:
    """The stays that hold at an instant; one `packings` row is one stay of the child."""
    return [
        (number, row)
        for number, row in enumerate(rows.packings)
        if holds(row, "packed_at", "unpacked_at", moment)
    ]


def moments_of(rows: Rows) -> list[datetime]:
    """Instants that stand for all: stays that hold together hold where the last of them began."""
    return sorted({instant(row["packed_at"]) or ALWAYS for row in rows.packings})


def things_inside(rows: Rows, container: str, moment: datetime) -> set[str]:
    """What is packed in a container at an instant; nesting holds where all levels hold then."""
    stays = packed_at(rows, moment)
    found: set[str] = set()
    waiting = [container]
    while waiting:
        here = waiting.pop()
        inside = {str(row["child"]) for _, row in stays if row["container"] == here}
        waiting += inside - found
        found |= inside
    return found


def lots_inside(rows: Rows, container: str, moment: datetime) -> set[str]:
    """The lots in a container at an instant, through all levels."""
    containers, lots = containers_of(rows), lots_of(rows)
    inside = things_inside(rows, container, moment)
    return {thing for thing in inside if thing not in containers or thing in lots}


def unopened_inside(rows: Rows, container: str, moment: datetime) -> set[str]:
    """What lies in a container of which nobody wrote down what is in it.

    Its key is that of a pallet, a crate or a product, no row names it as a lot, and nothing had
    been packed into it by then: a crate that came full looks like this, one that came empty does
    too. From the first packing on, the record is heard.
    """
    lots = lots_of(rows)
    recorded = {r["container"] for r in rows.packings if begun(r, "packed_at", moment)}
    unsaid = things_inside(rows, container, moment) - lots - recorded
    return {thing for thing in unsaid if re.fullmatch(NO_LOT, thing)}


def containers_of(rows: Rows) -> set[str]:
    """What a row names as container is one; every other packed thing is a lot."""
    named = [row["container"] for row in (*rows.packings, *rows.order_lines)]
    return {str(container) for container in named if container}


def lots_of(rows: Rows) -> set[str]:
    """What a row names as a lot."""
    named = [row["lot"] for row in (*rows.receipts, *rows.order_lines)]
    named += [row[end] for row in rows.transformations for end in ("input_lot", "output_lot")]
    return {str(lot) for lot in named if lot}


def holders(rows: Rows, lots: Collection[str]) -> tuple[set[str], int]:
    """The distinct containers that ever held an affected lot, at any level, and their stays."""
    units: set[str] = set()
    sessions: set[int] = set()
    for moment in moments_of(rows):
        stays = packed_at(rows, moment)
        carriers: set[str] = set()
        while True:
            carrying = [(n, r) for n, r in stays if r["child"] in lots or r["child"] in carriers]
            sessions |= {number for number, _ in carrying}
            above = {str(row["container"]) for _, row in carrying}
            if above <= carriers:
                break
            carriers |= above
        units |= carriers
    return units, len(sessions)


def candidates_of(rows: Rows, line: str) -> set[str]:
    """The lots a line may have been taken from: those its certainty is decided on."""
    judge = Judge(rows, ())
    found: set[str] = set()
    for row in rows.order_lines:
        if row["line"] == line:
            found |= judge.judge(row).candidates
    return found


class Judge:
    """The certainty of a row of `order_lines` for an affected set of lots A."""

    def __init__(self, rows: Rows, affected: Collection[str]) -> None:
        self.rows, self.affected = rows, frozenset(affected)

    def judge(self, row: Row) -> Verdict:
        """The three cases, in their order."""
        if row["lot"]:
            return self.names_a_lot(str(row["lot"]))
        shipped_at = instant(row["shipped_at"])
        if row["container"] and shipped_at:
            container = str(row["container"])
            inside = lots_inside(self.rows, container, shipped_at)
            fitting = {lot for lot in inside if self.may_be(lot, row["sku"])}
            if fitting:
                told = self.among(dict.fromkeys(fitting), "container", when_all=CONFIRMED)
                if told.certainty != EXCLUDED:
                    return told
                if not unopened_inside(self.rows, container, shipped_at):
                    return told
                # It may have come out of what nobody opened: the container clears nothing.
                around = self.beside(row, shipped_at)
                return replace(around, candidates=around.candidates | told.candidates)
        return self.beside(row, shipped_at)

    def beside(self, row: Row, shipped_at: datetime | None) -> Verdict:
        """Case 3, and what is left where nothing is on record."""
        there: dict[str, Decimal | None] = {}
        is_placed = False
        if shipped_at:
            windows = self.windows_there(row["sku"], row["site"], shipped_at)
            there = self.lying_there(row["sku"], row["site"], shipped_at)
            is_placed = any(places(window) for window in windows)
        if there:
            told = self.among(there, "window", when_all=PROBABLE)
            if told.certainty != EXCLUDED or is_placed:
                return told
        names = frozenset(there)
        if any(r["lot"] in self.affected and r["sku"] == row["sku"] for r in self.rows.receipts):
            return Verdict(CANNOT_RULE_OUT, "no_record", names)  # no record is no alibi
        return Verdict(EXCLUDED, "other_product", names)

    def names_a_lot(self, lot: str) -> Verdict:
        """Case 1: in A, or not in A; the lot wins over the container."""
        if lot in self.affected:
            return Verdict(CONFIRMED, "lot_named", frozenset([lot]))
        return Verdict(EXCLUDED, "other_lot_named", frozenset([lot]))

    def may_be(self, lot: str, sku: object) -> bool:
        """Case 2: a lot's SKU is from `receipts`; a lot of unknown SKU stays a candidate."""
        skus = {row["sku"] for row in self.rows.receipts if row["lot"] == lot}
        return not skus or sku in skus

    def lying_there(self, sku: object, site: object, moment: datetime) -> dict[str, Decimal | None]:
        """Case 3: lots of that SKU with a window at that site that contains the instant.

        With the quantity received in these windows, None where any of them has none. A site that
        was not recorded may have been any site.
        """
        found: dict[str, Decimal | None] = {}
        for row in self.windows_there(sku, site, moment):
            lot, more = str(row["lot"]), number(row["quantity"])
            sofar = found.get(lot, Decimal(0))
            found[lot] = None if more is None or sofar is None else sofar + more
        return found

    def windows_there(self, sku: object, site: object, moment: datetime) -> list[Row]:
        """The receipts of that SKU whose window at that site contains the instant."""
        return [
            row
            for row in self.rows.receipts
            if row["sku"] == sku
            and (row["site"] == site or not row["site"] or not site)
            and holds(row, "received_at", "depleted_at", moment)
        ]

    def among(
        self, candidates: Mapping[str, Decimal | None], rule: str, *, when_all: str
    ) -> Verdict:
        """All in A, some by their share, or none of at least one."""
        names = frozenset(candidates)
        hit = names & self.affected
        if not hit:
            return Verdict(EXCLUDED, f"{rule}_none", names)
        if hit == names:
            return Verdict(when_all, f"{rule}_all", names, Fraction(1))
        part = share(candidates, hit)
        return Verdict(PROBABLE if part >= HALF else CANNOT_RULE_OUT, f"{rule}_some", names, part)


def places(receipt: Row) -> bool:
    """Does it say where or when the lot lay? If not, the lot may have been there: no alibi."""
    return any(receipt[column] for column in ("site", "received_at", "depleted_at"))


def share(candidates: Mapping[str, Decimal | None], hit: Collection[str]) -> Fraction:
    """The affected share: by quantity where all are known, else by count."""
    known = {
        lot: Fraction(quantity) for lot, quantity in candidates.items() if quantity is not None
    }
    total = sum(known.values())
    if len(known) == len(candidates) and total > 0:
        return sum((known[lot] for lot in hit), Fraction(0)) / total
    return Fraction(len(hit), len(candidates))


def instant(value: object) -> datetime | None:
    """A recorded time; None where none was."""
    if value is None or value == "":
        return None
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def number(value: object) -> Decimal | None:
    """A recorded quantity; None where none was."""
    return None if value is None or value == "" else Decimal(str(value))
