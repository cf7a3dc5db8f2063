"""CSV that a spreadsheet shows and never runs: cells that look like formulas get an apostrophe.

>>> [neutral(cell) for cell in ("=1+1", "@SUM(A1)", "-5", "-5+cmd", "B17", None)]
["'=1+1", "'@SUM(A1)", '-5', "'-5+cmd", 'B17', '']
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
AT_ONCE = 500


def neutral(cell: object) -> str:
    """The cell as text; a plain number stays one, whatever its sign."""
    text = "" if cell is None else str(cell)
    if text.startswith(DANGEROUS) and not _is_number(text):
        return "'" + text
    return text


def _is_number(text: str) -> bool:
    digits = text.removeprefix("-").replace(".", "", 1)
    return digits.isascii() and digits.isdigit()


def csv_pieces(head: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
    """The table as UTF-8 in pieces, lines ended by a line feed, in constant memory."""
    paper = io.StringIO()
    writer = csv.writer(paper, lineterminator="\n")
    writer.writerow(head)
    for number, row in enumerate(rows, 1):
        writer.writerow([neutral(cell) for cell in row])
        if number % AT_ONCE == 0:
            yield paper.getvalue().encode()
            paper.seek(0)
            paper.truncate()
    yield paper.getvalue().encode()
