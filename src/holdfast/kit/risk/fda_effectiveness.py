"""FDA effectiveness-check levels A to E: how many of the consignees to ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from holdfast.kit.refusals import Unreadable
from holdfast.kit.risk.source import Source

METHOD = "fda_effectiveness_levels"
SOURCE = Source(
    "21 CFR 7.42(b)(3)",
    ("https://www.ecfr.gov/current/title-21/section-7.42",),
    "verified",
    conventions=(
        "The share is of consignees at the depth of the recall, not of units.",
        "A part of a consignee counts as a whole one.",
        "Levels C and D check at least one consignee where there is one.",
    ),
)
LEVELS = {
    "A": "all",
    "B": "more than 10 % and less than 100 %, set case by case",
    "C": "10 %",
    "D": "2 %",
    "E": "no checks",
}
METHODS = ("personal visit", "telephone", "letter", "combination")
# Which consignees count at which depth: those in between always do.
DEPTHS: dict[str, tuple[str, ...]] = {
    "wholesale": ("wholesale",),
    "retail": ("wholesale", "retail"),
    "consumer": ("wholesale", "retail", "consumer"),
}


@dataclass(frozen=True, slots=True)
class Sample:
    """How many of how many consignees a level asks to be checked."""

    level: str
    consignees: int
    checks: int
    share: Fraction

    @property
    def sentence(self) -> str:
        return f"Level {self.level}: check {self.checks} of {self.consignees} consignees."

    def as_json(self) -> dict[str, object]:
        return {
            "method": METHOD,
            **SOURCE.as_json(),
            "level": self.level,
            "consignees": self.consignees,
            "answer": self.checks,
            "checks": self.checks,
            "share": f"{self.share.numerator}/{self.share.denominator}",
            "sentence": self.sentence,
            "ways": list(METHODS),
        }


def consignees_at(depth: str, counts: Mapping[str, int]) -> int:
    """How many consignees a depth has, from the number at each tier."""
    if depth not in DEPTHS:
        raise Unreadable(
            "bad_depth", f"“{depth[:40]}” is no depth.", hint=f"One of: {', '.join(DEPTHS)}."
        )
    missing = [tier for tier in DEPTHS[depth] if tier not in counts]
    if missing:
        raise Unreadable(
            "fact_needed",
            f"The number of consignees at {missing[0]} is missing.",
            hint=f"To the {depth} level these count: {', '.join(DEPTHS[depth])}.",
        )
    return sum(counts[tier] for tier in DEPTHS[depth])


def checks(level: str, consignees: int, share: Fraction | None = None) -> Sample:
    """The number of checks, rounded up; `share` is only for level B, from 0 to 1."""
    level = level.strip().upper()
    if level not in LEVELS:
        raise Unreadable(
            "bad_level", f"“{level[:20]}” is no level.", hint="A, B, C, D or E; see 21 CFR 7.42."
        )
    if consignees < 0:
        raise Unreadable("bad_number", "A number of consignees is not negative.")
    if (level == "B") != (share is not None):
        raise Unreadable(
            "share_needed",
            "Level B needs its share, set case by case."
            if share is None
            else f"Level {level} has a fixed share.",
            hint="--share 25% belongs to level B alone.",
        )
    if share is not None and not Fraction(1, 10) < share < 1:
        raise Unreadable("bad_share", "The share of level B is more than 10 % and less than 100 %.")
    fixed = {"A": Fraction(1), "C": Fraction(1, 10), "D": Fraction(1, 50), "E": Fraction(0)}
    part = fixed[level] if share is None else share
    return Sample(level, consignees, ceil(consignees * part), part)
