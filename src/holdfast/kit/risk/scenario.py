"""How harm comes about: one hazard, one user, one use, in three to five steps."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import prod

from holdfast.kit.refusals import Unreadable
from holdfast.kit.risk.probability import parse_probability

CONSUMER_TYPES = ("very_vulnerable", "vulnerable", "other")
FEWEST, MOST = 3, 5
FINEST = 10**30
WORDS = ("hazard", "user", "use", "consumer", "severity", "deviation", "probability")
EXAMPLE = (
    "Charged overnight | user: adult asleep | severity: 4 | "
    "1/200: a cell fails | 1/4: somebody is near | 1/10: smoke threatens a life"
)
_BASIS = re.compile(r"^(.*?)\s*\[(.*)\]$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Step:
    """One step with its probability over the life of a unit, and what that rests on."""

    words: str
    probability: Fraction
    basis: str = ""

    def as_json(self) -> dict[str, object]:
        return {
            "words": self.words,
            "probability": written(self.probability),
            "basis": self.basis,
        }


@dataclass(frozen=True, slots=True)
class Scenario:
    """One course of events. Without steps, `whole` is its probability, judged in one go.

    `deviation` is the justification of a severity that differs from the published table, which
    the method allows for culture or climate only.
    """

    words: str
    severity: int
    steps: tuple[Step, ...] = ()
    whole: Fraction | None = None
    hazard: str = ""
    user: str = ""
    use: str = ""
    consumer: str = "other"
    deviation: str = ""

    def __post_init__(self) -> None:
        if self.severity not in range(1, 5):
            raise Unreadable(
                "bad_severity",
                f"Severity {self.severity} is not on the scale.",
                hint="1 minor, 2 moderate, 3 severe, 4 life-threatening.",
            )
        if self.consumer not in CONSUMER_TYPES:
            raise Unreadable(
                "bad_consumer",
                f"“{self.consumer[:40]}” is no type of consumer.",
                hint=f"One of: {', '.join(CONSUMER_TYPES)}.",
            )
        if self.steps or self.whole is None:
            _ask_number(len(self.steps))
        given = [step.probability for step in self.steps]
        if any(one.denominator > FINEST for one in [*given, self.whole or Fraction(0)]):
            raise Unreadable(
                "too_fine",
                "A probability is written finer than anybody could know it.",
                hint="Write it as 1/1000; at most 30 digits.",
            )
        if self.steps and self.whole is not None and self.whole != self.probability:
            raise Unreadable(
                "two_probabilities",
                f"The steps multiply to {written(self.probability)}, "
                f"but {written(self.whole)} is given for the whole.",
                hint="Give the steps, or the whole, not both.",
            )

    @property
    def probability(self) -> Fraction:
        """The product of the steps, exact; never a mean."""
        if not self.steps and self.whole is not None:
            return self.whole
        return prod((step.probability for step in self.steps), start=Fraction(1))

    def undocumented(self) -> tuple[str, ...]:
        """What the documentation of this scenario still lacks, by name."""
        lacking = [name for name in ("hazard", "user", "use") if not getattr(self, name).strip()]
        if not self.steps:
            lacking.append("steps")
        lacking += [
            f"step_{number}_basis"
            for number, step in enumerate(self.steps, start=1)
            if not step.basis.strip()
        ]
        return tuple(lacking)

    def as_json(self) -> dict[str, object]:
        return {
            "words": self.words,
            "hazard": self.hazard,
            "user": self.user,
            "use": self.use,
            "consumer": self.consumer,
            "severity": self.severity,
            "deviation": self.deviation,
            "steps": [step.as_json() for step in self.steps],
            "probability": written(self.probability),
            "undocumented": list(self.undocumented()),
        }


def written(probability: Fraction) -> str:
    """An exact fraction as people write it.

    >>> written(Fraction(2, 16000)), written(Fraction(1))
    ('1/8000', '1/1')
    """
    return f"{probability.numerator}/{probability.denominator}"


def _ask_number(count: int) -> None:
    if not FEWEST <= count <= MOST:
        raise Unreadable(
            "bad_scenario",
            f"A scenario has three to five steps, this one has {count}.",
            hint="The hazard arises, the accident happens, the harm is done.",
        )


def read_scenario(text: str) -> Scenario:
    """A scenario on one line: its words, then `name: value` and `1/200: step [basis]`, by `|`.

    >>> read_scenario(EXAMPLE).probability
    Fraction(1, 8000)
    """
    parts = [part.strip() for part in text.split("|")]
    told: dict[str, object] = {"words": parts[0]}
    steps: list[dict[str, str]] = []
    for part in parts[1:]:
        head, colon, rest = part.partition(":")
        head, rest = head.strip(), rest.strip()
        if not colon:
            raise _unread(part)
        if head.lower() in WORDS:
            told[head.lower()] = rest
            continue
        based = _BASIS.match(rest)
        words, basis = (based[1], based[2]) if based else (rest, "")
        steps.append({"probability": head, "words": words, "basis": basis})
    if steps:
        told["steps"] = steps
    return scenario_from(told)


def scenario_from(told: Mapping[str, object]) -> Scenario:
    """A scenario from the names of its parts, as a JSON file or a form has them."""
    unknown = sorted(set(told) - {*WORDS, "words", "steps"})
    if unknown:
        raise Unreadable(
            "bad_scenario",
            f"A scenario has no part “{unknown[0][:40]}”.",
            hint=f"Its parts: words, steps, {', '.join(WORDS)}.",
        )
    whole = str(told.get("probability") or "").strip()
    return Scenario(
        words=str(told.get("words") or "").strip(),
        severity=_severity(told.get("severity")),
        steps=tuple(_steps(told.get("steps"))),
        whole=parse_probability(whole) if whole else None,
        hazard=str(told.get("hazard") or "").strip(),
        user=str(told.get("user") or "").strip(),
        use=str(told.get("use") or "").strip(),
        consumer=str(told.get("consumer") or "other").strip(),
        deviation=str(told.get("deviation") or "").strip(),
    )


def _steps(told: object) -> list[Step]:
    if told is None:
        return []
    if not isinstance(told, Sequence) or isinstance(told, str):
        raise _unread(str(told))
    steps = []
    for one in told:
        if not isinstance(one, Mapping):
            raise _unread(str(one))
        steps.append(
            Step(
                words=str(one.get("words") or "").strip(),
                probability=parse_probability(str(one.get("probability") or "")),
                basis=str(one.get("basis") or "").strip(),
            )
        )
    return steps


def _severity(told: object) -> int:
    text = str(told if told is not None else "").strip()
    if not text.isdecimal():
        raise Unreadable(
            "bad_severity",
            f"“{text[:40]}” is no severity." if text else "A scenario names its severity.",
            hint="1 minor, 2 moderate, 3 severe, 4 life-threatening.",
        )
    return int(text)


def _unread(part: str) -> Unreadable:
    return Unreadable(
        "bad_scenario", f"“{part[:60]}” is no part of a scenario.", hint=f"Example: {EXAMPLE}"
    )
