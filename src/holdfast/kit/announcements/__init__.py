"""Recalls as authorities publish them: one model for all, the original kept, and what drifted."""

from holdfast.kit.announcements.announcement import Firm, PublishedProduct, PublishedRecall
from holdfast.kit.announcements.answers import (
    Drift,
    FeedAnswer,
    read_answer,
    read_best,
)
from holdfast.kit.announcements.shape import Shape
from holdfast.kit.announcements.source import Ask, Heard, Source, Transport, Unreachable

__all__ = [
    "Ask",
    "Drift",
    "FeedAnswer",
    "Firm",
    "Heard",
    "PublishedProduct",
    "PublishedRecall",
    "Shape",
    "Source",
    "Transport",
    "Unreachable",
    "read_answer",
    "read_best",
]
