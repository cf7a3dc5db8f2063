"""Rejected rows as a CSV for a spreadsheet: what stands in a cell can never act as a formula."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

from holdfast.kit.refusals import Unreadable
from holdfast.kit.sheets import csv_pieces

HEADER = ("line", "column", "reason", "row")


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


def reject_pieces(rejects: Iterable[RejectedRow]) -> Iterator[bytes]:
    """The file in pieces, in constant memory."""
    return csv_pieces(HEADER, ((one.line, one.column, one.reason, one.raw) for one in rejects))


def write_rejects(path: str, rejects: Iterable[RejectedRow]) -> None:
    """Write them to a file. Raises `Unreadable` where the file cannot be written."""
    try:
        with open(path, "wb") as file:
            file.writelines(reject_pieces(rejects))
    except OSError as error:
        raise Unreadable(
            "not_writable",
            f"The rejected rows cannot be written to {path}: {error.strerror or error}.",
            file=path,
            hint="Name a file in a folder you may write to.",
        ) from None
