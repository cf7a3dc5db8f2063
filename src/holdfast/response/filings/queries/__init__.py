"""Reads of filings: the fact base, what is missing, what contradicts, correspondence."""

from holdfast.response.filings.queries.correspondence import (
    letter_numbered,
    letters_of,
    request_numbered,
    request_rows,
)
from holdfast.response.filings.queries.facts import (
    answers_of,
    current_statement,
    fact_base,
    stated_facts,
    statements_of,
)
from holdfast.response.filings.queries.filings import (
    Desk,
    compared,
    drafts_of,
    duties_of,
    explained,
    filing_numbered,
    filing_rows,
    form_of,
    head_of,
    latest_filings,
    seal_of,
    versions_of,
)

__all__ = [
    "Desk",
    "answers_of",
    "compared",
    "current_statement",
    "drafts_of",
    "duties_of",
    "explained",
    "fact_base",
    "filing_numbered",
    "filing_rows",
    "form_of",
    "head_of",
    "latest_filings",
    "letter_numbered",
    "letters_of",
    "request_numbered",
    "request_rows",
    "seal_of",
    "stated_facts",
    "statements_of",
    "versions_of",
]
