"""Times of bulk tables: ISO 8601 with an offset, or without one where a zone is named.

`read_moment` says what holds; `read_moments` gives the same for a column, quickly: what looks the
usual way is worked out in numpy, everything else goes through `read_moment`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
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
    for size in np.unique(sizes).tolist():
        if size not in _SHAPES:
            continue
        which = np.flatnonzero(sizes == size)
        lines = _letter_by_letter(letters, starts, which, size)
        for shape in _SHAPES[size]:
            moments, sound = shape.read(lines)
            good = which if sound.all() else which[sound]
            values[good] = moments
            is_local[good] = not shape.zone
            done[good] = True
            if len(good) == len(which):
                break
            which, lines = which[~sound], lines[:, ~sound]
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


def _letter_by_letter(letters: Any, starts: Any, which: Any, size: int) -> Any:
    """Texts of one length as an array [place in the text, text]."""
    import numpy as np  # noqa: PLC0415 - see above

    first, last = int(starts[which[0]]), int(starts[which[-1]])
    if last - first == (len(which) - 1) * size:
        lines = letters[first : last + size].reshape(-1, size)
    else:
        lines = letters[starts[which][:, None] + np.arange(size)]
    return np.ascontiguousarray(lines.T)


@dataclass(frozen=True, slots=True)
class _Shape:
    """One way to write a time, YYYY-MM-DD[THH:MM[:SS[.f…]]][Z|±HH[[:]MM]], read by letters.

    `clock` is how many letters hours, minutes and seconds take, `fraction` how many digits follow.
    """

    clock: int
    fraction: int
    zone: str

    @property
    def size(self) -> int:
        return 10 + self.clock + (self.fraction + 1 if self.fraction else 0) + len(self.zone)

    def signs(self) -> list[tuple[int, str]]:
        """What stands where between the digits; any of the letters."""
        found = [(4, "-"), (7, "-")]
        if self.clock:
            found += [(10, "T "), (13, ":")] + ([(16, ":")] if self.clock > 6 else [])
        if self.fraction:
            found.append((19, "."))
        begin = self.size - len(self.zone)
        for place, sign in enumerate(self.zone):
            if sign in "Z+:":
                found.append((begin + place, "+-" if sign == "+" else sign))
        return found

    def read(self, lines: Any) -> tuple[Any, Any]:
        """The moments of the texts of this shape, and which of all they are."""
        import numpy as np  # noqa: PLC0415 - pure parts of the kit do without it

        shaped = np.ones(lines.shape[1], bool)
        for place, wanted in self.signs():
            fits = lines[place] == ord(wanted[0])
            for other in wanted[1:]:
                fits |= lines[place] == ord(other)
            shaped &= fits
        if not shaped.any():
            return np.empty(0, np.int64), shaped
        if not shaped.all():
            lines = lines[:, shaped]
        moments, sound = self._read(lines)
        if sound.all():
            return moments, shaped
        which = np.flatnonzero(shaped)
        shaped[which[~sound]] = False
        return moments[sound], shaped

    def _read(self, lines: Any) -> tuple[Any, Any]:
        import numpy as np  # noqa: PLC0415 - see above

        digits = lines - np.uint8(48)
        sound = np.ones(lines.shape[1], bool)

        def number(first: int, last: int) -> Any:
            value = np.zeros(lines.shape[1], np.int32)
            for place in range(first, last):
                np.logical_and(sound, digits[place] < 10, out=sound)
                value *= 10
                value += digits[place]
            return value

        year, month, day = number(0, 4), number(5, 7), number(8, 10)
        before, most = _months()
        place = (year - _FIRST_YEAR) * 12 + (month - 1)
        sound &= (month >= 1) & (month <= 12) & (day >= 1) & (place >= 0) & (place < len(most))
        place[~sound] = 0
        sound &= day <= most[place]
        seconds = (before[place] + day).astype(np.int64) * 86_400
        if self.clock:
            hour, minute = number(11, 13), number(14, 16)
            second = number(17, 19) if self.clock > 6 else np.int32(0)
            sound &= (hour < 24) & (minute < 60) & (second < 60)
            seconds += hour * 3_600 + minute * 60 + second
        if self.zone and self.zone != "Z":
            begin = lines.shape[0] - len(self.zone)
            hours = number(begin + 1, begin + 3)
            away = hours * 3_600
            sound &= hours <= _MOST_HOURS
            if len(self.zone) > 3:
                minutes = number(lines.shape[0] - 2, lines.shape[0])
                sound &= minutes < 60
                away += minutes * 60
            seconds -= np.where(lines[begin] == ord("-"), -away, away)
        seconds *= 1_000_000
        if self.fraction:
            kept = min(self.fraction, 6)
            seconds += number(20, 20 + kept) * 10 ** (6 - kept)
            number(20 + kept, 20 + self.fraction)  # digits too, though nobody keeps them
        return seconds, sound


_FIRST_YEAR, _YEARS = 1900, 300


@cache
def _months() -> tuple[Any, Any]:
    """Of each month from 1900 on: days before its first since 1970, less one; days it has."""
    import numpy as np  # noqa: PLC0415 - see above

    first = np.datetime64(f"{_FIRST_YEAR}-01", "M")
    starts = (first + np.arange(_YEARS * 12 + 1)).astype("datetime64[D]").astype(np.int64)
    return starts[:-1] - 1, np.diff(starts)


def _shapes() -> dict[int, list[_Shape]]:
    """All shapes by their length; those that are written most come first."""
    found: dict[int, list[_Shape]] = {}
    clocks = [(9, fraction) for fraction in range(10)] + [(6, 0)]
    plain = [_Shape(0, 0, "")]
    for clock, fraction in clocks:
        plain += [_Shape(clock, fraction, zone) for zone in ("+00:00", "Z", "", "+00", "+0000")]
    for shape in plain:
        found.setdefault(shape.size, []).append(shape)
    return found


_SHAPES = _shapes()


def shown(microseconds: int) -> str:
    """A stored time as people write it.

    >>> shown(0)
    '1970-01-01T00:00:00+00:00'
    """
    return (EPOCH + timedelta(microseconds=microseconds)).replace(tzinfo=UTC).isoformat()
