"""The tables of sampling plans: known plans, the arrows, and the structure all of them share."""

from __future__ import annotations

import math

import pytest

from holdfast.kit.refusals import Unreadable
from holdfast.kit.sampling.curves import acceptance
from holdfast.kit.sampling.plans import (
    SEVERITIES,
    aql_named,
    code_letter,
    one_step_tighter,
    sampling_plan,
    tables,
)

LARGEST = [one if one else 10**6 for one, _ in tables().classes]
# The first Ac/Re of every diagonal (letters and AQLs both count from 0), and where it starts.
SERIES = {
    "normal": {14: "0/1", 17: "1/2", 18: "2/3", 19: "3/4", 20: "5/6", 21: "7/8", 22: "10/11"}
    | {23: "14/15", 24: "21/22", 25: "30/31", 26: "44/45"},
    "tightened": {15: "0/1", 18: "1/2", 19: "2/3", 20: "3/4", 21: "5/6", 22: "8/9", 23: "12/13"}
    | {24: "18/19", 25: "27/28", 26: "41/42"},
    "reduced": {14: "0/1", 17: "0/2", 18: "1/3", 19: "1/4", 20: "2/5", 21: "3/6", 22: "5/8"}
    | {23: "7/10", 24: "10/13", 25: "14/17", 26: "21/24"},
}


@pytest.mark.parametrize(
    ("lot", "aql", "level", "severity", "letter", "size", "accept", "reject"),
    [
        (1000, "2.5", "II", "normal", "J", 80, 5, 6),
        (4000, "0.65", "II", "normal", "L", 200, 3, 4),
        (120, "1.0", "II", "normal", "F", 13, 0, 1),  # arrow up, to letter E
        (120, "1.5", "II", "normal", "F", 32, 1, 2),  # arrow down, to letter G
        (1000, "2.5", "II", "tightened", "J", 80, 3, 4),
        (1000, "2.5", "II", "reduced", "J", 32, 2, 5),
        (600_000, "0.025", "III", "tightened", "R", 3150, 1, 2),  # the letter only arrows lead to
        (600_000, "0.015", "III", "normal", "R", 800, 0, 1),  # nothing below: two arrows up
        (5, "10", "II", "normal", "A", 5, 1, 2),  # nothing above: two arrows down
        (5, "10", "II", "tightened", "A", 8, 1, 2),
        (20_000, "6.5", "S-2", "normal", "D", 8, 1, 2),
        (5000, "650", "I", "normal", "J", 5, 44, 45),
    ],
)
def test_plans_that_are_printed(lot, aql, level, severity, letter, size, accept, reject):
    plan = sampling_plan(lot, aql, level, severity)
    assert (plan.letter, plan.table_size, plan.accept, plan.reject) == (
        letter,
        size,
        accept,
        reject,
    )
    assert plan.sample_size == min(size, lot)


def test_every_diagonal_of_every_table_holds_one_plan_but_where_the_print_says_otherwise():
    """A letter up and an AQL up leave sample size times AQL as it was, so Ac and Re stay too."""
    odd = []
    for severity in SEVERITIES:
        for row, (letter, cells) in enumerate(tables().cells[severity].items()):
            assert len(cells) == len(tables().aqls) == 26
            for column, cell in enumerate(cells):
                want = SERIES[severity].get(row + column)
                if (row > 4 and row + column > 24) or (letter == "S" and column != 2):
                    want = None
                if cell != (want or cell) or ("/" in cell and want is None):
                    odd.append((severity, letter, tables().aqls[column], cell))
    smallest = {("reduced", letter) for letter in "AB"}  # both take two, so they differ by design
    assert {one[:2] for one in odd} == smallest | {("tightened", "A")}
    assert [one for one in odd if one[0] == "tightened"] == [("tightened", "A", "10", "v")]


def test_sizes_follow_the_five_steps_to_ten_that_aqls_follow():
    for severity in SEVERITIES:
        for letter, size in tables().sizes[severity].items():
            at = "ABCDEFGHJKLMNPQRS".index(letter)
            ideal = 2 * 10 ** (at / 5) * (0.4 if severity == "reduced" else 1)
            assert size == pytest.approx(max(ideal, 2), rel=0.07, abs=0.6)


def test_no_arrow_leads_into_the_open_and_larger_lots_never_take_fewer_letters():
    for level in tables().levels:
        letters = [code_letter(lot, level) for lot in LARGEST]
        assert letters == sorted(letters)
    for severity in SEVERITIES:
        for lot in LARGEST:
            for aql in tables().aqls:
                plan = sampling_plan(lot, aql, "III", severity)
                assert 0 <= plan.accept < plan.reject <= plan.accept + 3


def test_a_process_at_the_aql_passes_normal_inspection_nearly_always_and_tightened_is_stricter():
    for lot in LARGEST[5:]:
        for aql in ("0.65", "1.0", "2.5", "6.5"):
            normal, tightened, reduced = (
                acceptance(sampling_plan(lot, aql, severity=severity), float(aql) / 100)
                for severity in SEVERITIES
            )
            assert tightened < normal <= reduced + 0.01
            assert normal > 0.87


def test_one_step_tighter_is_the_cell_to_the_left_where_it_is_a_plan():
    assert one_step_tighter(sampling_plan(1000, "2.5")) == (3, 4)
    assert one_step_tighter(sampling_plan(1000, "0.65")) is None  # 1/2; to the left an arrow
    assert one_step_tighter(sampling_plan(10**6, "0.010")) is None


def test_an_aql_is_found_however_it_is_written():
    assert [aql_named(text) for text in ("1", "1,0", " 0.1 ", "2.50 %", "10.0")] == [
        "1.0",
        "1.0",
        "0.10",
        "2.5",
        "10",
    ]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ((1, "1.0"), "bad_lot_size"),
        ((-5, "1.0"), "bad_lot_size"),
        ((100, "3"), "aql_not_in_table"),
        ((100, "nan"), "bad_aql"),
        ((100, "1.0", "IV"), "bad_level"),
        ((100, "1.0", "II", "strict"), "bad_severity"),
    ],
)
def test_what_the_tables_do_not_have_is_refused_with_what_they_have(words, code):
    with pytest.raises(Unreadable) as refused:
        sampling_plan(*words)
    assert refused.value.code == code
    assert refused.value.hint


def test_every_part_of_the_tables_says_how_sure_we_are():
    assert set(tables().confidence) == {"code_letters", *SEVERITIES}
    assert "unknown here" in tables().confidence["reduced"][1]
    assert math.isclose(sum(len(row) for _, row in tables().classes), 105)
