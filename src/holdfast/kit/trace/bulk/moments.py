"""Times of bulk tables: ISO 8601 with an offset, or without one where a zone is named.

`read_moment` says what holds; `read_moments` gives the same for a column, quickly: what looks the
usual way is worked out in numpy, everything else goes through `read_moment`.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

BAD, NO_ZONE = 1, 2
EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - stored times are UTC without saying so
MICROSECOND = timedelta(microseconds=1)

_CLOCK = r"[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)? ?(Z|z|UTC|[+-]\d\d(?::?\d\d)?)?"
_WRITTEN = re.compile(rf"(\d{{4}})-(\d\d)-(\d\d)(?:{_CLOCK})?", re.ASCII)
_BASIC = re.compile(
    r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(?:(\d\d)(?:[.,](\d{1,9}))?)?(Z|[+-]\d\d(?::?\d\d)?)?)?",
    re.ASCII,
)
_MOST_HOURS = 14  # no place on earth is further from Greenwich


def read_moment(text: str, zone: ZoneInfo | None) -> tuple[int, int]:
    """(microseconds since 1970 in UTC, 0), or (0, `BAD` or `NO_ZONE`). A date is its first moment.

    >>> read_moment("1970-01-01T01:00:00+01:00", None), read_moment("1970-01-02", None)
    ((0, 0), (0, 2))
    """
    found = _WRITTEN.fullmatch(text) or _BASIC.fullmatch(text)
    if not found:
        return 0, BAD
    year, month, day, hour, minute, second, fraction, offset = found.groups()
    micro = int(((fraction or "") + "000000")[:6])
    try:
        at = datetime(  # noqa: DTZ001 - its offset is taken off below
            int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0)
        )
        if offset is None:
            if zone is None:
                return 0, NO_ZONE
            away = at.replace(tzinfo=zone).utcoffset() or timedelta(0)
        elif offset in ("Z", "z", "UTC"):
            away = timedelta(0)
        else:
            digits = offset[1:].replace(":", "")
            hours, minutes = int(digits[:2]), int(digits[2:] or 0)
            if hours > _MOST_HOURS or minutes > 59:
                return 0, BAD
            away = timedelta(minutes=hours * 60 + minutes) * (-1 if offset[0] == "-" else 1)
        return (at - away - EPOCH) // MICROSECOND + micro, 0
    except (ValueError, OverflowError):
        return 0, BAD


def of_local(microseconds: int, zone: ZoneInfo) -> int:
    """A moment of a zone's own clock in UTC; the first of two, where the clock was set back."""
    at = EPOCH + timedelta(microseconds=microseconds)
    away = at.replace(tzinfo=zone).utcoffset() or timedelta(0)
    return microseconds - away // MICROSECOND


def read_moments(column: Any, zone: ZoneInfo | None) -> tuple[Any, Any, Any]:
    """For an Arrow column of texts: microseconds, whether empty, fault (0, `BAD`, `NO_ZONE`)."""
    import numpy as np  # noqa: PLC0415 - pure parts of the kit do without it

    rows = len(column)
    values, faults = np.zeros(rows, np.int64), np.zeros(rows, np.int8)
    starts, sizes, letters = texts(column)
    done = sizes == 0
    is_local = np.zeros(rows, bool)
    for size in np.unique(sizes):
        reader = _SHAPES.get(int(size))
        if reader is None:
            continue
        which = np.flatnonzero(sizes == size)
        lines = letters[starts[which][:, None] + np.arange(size)].T
        moments, sound, no_offset = reader(np.ascontiguousarray(lines))
        good = which[sound]
        values[good] = moments[sound]
        is_local[good] = no_offset
        done[good] = True
    if zone is None:
        faults[is_local] = NO_ZONE
    elif is_local.any():
        values[is_local] = of_locals(values[is_local], zone)
    odd = np.flatnonzero(~done)
    if len(odd):
        read = distinct(column.take(odd), lambda text: read_moment(text, zone))
        values[odd] = read[:, 0]
        faults[odd] = read[:, 1]
    return values, sizes == 0, faults


