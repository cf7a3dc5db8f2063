"""CPSC hazard priority A, B or C; one cell of it we do not know, and it stays unknown."""

from __future__ import annotations

from dataclasses import dataclass

from holdfast.kit.refusals import Unreadable
from holdfast.kit.risk.source import Source

METHOD = "cpsc_hazard_priority"
SOURCE = Source(
    "CPSC Recall Handbook, section IV (staff guidance)",
    (
        "https://www.cpsc.gov/s3fs-public/RecallHandbookFINAL9_2technicalrevision_3052025.pdf",
        "http://www.lectlaw.com/files/bur18.htm",
    ),
    "recalled",
    status="staff guidance; not used under Fast Track, which makes no preliminary determination",
    confidence_note="Class A was read in a copy of an older edition; B and C are from memory, and "
    "the 2025 revision was not opened.",
    conventions=("Every priority calls for corrective action; the letter says how much of it.",),
)
SEVERITIES = {
    "grievous": "Death or grievous injury",
    "serious": "Serious injury",
    "moderate": "Moderate injury",
}
LIKELIHOODS = {"very_likely": "Very likely", "likely": "Likely", "possible": "Possible, not likely"}
CELLS: dict[tuple[str, str], str | None] = {
    ("grievous", "very_likely"): "A",
    ("grievous", "likely"): "A",
    ("grievous", "possible"): "B",
    ("serious", "very_likely"): "A",
    ("serious", "likely"): "B",
    ("serious", "possible"): "C",
    ("moderate", "very_likely"): "B",
    ("moderate", "likely"): None,
    ("moderate", "possible"): "C",
}
# 16 CFR 1115.12(g)(1): what makes a product hazard a substantial one.
FACTORS = (
    "pattern of defect",
    "number of defective products in commerce",
    "severity of the risk",
    "likelihood of injury, exposure and other considerations",
)
UNKNOWN_CELL = (
    "The priority of moderate and likely is unknown: it is not stated in what we have of the "
    "handbook. Read the 2025 revision, or ask CPSC staff."
)


@dataclass(frozen=True, slots=True)
class Priority:
    """The priority of one cell; None where the cell is unknown."""

    severity: str
    likelihood: str
    letter: str | None

    @property
    def sentence(self) -> str:
        return f"Priority {self.letter}." if self.letter else UNKNOWN_CELL

    def as_json(self) -> dict[str, object]:
        return {
            "method": METHOD,
            **SOURCE.as_json(),
            "severity": self.severity,
            "likelihood": self.likelihood,
            "answer": self.letter,
            "sentence": self.sentence,
            "factors": list(FACTORS),
        }


def priority(severity: str, likelihood: str) -> Priority:
    """The priority of a severity and a likelihood, both by their keys."""
    for name, value, known in (
        ("severity", severity, SEVERITIES),
        ("likelihood", likelihood, LIKELIHOODS),
    ):
        if value not in known:
            raise Unreadable(
                "bad_fact" if value else "fact_needed",
                f"“{value[:40]}” is no {name} of this method."
                if value
                else f"The {name} is missing.",
                hint=f"--fact {name}= one of: {', '.join(known)}.",
            )
    return Priority(severity, likelihood, CELLS[severity, likelihood])
