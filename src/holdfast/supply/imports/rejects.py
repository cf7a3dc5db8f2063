"""Rejected rows as a CSV for a spreadsheet: what stands in a cell can never act as a formula."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from typing import Protocol

from holdfast.kit.refusals import Unreadable

HEADER = ("line", "column", "reason", "row")
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


class RejectedRow(Protocol):
    """What is known of a row that was not imported."""

    @property
    def line(self) -> int: ...
    @property
    def column(self) -> str: ...
    @property
    def reason(self) -> str: ...
    @property
    def raw(self) -> str: ...


def neutral(cell: str) -> str:
    """A cell that a spreadsheet shows as text.

    >>> neutral("=1+1"), neutral("17850")
    ("'=1+1", '17850')
    """
    return f"'{cell}" if cell.startswith(DANGEROUS) else cell


def reject_rows(rejects: Iterable[RejectedRow]) -> Iterator[tuple[str, str, str, str]]:
    """The lines of the download, without its header."""
    for one in rejects:
        yield (str(one.line), neutral(one.column), neutral(one.reason), neutral(one.raw))


def write_rejects(path: str, rejects: Iterable[RejectedRow]) -> None:
    """Write them to a file. Raises `Unreadable` where the file cannot be written."""
    try:
        with open(path, "w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(HEADER)
            writer.writerows(reject_rows(rejects))
    except OSError as error:
        raise Unreadable(
            "not_writable",
            f"The rejected rows cannot be written to {path}: {error.strerror or error}.",
            file=path,
            hint="The import itself is done; name another file and import again to get the list.",
        ) from None
