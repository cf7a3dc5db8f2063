"""A DuckDB connection of our own: bounded memory, spilling beside the log, no surprises."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

MEMORY = "1200MB"


@contextmanager
def connected(spill: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection in memory that spills into `spill` and forgets all at the end."""
    import duckdb  # noqa: PLC0415 - takes longer to load than most commands take

    con = duckdb.connect(config={"memory_limit": MEMORY, "temp_directory": str(spill)})
    try:
        con.execute("SET preserve_insertion_order = false")
        con.execute("SET TimeZone = 'UTC'")
        yield con
    finally:
        con.close()


def file_list(paths: Iterable[Path]) -> str:
    """Paths as a list literal of SQL."""
    return "[" + ", ".join(literal(str(path)) for path in paths) + "]"


def literal(text: str) -> str:
    """A text as a literal of SQL."""
    return "'" + text.replace("'", "''") + "'"
