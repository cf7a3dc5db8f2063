"""Writes on authorities' recalls: take them in, match them, decide, and run their feeds."""

from holdfast.decision.announcements.actions.deciding import (
    confirm_match,
    join_again,
    part_announcements,
    refuse_match,
    reopen_match,
)
from holdfast.decision.announcements.actions.feeds import (
    add_feed,
    ask_feed,
    fail_feed,
    hear_feed,
    switch_feed,
)
from holdfast.decision.announcements.actions.matching import (
    match_announcements,
    match_entry,
    match_without_ended_entry,
    rematch_entry,
    rematch_photographs_entry,
)
from holdfast.decision.announcements.actions.picturing import (
    add_photograph,
    drop_photograph,
    read_photographs,
)
from holdfast.decision.announcements.actions.taking import Taken, import_announcements

__all__ = [
    "Taken",
    "add_feed",
    "add_photograph",
    "ask_feed",
    "confirm_match",
    "drop_photograph",
    "fail_feed",
    "hear_feed",
    "import_announcements",
    "join_again",
    "match_announcements",
    "match_entry",
    "match_without_ended_entry",
    "part_announcements",
    "read_photographs",
    "refuse_match",
    "rematch_entry",
    "rematch_photographs_entry",
    "reopen_match",
    "switch_feed",
]
