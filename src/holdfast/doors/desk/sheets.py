"""CSV answers that no spreadsheet takes for formulas."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from django.http import HttpResponse

DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def neutral(cell: object) -> str:
    """Text that a spreadsheet shows and does not run; plain numbers stay numbers."""
    text = "" if cell is None else str(cell)
    if text.startswith(DANGEROUS) and not _is_number(text):
        return "'" + text
    return text


def _is_number(text: str) -> bool:
    return text.removeprefix("-").replace(".", "", 1).isdigit()


def csv_answer(name: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """A small table as a download."""
    paper = io.StringIO()
    writer = csv.writer(paper)
    writer.writerow(head)
    writer.writerows([neutral(cell) for cell in row] for row in rows)
    answer = HttpResponse(paper.getvalue(), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
