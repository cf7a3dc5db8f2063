"""Deadlines as an iCalendar file: one event an open duty, with two alarms before its end."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from icalendar import Alarm, Calendar, Event

ALARMS = (timedelta(hours=24), timedelta(hours=4))


@dataclass(frozen=True, slots=True)
class Entry:
    """One deadline. `uid` stays the same for the same duty; `revision` counts its changes."""

    uid: str
    title: str
    at: datetime
    text: str
    url: str
    revision: int
    changed_at: datetime


def feed(name: str, entries: Iterable[Entry]) -> bytes:
    """RFC 5545, times in UTC so that no calendar counts them by zone rules of its own."""
    calendar = Calendar()
    calendar.add("prodid", "-//Holdfast//Deadlines//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", timedelta(minutes=30), parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", "PT30M")
    for entry in entries:
        calendar.add_component(_event(entry))
    return bytes(calendar.to_ical())


def _event(entry: Entry) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("summary", entry.title)
    event.add("dtstart", entry.at.astimezone(UTC))
    event.add("dtstamp", entry.changed_at.astimezone(UTC))
    event.add("sequence", entry.revision)
    event.add("description", entry.text)
    event.add("transp", "TRANSPARENT")
    if entry.url:
        event.add("url", entry.url)
    for before in ALARMS:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", entry.title)
        alarm.add("trigger", -before)
        event.add_component(alarm)
    return event
