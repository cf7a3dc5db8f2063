"""Every write of notices."""

from holdfast.response.notices.actions.approving import approve_text, withdraw_approval
from holdfast.response.notices.actions.drafting import draft_notice, edit_text
from holdfast.response.notices.actions.picturing import (
    drop_photo,
    match_photo_of_entry,
    set_photo,
)
from holdfast.response.notices.actions.printing import (
    ask_notice_file,
    note_printed,
    stop_notice_file,
    write_notice_file,
)

__all__ = [
    "approve_text",
    "ask_notice_file",
    "draft_notice",
    "drop_photo",
    "edit_text",
    "match_photo_of_entry",
    "note_printed",
    "set_photo",
    "stop_notice_file",
    "withdraw_approval",
    "write_notice_file",
]
