"""The EU grid: its cells against the shared facts, its edges, its neighbours."""

from __future__ import annotations

import os
import re
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.kit.refusals import Unreadable
from holdfast.kit.risk.eu_grid import (
    BANDS,
    LEVELS,
    assess,
    band_of,
    highest,
    scenario_probability,
)
from holdfast.kit.risk.probability import parse_probability

ROOT = Path(__file__).resolve().parents[3]
DATA = Path(os.environ.get("HOLDFAST_SHARED_DATA", ROOT.parent / "shared" / "data"))
FACTS = DATA.parent / "facts" / "risk_methods.yaml"


def test_every_cell_is_the_one_of_the_shared_facts():
    text = FACTS.read_text(encoding="utf-8").split("- id: ")[1]
    assert text.startswith("eu_safety_gate_risk_grid")
    rows = re.findall(
        r"- band: (\w+)\n.*?lower_bound: ([\d.e-]+)\n\s+severity_1: (\w+)\n\s+severity_2: (\w+)"
        r"\n\s+severity_3: (\w+)\n\s+severity_4: (\w+)",
        text,
        flags=re.DOTALL,
    )
    assert [(r[0], float(r[1]), tuple(r[2:])) for r in rows] == [
        (band.name, float(band.over), band.risks) for band in BANDS
    ]


@pytest.mark.parametrize(
    ("probability", "band"),
    [
        ("1", "very_frequent"),
        ("1/2", "very_frequent"),
        ("499/1000", "frequent"),
        ("1/10", "common"),
        ("1/1000", "unlikely"),
        ("1001/1000000", "occasional"),
        ("1/1000000", "extremely_rare"),
        ("0", "extremely_rare"),
    ],
)
def test_an_edge_belongs_to_the_band_the_conventions_say(probability, band):
    assert band_of(parse_probability(probability)).name == band


@given(st.integers(1, 3), st.fractions(0, 1))
def test_more_severe_is_never_less_risky(severity, probability):
    milder, worse = assess(severity, probability), assess(severity + 1, probability)
    assert LEVELS.index(milder.risk) <= LEVELS.index(worse.risk)


@given(st.integers(1, 4), st.fractions(0, 1), st.fractions(0, 1))
def test_more_probable_is_never_less_risky(severity, one, other):
    low, high = sorted((one, other))
    ranks = [LEVELS.index(assess(severity, p).risk) for p in (low, high)]
    assert ranks == sorted(ranks)


def test_the_neighbours_are_one_step_away_and_end_at_the_edge_of_the_grid():
    found = assess(4, Fraction(1, 8000))
    assert (found.risk, found.band, found.is_stable) == ("serious", "unlikely", False)
    assert {n.moved: n.risk for n in found.neighbours} == {
        "severity down": "high",
        "probability up": "serious",
        "probability down": "high",
    }


def test_a_scenario_multiplies_its_steps_and_the_worst_scenario_counts():
    steps = [Fraction(1, 200), Fraction(1, 4), Fraction(1, 10)]
    assert scenario_probability(steps) == Fraction(1, 8000)
    worst = assess(4, Fraction(1, 8000))
    assert highest([assess(1, Fraction(1, 3)), worst]) == worst
    with pytest.raises(Unreadable, match="three to five"):
        scenario_probability(steps[:2])


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("1/1000", Fraction(1, 1000)),
        ("1 in 1,000", Fraction(1, 1000)),
        ("3 of 600", Fraction(1, 200)),
        ("0.001", Fraction(1, 1000)),
        ("0,1 %", Fraction(1, 1000)),
        ("1e-3", Fraction(1, 1000)),
    ],
)
def test_a_probability_is_read_exactly(text, want):
    assert parse_probability(text) == want


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2",
        "-1/2",
        "1/0",
        "often",
        "nan",
        "1e999",
        "1e-999999999",
        "1/1.5",
        "5/2",
        "0." + "1" * 200,
    ],
)
def test_what_is_no_probability_is_refused_with_an_example(text):
    with pytest.raises(Unreadable) as refused:
        parse_probability(text)
    assert "1/1000" in refused.value.hint


@pytest.mark.parametrize("severity", [0, 5])
def test_a_severity_off_the_scale_is_refused(severity):
    with pytest.raises(Unreadable):
        assess(severity, Fraction(1, 2))
