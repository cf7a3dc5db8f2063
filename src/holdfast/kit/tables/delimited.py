"""Records out of delimited text: separators, quoted line breaks, a tail that must be whole."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import chain

from holdfast.kit.refusals import Unreadable
from holdfast.kit.tables.opening import DEFAULT_LIMITS, ByteSource, Limits
from holdfast.kit.tables.survey import too_long

SEPARATORS = (",", ";", "\t", "|")
SEPARATOR_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}
# A record of its own behind the last line: it comes out by itself only if no quote is left open.
SENTINEL = "\x02end of table\x03"

# The module's own limit of 131,072 is process-wide and cuts honest records; ours is below.
csv.field_size_limit(max(csv.field_size_limit(), 4 * DEFAULT_LIMITS.record_bytes))


class _RawChunks(io.RawIOBase):
    """Lets the standard text decoder pull from an iterator of byte chunks."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._left = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if not self._left:
            self._left = memoryview(next(self._chunks, b""))
        part = self._left[: len(buffer)]
        buffer[: len(part)] = part
        self._left = self._left[len(part) :]
        return len(part)


def text_lines(source: ByteSource, encoding: str) -> io.TextIOWrapper:
    """The lines of the source, ends kept (`\\n`, `\\r` or `\\r\\n`)."""
    raw = io.BufferedReader(_RawChunks(source.chunks()), buffer_size=256 * 1024)
    return io.TextIOWrapper(raw, encoding=encoding, errors="strict", newline="")


def announced_separator(sample: str) -> str:
    """What a first line `sep=;`, as spreadsheets write it, says; empty without one."""
    first = sample.lstrip("\ufeff").splitlines()[0].strip().strip('"') if sample else ""
    return first[4] if first.lower().startswith("sep=") and len(first) == 5 else ""


def sniff(sample: str, *, whole: bool, score: Callable[[list[str]], int]) -> tuple[str, int, bool]:
    """The separator, the index of the header record and whether quotes are plain letters.

    `score` says how many known column names a record holds; `whole` is False when the sample
    was cut, so its last line is not trusted.
    """
    lines = sample.splitlines(keepends=True)
    if not whole and len(lines) > 1:
        lines = lines[:-1]
    best: tuple[tuple[int, float, int], str, int] | None = None
    for separator in SEPARATORS:
        records = _sample_records(lines, separator)
        if not records:
            continue
        header = header_index(records, score)
        width = len(records[header])
        if width < 2:
            continue
        body = records[header + 1 :]
        same = sum(len(record) == width for record in body) / len(body) if body else 1.0
        rank = (score(records[header]), same, width)
        if best is None or rank > best[0]:
            best = (rank, separator, header)
    if best is None:
        return "", 0, False
    _, separator, header = best
    return separator, header, separator == "\t" and _quotes_are_letters(lines)


def _sample_records(lines: list[str], separator: str) -> list[list[str]]:
    reader = csv.reader(lines, delimiter=separator)
    records: list[list[str]] = []
    try:
        for record in reader:
            if record:
                records.append(record)
            if len(records) > 200:
                break
    except csv.Error:
        pass
    return records


def header_index(records: list[list[str]], score: Callable[[list[str]], int]) -> int:
    """The first record, unless a later one among ten holds known names and it holds none."""
    if score(records[0]):
        return 0
    ranked = [(score(record), -at) for at, record in enumerate(records[:10])]
    best, at = max(ranked)
    return -at if best >= 2 else 0


def _quotes_are_letters(lines: list[str]) -> bool:
    """In tab-separated reports a quote is often an inch sign: true if every line fits as is."""
    widths = Counter(line.count("\t") for line in lines if line.strip("\r\n"))
    return len(widths) == 1 and any('"' in line for line in lines)


def record(cells: list[str], separator: str) -> str:
    """One record without its line end, quoted where it must be.

    >>> record(["1", "a;b", ""], ";")
    '1;"a;b";'
    """
    held = io.StringIO()
    # The writer quotes a line break only where its own line end is one.
    csv.writer(held, delimiter=separator, lineterminator="\r\n").writerow(cells)
    return held.getvalue().removesuffix("\r\n")


def records(
    path: str,
    lines: Iterable[str],
    separator: str,
    *,
    plain_quotes: bool = False,
    limits: Limits = DEFAULT_LIMITS,
) -> Iterator[tuple[int, list[str]]]:
    """`(first line, cells)` for every record that is not an empty line. Raises `Unreadable`."""
    fed = chain(lines, (SENTINEL,))
    if plain_quotes:
        reader = csv.reader(fed, delimiter=separator, quoting=csv.QUOTE_NONE)
    else:
        reader = csv.reader(fed, delimiter=separator)
    before = 0
    row: list[str] = []
    try:
        for row in reader:
            number = reader.line_num
            if number - before > 1:
                _refuse_heavy(path, row, before + 1, limits)
            if row:
                if row[-1].endswith(SENTINEL):
                    break
                if plain_quotes:
                    row = [_unquoted(cell) for cell in row]
                yield before + 1, row
            before = number
    except csv.Error as error:
        if "field larger" in str(error):
            raise too_long(path, before + 1, limits) from None
        raise Unreadable(
            "record_unreadable",
            f"Line {reader.line_num} of {path} cannot be read: {error}.",
            file=path,
            line=reader.line_num,
            hint="Look at this line in a text editor, or export the file again.",
        ) from None
    except UnicodeDecodeError as error:
        raise Unreadable(
            "undecodable",
            f"{path} cannot be read as {error.encoding} after line {before}.",
            file=path,
            line=before + 1,
            hint="Save the file as UTF-8, or name its encoding with --encoding.",
        ) from None
    if row != [SENTINEL]:
        raise Unreadable(
            "file_truncated",
            f"{path} ends inside a quoted field that was opened on line {before + 1}.",
            file=path,
            line=before + 1,
            hint="The file was cut off, or a quote is missing on that line. Export it again.",
        )


def _refuse_heavy(path: str, row: list[str], line: int, limits: Limits) -> None:
    if sum(map(len, row)) > limits.record_bytes:
        raise too_long(path, line, limits)


def _unquoted(cell: str) -> str:
    if len(cell) > 1 and cell[0] == cell[-1] == '"':
        inner = cell[1:-1]
        if '"' not in inner.replace('""', ""):
            return inner.replace('""', '"')
    return cell
