"""The reference over rows and the reference over tables give one answer in random worlds."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest
from hypothesis import given, settings

from holdfast.kit.trace.reference import STRENGTH, forward
from holdfast.kit.trace.reference_sql import Counted, reference_reach
from tests.kit.trace.worlds_strategy import Asked, arrow_tables, questions

pytestmark = pytest.mark.once


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(config={"threads": 1}) as connection:
        yield connection


@given(asked=questions())
@settings(max_examples=25)
def test_both_references_agree(con: duckdb.DuckDBPyConnection, asked: Asked) -> None:
    for name, table in arrow_tables(asked.rows).items():
        con.register("given", table)
        con.execute(f"CREATE OR REPLACE TABLE {name} AS SELECT * FROM given")
        con.unregister("given")
    plain = forward(asked.rows, asked.lots, at=asked.at)
    found = reference_reach(con, asked.lots, at=asked.at)
    expected = {name: Counted(**plain.counts(name)) for name in STRENGTH}  # type: ignore[arg-type]
    assert found.by_certainty == expected
    assert found.top == Counted(**plain.counts(*list(STRENGTH)[:3]))  # type: ignore[arg-type]
    assert (found.confirmed_sha256, found.open_sha256) == (
        plain.confirmed_sha256,
        plain.open_sha256,
    )
    assert (found.lots, found.logistic_units, found.sessions) == (
        len(plain.lots),
        len(plain.logistic_units),
        plain.sessions,
    )
    left = con.execute("SELECT table_name FROM duckdb_tables() WHERE temporary").fetchall()
    assert left == []
