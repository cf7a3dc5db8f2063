"""What only one lot went through is a number; what several did is listed for each of them."""

from __future__ import annotations

import numpy as np
import pytest

from holdfast.kit.trace.published import nesting


@pytest.mark.parametrize("part", [1, 7, 1_000_000])
def test_things_of_one_lot_are_counted_and_things_of_several_are_listed_once_a_lot(
    monkeypatch: pytest.MonkeyPatch, part: int
) -> None:
    monkeypatch.setattr(nesting, "PART", part)
    chance = np.random.default_rng(7)
    lots, things = 9, 30
    lot = np.sort(chance.integers(0, lots - 2, 60)).astype(np.int32)
    thing = chance.integers(0, things, 60).astype(np.int32)
    number, first, shared = nesting.apart(lot, thing, lots, things)
    through = [set(thing[lot == one].tolist()) for one in range(lots)]
    assert any(number), "some things are of one lot only"
    assert len(shared), "and some of several"
    for one, held in enumerate(through):
        others = set().union(*through[:one], *through[one + 1 :])
        assert number[one] == len(held - others)
        assert shared[first[one] : first[one + 1]].tolist() == sorted(held & others)


def test_no_lots_and_no_things_are_nothing_apart() -> None:
    none = np.empty(0, np.int32)
    number, first, shared = nesting.apart(none, none, 2, 0)
    assert (number.tolist(), first.tolist(), shared.tolist()) == ([0, 0], [0, 0, 0], [])
