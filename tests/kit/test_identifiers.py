"""Codes are read whatever the label's font, and the check never lets a doubt pass as safe."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.kit.identifiers.check import Recalled, Snapshot, Sold
from holdfast.kit.identifiers.lookalike import look
from holdfast.kit.identifiers.scan import scan

GTIN = "07612345678900"
SNAPSHOT = Snapshot(
    recalls=(
        Recalled("R-2026-001", frozenset({"VL-10K"}), frozenset({"B17", "B1O"})),
        Recalled("R-2026-002", frozenset({"KETTLE"}), frozenset()),
        Recalled("R-2026-003", frozenset({"LAMP"}), frozenset({"S1"})),
        Recalled("R-2026-004", frozenset({"MUG"}), frozenset(), "Market is DE"),
    ),
    products={
        "VL-10K": "VL-10K",
        GTIN: "VL-10K",
        "KETTLE": "KETTLE",
        "LAMP": "LAMP",
        "STAND": "STAND",
        "MUG": "MUG",
    },
    serials={
        "7Q4K00001": Sold("vl-10k", confirmed=("R-2026-001",)),
        "7Q4K00002": Sold("vl-10k", unsure=("R-2026-001",)),
        "7Q4K00003": Sold("lamp"),
    },
    lots={
        "B17": ["VL-10K"],
        "B18": ["VL-10K"],
        "B10": ["VL-10K"],
        "K1": ["KETTLE"],
        "S1": ["LAMP", "STAND"],
    },
)


@pytest.mark.parametrize(
    ("code", "product", "answer", "recalls"),
    [
        ("B17", "", "affected", ["R-2026-001"]),
        ("b-I7", "", "affected", ["R-2026-001"]),
        (" bl7 ", "VL-1OK", "affected", ["R-2026-001"]),
        ("B17", "LAMP", "cannot_tell", ["R-2026-001"]),
        ("S1", "LAMP", "affected", ["R-2026-003"]),
        ("S1", "STAND", "not_affected", []),
        ("B17", "a lamp nobody knows", "affected", ["R-2026-001"]),
        ("B18", "", "not_affected", []),
        ("B99", "VL-10K", "cannot_tell", ["R-2026-001"]),
        ("B99", "", "cannot_tell", []),
        ("VL-10K", "", "cannot_tell", ["R-2026-001"]),
        ("STAND", "", "not_affected", []),
        ("KETTLE", "", "affected", ["R-2026-002"]),
        ("7q4k-OOO01", "", "affected", ["R-2026-001"]),
        ("7Q4K00002", "", "cannot_tell", ["R-2026-001"]),
        ("7Q4K00003", "", "not_affected", []),
        (f"(01){GTIN}(21)7Q4K00001", "", "affected", ["R-2026-001"]),
        ("mug", "", "cannot_tell", ["R-2026-004"]),
        ("K1", "", "affected", ["R-2026-002"]),
        ("B99", "KETTLE", "affected", ["R-2026-002"]),
        ("7612345678900", "", "cannot_tell", ["R-2026-001"]),
        (f"01{GTIN}10B17", "", "affected", ["R-2026-001"]),
        (f"]C101{GTIN}10B18\x1d21XYZ", "", "not_affected", []),
        (f"(01){GTIN}(10)B17(21)S1", "", "affected", ["R-2026-001"]),
        (f"(01){GTIN}(21)S1", "", "cannot_tell", ["R-2026-001"]),
        (f"https://id.gs1.org/01/{GTIN}/10/B17", "", "affected", ["R-2026-001"]),
        ("https://example.org/hello", "", "cannot_tell", []),
        ("", "", "cannot_tell", []),
        ("B10", "", "cannot_tell", ["R-2026-001"]),
    ],
)
def test_a_code_gets_its_answer(code, product, answer, recalls):
    found = SNAPSHOT.check(code, product)
    assert (found.answer, list(found.recalls)) == (answer, recalls), found.why
    assert found.why


def test_nothing_known_says_so_and_is_treated_as_affected():
    found = Snapshot(()).check("B17")
    assert found.answer == "cannot_tell"
    assert "treat the product as affected" in found.why


@given(st.text(alphabet="bB17lI-–  ", max_size=8))
def test_no_spelling_of_an_affected_lot_is_ever_not_affected(text):
    if look(text) == look("B17"):
        assert SNAPSHOT.check(text).answer == "affected"


@given(st.text(max_size=80), st.text(max_size=20))
def test_no_input_breaks_the_check(code, product):
    assert SNAPSHOT.check(code, product).answer in {"affected", "not_affected", "cannot_tell"}


@given(st.text())
def test_folding_twice_changes_nothing(text):
    assert look(look(text)) == look(text)


def test_a_number_with_a_wrong_check_digit_is_no_gtin():
    assert scan("7612345678901").kind == "code"
    assert scan("7612345678900").gtin == GTIN
