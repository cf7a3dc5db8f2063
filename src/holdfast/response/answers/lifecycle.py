"""The lives of a mention and of a correction's text, as tables."""

from __future__ import annotations

from holdfast.kit.lifecycle import Lifecycle, Move

OPEN = "open"
SETTLED = ("answered", "corrected", "ignored", "complaint")

MENTION = Lifecycle(
    subject="mention",
    start=OPEN,
    moves=(
        Move("answer", (OPEN,), "answered", ("has_reply",)),
        Move("correct", (OPEN,), "corrected", ("has_correction",)),
        Move("ignore", (OPEN,), "ignored"),
        Move("escalate", (OPEN, "answered", "ignored"), "complaint", ("has_words",)),
        Move("reopen", ("answered", "corrected", "ignored"), OPEN),
    ),
    guards={
        "has_reply": "There is no approved text to answer with.",
        "has_words": "Its words were erased, so there is nothing to take in.",
        "has_correction": "No correction is public yet that says what is true here.",
    },
    ends=("complaint",),
)

CORRECTION_TEXT = Lifecycle(
    subject="correction",
    start="draft",
    moves=(
        Move(
            "approve",
            ("draft",),
            "approved",
            ("is_unchanged", "has_clean_words", "follows_notice", "has_other_eyes"),
        ),
        Move("withdraw", ("draft", "approved"), "withdrawn"),
    ),
    guards={
        "is_unchanged": "The words changed since they were read. Read them again.",
        "has_clean_words": "The linter blocks these words.",
        "follows_notice": "The approved notice says something else now. Draft the page anew.",
        "has_other_eyes": "Whoever wrote these words cannot approve them; somebody else has to.",
    },
    ends=("withdrawn",),
)
