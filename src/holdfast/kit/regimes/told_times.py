"""A wall clock and its zone, as somebody told them, made an instant."""

from __future__ import annotations

import re
from datetime import UTC, datetime, tzinfo

from holdfast.kit.refusals import Unreadable
from holdfast.kit.regimes.clock_facts import parse_instant
from holdfast.kit.regimes.zones import zone

_OFFSET = re.compile(r"^(?:UTC|GMT|Z)?([+-])(\d{1,2})(?::?(\d{2}))?$|^(UTC|GMT|Z)$", re.IGNORECASE)
_NAME = re.compile(r"^[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*$")


def told_zone(text: str) -> tzinfo:
    """The zone of an IANA name or of an offset (`+01:00`); refuses anything else.

    >>> str(told_zone("Europe/Berlin"))
    'Europe/Berlin'
    """
    written = text.strip()
    found = _OFFSET.match(written)
    if found:
        fixed = f"{found[1]}{int(found[2]):02d}:{found[3] or '00'}" if found[1] else "+00:00"
        try:
            at = datetime.fromisoformat(f"2000-01-01T00:00{fixed}")
        except ValueError:
            raise _unknown(written) from None
        assert at.tzinfo is not None
        return at.tzinfo
    if not written or not _NAME.match(written):
        raise _unknown(written)
    try:
        return zone(written)
    except (OSError, ValueError, ModuleNotFoundError):
        raise _unknown(written) from None


def zone_words(at: datetime) -> str:
    """How the zone of an instant is kept: its name where it has one, else its offset.

    >>> zone_words(datetime.fromisoformat("2026-11-20T22:15:00-05:00"))
    '-05:00'
    """
    name = getattr(at.tzinfo, "key", "")
    return name or ("+00:00" if at.tzinfo is UTC else at.isoformat()[-6:])


def told_time(text: str, zone_text: str, name: str) -> datetime:
    """An ISO time with its offset, or a wall clock in the zone named beside it.

    A wall clock that the day never showed is refused; of one that it showed twice the earlier is
    meant, since no deadline may start too late.
    """
    written = text.strip()
    try:
        at = datetime.fromisoformat(written)
    except ValueError:
        return parse_instant(written, name)  # which says what is wrong with it
    is_day_only = len(written) <= 10
    if at.utcoffset() is not None or is_day_only or not zone_text.strip():
        return parse_instant(written, name)
    local = at.replace(tzinfo=told_zone(zone_text))
    if _is_skipped(local):
        raise Unreadable(
            "no_such_time",
            f"{written} was never shown by clocks in {zone_text.strip()}: "
            "they were put forward past it.",
            hint="Give the time as it was, or with its offset: 2026-03-29T01:30:00+01:00.",
        )
    return local


def _is_skipped(local: datetime) -> bool:
    back = local.astimezone(UTC).astimezone(local.tzinfo)
    return back.replace(tzinfo=None) != local.replace(tzinfo=None)


def _unknown(written: str) -> Unreadable:
    return Unreadable(
        "unknown_zone",
        f"“{written[:60]}” is no time zone.",
        hint="Write a name such as Europe/Berlin or America/New_York, or an offset: +01:00.",
    )
