"""Recalls as authorities publish them: one model for all, the original kept, and what drifted."""

from holdfast.kit.announcements.announcement import Firm, PublishedProduct, PublishedRecall
from holdfast.kit.announcements.answers import Drift, FeedAnswer, read_answer
from holdfast.kit.announcements.shape import Shape

__all__ = [
    "Drift",
    "FeedAnswer",
    "Firm",
    "PublishedProduct",
    "PublishedRecall",
    "Shape",
    "read_answer",
]
