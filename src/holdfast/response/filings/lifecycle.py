"""The life of a filing, and of what an authority asks or was promised, as tables."""

from __future__ import annotations

from holdfast.kit.lifecycle import Lifecycle, Move

FILING = Lifecycle(
    subject="filing",
    start="draft",
    moves=(
        Move("propose", ("draft",), "ready", ("is_complete", "agrees")),
        Move("take_back", ("ready", "released"), "draft"),
        Move("release", ("ready",), "released", ("agrees",)),
        Move("file", ("released", "filed"), "filed"),
        Move("acknowledge", ("filed", "acknowledged"), "acknowledged"),
        Move("withdraw", ("draft", "ready", "released"), "withdrawn", ("has_reason",)),
    ),
    guards={
        "is_complete": "Fields that the form needs are empty.",
        "agrees": "It contradicts another filing or the ledger, and nobody has explained it.",
        "has_reason": "This needs a reason in words.",
    },
    ends=("acknowledged", "withdrawn", "filed"),
)
#: States in which a filing's content is frozen and compared with others.
FROZEN = ("ready", "released", "filed", "acknowledged")
OPEN = ("draft", "ready", "released")
SENT = ("filed", "acknowledged")

REQUEST = Lifecycle(
    subject="request",
    start="open",
    moves=(
        Move("answer", ("open",), "answered", ("has_answer",)),
        Move("drop", ("open",), "dropped", ("has_reason",)),
    ),
    guards={
        "has_answer": "Nothing shows that it was answered: name the letter, or say how.",
        "has_reason": "This needs a reason in words.",
    },
    ends=("answered", "dropped"),
)
