"""Reads of the recall room."""

from holdfast.decision.recalls.queries.classes import classes_of
from holdfast.decision.recalls.queries.clocks import (
    clock_facts,
    clock_starts,
    countries_of_sale,
    facts_by_occurrence,
    legal_question,
    profile_of,
)
from holdfast.decision.recalls.queries.finding import Found, find_scope
from holdfast.decision.recalls.queries.guides import facts_of, guides_of, walked
from holdfast.decision.recalls.queries.published import snapshot
from holdfast.decision.recalls.queries.recalls import (
    asked_criteria,
    confirmed_scope,
    latest_scope,
    live_recalls,
    recall_named,
    signed_decision,
    timeline,
)

__all__ = [
    "Found",
    "asked_criteria",
    "classes_of",
    "clock_facts",
    "clock_starts",
    "confirmed_scope",
    "countries_of_sale",
    "facts_by_occurrence",
    "facts_of",
    "find_scope",
    "guides_of",
    "latest_scope",
    "legal_question",
    "live_recalls",
    "profile_of",
    "recall_named",
    "signed_decision",
    "snapshot",
    "timeline",
    "walked",
]
