"""A duty and its end in words, the same in the journal, in commands and in calendars."""

from __future__ import annotations

from datetime import datetime

from holdfast.ground.access.models import Person
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


def owners_of(clock: DutyClock) -> list[str]:
    """Whom an escalation is told: the person who owns the duty, or who holds the role that does.

    Where nobody holds the role it is every recall lead of the house.
    """
    if clock.owner.startswith("person:"):
        return [clock.owner]
    held = clock.recall.roles.filter(role=clock.owner or "lead").values_list("person", flat=True)
    leads = (one for one in Person.objects.filter(is_active=True) if "lead" in one.roles)
    return sorted(set(held)) or [f"person:{one.pk}" for one in leads]


def mailed_about(clock: DutyClock) -> str:
    """How every message about one duty begins its key."""
    return f"duty:{clock.pk}:"
