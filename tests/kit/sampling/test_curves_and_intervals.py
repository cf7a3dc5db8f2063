"""Operating curves and intervals against closed forms, whole-number arithmetic and each other."""

from __future__ import annotations

from fractions import Fraction
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.kit.refusals import Unreadable
from holdfast.kit.sampling.curves import (
    acceptance,
    acceptance_of_lot,
    binomial_at_most,
    hypergeometric_at_most,
    operating_curve,
    outgoing,
    poisson_at_most,
    quality_accepted,
    worst_outgoing,
)
from holdfast.kit.sampling.intervals import lot_interval, share_interval
from holdfast.kit.sampling.plans import sampling_plan


@given(st.integers(0, 12), st.integers(1, 60), st.integers(0, 100))
def test_binomial_tails_are_those_of_whole_number_arithmetic(most, size, percent):
    share = Fraction(percent, 100)
    exact = sum(comb(size, x) * share**x * (1 - share) ** (size - x) for x in range(most + 1))
    assert binomial_at_most(most, size, percent / 100) == pytest.approx(float(exact), abs=1e-9)


@given(st.integers(1, 60), st.data())
def test_hypergeometric_tails_are_those_of_whole_number_arithmetic(lot, data):
    bad, size = data.draw(st.integers(0, lot)), data.draw(st.integers(0, lot))
    most = data.draw(st.integers(-1, size))
    ways = sum(comb(bad, x) * comb(lot - bad, size - x) for x in range(most + 1))
    exact = Fraction(ways, comb(lot, size))
    assert hypergeometric_at_most(most, lot, bad, size) == pytest.approx(float(exact), abs=1e-9)


def test_a_plan_that_allows_none_has_the_curve_in_closed_form():
    plan = sampling_plan(1000, "0.15")
    assert (plan.sample_size, plan.accept) == (80, 0)
    for share, probability in operating_curve(plan, (0.0, 0.001, 0.01, 0.05)):
        assert probability == pytest.approx((1 - share) ** 80)
    assert quality_accepted(plan, 0.1) == pytest.approx(1 - 0.1 ** (1 / 80), rel=1e-6)


def test_a_small_lot_is_judged_sharper_than_its_process():
    plan = sampling_plan(90, "2.5")
    assert acceptance_of_lot(plan, 9) < acceptance(plan, 0.1)
    assert acceptance_of_lot(plan, 0) == 1.0


def test_counted_nonconformities_follow_poisson():
    plan = sampling_plan(1000, "40")
    assert plan.is_per_hundred
    assert acceptance(plan, 0.4) == poisson_at_most(plan.accept, 0.4 * plan.sample_size)


def test_the_average_outgoing_limit_is_the_top_of_its_curve():
    plan = sampling_plan(1000, "2.5")
    worst, at = worst_outgoing(plan)
    assert worst == pytest.approx(outgoing(plan, at))
    assert all(outgoing(plan, share / 1000) <= worst + 1e-4 for share in range(200))
    assert worst_outgoing(sampling_plan(10, "0.65")) == (0.0, 0.0)  # the whole lot is looked at


def test_the_exact_interval_of_nothing_found_is_closed_form():
    low, high = share_interval(0, 80)
    assert low == 0.0
    assert high == pytest.approx(1 - 0.025 ** (1 / 80), rel=1e-9)
    assert share_interval(80, 80)[1] == 1.0


def test_the_interval_of_a_lot_holds_every_number_the_sample_leaves_open():
    """The definition, tried number by number."""
    for lot, size, found in ((40, 8, 1), (100, 20, 3), (30, 30, 4), (50, 13, 0)):
        kept = [
            bad
            for bad in range(found, lot - (size - found) + 1)
            if hypergeometric_at_most(found, lot, bad, size) > 0.025
            and 1 - hypergeometric_at_most(found - 1, lot, bad, size) > 0.025
        ]
        assert lot_interval(found, size, lot) == (kept[0], kept[-1])


def test_a_sample_that_cannot_be_is_refused():
    for found, size in ((3, 2), (-1, 5), (0, 0)):
        with pytest.raises(Unreadable):
            share_interval(found, size)
    with pytest.raises(Unreadable):
        lot_interval(0, 20, 10)
