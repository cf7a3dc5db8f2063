"""Rows out of an XLSX workbook, streamed, with bombs, merged cells and foreign files refused."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import IO
from xml.parsers import expat

from holdfast.kit.refusals import Unreadable
from holdfast.kit.tables.opening import CHUNK, DEFAULT_LIMITS, Limits
from holdfast.kit.tables.sheetxml import Cells, Texts, elements, parsed

SHARED_STRINGS_BYTES = 512 * 1024**2
MERGED = re.compile(rb"""mergeCell\b[^>]{0,200}?\bref\s*=\s*["']([^"']{1,40})""")
BUILT_IN_DATES = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
_LITERALS = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')


def _local(tag: str) -> str:
    return tag.rpartition(":")[2]


@dataclass
class Workbook:
    """An opened workbook: one sheet of it as rows of text. Raises `Unreadable` throughout."""

    path: str
    sheet: str | None = None
    limits: Limits = DEFAULT_LIMITS
    sheet_name: str = ""
    other_sheets: tuple[str, ...] = ()
    notes: list[str] = field(default_factory=list)
    _part: str = ""
    _strings: list[str] = field(default_factory=list)
    _dates: frozenset[int] = frozenset()
    _zeros: dict[int, int] = field(default_factory=dict)
    _epoch: datetime = datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet's day has no zone
    read_share: float = 0.0

    def __post_init__(self) -> None:
        try:
            with zipfile.ZipFile(self.path) as archive:
                self._refuse_bomb(archive)
                self._find_sheet(archive)
                self._load_styles(archive)
                self._load_strings(archive)
                self._refuse_merged(archive)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
            raise self._damaged(str(error)) from None
        except (expat.ExpatError, ValueError) as error:
            raise self._damaged(f"{type(error).__name__} in its XML") from None
        except RuntimeError:
            raise Unreadable(
                "file_encrypted",
                f"{self.path} is protected by a password.",
                file=self.path,
                hint="Save a copy without password and import that.",
            ) from None

    # -- opening ---------------------------------------------------------------------------

    def _refuse_bomb(self, archive: zipfile.ZipFile) -> None:
        infos = archive.infolist()
        total = sum(info.file_size for info in infos)
        packed = sum(info.compress_size for info in infos) or 1
        if (
            len(infos) > 10_000
            or total > self.limits.unpacked_bytes
            or (total > self.limits.ratio_free_bytes and total > self.limits.ratio * packed)
        ):
            raise Unreadable(
                "archive_bomb",
                f"{self.path} would unpack to {total // 1024**2} MB out of "
                f"{packed / 1024**2:.1f} MB: this looks like an archive bomb.",
                file=self.path,
                hint="Open it in a spreadsheet program and export the sheet as CSV.",
            )
        if "xl/workbook.xml" not in archive.namelist():
            what = "an OpenDocument file" if "content.xml" in archive.namelist() else "a ZIP file"
            raise Unreadable(
                "not_a_table",
                f"{self.path} is {what}, not an XLSX workbook.",
                file=self.path,
                hint="Save it as XLSX or CSV, or unpack it and import the tables inside.",
            )

    def _find_sheet(self, archive: zipfile.ZipFile) -> None:
        targets: dict[str, str] = {}
        for name, given in elements(archive, "xl/_rels/workbook.xml.rels"):
            if name == "Relationship":
                target = given.get("Target", "")
                is_absolute = target.startswith("/")
                targets[given.get("Id", "")] = target[1:] if is_absolute else f"xl/{target}"
        sheets: list[tuple[str, str]] = []
        for name, given in elements(archive, "xl/workbook.xml"):
            if name == "workbookPr" and given.get("date1904") in ("1", "true"):
                self._epoch = datetime(1904, 1, 1)  # noqa: DTZ001
            if name == "sheet" and given.get("state", "visible") == "visible":
                key = next((v for k, v in given.items() if _local(k) == "id"), "")
                part = targets.get(key, "")
                if part in archive.namelist():
                    sheets.append((given.get("name", ""), part))
        if self.sheet is not None:
            sheets = [pair for pair in sheets if pair[0] == self.sheet]
        if not sheets:
            raise Unreadable(
                "no_sheet",
                f"{self.path} has no visible sheet"
                + (f" called {self.sheet!r}." if self.sheet else "."),
                file=self.path,
                hint="Check the sheet name, or export the sheet as CSV.",
            )
        if len(sheets) > 1:
            self.other_sheets = tuple(name for name, _ in sheets[1:])
            others = ", ".join(self.other_sheets)
            self.notes.append(f"Only the sheet {sheets[0][0]!r} is read, not: {others}.")
        self.sheet_name, self._part = sheets[0]

    def _load_styles(self, archive: zipfile.ZipFile) -> None:
        codes: dict[int, str] = {}
        dates: set[int] = set()
        inside = False
        at = 0
        for name, given in elements(archive, "xl/styles.xml"):
            if name in ("cellStyleXfs", "cellXfs", "cellStyles", "dxfs"):
                inside = name == "cellXfs"
            elif name == "numFmt":
                codes[int(given.get("numFmtId", "0"))] = given.get("formatCode", "")
            elif name == "xf" and inside:
                number = int(given.get("numFmtId", "0"))
                code = codes.get(number, "")
                if number in BUILT_IN_DATES or re.search("[dmyh]", _LITERALS.sub("", code.lower())):
                    dates.add(at)
                elif re.fullmatch("0{2,}", code):
                    self._zeros[at] = len(code)
                at += 1
        self._dates = frozenset(dates)

    def _load_strings(self, archive: zipfile.ZipFile) -> None:
        name = "xl/sharedStrings.xml"
        if name not in archive.namelist():
            return
        if archive.getinfo(name).file_size > SHARED_STRINGS_BYTES:
            raise Unreadable(
                "too_large",
                f"The texts of {self.path} take more than {SHARED_STRINGS_BYTES // 1024**2} MB.",
                file=self.path,
                hint="Export the sheet as CSV, which is read line by line.",
            )
        texts = Texts()
        with archive.open(name) as part:
            for _ in parsed(part, texts):
                pass
        self._strings = texts.found

    def _refuse_merged(self, archive: zipfile.ZipFile) -> None:
        tail = b""
        with archive.open(self._part) as part:
            while chunk := part.read(CHUNK):
                if found := MERGED.search(tail + chunk):
                    where = found.group(1).decode("ascii", "replace")
                    line = re.search(r"\d+", where)
                    raise Unreadable(
                        "merged_cells",
                        f"The sheet {self.sheet_name!r} of {self.path} has merged cells ({where}), "
                        "so it is not clear which row a value belongs to.",
                        file=self.path,
                        line=int(line.group()) if line else None,
                        column=re.sub(r"\d.*", "", where),
                        hint="Unmerge the cells and fill every row, or export the sheet as CSV.",
                    )
                tail = chunk[-256:]

    def _damaged(self, why: str) -> Unreadable:
        return Unreadable(
            "workbook_damaged",
            f"{self.path} is not a sound XLSX workbook: {why}.",
            file=self.path,
            hint="Open and save it in a spreadsheet program, or export the sheet as CSV.",
        )

    # -- reading ---------------------------------------------------------------------------

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """`(row number, cells)` of every row that holds anything."""
        try:
            with zipfile.ZipFile(self.path) as archive:
                size = max(1, archive.getinfo(self._part).file_size)
                with archive.open(self._part) as part:
                    yield from self._rows(part, size)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError) as error:
            raise self._damaged(str(error)) from None
        except expat.ExpatError as error:
            raise self._damaged(f"its sheet ends or breaks on line {error.lineno}") from None
        except (ValueError, NotImplementedError, RuntimeError) as error:
            # ValueError is also what a document type, and with it every XML bomb, raises.
            raise self._damaged(f"{type(error).__name__} in its sheet") from None
        self.read_share = 1.0

    def _rows(self, part: IO[bytes], size: int) -> Iterator[tuple[int, list[str]]]:
        cells = Cells(self._value)
        for _ in parsed(part, cells):
            self.read_share = min(1.0, part.tell() / size)
            for number, row in cells.rows:
                if any(row):
                    if sum(map(len, row)) > self.limits.record_bytes:
                        raise Unreadable(
                            "record_too_long",
                            f"Row {number} of {self.path} is longer than 1 MB.",
                            file=self.path,
                            line=number,
                            hint="Look at this row in a spreadsheet program.",
                        )
                    yield number, row
            cells.rows.clear()

    def _value(self, kind: str, style: str, value: str, formula: str | None) -> str:
        if formula is not None:
            # What a formula showed on another machine is not evidence: its text is kept as data.
            return f"={formula}"
        if kind == "s":
            at = int(value) if value.isdigit() else -1
            return self._strings[at] if 0 <= at < len(self._strings) else ""
        if kind == "b":
            return "TRUE" if value == "1" else "FALSE"
        if kind == "n" and value:
            return self._number(value, int(style or 0))
        return value

    def _number(self, text: str, style: int) -> str:
        try:
            number = float(text)
        except ValueError:
            return text
        if style in self._dates:
            return self._date(number, text)
        if number.is_integer() and abs(number) < 1e15:
            digits = str(int(number))
            return digits.zfill(self._zeros[style]) if style in self._zeros else digits
        return repr(number) if abs(number) < 1e15 else text

    def _date(self, number: float, text: str) -> str:
        if not 0 <= number < 2_958_466:
            return text
        moment = self._epoch + timedelta(seconds=round(number * 86_400))
        if number < 1:
            return moment.strftime("%H:%M:%S")
        return moment.isoformat(sep=" ") if number % 1 else moment.date().isoformat()
