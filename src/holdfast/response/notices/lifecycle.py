"""The life of a notice text as a table."""

from __future__ import annotations

from holdfast.kit.lifecycle import Lifecycle, Move

NOTICE_TEXT = Lifecycle(
    subject="notice text",
    start="library",
    moves=(
        Move("edit", ("library", "draft", "approved"), "draft"),
        Move(
            "approve",
            ("library", "draft"),
            "approved",
            ("is_complete", "has_clean_words", "is_unchanged", "has_other_eyes"),
        ),
        Move("withdraw", ("approved",), "draft", ("has_reason",)),
        Move("supersede", ("library", "draft", "approved"), "superseded"),
    ),
    guards={
        "is_complete": "The text lacks something that must be in it.",
        "has_clean_words": "The linter blocks words in this text.",
        "is_unchanged": "The text was changed since you read it; read it again.",
        "has_other_eyes": "Nobody approves their own words, "
        "except in an organisation declared to be one person.",
        "has_reason": "This needs a reason in words.",
    },
    ends=("superseded",),
)
