"""Reads of the street: mentions by rank, how each source fares, replies, public corrections."""

from holdfast.response.answers.queries.corrections import (
    Page,
    correction_named,
    corrections_of,
    findings_of,
    follows_notice,
    own_texts,
    page_of,
    public_pages,
)
from holdfast.response.answers.queries.mentions import (
    counts,
    mention_named,
    mentions,
    rank_of,
    recalls_named,
    replies,
)
from holdfast.response.answers.queries.sources import feeds_due, source_named, sources

__all__ = [
    "Page",
    "correction_named",
    "corrections_of",
    "counts",
    "feeds_due",
    "findings_of",
    "follows_notice",
    "mention_named",
    "mentions",
    "own_texts",
    "page_of",
    "public_pages",
    "rank_of",
    "recalls_named",
    "replies",
    "source_named",
    "sources",
]
