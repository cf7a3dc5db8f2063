"""The lot graph gives what a plain search gives, both ways, whatever its shape."""

from __future__ import annotations

from collections import deque

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfast.kit.trace.graph import LotGraph

pytestmark = pytest.mark.once

LOTS = 9
edges = st.lists(
    st.tuples(st.integers(0, LOTS - 1), st.integers(0, LOTS - 1), st.integers(0, 5)), max_size=24
)


def plain(pairs, seeds, at, steps):
    found = dict.fromkeys(seeds, 0)
    line = deque(seeds)
    while line:
        lot = line.popleft()
        if steps is not None and found[lot] >= steps:
            continue
        for one, other, when in pairs:
            if one == lot and other not in found and (at is None or when <= at):
                found[other] = found[lot] + 1
                line.append(other)
    return found


def graph_of(rows):
    columns = np.array(rows, np.int64).reshape(-1, 3).T
    return LotGraph.of(LOTS, *columns)


@settings(max_examples=120, deadline=None)
@given(
    edges,
    st.sets(st.integers(0, LOTS - 1), max_size=3),
    st.none() | st.integers(0, 5),
    st.none() | st.integers(0, 3),
)
def test_both_directions_equal_a_plain_search_with_generations(rows, seeds, at, steps):
    graph = graph_of(rows)
    for arrows, pairs in (
        (graph.forth, rows),
        (graph.back, [(b, a, t) for a, b, t in rows]),
    ):
        reached = graph.walk(arrows, sorted(seeds), at=at, steps=steps)
        want = plain(pairs, seeds, at, steps)
        assert dict(zip(reached.lots.tolist(), reached.generations.tolist(), strict=True)) == want
        for lot, depth, before in zip(
            reached.lots, reached.generations, reached.came_from, strict=True
        ):
            assert lot == before if depth == 0 else want[before] == depth - 1


@settings(max_examples=60, deadline=None)
@given(edges)
def test_every_lot_that_reaches_itself_is_caught_in_a_circle_and_a_tree_has_none(rows):
    graph = graph_of(rows)
    caught = set(graph.caught_in_circles().tolist())
    for lot in range(LOTS):
        steps = [b for a, b, _ in rows if a == lot]
        if any(lot in plain(rows, [b], None, None) for b in steps):
            assert lot in caught
    forward_only = [(min(a, b), max(a, b), t) for a, b, t in rows if a != b]
    assert not len(graph_of(forward_only).caught_in_circles())


def test_a_chain_of_fifty_thousand_lots_and_a_star_of_as_many_are_walked_at_once():
    many = 50_000
    chain = LotGraph.of(many, np.arange(many - 1), np.arange(1, many))
    assert len(chain.descendants([0])) == many
    assert chain.walk(chain.back, [many - 1]).generations[0] == many - 1
    star = LotGraph.of(many, np.zeros(many - 1, np.int64), np.arange(1, many))
    assert len(star.descendants([0])) == many
    assert star.descendants([7]).tolist() == [7]
    circle = LotGraph.of(many, np.arange(many), (np.arange(many) + 1) % many)
    assert len(circle.descendants([17])) == len(circle.caught_in_circles()) == many
