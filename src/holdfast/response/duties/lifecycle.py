"""The life of a duty as a table."""

from __future__ import annotations

from holdfast.kit.lifecycle import Lifecycle, Move

OPEN = ("waiting", "running")
SETTLED = ("met", "not_applicable")

DUTY = Lifecycle(
    subject="duty",
    start="waiting",
    moves=(
        Move("run", ("waiting", "running", "superseded"), "running"),
        Move("wait", ("running", "waiting", "superseded"), "waiting"),
        Move("meet", ("waiting", "running", "superseded"), "met", ("has_reference",)),
        Move("waive", ("waiting", "running"), "not_applicable", ("has_reason",)),
        Move("reopen", ("met", "not_applicable"), "running", ("has_reason",)),
        Move("drop", ("waiting", "running"), "superseded"),
    ),
    guards={
        "has_reference": "Nothing shows that it was done: give the reference or what proves it.",
        "has_reason": "This needs a reason in words.",
    },
    ends=("met", "not_applicable", "superseded"),
)
