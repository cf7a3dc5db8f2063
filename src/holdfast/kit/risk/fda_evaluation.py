"""The FDA's health hazard evaluation: six factors, each answered in words or still open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from holdfast.kit.refusals import Unreadable
from holdfast.kit.risk.source import Source

METHOD = "fda_health_hazard_evaluation"
SOURCE = Source(
    "21 CFR 7.41(a)",
    ("https://www.ecfr.gov/current/title-21/section-7.41",),
    "verified",
    status="made by a committee of the FDA; a firm's own prepares for it and decides nothing",
)


@dataclass(frozen=True, slots=True)
class Factor:
    """One of the factors the regulation names, as a question."""

    key: str
    asks: str


FACTORS = (
    Factor("occurred", "Have illnesses or injuries already occurred?"),
    Factor("conditions", "Which conditions could add to the hazard, and on what evidence?"),
    Factor("groups", "What is the hazard to children, patients, animals and others most at risk?"),
    Factor("seriousness", "How serious is the hazard to those at risk?"),
    Factor("likelihood", "How likely is it to occur?"),
    Factor("consequences", "What are its consequences, at once and in the long run?"),
)


def evaluation(told: Mapping[str, str]) -> dict[str, object]:
    """Each factor with what is said to it; those without words stay open, by name."""
    known = {factor.key for factor in FACTORS}
    unknown = sorted(set(told) - known)
    if unknown:
        raise Unreadable(
            "unknown_fact",
            f"The evaluation has no factor “{unknown[0][:60]}”.",
            hint=f"Its factors: {', '.join(factor.key for factor in FACTORS)}.",
        )
    said = {key: words.strip() for key, words in told.items() if words.strip()}
    still = [factor.key for factor in FACTORS if factor.key not in said]
    return {
        "method": METHOD,
        **SOURCE.as_json(),
        "factors": [
            {"factor": factor.key, "question": factor.asks, "words": said.get(factor.key)}
            for factor in FACTORS
        ],
        "open": still,
        "answer": None if still else "complete",
        "sentence": f"Still open: {', '.join(still)}."
        if still
        else "All six factors are answered. The class follows from them: fda_recall_class.",
    }
