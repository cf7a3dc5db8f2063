"""A laboratory's value against its limit: what passes, what fails, what the texts leave open."""

from __future__ import annotations

import pytest

from holdfast.kit.refusals import Unreadable
from holdfast.kit.sampling.limits import is_within, settled


@pytest.mark.parametrize(
    ("value", "limit", "passes"),
    [
        ("0.8", "0.5", False),
        ("0,8 mg/kg", "max. 1 mg/kg", True),
        ("0.5", "0.5", True),
        ("10", "< 10", False),
        ("110", "≥ 100", True),
        ("90", "min. 100", False),
        ("7.1", "6.5 - 7.5", True),
        ("-12", "-18 to -15", False),
        ("2.3e4", "1e5", True),
        ("1.2 x 10^3", "1000", False),
        ("< 0.01", "0.05", True),
        ("< 0.1", "0.05", None),  # it may be more or less
        ("> 300", "100", False),
        ("not detected", "0.05", True),
        ("nicht nachweisbar", "absent in 25 g", True),
        ("detected", "absent in 25 g", False),
        ("3", "absent in 25 g", False),
        ("present", "0.5", None),
        ("1,234", "1000", None),  # one and a bit, or a thousand and more
        ("1,234", "5000", True),
        ("conform", "10", None),
    ],
)
def test_a_value_is_held_to_its_limit_and_doubt_stays_doubt(value, limit, passes):
    assert is_within(value, limit) is passes


def test_a_report_that_contradicts_itself_or_says_nothing_is_refused():
    assert settled("0.8", "0.5", None) is False
    assert settled("", "", True) is True
    assert settled("present", "0.5", False) is False
    for value, limit, said, code in (
        ("0.8", "0.5", True, "result_contradicts"),
        ("0.2", "0.5", False, "result_contradicts"),
        ("1,234", "1000", None, "result_open"),
        ("", "", None, "result_open"),
    ):
        with pytest.raises(Unreadable) as refused:
            settled(value, limit, said)
        assert refused.value.code == code
