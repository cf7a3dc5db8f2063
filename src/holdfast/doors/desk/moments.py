"""A day and time as a person types it, in the shop's own zone."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from holdfast.ground.access.queries import organisation
from holdfast.kit.refusals import Unreadable

EARLIEST, LATEST = 1900, 2200  # a year outside is a slip of the keys


def moment_from(text: str) -> datetime | None:
    """Nothing where nothing was typed. Raises `Unreadable` for what is no day."""
    if not text.strip():
        return None
    try:
        found = datetime.fromisoformat(text.strip())
        if not EARLIEST <= found.year <= LATEST:
            raise ValueError(f"the year {found.year}")
    except ValueError as error:
        raise Unreadable(
            "bad_time",
            _("“%(text)s” is no day and time.") % {"text": text[:40]},
            hint=_("Write it like 2026-04-14 07:52, or leave it empty for now."),
        ) from error
    return found if found.tzinfo else found.replace(tzinfo=ZoneInfo(organisation().zone or "UTC"))
