"""When the EU takes a risk as serious without an assessment: its list, as questions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from holdfast.kit.refusals import Unreadable

CITATION = "Delegated Regulation (EU) 2024/3173, Annex II, point 4.1"
CONFIDENCE = "verified"


@dataclass(frozen=True, slots=True)
class Question:
    """One ground; a yes to it is enough. `because` is how the answer is told."""

    key: str
    asks: str
    because: str


QUESTIONS = (
    Question(
        "unprotected_severe_harm",
        "Is a severe or life-threatening harm probable, and can users not protect themselves or "
        "were not told enough?",
        "severe harm is probable and users cannot protect themselves or were not told enough",
    ),
    Question(
        "operator_says_serious",
        "Has a seller, maker or marketplace itself called the risk serious?",
        "an operator itself calls the risk serious",
    ),
    Question(
        "recalled_without_order",
        "Is it being recalled, withdrawn or taken off a website without an order?",
        "it is recalled, withdrawn or taken offline without an order",
    ),
    Question(
        "banned_or_over_limit",
        "Does it hold a banned substance, or more of one than the law allows?",
        "it holds a banned substance or more than the law allows",
    ),
    Question(
        "small_parts",
        "Is it a toy or childcare article for under 36 months with small parts?",
        "small parts in an article for children under 36 months",
    ),
    Question(
        "flammable_fancy_dress",
        "Is it fancy dress that catches fire very easily?",
        "fancy dress that catches fire very easily",
    ),
    Question(
        "flammable_nightwear",
        "Is it nightwear that catches fire very easily?",
        "nightwear that catches fire very easily",
    ),
    Question(
        "drowning_childcare",
        "Is it a childcare article a child could drown with?",
        "a childcare article a child could drown with",
    ),
    Question(
        "drawstrings",
        "Is it a young child's garment with drawstrings at head, neck or upper chest?",
        "drawstrings at head, neck or chest of a young child's garment",
    ),
    Question(
        "electrical_defect",
        "Is it electrical, with a defective part that can cause shock or fire?",
        "a defective electrical part that can cause shock or fire",
    ),
)
BY_KEY = {question.key: question for question in QUESTIONS}


def presumed(keys: Iterable[str]) -> tuple[Question, ...]:
    """The grounds answered with yes, in the order of the list; an unknown one is refused."""
    named = {key.strip() for key in keys} - {""}
    unknown = sorted(named - set(BY_KEY))
    if unknown:
        raise Unreadable(
            "unknown_ground",
            f"No ground for presuming a serious risk is called “{unknown[0][:60]}”.",
            hint=f"Known: {', '.join(BY_KEY)}.",
        )
    return tuple(question for question in QUESTIONS if question.key in named)
