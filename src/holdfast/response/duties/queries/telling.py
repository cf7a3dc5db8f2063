"""A duty and its end in words, the same in the journal, in commands and in calendars."""

from __future__ import annotations

from datetime import datetime

from holdfast.kit.regimes.cities import city
from holdfast.kit.regimes.zones import zone
from holdfast.response.duties.models import DutyClock


def title_of(clock: DutyClock) -> str:
    """`Report to the CPSC (US)`, with the accident where it is about one."""
    about = f", {clock.occurrence}" if clock.occurrence else ""
    return f"{clock.name} ({clock.country}{about})"


def moment_of(clock: DutyClock, at: datetime | None) -> str:
    """`Tue 2026-11-24 14:00 Washington`: the authority's wall clock."""
    return f"{at.astimezone(zone(clock.zone)):%a %Y-%m-%d %H:%M} {city(clock.zone)}" if at else "–"
