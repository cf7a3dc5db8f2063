"""The correction rate and its Wilson interval."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.kit.measures.levels import Consumer, Units
from holdfast.kit.measures.rates import CorrectionRate, wilson


@st.composite
def shares(draw: st.DrawFn) -> tuple[int, int]:
    trials = draw(st.integers(1, 10**7))
    return draw(st.integers(0, trials)), trials


@given(shares())
def test_the_interval_holds_the_share_and_stays_inside_nought_and_one(
    share: tuple[int, int],
) -> None:
    successes, trials = share
    band = wilson(successes, trials)
    assert band is not None
    assert 0.0 <= band.low <= successes / trials <= band.high <= 1.0


@given(shares())
def test_the_interval_mirrors_when_success_and_failure_change_places(
    share: tuple[int, int],
) -> None:
    successes, trials = share
    one, other = wilson(successes, trials), wilson(trials - successes, trials)
    assert one is not None
    assert other is not None
    assert one.low == pytest.approx(1 - other.high, abs=1e-9)
    assert one.high == pytest.approx(1 - other.low, abs=1e-9)


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [
        # Wilson's formula evaluated apart from this code; the first is the textbook 1 in 10
        (1, 10, 0.017876, 0.404150),
        (0, 10, 0.0, 0.277533),
        (10, 10, 0.722467, 1.0),
        (50, 100, 0.403832, 0.596168),
        (3056, 7640, 0.389069, 0.411034),
    ],
)
def test_known_intervals_come_out(successes: int, trials: int, low: float, high: float) -> None:
    band = wilson(successes, trials)
    assert band is not None
    assert band.low == pytest.approx(low, abs=2e-6)
    assert band.high == pytest.approx(high, abs=2e-6)


def test_more_units_give_a_narrower_interval() -> None:
    few, many = wilson(4, 10), wilson(4000, 10000)
    assert few is not None
    assert many is not None
    assert many.high - many.low < few.high - few.low


def test_nothing_in_scope_has_no_rate_and_no_interval() -> None:
    rate = CorrectionRate(Units(Consumer, 0), Units(Consumer, 0), "units in scope")
    assert rate.share is None
    assert rate.interval() is None
    assert rate.as_json()["share"] is None


def test_more_corrected_than_there_are_is_refused() -> None:
    with pytest.raises(ValueError, match="more than there are"):
        CorrectionRate(Units(Consumer, 3), Units(Consumer, 2), "units in scope")


def test_a_rate_states_its_denominator() -> None:
    with pytest.raises(ValueError, match="denominator"):
        CorrectionRate(Units(Consumer, 1), Units(Consumer, 2), "  ")


def test_a_rate_tells_level_count_denominator_and_band() -> None:
    told = CorrectionRate(
        Units(Consumer, 3056), Units(Consumer, 7640), "units in scope v4, in homes"
    ).as_json()
    assert told["level"] == "consumer"
    assert told["share"] == 0.4
    assert told["denominator"] == "units in scope v4, in homes"
