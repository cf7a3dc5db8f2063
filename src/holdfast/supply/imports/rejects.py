"""Rejected rows as a CSV for a spreadsheet: what stands in a cell can never act as a formula."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

from holdfast.kit.refusals import Unreadable
from holdfast.kit.sheets import csv_pieces

HEADER = ("line", "column", "reason", "row")
OF_FILES = ("file", *HEADER)


class RejectedRow(Protocol):
    """What is known of a row that was not imported; of a folder, `file` too."""

    @property
    def line(self) -> int: ...
    @property
    def column(self) -> str: ...
    @property
    def reason(self) -> str: ...
    @property
    def raw(self) -> str: ...


def reject_pieces(rejects: Iterable[RejectedRow], *, of_files: bool = False) -> Iterator[bytes]:
    """The file in pieces, in constant memory; `of_files` names the file of each row."""
    head = OF_FILES if of_files else HEADER
    name = {"row": "raw"}
    return csv_pieces(
        head, (tuple(getattr(one, name.get(cell, cell)) for cell in head) for one in rejects)
    )


def write_rejects(path: str, rejects: Iterable[RejectedRow], *, of_files: bool = False) -> None:
    """Write them to a file. Raises `Unreadable` where the file cannot be written."""
    try:
        with open(path, "wb") as file:
            file.writelines(reject_pieces(rejects, of_files=of_files))
    except OSError as error:
        raise Unreadable(
            "not_writable",
            f"The rejected rows cannot be written to {path}: {error.strerror or error}.",
            file=path,
            hint="Name a file in a folder you may write to.",
        ) from None
