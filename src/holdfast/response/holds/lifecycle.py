"""The life of a hold as a table."""

from __future__ import annotations

from holdfast.kit.lifecycle import Lifecycle, Move

HOLD = Lifecycle(
    subject="stop",
    start="open",
    moves=(
        Move("stop", ("open", "failed", "not_needed"), "stopped", ("has_proof",)),
        Move("fail", ("open", "stopped", "not_needed"), "failed", ("has_reason",)),
        Move("waive", ("open", "failed"), "not_needed", ("has_reason",)),
    ),
    guards={
        "has_proof": "Nothing shows that it has stopped: say what does, or attach it.",
        "has_reason": "This needs a reason in words.",
    },
    ends=("stopped", "not_needed"),
)
