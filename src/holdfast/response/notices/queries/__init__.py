"""Reads of notices: the texts, what they lack, who reads which language, whom a letter goes to."""

from holdfast.response.notices.queries.people import (
    Addressee,
    Coverage,
    addressees,
    coverage,
    covered,
    first_language,
    reader_counts,
    ways_to_reach,
)
from holdfast.response.notices.queries.texts import (
    approved_texts,
    checked,
    content_of,
    current_notice,
    facts_from,
    is_approved,
    needed_languages,
    page_photo,
    regimes_needed,
    text_in,
)

__all__ = [
    "Addressee",
    "Coverage",
    "addressees",
    "approved_texts",
    "checked",
    "content_of",
    "coverage",
    "covered",
    "current_notice",
    "facts_from",
    "first_language",
    "is_approved",
    "needed_languages",
    "page_photo",
    "reader_counts",
    "regimes_needed",
    "text_in",
    "ways_to_reach",
]
