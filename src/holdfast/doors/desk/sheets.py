"""CSV answers that no spreadsheet takes for formulas."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from django.http import HttpResponse, StreamingHttpResponse

from holdfast.kit.sheets import neutral


def csv_answer(name: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """A small table as a download."""
    paper = io.StringIO()
    writer = csv.writer(paper)
    writer.writerow(head)
    writer.writerows([neutral(cell) for cell in row] for row in rows)
    answer = HttpResponse(paper.getvalue(), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


class _Line:
    """What `csv.writer` writes to, handing each line back instead of keeping it."""

    def write(self, text: str) -> str:
        return text


def csv_stream(
    name: str, head: Sequence[str], rows: Iterable[Sequence[object]]
) -> StreamingHttpResponse:
    """A table of any length as a download, a thousand lines at a time."""

    def pieces() -> Iterator[str]:
        writer = csv.writer(_Line())
        piece = [writer.writerow(head)]
        for row in rows:
            piece.append(writer.writerow([neutral(cell) for cell in row]))
            if len(piece) >= 1000:
                yield "".join(piece)
                piece = []
        yield "".join(piece)

    answer = StreamingHttpResponse(pieces(), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
