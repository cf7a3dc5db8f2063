"""Every write of the filing room, by verb group."""

from holdfast.response.filings.actions.corresponding import (
    record_authority_letter,
    record_authority_request,
    settle_authority_request,
)
from holdfast.response.filings.actions.drafting import (
    amend_filing,
    draft_filing,
    take_back_filing,
    update_filing,
    withdraw_filing,
)
from holdfast.response.filings.actions.erasing import Forgotten, erase_person
from holdfast.response.filings.actions.releasing import (
    acknowledge_filing,
    export_filing,
    propose_filing,
    record_filed,
    release_filing,
)
from holdfast.response.filings.actions.scheduling import open_progress_reports
from holdfast.response.filings.actions.stating import explain_contradiction, state_fact

__all__ = [
    "Forgotten",
    "acknowledge_filing",
    "amend_filing",
    "draft_filing",
    "erase_person",
    "explain_contradiction",
    "export_filing",
    "open_progress_reports",
    "propose_filing",
    "record_authority_letter",
    "record_authority_request",
    "record_filed",
    "release_filing",
    "settle_authority_request",
    "state_fact",
    "take_back_filing",
    "update_filing",
    "withdraw_filing",
]
