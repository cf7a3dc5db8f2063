"""Which rows of an import are known already, and which stored rows it corrects.

Rows are a multiset: the n-th of identical rows in a file is new if no earlier file and nothing
stored has n of them. 64-bit hashes only pick who is looked at; columns are compared in full.
"""

# ruff: noqa: S608 - the statements are put together from names of this code, never from data.

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from holdfast.kit.trace.log.engine import literal
from holdfast.kit.trace.tables import Table, quoted

if TYPE_CHECKING:
    import duckdb

AT_ONCE = 24_000_000
EXACT_AT_ONCE = 3_000_000


@dataclass(slots=True)
class Stored:
    """A segment that is there already, and the file with its rows that are corrected already."""

    id: str
    path: Path


@dataclass(slots=True)
class Merged:
    """The outcome: for each new file the sorted numbers of its known rows, and what to correct."""

    known: list[Any]
    corrected: list[tuple[str, Any]] = field(default_factory=list)


class Merging:
    """Compares the files of one import of one table with each other and with what is stored."""

    def __init__(
        self,
        con: duckdb.DuckDBPyConnection,
        table: Table,
        new: Sequence[Path],
        stored: Sequence[Stored],
    ) -> None:
        self.con, self.table = con, table
        self.new, self.stored = list(new), list(stored)
        self.columns = quoted(table.column_names)
        self.where = self._reach() if self.stored else ""

    def merge(self, corrected: Sequence[Path]) -> Merged:
        """Look once at hashes, and in full at rows whose hash stands in two places."""
        import numpy as np  # noqa: PLC0415 - the kit's pure parts do without it

        none = np.empty(0, np.int64)
        if len(self.new) + bool(self.stored) < 2:
            return Merged([none for _ in self.new])
        rows = [self._count(path) for path in self.new]
        twice = self._standing_twice(self.columns, sum(rows))
        known = self._known(twice) if len(twice) else [none for _ in self.new]
        merged = Merged(known)
        is_new = any(len(gone) < count for gone, count in zip(known, rows, strict=True))
        if self.table.key and self.stored and is_new:
            keys = self._shared_keys(sum(rows))
            if len(keys):
                merged.corrected = self._corrections(keys, known, corrected)
        return merged

    def _count(self, path: Path) -> int:
        import pyarrow.parquet as pq  # noqa: PLC0415 - see above

        return int(pq.read_metadata(path).num_rows)

    def _reach(self) -> str:
        """Which stored rows could equal a new one: those that start within the new ones' time."""
        start = quoted([self.table.start])
        first, last, rows, dated = self.con.execute(
            f"SELECT min({start}), max({start}), count(*), count({start}) FROM {_read(self.new)}"
        ).fetchall()[0]
        wanted = []
        if dated:
            wanted.append(f"{start} BETWEEN TIMESTAMP '{first}' AND TIMESTAMP '{last}'")
        if dated < rows:
            wanted.append(f"{start} IS NULL")
        return " OR ".join(wanted) or "FALSE"

    def _hashes(self, columns: str, part: str) -> list[Any]:
        """One array of distinct hashes for what is stored, if anything is, and for each file."""
        import numpy as np  # noqa: PLC0415 - see above

        sources = [_read([path]) for path in self.new]
        if self.stored:
            paths = [one.path for one in self.stored]
            sources.insert(0, f"(SELECT * FROM {_read(paths)} WHERE {self.where})")
        found = []
        for source in sources:
            sql = f"SELECT h FROM (SELECT hash({columns}) AS h FROM {source}) WHERE {part}"
            found.append(np.unique(self.con.execute(sql).fetchnumpy()["h"]))
        return found

    def _parts(self, rows: int, at_once: int) -> list[str]:
        parts = 1 + rows // at_once
        return [f"h % {parts} = {part}" for part in range(parts)] if parts > 1 else ["TRUE"]

    def _standing_twice(self, columns: str, rows: int) -> Any:
        """Hashes that stand in two files, or in a file and in what is stored."""
        import numpy as np  # noqa: PLC0415 - see above

        twice = []
        for part in self._parts(rows, AT_ONCE):
            every = np.concatenate(self._hashes(columns, part))
            every.sort()
            twice.append(np.unique(every[1:][every[1:] == every[:-1]]))
        return np.concatenate(twice)

    def _shared_keys(self, rows: int) -> Any:
        """Hashes of keys that stand in what is stored and in a new file."""
        import numpy as np  # noqa: PLC0415 - see above

        shared = []
        for part in self._parts(rows, AT_ONCE):
            stored, *new = self._hashes(quoted(self.table.key), part)
            shared.append(
                np.intersect1d(stored, np.unique(np.concatenate(new)), assume_unique=True)
            )
        return np.concatenate(shared)

    def _look_at(self, name: str, hashes: Any) -> None:
        import pyarrow as pa  # noqa: PLC0415 - see above

        self.con.register(name, pa.table({"h": hashes}))

    def _rows(self, hashed: str, part: str) -> str:
        """SQL of all rows worth a look: which file (u; stored ones below 0), which row (n)."""
        pieces = [
            self._picked(number, path, hashed, part, "TRUE") for number, path in enumerate(self.new)
        ]
        pieces += [
            self._picked(number - len(self.stored), one.path, hashed, part, self.where)
            for number, one in enumerate(self.stored)
        ]
        return " UNION ALL ".join(pieces)

    def _picked(self, number: int, path: Path, hashed: str, part: str, where: str) -> str:
        return (
            f"SELECT {number} AS u, file_row_number AS n, {self.columns} FROM ("
            f"SELECT *, hash({hashed}) AS h FROM {_read([path], numbered=True)} WHERE {where}) "
            f"WHERE {part} AND h IN (SELECT h FROM looked_at)"
        )

    def _known(self, twice: Any) -> list[Any]:
        """The numbers of rows that are known already, sorted, for each new file."""
        import numpy as np  # noqa: PLC0415 - see above

        self._look_at("looked_at", twice)
        files, numbers = [], []
        for part in self._parts(len(twice), EXACT_AT_ONCE):
            found = self.con.execute(
                f"SELECT u, n FROM (SELECT u, n, min(place) OVER (PARTITION BY {self.columns}, k) "
                "AS first FROM (SELECT *, greatest(u, -1) AS place, row_number() OVER "
                f"(PARTITION BY {self.columns}, greatest(u, -1) ORDER BY u, n) AS k "
                f"FROM ({self._rows(self.columns, part)}))) WHERE u >= 0 AND first < u"
            ).fetchnumpy()
            files.append(found["u"])
            numbers.append(found["n"])
        which, rows = np.concatenate(files), np.concatenate(numbers)
        self.con.unregister("looked_at")
        return [np.sort(rows[which == number]) for number in range(len(self.new))]

    def _corrections(
        self, keys: Any, known: list[Any], corrected: Sequence[Path]
    ) -> list[tuple[str, Any]]:
        """Stored rows that a new row with their key replaces, unless this import repeats them."""
        import numpy as np  # noqa: PLC0415 - see above
        import pyarrow as pa  # noqa: PLC0415 - see above

        key = quoted(self.table.key)
        self._look_at("looked_at", keys)
        self.con.register(
            "known_rows",
            pa.table(
                {
                    "u": np.repeat(np.arange(len(known)), [len(one) for one in known]),
                    "n": np.concatenate(known).astype(np.int64),
                }
            ),
        )
        self.con.register("names", pa.table({"u": self._numbers(), "segment": self._names()}))
        gone = "SELECT NULL::VARCHAR AS segment, NULL::BIGINT AS row WHERE FALSE"
        if corrected:
            gone = f"SELECT segment, row FROM {_read(corrected)}"
        found: dict[str, list[Any]] = {}
        for part in self._parts(len(keys), EXACT_AT_ONCE):
            self.con.execute(f"CREATE TEMP TABLE picked AS {self._rows(key, part)}")
            rows = self.con.execute(
                "SELECT segment, n FROM (SELECT p.*, segment FROM picked p JOIN names USING (u)) o "
                f"WHERE u < 0 AND EXISTS (SELECT 1 FROM (SELECT {key} FROM picked p ANTI JOIN "
                f"known_rows USING (u, n) WHERE u >= 0) f WHERE {_same('o', 'f', self.table.key)}) "
                f"AND NOT EXISTS (SELECT 1 FROM picked i WHERE i.u >= 0 AND "
                f"{_same('o', 'i', self.table.column_names)}) "
                f"AND NOT EXISTS (SELECT 1 FROM ({gone}) g "
                "WHERE g.segment = o.segment AND g.row = o.n)"
            ).fetchall()
            self.con.execute("DROP TABLE picked")
            for segment, number in rows:
                found.setdefault(segment, []).append(number)
        for name in ("looked_at", "known_rows", "names"):
            self.con.unregister(name)
        return [(name, np.sort(np.array(rows, np.int64))) for name, rows in sorted(found.items())]

    def _numbers(self) -> list[int]:
        return [number - len(self.stored) for number in range(len(self.stored))]

    def _names(self) -> list[str]:
        return [one.id for one in self.stored]


def _read(paths: Sequence[Path], *, numbered: bool = False) -> str:
    files = ", ".join(literal(str(path)) for path in paths)
    return f"read_parquet([{files}]{', file_row_number = true' if numbered else ''})"


def _same(left: str, right: str, columns: Sequence[str]) -> str:
    return " AND ".join(
        f"{left}.{quoted([name])} IS NOT DISTINCT FROM {right}.{quoted([name])}" for name in columns
    )
