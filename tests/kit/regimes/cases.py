"""The golden cases of the law folder: what each law gives on given days, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from holdfast.kit.regimes.clock_facts import parse_fact
from holdfast.kit.regimes.duties import Duties, Question, duties
from holdfast.kit.regimes.places import Category, category, place
from holdfast.kit.regimes.reading import CASES, FOLDER, regime
from holdfast.kit.regimes.yamltext import read_yaml

# After every case, so that none of their facts lies in the future.
LATER = datetime(2090, 1, 1, tzinfo=UTC)
_UNIONS = {"EU": "DE", "GCC": "SA"}


@dataclass(frozen=True)
class Case:
    """One case as written, with the regime it stands in."""

    regime: str
    number: int
    data: dict[str, Any]

    @property
    def id(self) -> str:
        return f"{self.regime}-{self.number}-{self.data['duty']}"

    def ask(self) -> Duties:
        """The duties of the case's facts; role and category are ones the duty is for."""
        law = regime(self.regime)
        duty = law.obligation(self.data["duty"])
        country = self.data.get("country") or _UNIONS.get(law.jurisdiction, law.jurisdiction)
        question = Question(
            sold_in=(place(country),),
            categories=(self._category(law.categories, duty.categories),),
            roles={"": frozenset([self.data.get("role", duty.who[0])])},
            facts=tuple(parse_fact(f"{name}={at}") for name, at in self.data["facts"].items()),
        )
        return duties(question, now=LATER)

    def _category(self, wide: tuple[str, ...], narrow: tuple[str, ...]) -> Category:
        return category(self.data.get("category") or (narrow or wide)[0])


def cases() -> list[Case]:
    """Every case of every regime."""
    return [
        Case(path.parent.name, number, data)
        for path in sorted(FOLDER.glob(f"*/{CASES}"))
        for number, data in enumerate(read_yaml(path), 1)
    ]
