"""Levels never blend: not by type, not at run time, not by averaging."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.kit.measures.levels import (
    LEVELS,
    BlendedLevels,
    Consumer,
    Manufacturer,
    Retailer,
    Units,
)
from holdfast.kit.measures.rates import CorrectionRate

BLENDS = """
from holdfast.kit.measures.levels import Consumer, Manufacturer, Units
from holdfast.kit.measures.rates import CorrectionRate
homes = Units(Consumer, 3)
stock = Units(Manufacturer, 4)
blended = homes + stock
rate = CorrectionRate(homes, stock, "units in scope")
fine = homes + Units(Consumer, 1)
"""


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_units_of_one_level_add_up(a: int, b: int) -> None:
    assert (Units(Consumer, a) + Units(Consumer, b)).count == a + b


@pytest.mark.parametrize("one", LEVELS)
@pytest.mark.parametrize("other", LEVELS)
def test_units_of_two_levels_never_become_one_number(one: type, other: type) -> None:
    if one is other:
        assert (Units(one, 2) + Units(other, 3)).count == 5
        return
    with pytest.raises(BlendedLevels):
        Units(one, 2) + Units(other, 3)
    with pytest.raises(BlendedLevels):
        Units(one, 2) - Units(other, 1)


def test_a_rate_over_two_levels_does_not_exist() -> None:
    with pytest.raises(BlendedLevels):
        CorrectionRate(Units(Consumer, 1), Units(Retailer, 2), "units")


def test_two_rates_cannot_be_added_or_averaged() -> None:
    homes = CorrectionRate(Units(Consumer, 1), Units(Consumer, 2), "units")
    stock = CorrectionRate(Units(Manufacturer, 1), Units(Manufacturer, 2), "units")
    with pytest.raises(TypeError):
        homes + stock  # type: ignore[operator]
    with pytest.raises(TypeError):
        sum([homes, stock])  # type: ignore[list-item]


def test_units_cannot_be_negative() -> None:
    with pytest.raises(ValueError, match="negative"):
        Units(Consumer, -1)


def test_the_type_checker_refuses_a_blend_before_it_runs(tmp_path: Path) -> None:
    snippet = tmp_path / "blend.py"
    snippet.write_text(BLENDS)
    source = Path(__file__).parents[3] / "src"
    run = subprocess.run(
        [
            sys.executable,
            "-m",
            "mypy",
            "--strict",
            "--config-file=",
            f"--cache-dir={tmp_path / 'cache'}",
            str(snippet),
        ],
        capture_output=True,
        text=True,
        check=False,
        env={"MYPYPATH": str(source), "PATH": "/usr/bin:/bin", "PYTHONPATH": str(source)},
    )
    assert run.returncode == 1, run.stdout + run.stderr
    complained = sorted(
        int(line.split(":")[1]) for line in run.stdout.splitlines() if ": error:" in line
    )
    assert set(complained) == {6, 7}, run.stdout
