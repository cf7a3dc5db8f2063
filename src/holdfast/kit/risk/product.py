"""The risk of a product: that of its worst scenario, or serious where the law presumes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from holdfast.kit.refusals import Unreadable
from holdfast.kit.risk import eu_grid
from holdfast.kit.risk.eu_grid import Assessment, assess
from holdfast.kit.risk.presumption import CITATION, Question
from holdfast.kit.risk.scenario import Scenario
from holdfast.kit.risk.sensitivity import CONVENTION, Change, changes
from holdfast.kit.risk.source import Source

MOST_SCENARIOS = 50


@dataclass(frozen=True, slots=True)
class ProductRisk:
    """The level, what it rests on, and which single assumption would change it."""

    method: str
    source: Source
    level: str
    scenarios: tuple[Scenario, ...]
    assessments: tuple[Assessment, ...]
    presumed: tuple[Question, ...]
    changes: tuple[Change, ...]

    @property
    def worst(self) -> int | None:
        """The place of the scenario that decides, from 0; None where nothing was assessed."""
        if not self.assessments:
            return None
        return self.assessments.index(eu_grid.highest(self.assessments))

    @property
    def sentence(self) -> str:
        """The level and its reason in one sentence."""
        if self.presumed:
            grounds = "; ".join(question.because for question in self.presumed)
            return f"Serious, presumed: {grounds}. {LEFT_OUT}"
        if not self.changes:
            return f"{self.level.capitalize()}; no single assumption would change it."
        return f"{self.level.capitalize()}; {'; '.join(one.sentence for one in self.changes)}."

    def as_json(self) -> dict[str, object]:
        """For the journal and the command line; the single-scenario keys are of the worst one."""
        worst = self.worst
        head = self.assessments[worst].as_json() if worst is not None else {}
        return {
            **head,
            "method": self.method,
            **self.source.as_json(),
            "answer": self.level,
            "level": self.level,
            "risk": self.level,
            "sensitivity_convention": CONVENTION,
            "sentence": self.sentence,
            "presumed": [
                {"ground": q.key, "because": q.because, "citation": CITATION} for q in self.presumed
            ],
            "assessment_may_be_left_out": bool(self.presumed),
            "scenarios": [
                {**one.as_json(), "band": found.band, "risk": found.risk, "decides": at == worst}
                for at, (one, found) in enumerate(
                    zip(self.scenarios, self.assessments, strict=True)
                )
            ],
            "changes": [
                {**change.as_json(), "sentence": change.sentence} for change in self.changes
            ],
        }


LEFT_OUT = "The assessment may then be left out."


def assess_product(
    scenarios: Sequence[Scenario],
    presumed: Sequence[Question] = (),
    *,
    method: str = eu_grid.METHOD,
    source: Source = eu_grid.SOURCE,
) -> ProductRisk:
    """The highest level of all scenarios, never an average; serious where it is presumed."""
    if not scenarios and not presumed:
        raise Unreadable(
            "scenario_needed",
            "Nothing is given to judge the risk by.",
            hint="Give a severity and a probability, scenarios, or a ground for presuming it.",
        )
    if len(scenarios) > MOST_SCENARIOS:
        raise Unreadable("too_many_scenarios", f"At most {MOST_SCENARIOS} scenarios are read.")
    found = tuple(assess(one.severity, one.probability) for one in scenarios)
    level = "serious" if presumed else eu_grid.highest(found).risk
    return ProductRisk(
        method=method,
        source=source,
        level=level,
        scenarios=tuple(scenarios),
        assessments=found,
        presumed=tuple(presumed),
        changes=() if presumed else changes(scenarios),
    )
