"""Every write that makes good: terms, links, answers, claims, payouts, injuries."""

from holdfast.response.remedies.actions.answering import (
    answer_gone,
    answer_have,
    choose_remedy,
    split_answer,
)
from holdfast.response.remedies.actions.claiming import claim_publicly, review_claim
from holdfast.response.remedies.actions.following import follow_decision
from holdfast.response.remedies.actions.linking import make_links, renew_link, revoke_link
from holdfast.response.remedies.actions.policy import set_remedies
from holdfast.response.remedies.actions.proving import add_claim_photos, erase_claim_photos
from holdfast.response.remedies.actions.reporting import (
    keep_injury_as_complaint,
    report_injury,
    see_injury,
)
from holdfast.response.remedies.actions.settling import (
    escalate_late_claims,
    export_payouts,
    fulfil_claims,
    pay_export,
)

__all__ = [
    "add_claim_photos",
    "answer_gone",
    "answer_have",
    "choose_remedy",
    "claim_publicly",
    "erase_claim_photos",
    "escalate_late_claims",
    "export_payouts",
    "follow_decision",
    "fulfil_claims",
    "keep_injury_as_complaint",
    "make_links",
    "pay_export",
    "renew_link",
    "report_injury",
    "review_claim",
    "revoke_link",
    "see_injury",
    "set_remedies",
    "split_answer",
]
