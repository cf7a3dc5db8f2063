"""Every write of the street, by verb group."""

from holdfast.response.answers.actions.correcting import (
    approve_correction,
    draft_correction,
    withdraw_correction,
)
from holdfast.response.answers.actions.hearing import Outcome, take_in_posts
from holdfast.response.answers.actions.settling import (
    answer_mention,
    correct_mention,
    erase_mention,
    escalate_mention,
    ignore_mention,
    place_mention,
    reopen_mention,
)
from holdfast.response.answers.actions.sources import (
    add_mention_source,
    note_source_answer,
    switch_mention_source,
)

__all__ = [
    "Outcome",
    "add_mention_source",
    "answer_mention",
    "approve_correction",
    "correct_mention",
    "draft_correction",
    "erase_mention",
    "escalate_mention",
    "ignore_mention",
    "note_source_answer",
    "place_mention",
    "reopen_mention",
    "switch_mention_source",
    "take_in_posts",
    "withdraw_correction",
]