def of_locals(values: Any, zone: ZoneInfo) -> Any:
    """`of_local` for many; zones change their offset on the quarter of an hour, else one by one."""
    import numpy as np  # noqa: PLC0415 - see above

    quarter = 900_000_000
    which, back = np.unique(values // quarter, return_inverse=True)
    first = np.array([of_local(int(one) * quarter, zone) for one in which], np.int64)
    last = np.array([of_local(int(one) * quarter + quarter - 1, zone) for one in which], np.int64)
    moved = first[back] + (values - which[back] * quarter)
    uneven = (last - first != quarter - 1)[back]
    for row in np.flatnonzero(uneven):
        moved[row] = of_local(int(values[row]), zone)
    return moved


def texts(column: Any) -> tuple[Any, Any, Any]:
    """Where each text of an Arrow column starts, how many bytes it has, and all bytes."""
    import numpy as np  # noqa: PLC0415 - see above

    if not len(column):
        return np.empty(0, np.int64), np.empty(0, np.int32), np.empty(0, np.uint8)
    _, places, letters = column.buffers()
    ends = np.frombuffer(places, np.int32)[column.offset : column.offset + len(column) + 1]
    found = np.frombuffer(letters, np.uint8) if letters is not None else np.empty(0, np.uint8)
    return ends[:-1].astype(np.int64), np.diff(ends), found


def distinct(column: Any, read: Any) -> Any:
    """`read` for each text of a column, asked once for each different one; a row of integers."""
    import numpy as np  # noqa: PLC0415 - see above

    coded = column.dictionary_encode()
    answers = np.array([read(text) for text in coded.dictionary.to_pylist()], np.int64)
    return answers[np.asarray(coded.indices)]


def _shape(size: int, fraction: int, zone: str, lines: Any) -> tuple[Any, Any, bool]:
    """Moments of texts of one length, YYYY-MM-DD[THH:MM:SS[.ffffff]][Z|±HH:MM], by letters."""
    import numpy as np  # noqa: PLC0415 - see above

    digits = lines - np.uint8(48)
    sound = np.ones(lines.shape[1], bool)

    def number(first: int, last: int) -> Any:
        value = np.zeros(lines.shape[1], np.int64)
        for place in range(first, last):
            np.logical_and(sound, digits[place] < 10, out=sound)
            value = value * 10 + digits[place]
        return value

    def letter(place: int, *wanted: str) -> None:
        fits = lines[place] == ord(wanted[0])
        for other in wanted[1:]:
            fits |= lines[place] == ord(other)
        np.logical_and(sound, fits, out=sound)

    year, month, day = number(0, 4), number(5, 7), number(8, 10)
    letter(4, "-")
    letter(7, "-")
    sound &= (year >= 1900) & (year < 2200) & (month >= 1) & (month <= 12) & (day >= 1)
    month, leap = np.clip(month, 1, 12), (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    days = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])[month - 1]
    sound &= day <= days + (leap & (month == 2))
    before = np.array([0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334])[month - 1]
    past = year - 1
    count = past * 365 + past // 4 - past // 100 + past // 400 + before + (leap & (month > 2)) + day
    seconds = (count - 719_163) * 86_400
    micros: Any = 0
    if size > 10:
        letter(10, "T", " ")
        letter(13, ":")
        letter(16, ":")
        hour, minute, second = number(11, 13), number(14, 16), number(17, 19)
        sound &= (hour < 24) & (minute < 60) & (second < 60)
        seconds = seconds + hour * 3_600 + minute * 60 + second
    if fraction:
        letter(19, ".")
        micros = number(20, 20 + fraction) * 10 ** (6 - fraction)
    if zone == "Z":
        letter(size - 1, "Z")
    elif zone:
        letter(size - 6, "+", "-")
        letter(size - 3, ":")
        hours, minutes = number(size - 5, size - 3), number(size - 2, size)
        sound &= (hours <= _MOST_HOURS) & (minutes < 60)
        away = hours * 3_600 + minutes * 60
        seconds = seconds - np.where(lines[size - 6] == ord("-"), -away, away)
    return seconds * 1_000_000 + micros, sound, not zone


_SHAPES = {
    size: partial(_shape, size, fraction, zone)
    for size, fraction, zone in (
        (10, 0, ""),
        (19, 0, ""),
        (20, 0, "Z"),
        (23, 3, ""),
        (24, 3, "Z"),
        (25, 0, "+"),
        (26, 6, ""),
        (27, 6, "Z"),
        (29, 3, "+"),
        (32, 6, "+"),
    )
}


def shown(microseconds: int) -> str:
    """A stored time as people write it.

    >>> shown(0)
    '1970-01-01T00:00:00+00:00'
    """
    return (EPOCH + timedelta(microseconds=microseconds)).replace(tzinfo=UTC).isoformat()
