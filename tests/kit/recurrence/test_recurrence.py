"""Planted patterns are found; under shuffled labels what is said to hold is not more than said."""

from __future__ import annotations

from datetime import date
from math import comb

import numpy as np
import pytest

from holdfast.kit.recurrence.chance import Margins, binomial_at_least, chance_of, least_chance
from holdfast.kit.recurrence.questions import HELD_AT, Table, Thing, ask
from holdfast.kit.recurrence.time import Fix, seasons

SUPPLIERS = 20
TRIALS = 150


def shop(
    chance: np.random.Generator, *, usual: float = 0.15, planted: float | None = None
) -> list[Table]:
    """Inspections of twenty suppliers and lots at four sites; one supplier may be worse."""
    supplier = chance.integers(0, SUPPLIERS, size=400)
    rates = np.full(SUPPLIERS, usual)
    if planted is not None:
        rates[0] = planted
    failed = chance.random(400) < rates[supplier]
    late = chance.random(400) < 0.3
    site = chance.integers(0, 4, size=400)
    outcomes = [
        frozenset(name for name, is_so in (("failed", f), ("late", t)) if is_so)
        for f, t in zip(failed, late, strict=True)
    ]
    return [
        Table("inspection", "supplier", tuple(
            Thing(str(at), frozenset((f"S{one}",)), outcomes[at], at % 3)
            for at, one in enumerate(supplier)
        )),
        Table("inspection", "site", tuple(
            Thing(str(at), frozenset((f"site {one}",)), outcomes[at]) for at, one in enumerate(site)
        )),
    ]  # fmt: skip


def test_the_exact_chance_is_that_of_counting_all_draws() -> None:
    for whole, marked, taken in ((10, 4, 5), (12, 12, 3), (9, 0, 4), (7, 3, 7)):
        margins = Margins(whole, marked, taken)
        for count in range(taken + 2):
            drawn = sum(
                comb(marked, k) * comb(whole - marked, taken - k)
                for k in range(count, taken + 1)
                if taken - k >= 0
            ) / comb(whole, taken)
            assert chance_of(count, [margins]) == pytest.approx(drawn, abs=1e-12)
    assert binomial_at_least(2, 3, 0.5) == pytest.approx(0.5)
    assert chance_of(2, [Margins(4, 2, 2), Margins(4, 0, 2)]) == chance_of(2, [Margins(4, 2, 2)])
    assert least_chance([Margins(5, 1, 5)]) == 1.0


def test_strata_keep_apart_what_is_not_alike() -> None:
    """A supplier of best-sellers only: all of them are told of, and so are all best-sellers."""
    best = [
        Thing(f"b{n}", frozenset(("S" if n < 9 else "T",)), frozenset(("fire",)), 1)
        for n in range(12)
    ]
    rest = [Thing(f"r{n}", frozenset(("T",)), frozenset(), 0) for n in range(60)]
    apart = ask([Table("product", "supplier", (*best, *rest))])
    assert apart.held == ()
    mixed = [Thing(one.key, one.values, one.outcomes) for one in (*best, *rest)]
    assert ask([Table("product", "supplier", tuple(mixed))]).held


def test_under_shuffled_labels_hardly_anything_holds() -> None:
    chance = np.random.default_rng(20261128)
    raised = sum(bool(ask(shop(chance)).held) for _ in range(TRIALS))
    # With nothing there, a false discovery rate of 0.05 is the chance of raising anything at all.
    assert raised <= TRIALS * HELD_AT + 3 * (TRIALS * HELD_AT * (1 - HELD_AT)) ** 0.5, raised


def test_a_planted_supplier_is_found_and_few_others_with_it() -> None:
    chance = np.random.default_rng(7)
    found, false, held = 0, 0.0, 60
    for _ in range(held):
        patterns = ask(shop(chance, planted=0.65)).held
        right = [one for one in patterns if (one.value, one.outcome) == ("S0", "failed")]
        found += bool(right)
        false += (len(patterns) - len(right)) / max(len(patterns), 1)
    assert found >= 0.9 * held
    assert false / held <= 0.1


def test_too_little_data_is_said_and_not_asked() -> None:
    failed, passed = frozenset(("failed",)), frozenset[str]()
    few = [Thing(str(n), frozenset((f"S{n % 3}",)), passed if n else failed) for n in range(6)]
    answers = ask([Table("inspection", "supplier", tuple(few))])
    assert (answers.asked, answers.unanswerable, answers.held) == (0, 3, ())
    assert ask([]).patterns == ()
    one = ask([Table("inspection", "supplier", tuple(
        Thing(str(n), frozenset(("S",)), frozenset(("failed",))) for n in range(50)
    ))])  # fmt: skip
    assert one.asked == 0  # all from one supplier: nobody to compare with


def test_a_season_needs_more_than_one_burst() -> None:
    burst = [date(2025, 12, day) for day in range(1, 29)]
    assert seasons({"burn": burst}) == []
    years = [date(year, 12, day) for year in (2021, 2022, 2023, 2024, 2025) for day in (1, 2, 3)]
    worst = min(seasons({"burn": years}), key=lambda one: one.p)
    assert (worst.value, worst.count, worst.marked) == ("12", 5, 5)
    assert worst.p == pytest.approx((1 / 12) ** 5)


def test_a_fix_that_did_not_hold_differs_from_one_report_by_chance() -> None:
    closed = date(2026, 1, 1)
    back = Fix("R-1", "LAMP", "fire", closed, 5, 200, 30, 200 * 300)
    assert back.expected == pytest.approx(0.1)
    assert back.p < 1e-5
    assert Fix("R-1", "LAMP", "fire", closed, 1, 200, 200, 20_000).p > 0.5
    assert Fix("R-1", "LAMP", "fire", closed, 4, 200, 0, 0).p == 1.0
