"""Whose wall clock a zone is: the city people know it by."""

from __future__ import annotations

# Where the seat of government keeps the time of another city.
_SEATS = {
    "America/New_York": "Washington",
    "America/Toronto": "Ottawa",
    "America/Sao_Paulo": "Brasília",
    "Asia/Shanghai": "Beijing",
    "Asia/Kolkata": "New Delhi",
    "Asia/Dubai": "Abu Dhabi",
    "Australia/Sydney": "Canberra",
    "Europe/Istanbul": "Ankara",
    "Europe/Zurich": "Bern",
    "Africa/Johannesburg": "Pretoria",
    "Pacific/Auckland": "Wellington",
}


def city(zone: str) -> str:
    """The city of a zone's name; an offset stays as it is.

    >>> city("America/New_York"), city("Europe/Berlin"), city("Etc/UTC"), city("-05:00")
    ('Washington', 'Berlin', 'UTC', '-05:00')
    """
    return _SEATS.get(zone) or zone.rsplit("/", 1)[-1].replace("_", " ")
