"""The life of an alarm and of an investigation as tables; every door asks them."""

from __future__ import annotations

from holdfast.kit.lifecycle import Lifecycle, Move

WAITING = ("open", "investigating")

ALARM = Lifecycle(
    subject="alarm",
    start="open",
    moves=(
        Move("investigate", ("open",), "investigating"),
        Move("dismiss", ("open",), "dismissed", ("has_reason",)),
        Move("take_back", ("dismissed",), "open", ("has_reason",)),
        Move("supersede", WAITING, "superseded"),
        Move("settle", ("investigating",), "settled"),
        Move("resume", ("settled",), "investigating"),
    ),
    guards={"has_reason": "This needs a reason in words."},
    ends=("dismissed", "superseded", "settled"),
)

INVESTIGATION = Lifecycle(
    subject="investigation",
    start="open",
    moves=(
        Move("work", ("open",), "open"),
        Move("open_recall", ("open",), "recall_opened"),
        Move("find_no_hazard", ("open",), "no_hazard", ("has_reason",)),
        Move("keep_watching", ("open",), "watching", ("has_reason",)),
        Move("reopen", ("no_hazard", "watching"), "open", ("has_reason",)),
    ),
    guards={"has_reason": "This needs a reason in words."},
    ends=("recall_opened", "no_hazard", "watching"),
)
