"""Which files of a folder hold which of the five tables; what is no such file is named and left."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from holdfast.kit.refusals import Unreadable
from holdfast.kit.trace.tables import TABLES

_PARQUET = (".parquet", ".pq")
_ENDINGS = re.compile(r"\.(?:(?:csv|tsv|txt)(?:\.gz|\.zst)?|parquet|pq|xlsx)$", re.IGNORECASE)
_NAMES = "|".join(sorted(TABLES, key=len, reverse=True))
_NAMED = re.compile(rf"({_NAMES})(?:[-_. ].*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Found:
    """A file of one table; `name` is as people see it, within the folder."""

    table: str
    path: Path
    name: str

    @property
    def is_parquet(self) -> bool:
        return self.path.suffix.lower() in _PARQUET


def find_files(folder: Path) -> tuple[list[Found], list[str]]:
    """The files of the five tables in a folder, and the names of all others.

    `order_lines.csv`, `order_lines-2026-03.parquet` and whatever lies in a folder `order_lines`
    are order lines. Raises `Unreadable` where there is no such file.
    """
    if not folder.exists():
        raise Unreadable(
            "folder_not_found",
            f"There is no folder {folder}.",
            file=str(folder),
            hint="Check the spelling.",
        )
    if not folder.is_dir():
        raise Unreadable(
            "not_a_folder",
            f"{folder} is a file; trace events come as the files of one folder.",
            file=str(folder),
            hint=f"Name the folder: holdfast import events {folder.parent}",
        )
    found: list[Found] = []
    left: list[str] = []
    for path in _entries(folder):
        inside = sorted(path.rglob("*")) if path.is_dir() else [path]
        table = _table_of(path)
        for one in inside:
            if one.is_dir():
                continue
            name = one.relative_to(folder).as_posix()
            if table and _ENDINGS.search(one.name) and not one.name.startswith(("_", ".")):
                found.append(Found(table, one, name))
            else:
                left.append(name)
    if not found:
        raise Unreadable(
            "no_tables",
            f"No file of {folder} is named for one of the five tables: {', '.join(TABLES)}.",
            file=str(folder),
            hint="Name a file after its table, for example order_lines.csv or packings.parquet.",
        )
    order = list(TABLES)
    return sorted(found, key=lambda one: (order.index(one.table), one.name)), left


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError as error:
        raise Unreadable(
            "folder_not_readable",
            f"{folder} cannot be read: {error.strerror or error}.",
            file=str(folder),
            hint="Check that you may read this folder.",
        ) from None


def table_named(name: str) -> str:
    """The table a file is named for, or the empty word.

    >>> table_named("order_lines-2026-03.parquet"), table_named("invoice.pdf")
    ('order_lines', '')
    """
    return _fits(_ENDINGS.sub("", name)) if _ENDINGS.search(name) else ""


def _table_of(path: Path) -> str:
    return _fits(path.name if path.is_dir() else _ENDINGS.sub("", path.name))


def _fits(name: str) -> str:
    fits = _NAMED.fullmatch(name)
    return fits.group(1).lower() if fits else ""
