"""Codes are read whatever the label's font, and the check never lets a doubt pass as safe."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.kit.identifiers.check import Recalled, Snapshot, Sold
from holdfast.kit.identifiers.lookalike import look
from holdfast.kit.identifiers.scan import scan
from holdfast.kit.identifiers.serial_range import SerialRange

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
        (f"(02){GTIN}(37)4(10)B17(00)340123451111111111", "", "affected", ["R-2026-001"]),
        (f"(8006){GTIN}0102(10)B17", "", "affected", ["R-2026-001"]),
        ("urn:epc:class:lgtin:7612345.067890.B17", "", "affected", ["R-2026-001"]),
        ("urn:epc:id:sgtin:7612345.067890.7Q4K00001", "", "affected", ["R-2026-001"]),
        ("urn:epc:idpat:sgtin:7612345.067890.*", "", "cannot_tell", ["R-2026-001"]),
        (f"(01){GTIN}(10)B18(21)7Q4K00001", "", "affected", ["R-2026-001"]),
        (f"(01){GTIN}(10)B18(17)269999", "", "not_affected", []),
        (f"(01){GTIN[:-1]}1(10)B18", "", "cannot_tell", []),
        (f"(01){GTIN}(10)B18(10)B19", "", "cannot_tell", []),
        ("340123451111111111", "", "cannot_tell", []),
        ("00340123451111111111", "", "cannot_tell", []),
        ("(00)340123451111111111", "KETTLE", "affected", ["R-2026-002"]),
        ("(414)9506000134307", "", "cannot_tell", []),
        ("urn:epc:id:sgln:9506000.13430.0", "", "cannot_tell", []),
        ("(8004)4000001111", "", "cannot_tell", []),
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


def test_a_lot_of_digits_with_a_check_digit_that_fits_is_still_a_lot():
    lots = Snapshot((Recalled("R-1", frozenset({"P"}), frozenset({"96385074"})),))
    assert lots.check("96385074").answer == "affected"
    eighteen = "340123451111111111"
    lots = Snapshot((Recalled("R-1", frozenset({"P"}), frozenset({eighteen})),))
    assert lots.check(eighteen).answer == "affected"


def test_a_short_upc_is_the_long_one():
    assert scan("04252614").gtin == "00042100005264"


def test_what_names_no_product_says_what_it_names():
    assert scan("(8003)04012345000221334455").names == "returnable asset"
    assert "logistic unit" in SNAPSHOT.check("340123451111111111").why
    assert "Check the code on the product" in SNAPSHOT.check("(414)9506000134307").why


@given(st.text("()0123456789]Cdurn:epcid.ghtps/\x1d", max_size=60))
def test_nothing_that_looks_like_a_standard_breaks_the_check(code):
    assert SNAPSHOT.check(code).why


def test_a_number_with_a_wrong_check_digit_is_no_gtin():
    assert scan("7612345678901").kind == "code"
    assert scan("7612345678900").gtin == GTIN


def test_a_lot_that_looks_like_a_recalled_one_of_another_product_is_not_called_recalled():
    recalled = Recalled("R-7", frozenset({"KETTLE"}), frozenset({"L01"}))
    names = {"KETTLE": "KETTLE", "LAMP": "LAMP"}
    found = Snapshot((recalled,), names, {"L01": ["KETTLE", "LAMP"], "LO1": ["LAMP"]})
    assert found.check("L01", "LAMP").why == "Lot L01 is recalled for another product only."
    answer = found.check("LO1", "LAMP")
    assert answer.answer == "not_affected"
    assert answer.why == "Lot LO1 is not recalled; L01, of another product, is."


SERIALS = Snapshot(
    (
        Recalled(
            "R-9",
            frozenset({"09506000134352"}),
            serials=(SerialRange.parse("VL0100..VL0250"),),
        ),
        Recalled(
            "R-8",
            frozenset({"LAMP"}),
            frozenset({"L7"}),
            only="Market is DE",
            serials=(SerialRange.parse("10..20"),),
        ),
    ),
    {"09506000134352": "VL", "LAMP": "LAMP"},
    {"L7": ["LAMP"], "L8": ["LAMP"]},
)


@pytest.mark.parametrize(
    ("code", "answer"),
    [
        ("(01)09506000134352(21)VL0120", "affected"),
        ("(01)09506000134352(21)VL0300", "not_affected"),
        ("(01)09506000134352(21)VLO12O", "cannot_tell"),
        ("09506000134352", "cannot_tell"),
        ("(01)09506000134352(10)ANY(21)VL0300", "not_affected"),
        ("(01)09506000134352(10)ANY(21)VL0200", "affected"),
        ("(01)09506000134352(10)ANY", "cannot_tell"),
        ("(10)L7", "cannot_tell"),
        ("(10)L7(21)15", "affected"),
        ("(10)L7(21)21", "not_affected"),
        ("L8", "not_affected"),
    ],
)
def test_a_recall_of_some_serial_numbers_is_answered_by_the_number_on_the_unit(code, answer):
    found = SERIALS.check(code)
    assert found.answer == answer, found
    assert ("VL0300" in code) == ("not among those recalled (VL0100..VL0250)" in found.why)
