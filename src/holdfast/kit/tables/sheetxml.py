"""The XML inside a workbook, read in portions: tags of small parts, texts, cells of a sheet."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator
from typing import IO
from xml.parsers import expat

PORTION = 64 * 1024
MOST_COLUMNS = 16_384
DEEPEST = 200
_REFERENCE = re.compile(r"^([A-Z]{1,3})(\d+)$")


class Handler:
    """What happens at each tag and text; a document type, and with it every bomb, is refused."""

    def start(self, name: str, given: dict[str, str]) -> None:
        """A tag opens."""

    def end(self, name: str) -> None:
        """A tag closes."""

    def text(self, text: str) -> None:
        """Text inside a tag, perhaps in pieces."""


def parsed(part: IO[bytes], handler: Handler) -> Iterator[None]:
    """Feed a part to a handler, pausing after each portion so that its harvest can be taken."""
    parser = expat.ParserCreate()
    depth = 0

    def refuse(*_: object) -> None:
        raise ValueError("a document type in a workbook")

    def start(name: str, given: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST or len(given) > DEEPEST:
            raise ValueError("tags nested too deep")
        handler.start(name.rpartition(":")[2], given)

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        handler.end(name.rpartition(":")[2])

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = handler.text
    parser.buffer_text = True
    while portion := part.read(PORTION):
        parser.Parse(portion, False)
        yield None
    parser.Parse(b"", True)
    yield None


class Tags(Handler):
    def __init__(self) -> None:
        self.found: list[tuple[str, dict[str, str]]] = []

    def start(self, name: str, given: dict[str, str]) -> None:
        self.found.append((name, given))


def elements(archive: zipfile.ZipFile, name: str) -> Iterator[tuple[str, dict[str, str]]]:
    """The opening tags of a small part, in order; nothing where the part is missing."""
    if name not in archive.namelist():
        return
    tags = Tags()
    with archive.open(name) as part:
        for _ in parsed(part, tags):
            yield from tags.found
            tags.found.clear()


class Texts(Handler):
    """Shared strings: the text of each, without pronunciation guides."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self._parts: list[str] = []
        self._is_text = self._is_guide = False

    def start(self, name: str, given: dict[str, str]) -> None:
        if name == "t":
            self._is_text = not self._is_guide
        elif name == "si":
            self._parts = []
        elif name == "rPh":
            self._is_guide = True

    def end(self, name: str) -> None:
        if name == "t":
            self._is_text = False
        elif name == "si":
            self.found.append("".join(self._parts))
        elif name == "rPh":
            self._is_guide = False

    def text(self, text: str) -> None:
        if self._is_text:
            self._parts.append(text)


class Cells(Handler):
    """Rows of a sheet: finished ones wait in `rows` to be taken."""

    def __init__(self, value: Callable[[str, str, str, str | None], str]) -> None:
        self.rows: list[tuple[int, list[str]]] = []
        self._value_of = value
        self._number = 0
        self._row: list[str] = []
        self._cell: dict[str, str] = {}
        self._value: list[str] = []
        self._formula: list[str] | None = None
        self._into: list[str] | None = None
        self._is_guide = False

    def start(self, name: str, given: dict[str, str]) -> None:
        if name == "c":
            self._cell, self._value, self._formula = given, [], None
        elif name == "v" or (name == "t" and not self._is_guide):
            self._into = self._value
        elif name == "f":
            self._formula = self._into = []
        elif name == "row":
            number = given.get("r", "")
            self._number = int(number) if number.isdigit() else self._number + 1
            self._row = []
        elif name == "rPh":
            self._is_guide = True

    def end(self, name: str) -> None:
        if name in ("v", "t", "f"):
            self._into = None
        elif name == "c":
            self._take()
        elif name == "row":
            self.rows.append((self._number, self._row))
        elif name == "rPh":
            self._is_guide = False

    def text(self, text: str) -> None:
        if self._into is not None:
            self._into.append(text)

    def _take(self) -> None:
        row, cell = self._row, self._cell
        found = _REFERENCE.match(cell.get("r", ""))
        at = _column(found.group(1)) if found else len(row)
        if at >= MOST_COLUMNS:
            raise ValueError("a cell beyond the last column")
        if at > len(row):
            row.extend([""] * (at - len(row)))
        formula = None if self._formula is None else "".join(self._formula)
        row.append(
            self._value_of(cell.get("t", "n"), cell.get("s", ""), "".join(self._value), formula)
        )


def _column(letters: str) -> int:
    at = 0
    for letter in letters:
        at = at * 26 + ord(letter) - 64
    return at - 1
