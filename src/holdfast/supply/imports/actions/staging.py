"""Rows into temporary tables, in bulk, on either database; nothing of it is seen by others."""

# ruff: noqa: S608 - the statements are put together from names of this code, never from data.

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.db import connection
from django.db.models import Model

BATCH = 10_000


class Staging:
    """Temporary tables of one import. Use as a context manager: they are gone at its end."""

    def __init__(self) -> None:
        self.tables: list[str] = []
        connection.ensure_connection()
        self.is_postgresql = connection.vendor == "postgresql"

    def __enter__(self) -> Staging:
        return self

    def __exit__(self, *failure: object) -> None:
        # After a failed statement PostgreSQL answers nothing until the rollback, which drops them.
        if connection.connection is None or (failure[0] is not None and connection.in_atomic_block):
            return
        for name in self.tables:
            self.run(f"DROP TABLE IF EXISTS {name}")

    def run(self, sql: str, params: Sequence[Any] = ()) -> int:
        """Execute one statement; the number of rows it touched."""
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            return int(cursor.rowcount)

    def ask(self, sql: str, params: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        """The rows of a query, fetched in portions."""
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            while rows := cursor.fetchmany(5000):
                yield from rows

    def ask_once(self, sql: str, params: Sequence[Any] = ()) -> tuple[Any, ...] | None:
        """The first row of a query, or `None`."""
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            row: tuple[Any, ...] | None = cursor.fetchone()
            return row

    def count(self, sql: str, params: Sequence[Any] = ()) -> int:
        """The number a counting query answers."""
        row = self.ask_once(sql, params)
        return int(row[0]) if row and row[0] is not None else 0

    def create(self, name: str, columns: dict[str, str]) -> None:
        """A temporary table; types are PostgreSQL's, which SQLite reads as affinities."""
        listed = ", ".join(f"{column} {kind}" for column, kind in columns.items())
        self.run(f"DROP TABLE IF EXISTS {name}")
        self.run(f"CREATE TEMPORARY TABLE {name} ({listed})")
        self.tables.append(name)

    def load(self, name: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
        """Append rows to a temporary table, a portion at a time; how many there were."""
        count = 0
        source = iter(rows)
        listed = ", ".join(columns)
        while batch := list(islice(source, BATCH)):
            if self.is_postgresql:
                self._copy(f"COPY {name} ({listed}) FROM STDIN", batch)
            else:
                self._insert(name, listed, len(columns), batch)
            count += len(batch)
        return count

    def _copy(self, sql: str, batch: Sequence[Sequence[object]]) -> None:
        with connection.cursor() as cursor, cursor.copy(sql) as copy:
            for row in batch:
                copy.write_row(row)

    def _insert(
        self, name: str, listed: str, width: int, batch: Sequence[Sequence[object]]
    ) -> None:
        raw = connection.connection
        sql = f"INSERT INTO {name} ({listed}) VALUES ({', '.join('?' * width)})"
        if raw.in_transaction:
            raw.executemany(sql, batch)
            return
        # A transaction that touches only temporary tables leaves the database to the others.
        raw.execute("BEGIN DEFERRED")
        try:
            raw.executemany(sql, batch)
        except BaseException:
            raw.execute("ROLLBACK")
            raise
        raw.execute("COMMIT")

    def analyse(self, *names: str) -> None:
        """Tell PostgreSQL how big tables are that this import fills; SQLite needs no telling."""
        if self.is_postgresql:
            for name in names:
                self.run(f"ANALYZE {name}")

    @staticmethod
    def table(model: type[Model]) -> str:
        """The quoted name of a model's table."""
        name: str = connection.ops.quote_name(str(model._meta.db_table))
        return name

    def insert_select(
        self, model: type[Model], given: dict[str, str], source: str, params: Sequence[Any] = ()
    ) -> int:
        """`INSERT … SELECT` into a model's table; columns not given take the model's defaults."""
        columns, values, defaults = [], [], []
        for one in model._meta.concrete_fields:
            if one.primary_key:
                continue
            columns.append(connection.ops.quote_name(str(one.column)))
            if one.column in given:
                values.append(given[one.column])
            else:
                values.append("%s")
                defaults.append(one.get_db_prep_save(one.get_default(), connection))
        sql = (
            f"INSERT INTO {self.table(model)} ({', '.join(columns)}) "
            f"SELECT {', '.join(values)} {source}"
        )
        return self.run(sql, [*defaults, *params])
