"""Value types say what they expected and got; ranges of serial numbers hold what they should."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfast.kit.identifiers.check_digits import check_digit
from holdfast.kit.identifiers.cpid import Cpid
from holdfast.kit.identifiers.faults import BadIdentifier
from holdfast.kit.identifiers.gcn import Gcn
from holdfast.kit.identifiers.gdti import Gdti
from holdfast.kit.identifiers.giai import Giai
from holdfast.kit.identifiers.ginc import Ginc
from holdfast.kit.identifiers.gln import Gln
from holdfast.kit.identifiers.gmn import Gmn
from holdfast.kit.identifiers.grai import Grai
from holdfast.kit.identifiers.gsin import Gsin
from holdfast.kit.identifiers.gsrn import Gsrn
from holdfast.kit.identifiers.gtin import Gtin
from holdfast.kit.identifiers.itip import Itip
from holdfast.kit.identifiers.lookalike import look
from holdfast.kit.identifiers.lot import Lot
from holdfast.kit.identifiers.serial_number import SerialNumber
from holdfast.kit.identifiers.serial_range import SerialRange, SerialRanges
from holdfast.kit.identifiers.sscc import Sscc

pytestmark = pytest.mark.once
TYPES = (
    Cpid, Gcn, Gdti, Giai, Ginc, Gln, Gmn, Grai, Gsin, Gsrn, Gtin, Itip, Lot, SerialNumber, Sscc,
)  # fmt: skip


@pytest.mark.parametrize("kind", TYPES, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("wrong", ["", "é", "x" * 300, "\x00", "1"])
def test_what_is_none_is_refused_with_what_was_expected(kind, wrong: str) -> None:
    if wrong == "1" and kind in (Lot, SerialNumber):
        assert kind.parse(wrong).value == "1"
        return
    with pytest.raises(BadIdentifier) as fault:
        kind.parse(wrong)
    assert fault.value.expected
    assert "\x00" not in str(fault.value)


@settings(max_examples=100)
@given(st.integers(0, 10**13 - 1), st.sampled_from([7, 11, 12, 13]))
def test_a_gtin_is_the_same_in_every_format(number: int, length: int) -> None:
    digits = str(number).zfill(13)[-length:]
    whole = digits + check_digit(digits)
    gtin = Gtin.parse(whole)
    assert (
        gtin
        == Gtin.parse(str(gtin))
        == Gtin.parse(gtin.value)
        == Gtin.parse(f" {whole[:3]}-{whole[3:]}")
    )
    assert len(gtin.value) == 14
    assert gtin.element == ("01", gtin.value)


def test_biip_agrees_on_keys() -> None:
    from biip.gln import Gln as BiipGln
    from biip.gtin import Gtin as BiipGtin
    from biip.sscc import Sscc as BiipSscc

    for number in ("96385074", "614141123452", "9506000134352", "19506000134359"):
        assert BiipGtin.parse(number).as_gtin_14() == Gtin.parse(number).value
    assert BiipGln.parse("9506000134307").value == Gln.parse("9506000134307").value
    sscc = "157035381410375177"
    assert BiipSscc.parse(sscc).company_prefix.value == Sscc.parse(sscc).company_prefix()


@pytest.mark.parametrize(
    ("span", "inside", "outside"),
    [
        (
            "VL0100..VL0250",
            ["VL0100", "vl-0250", "VL 0199"],
            ["VL0099", "VL0251", "VK0100", "0100"],
        ),
        ("1..1500", ["1", "1500", "900"], ["0", "1501", "A1", ""]),
        ("7Q4K00001..7Q4K00020", ["7Q4K00020"], ["7Q4K00021", "7Q4K20"]),
        ("A1X..A9C", ["A1X", "A5Z", "A9C"], ["A9D", "A1W", "A10X", "A1"]),
        ("B17", ["B17", "b 17"], ["B18"]),
    ],
)
def test_a_range_holds_both_its_ends_and_what_lies_between(span, inside, outside) -> None:
    found = SerialRange.parse(span)
    assert [one for one in inside if not found.contains(one)] == []
    assert [one for one in outside if found.contains(one)] == []
    assert SerialRange.parse(str(found)) == found


@pytest.mark.parametrize(
    ("span", "looks"),
    [
        ("VL0100..VL0250", ["VLO1OO", "VI0199", "VL199"]),
        ("A1X..A9C", ["AIX", "ALX"]),
        ("OIL1..OIL9", ["0115", "oll7"]),
    ],
)
def test_a_doubtful_character_keeps_a_serial_inside(span: str, looks: list[str]) -> None:
    found = SerialRange.parse(span)
    assert [one for one in looks if not found.may_contain(one)] == []


@pytest.mark.parametrize("text", ["", "..", "A1..", "..A1", "B2..A1", "A..BB", "9..1", "x" * 200])
def test_a_range_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(BadIdentifier):
        SerialRange.parse(text)


numbers = st.integers(0, 3000)


@settings(max_examples=150)
@given(st.lists(st.tuples(numbers, numbers), min_size=1, max_size=12), numbers)
def test_many_ranges_answer_as_each_one_would(spans, number: int) -> None:
    ranges = [SerialRange(f"K{min(span):04}", f"K{max(span):04}") for span in spans]
    serial = f"K{number:04}"
    expected = any(one.may_contain(serial) for one in ranges)
    assert SerialRanges.of(ranges).may_contain(serial) == expected
    assert expected == any(min(span) <= number <= max(span) for span in spans)


@settings(max_examples=150)
@given(st.text("A0OIL12Z9", min_size=3, max_size=5), st.text("A0OIL12Z9", min_size=3, max_size=5))
def test_whatever_looks_like_an_end_may_be_inside(first: str, last: str) -> None:
    try:
        span = SerialRange.parse(f"{first}..{last}")
    except BadIdentifier:
        return
    for end in (first, last):
        assert span.contains(end)
        assert span.may_contain(look(end))
        assert SerialRanges.of([span]).may_contain(look(end))


@settings(max_examples=100)
@given(st.text(max_size=60))
def test_no_text_breaks_a_range(text: str) -> None:
    span = SerialRange.parse("VL0100..VL0250")
    assert not span.contains(text) or span.may_contain(text)
    SerialRanges.of([span, SerialRange.parse("A1X..A9C")]).may_contain(text)
