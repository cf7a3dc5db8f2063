"""Cells of a row: their shape, their numbers and dates, and the fault that rejects the row."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from operator import itemgetter

from holdfast.kit.tables import DateReader, NumberReader
from holdfast.supply.imports.fields import LONGEST
from holdfast.supply.imports.reading import Reading

Rejects = Callable[[int, str, str, list[str]], None]
# Enough for every moment of a year of minutes; cleared when a file has more.
REMEMBERED = 300_000


class Fault(Exception):
    """One row's own fault: the field and the reason."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(reason)
        self.name, self.reason = name, reason


def clean_rows(reading: Reading, reject: Rejects) -> Iterator[tuple[int, list[str]]]:
    """The rows whose shape is sound, short ones filled up; the others are rejected."""
    width = len(reading.table.columns)
    look_for_nul = reading.table.has_nul
    for line, row in reading.table.rows():
        if len(row) != width:
            if len(row) > width:
                if any(cell for cell in row[width:]) or reading.table.kind == "csv":
                    reject(line, "", f"{len(row)} fields, but only {width} columns", row)
                    continue
                del row[width:]
            else:
                row.extend([""] * (width - len(row)))
        if look_for_nul:
            at = next((i for i, cell in enumerate(row) if "\0" in cell), -1)
            if at >= 0:
                reject(line, reading.table.columns[at], "a NUL byte in the cell", row)
                continue
        yield line, row


class Readers:
    """Cached readers for the styles of one file; a bad text raises `Fault`."""

    def __init__(self, reading: Reading) -> None:
        self._numbers = NumberReader(reading.styles.decimal)
        self._dates = DateReader(
            reading.styles.date_order if reading.styles.date_order != "ymd" else "", reading.zone
        )
        self._moments: dict[str, str | None] = {"": None}
        self._prices: dict[str, str | None] = {"": None}
        self._amounts: dict[str, tuple[Decimal, str] | None] = {"": None}

    def moment(self, text: str, name: str) -> str | None:
        """UTC as `YYYY-MM-DD HH:MM:SS`, or `None` for an empty cell."""
        try:
            return self._moments[text]
        except KeyError:
            pass
        stripped = text.strip()
        moment = self._dates.read(stripped) if stripped else None
        if stripped and moment is None:
            raise Fault(name, f"not a date: {shown(stripped)}")
        if len(self._moments) > REMEMBERED:
            self._moments = {"": None}
        value = moment.strftime("%Y-%m-%d %H:%M:%S") if moment else None
        if moment and moment.year < 1000:
            raise Fault(name, f"not a date: {shown(stripped)}")
        self._moments[text] = value
        return value

    def amount(self, text: str, name: str, places: int) -> tuple[Decimal, str] | None:
        """A number with at most so many decimals and its plain text; `None` for an empty cell."""
        try:
            return self._amounts[text]
        except KeyError:
            pass
        stripped = text.strip()
        value = self._numbers.read(stripped) if stripped else None
        if stripped and value is None:
            raise Fault(name, number_words(stripped))
        if value is not None and value != round(value, places):
            raise Fault(name, f"more than {places} decimals: {shown(stripped)}")
        if value is not None and abs(value) >= 10**9:
            raise Fault(name, f"too large to be true: {shown(stripped)}")
        if len(self._amounts) > REMEMBERED:
            self._amounts = {"": None}
        found = None if value is None else (value, f"{value:f}")
        self._amounts[text] = found
        return found

    def price(self, text: str, name: str = "price") -> str | None:
        """A price rounded to four decimals as plain text, or `None` for an empty cell."""
        try:
            return self._prices[text]
        except KeyError:
            pass
        stripped = text.strip()
        value = self._numbers.read(stripped) if stripped else None
        if stripped and (value is None or abs(value) >= 10**9):
            raise Fault(name, number_words(stripped))
        if len(self._prices) > REMEMBERED:
            self._prices = {"": None}
        found = None if value is None else f"{round(value, 4):f}"
        self._prices[text] = found
        return found


def shown(text: str) -> str:
    return repr(text if len(text) <= 60 else f"{text[:57]}…")


def number_words(text: str) -> str:
    if text.startswith("="):
        return f"a formula where a number should be: {shown(text)}; paste its value"
    return f"not a number: {shown(text)}"


def picker(reading: Reading, names: tuple[str, ...]) -> tuple[itemgetter[object], list[str]]:
    """A getter of the named fields from a row, and the cells to append for fixed values."""
    width = len(reading.table.columns)
    extra = [""]
    at: list[int] = []
    for name in names:
        if name in reading.columns.values:
            extra.append(reading.columns.values[name])
            at.append(width + len(extra) - 1)
        else:
            at.append(reading.places.get(name, width))
    return itemgetter(*at), extra


def too_long(name: str, text: str) -> None:
    """Refuse an identifier that would not fit; nothing is cut in silence."""
    if len(text) > LONGEST[name]:
        raise Fault(name, f"longer than {LONGEST[name]} characters")
