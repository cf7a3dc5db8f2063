"""Two witnesses: the engine and the plain search give one answer in worlds where all goes wrong."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from datetime import UTC
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfast.kit.trace.engine import Trace
from holdfast.kit.trace.published import Published, build
from holdfast.kit.trace.reach import Reach, numbers
from holdfast.kit.trace.reference import (
    STRENGTH,
    Rows,
    backward,
    backward_line,
    forward,
    forward_container,
)
from holdfast.kit.trace.values import Certainty
from tests.kit.trace.worlds_strategy import (
    CONTAINERS,
    Asked,
    arrow_tables,
    hour,
    known_lots,
    questions,
    worlds,
)

pytestmark = pytest.mark.once
EXAMPLES = 2_000 if os.environ.get("HOLDFAST_SOAK") else 16
FOLDERS = itertools.count()


class Desk:
    """Builds a generation of a world and opens it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def trace(self, rows: Rows) -> Trace:
        folder = self.folder / str(next(FOLDERS))
        folder.mkdir()
        with duckdb.connect(config={"threads": 1}) as con:
            con.execute("SET TimeZone = 'UTC'")
            for name, table in arrow_tables(rows).items():
                con.register(f"given_{name}", table)
                con.execute(f"CREATE VIEW {name} AS SELECT * FROM given_{name}")
            build(con, folder)
        return Trace(Published(folder))


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    return Desk(tmp_path_factory.mktemp("generations"))


def micros(number: int | None) -> int | None:
    moment = hour(number)
    return None if moment is None else int(moment.replace(tzinfo=UTC).timestamp()) * 1_000_000


def at_of(asked: Asked) -> int | None:
    return None if asked.at is None else int(asked.at.replace(tzinfo=UTC).timestamp()) * 1_000_000


def said(reach: Reach) -> dict[str, object]:
    """All that both answers have, in one shape."""
    return {
        "lots": len(reach.lot_names()),
        "logistic_units": reach.logistic_units,
        "sessions": reach.sessions,
        "digests": (reach.confirmed_sha256, reach.open_sha256),
        "top": numbers(reach.in_scope),
        **{str(one): numbers(reach.by_certainty[one]) for one in Certainty},
        **{f"lines {one}": [n.decode() for n in reach.line_names(one)] for one in Certainty},
    }


def wanted(rows: Rows, lots: tuple[str, ...], at: object = None) -> dict[str, object]:
    return shape(forward(rows, lots, at=at))  # type: ignore[arg-type]


def shape(found: object) -> dict[str, object]:
    def counted(*certainties: str) -> dict[str, object]:
        counts = found.counts(*certainties)  # type: ignore[attr-defined]
        return {**counts, "quantity": float(counts["quantity"])}

    return {
        "lots": len(found.lots),  # type: ignore[attr-defined]
        "logistic_units": len(found.logistic_units),  # type: ignore[attr-defined]
        "sessions": found.sessions,  # type: ignore[attr-defined]
        "digests": (found.confirmed_sha256, found.open_sha256),  # type: ignore[attr-defined]
        "top": counted(*list(STRENGTH)[:3]),
        **{one: counted(one) for one in STRENGTH},
        **{
            f"lines {one}": sorted(found.of(one), key=str.encode)  # type: ignore[attr-defined]
            for one in STRENGTH
        },
    }


@given(asked=questions())
@settings(max_examples=EXAMPLES)
def test_the_engine_says_what_the_plain_search_says(desk: Desk, asked: Asked) -> None:
    reach = desk.trace(asked.rows).forward(asked.lots, at=at_of(asked))
    assert said(reach) == wanted(asked.rows, asked.lots, asked.at)


@given(rows=worlds(), container=st.sampled_from(CONTAINERS), at=st.sampled_from([None, 2, 4]))
@settings(max_examples=EXAMPLES // 2)
def test_a_container_stands_for_what_was_in_it(
    desk: Desk, rows: Rows, container: str, at: int | None
) -> None:
    packed = {row["container"] for row in rows.packings}
    if container not in packed | {row["container"] for row in rows.order_lines}:
        return
    trace = desk.trace(rows)
    reach = trace.forward_from(trace.resolve(f"container:{container}"), at=micros(at))
    assert said(reach) == shape(forward_container(rows, container, at=hour(at)))


@given(rows=worlds(), at=st.sampled_from([None, 3]))
@settings(max_examples=EXAMPLES // 2)
def test_back_from_every_line_and_lot_of_a_world(desk: Desk, rows: Rows, at: int | None) -> None:
    trace = desk.trace(rows)
    for line in {str(row["line"]) for row in rows.order_lines}:
        found = trace.back_from(trace.resolve(f"line:{line}"), at=micros(at)).origins
        assert {one.lot: (str(one.certainty), one.generations) for one in found} == backward_line(
            rows, line, at=hour(at)
        )
    for lot in known_lots(rows):
        found = trace.back_from(trace.resolve(f"lot:{lot}"), at=micros(at)).origins
        assert {one.lot: one.generations for one in found} == backward(rows, [lot], at=hour(at))


@given(first=worlds(), more=worlds(), data=st.data())
@settings(max_examples=EXAMPLES // 2)
def test_more_evidence_never_turns_excluded_into_silence(
    desk: Desk, first: Rows, more: Rows, data: st.DataObject
) -> None:
    lots = sorted(known_lots(first))
    if not lots:
        return
    asked = data.draw(st.sampled_from(lots))
    both = Rows(
        **{
            name: [*getattr(first, name), *getattr(more, name)]
            for name in ("transformations", "packings", "shipments", "receipts", "order_lines")
        }
    )
    before = desk.trace(first).forward([asked]).line_names(Certainty.EXCLUDED)
    after = desk.trace(both).forward([asked])
    assert set(before) <= set(after.line_names(*Certainty))
