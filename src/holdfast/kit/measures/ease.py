"""The ease grade: how hard a remedy is to get, on the four questions consumer advocates ask."""

from __future__ import annotations

from dataclasses import dataclass

# Own line: the questions are PIRG's (2023 review of 323 recalls), the number of days is ours.
QUICK_WITHIN_DAYS = 14
GRADES = ("F", "D", "C", "B", "A")
NEEDS_REASON = frozenset({"D", "F"})


@dataclass(frozen=True, slots=True)
class RemedyTerms:
    """What a person has to do, and what they get, under one remedy policy."""

    asked_online: bool
    promised_within_days: int
    cash_offered: bool
    return_needed: bool


@dataclass(frozen=True, slots=True)
class EasePoint:
    """One of the four questions, its answer, and the sentence that explains it."""

    name: str
    met: bool
    why: str


@dataclass(frozen=True, slots=True)
class EaseGrade:
    """A to F with the four points behind it; D and F must be explained before launch."""

    letter: str
    points: tuple[EasePoint, ...]

    @property
    def needs_reason(self) -> bool:
        return self.letter in NEEDS_REASON

    def as_json(self) -> dict[str, object]:
        return {
            "grade": self.letter,
            "needs_reason": self.needs_reason,
            "points": [{"name": p.name, "met": p.met, "why": p.why} for p in self.points],
        }


def grade(terms: RemedyTerms) -> EaseGrade:
    """A: all four points met; one letter less for each that is not.

    >>> grade(RemedyTerms(True, 5, True, False)).letter
    'A'
    """
    points = (
        EasePoint(
            "online",
            terms.asked_online,
            "Asked for online, in one step."
            if terms.asked_online
            else "Cannot be asked for online.",
        ),
        EasePoint(
            "time",
            terms.promised_within_days <= QUICK_WITHIN_DAYS,
            f"Promised within {terms.promised_within_days} days; "
            f"quick is {QUICK_WITHIN_DAYS} or fewer.",
        ),
        EasePoint(
            "cash",
            terms.cash_offered,
            "Money back is offered."
            if terms.cash_offered
            else "No money back: only goods, repair or a voucher.",
        ),
        EasePoint(
            "no_return",
            not terms.return_needed,
            "The product has to be sent back first."
            if terms.return_needed
            else "A statement or photo is enough; nothing is sent back.",
        ),
    )
    return EaseGrade(GRADES[sum(point.met for point in points)], points)
