"""Reads of announcements, their matches and their feeds."""

from holdfast.decision.announcements.queries.announcements import (
    announcement_numbered,
    current_announcements,
    joined_to,
    recall_of,
    record_of,
)
from holdfast.decision.announcements.queries.catalogue import (
    catalogue_records,
    catalogue_version,
)
from holdfast.decision.announcements.queries.feeds import (
    FeedLine,
    due_feeds,
    feed_lines,
    feed_of,
    odd_feeds,
)
from holdfast.decision.announcements.queries.matches import (
    match_counts,
    match_numbered,
    open_matches,
    products_named,
)
from holdfast.decision.announcements.queries.photographs import (
    photograph_numbered,
    photographs_of_products,
    photographs_to_fetch,
)

__all__ = [
    "FeedLine",
    "announcement_numbered",
    "catalogue_records",
    "catalogue_version",
    "current_announcements",
    "due_feeds",
    "feed_lines",
    "feed_of",
    "joined_to",
    "match_counts",
    "match_numbered",
    "odd_feeds",
    "open_matches",
    "photograph_numbered",
    "photographs_of_products",
    "photographs_to_fetch",
    "products_named",
    "recall_of",
    "record_of",
]
