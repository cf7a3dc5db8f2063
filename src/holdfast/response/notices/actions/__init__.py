"""Every write of notices."""

from holdfast.response.notices.actions.approving import approve_text, withdraw_approval
from holdfast.response.notices.actions.drafting import draft_notice, edit_text
from holdfast.response.notices.actions.printing import note_printed

__all__ = ["approve_text", "draft_notice", "edit_text", "note_printed", "withdraw_approval"]
