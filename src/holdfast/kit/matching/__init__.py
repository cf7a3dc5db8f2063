"""Is the recalled thing in our catalogue? Codes first, then brand, model and words."""

from holdfast.kit.matching.catalogue import Catalogue
from holdfast.kit.matching.crowd import Crowd
from holdfast.kit.matching.matcher import ANSWERS, Match, Matches, Rivals, match_all, match_one
from holdfast.kit.matching.rating import Rating, rate
from holdfast.kit.matching.records import Record, read_records

__all__ = [
    "ANSWERS",
    "Catalogue",
    "Crowd",
    "Match",
    "Matches",
    "Rating",
    "Record",
    "Rivals",
    "match_all",
    "match_one",
    "rate",
    "read_records",
]
