"""Time zones by the rules the project pins, not by those a machine happens to have."""

from __future__ import annotations

from functools import cache
from importlib import resources
from zoneinfo import ZoneInfo

import tzdata

VERSION = f"tzdata {tzdata.IANA_VERSION}"


@cache
def zone(name: str) -> ZoneInfo:
    """The zone of an IANA name, from the pinned data.

    >>> zone("Europe/Berlin").key
    'Europe/Berlin'
    """
    area, _, place = name.rpartition("/")
    folder = resources.files("tzdata").joinpath("zoneinfo", *area.split("/") if area else ())
    with folder.joinpath(place).open("rb") as data:
        return ZoneInfo.from_file(data, key=name)
