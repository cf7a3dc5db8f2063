"""The EU risk grid: severity of the harm × its probability over the life of one unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import prod

from holdfast.kit.refusals import Unreadable
from holdfast.kit.risk.source import Source

METHOD = "eu_safety_gate_risk_grid"
LEGAL_BASIS = "Delegated Regulation (EU) 2024/3173, Annex II"
SOURCES = ("http://data.europa.eu/eli/reg_del/2024/3173/oj",)
CONFIDENCE = "verified"
CONVENTIONS = (
    "Exactly 1/2 counts as very frequent: the index table says “at least”, the grid “more than”.",
    "Every other edge belongs to the band below it, as the grid's “more than” says.",
    "Exactly 1/1 000 000 is extremely rare.",
)
SOURCE = Source(
    LEGAL_BASIS,
    SOURCES,
    CONFIDENCE,
    status="binding for authorities' notifications since 2024-12-13; recommended for operators",
    conventions=CONVENTIONS,
)
LEVELS = ("low", "medium", "high", "serious")


@dataclass(frozen=True, slots=True)
class Severity:
    """One of four levels of harm to a person."""

    level: int
    name: str
    means: str
    other_harm: str


@dataclass(frozen=True, slots=True)
class Band:
    """One row of the grid: everything above `over`, with the risk for severity 1 to 4."""

    name: str
    over: Fraction
    label: str
    risks: tuple[str, str, str, str]


SEVERITIES = (
    Severity(
        1,
        "minor",
        "First aid is enough; no doctor needed, no lasting effect.",
        "Usually undone soon, without a specialist.",
    ),
    Severity(
        2,
        "moderate",
        "A visit to hospital, usually no stay; recovers within six months.",
        "Undone in a while, by a specialist.",
    ),
    Severity(
        3,
        "severe",
        "A stay in hospital, or an effect for more than six months or for good.",
        "Undone only with great effort of a specialist, or not at all.",
    ),
    Severity(
        4,
        "life-threatening",
        "Death, or loss of limbs or functions beyond about 10 %.",
        "Large, and not undone in several respects.",
    ),
)
BANDS = (
    Band("very_frequent", Fraction(1, 2), "> 1/2", ("high", "serious", "serious", "serious")),
    Band("frequent", Fraction(1, 10), "> 1/10", ("medium", "serious", "serious", "serious")),
    Band("common", Fraction(1, 100), "> 1/100", ("medium", "serious", "serious", "serious")),
    Band("occasional", Fraction(1, 10**3), "> 1/1 000", ("low", "high", "serious", "serious")),
    Band("unlikely", Fraction(1, 10**4), "> 1/10 000", ("low", "medium", "high", "serious")),
    Band("unusual", Fraction(1, 10**5), "> 1/100 000", ("low", "low", "medium", "high")),
    Band("rare", Fraction(1, 10**6), "> 1/1 000 000", ("low", "low", "low", "medium")),
    Band("extremely_rare", Fraction(0), "≤ 1/1 000 000", ("low", "low", "low", "low")),
)


@dataclass(frozen=True, slots=True)
class Neighbour:
    """What the risk would be if one parameter lay one step to the side."""

    moved: str
    severity: int
    band: str
    risk: str


@dataclass(frozen=True, slots=True)
class Assessment:
    """The risk of one scenario, with what it was worked out from and how it would shift."""

    severity: int
    probability: Fraction
    band: str
    risk: str
    neighbours: tuple[Neighbour, ...]

    @property
    def is_stable(self) -> bool:
        """Is the risk the same one step to every side?"""
        return all(neighbour.risk == self.risk for neighbour in self.neighbours)

    def as_json(self) -> dict[str, object]:
        """For the journal and the command line; the probability stays exact."""
        return {
            "method": METHOD,
            "legal_basis": LEGAL_BASIS,
            "sources": list(SOURCES),
            "confidence": CONFIDENCE,
            "conventions": list(CONVENTIONS),
            "severity": self.severity,
            "probability": f"{self.probability.numerator}/{self.probability.denominator}",
            "band": self.band,
            "risk": self.risk,
            "sensitivity": [
                {"moved": n.moved, "severity": n.severity, "band": n.band, "risk": n.risk}
                for n in self.neighbours
            ],
        }


def band_of(probability: Fraction) -> Band:
    """The row of the grid a probability falls in."""
    if not 0 <= probability <= 1:
        raise Unreadable("bad_probability", f"{probability} is not a probability from 0 to 1.")
    if probability == Fraction(1, 2):
        return BANDS[0]
    return next((band for band in BANDS if probability > band.over), BANDS[-1])


def assess(severity: int, probability: Fraction) -> Assessment:
    """The risk of one scenario, and of its neighbours one step up and down."""
    if severity not in range(1, 5):
        raise Unreadable(
            "bad_severity",
            f"Severity {severity} is not on the scale.",
            hint="1 minor, 2 moderate, 3 severe, 4 life-threatening.",
        )
    band = band_of(probability)
    row = BANDS.index(band)
    steps = (
        ("severity up", severity + 1, row),
        ("severity down", severity - 1, row),
        ("probability up", severity, row - 1),
        ("probability down", severity, row + 1),
    )
    neighbours = tuple(
        Neighbour(moved, level, BANDS[at].name, BANDS[at].risks[level - 1])
        for moved, level, at in steps
        if 1 <= level <= 4 and 0 <= at < len(BANDS)
    )
    return Assessment(severity, probability, band.name, band.risks[severity - 1], neighbours)


def scenario_probability(steps: Sequence[Fraction]) -> Fraction:
    """The product of a scenario's steps; the method asks for three to five of them."""
    if not 3 <= len(steps) <= 5:
        raise Unreadable(
            "bad_scenario",
            f"A scenario has three to five steps, this one has {len(steps)}.",
            hint="The hazard arises, the accident happens, the harm is done.",
        )
    return prod(steps, start=Fraction(1))


def highest(assessments: Sequence[Assessment]) -> Assessment:
    """The product's risk is that of its worst scenario; scenarios are never averaged."""
    return max(assessments, key=lambda a: (LEVELS.index(a.risk), a.severity, a.probability))
