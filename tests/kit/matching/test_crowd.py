"""Recalls one after the other, changed and dropped, answer as all of them asked at once."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfast.kit.matching import Catalogue, Crowd, Match, Record, match_all

pytestmark = pytest.mark.once
WORDS = ["warmo", "heater", "oil", "kettle", "crib", "pogo", "stick", "lamp", "red", "hx4000"]
FEW_WORDS = WORDS[:3]  # so few that several say the same
TENTS = "Tents with nets and bags and pegs of this year, one tent, boxed, signed"
CODES = ["0708953602028", "4006381333931", ""]


def records(seed: int, count: int, kind: str) -> list[Record]:
    chance = random.Random(seed)
    words = WORDS if seed % 2 else FEW_WORDS
    return [
        Record(
            f"{kind}{number}",
            title=" ".join(chance.choices(words, k=chance.randint(1, 5))),
            brand=chance.choice(["Warmo", "Brewo", ""]) if words is WORDS else "",
            codes=chance.choice(CODES) if chance.random() < 0.2 else "",
        )
        for number in range(count)
    ]


def answers(crowd: Crowd, ids: list[str]) -> dict[str, list[Match]]:
    return {one: crowd.matches(one) for one in ids}


@given(st.integers(0, 10_000), st.integers(1, 12), st.integers(1, 14))
@settings(max_examples=12, deadline=None)
def test_one_more_one_less_one_changed_is_as_everybody_at_once(
    seed: int, recalls: int, products: int
) -> None:
    shop = Catalogue(records(seed, products, "p"))
    first, second = records(seed + 1, recalls, "r"), records(seed + 2, recalls, "r")
    crowd, chance = Crowd(shop), random.Random(seed)
    told: dict[str, list[Match]] = {}
    alive: dict[str, Record] = {}
    for step in range(3 * recalls):
        record = chance.choice(first if step < recalls else second)
        if record.id in alive and chance.random() < 0.3:
            touched = crowd.drop(record.id)
            del alive[record.id], told[record.id]
        else:
            touched = crowd.put(record)
            alive[record.id] = record
        told.update(answers(crowd, [one for one in touched if one in alive]))
    whole = match_all(list(alive.values()), shop)
    expected = {(m.left, m.right): m for m in whole.found}
    assert {(m.left, m.right): m for found in told.values() for m in found} == expected


def test_the_same_words_under_another_id_take_nothing_away() -> None:
    """The likeness, 0.37, is enough only without a rival."""
    crowd = Crowd(
        Catalogue([Record("tent", "Green tent with poles"), Record("pole", "Steel poles")])
    )
    for name in ("r", "s", "t"):
        crowd.put(Record(name, TENTS))
    assert [one.right for name in "rst" for one in crowd.matches(name)] == ["tent"] * 3
    crowd.drop("r")
    assert [one.right for name in "st" for one in crowd.matches(name)] == ["tent"] * 2
