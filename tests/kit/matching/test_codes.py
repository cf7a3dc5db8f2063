"""Numbers of trade items are found however a notice prints them, and nothing else is."""

import pytest

from holdfast.kit.matching.codes import asins, codes

AS_PRINTED = {
    "UPC# 7 08953 60202 8": "00708953602028",
    "UPC-0-74823-00021-9.": "00074823000219",
    "UPC 6-20133-00600, lot 7": "00620133006009",
    "UPC 93709-30010-6": "00093709300106",
    "708953602028": "00708953602028",
    "EAN 4006381333931": "04006381333931",
    "(GTIN) 4 006381 333931": "04006381333931",
    "Case UPC: 1 0041364 08484 5": "10041364084845",
    "UPC 01234565": "00012345000065",
    "EAN 96385074": "00000096385074",
}


@pytest.mark.parametrize("text", AS_PRINTED)
def test_a_number_is_read_as_it_is_printed(text: str) -> None:
    assert [code.gtin for code in codes(text)] == [AS_PRINTED[text]]
    assert all(code.sure for code in codes(text))


@pytest.mark.parametrize("text", ["UPC 93709-30010", "UPC: 9370930010", "upc 93709 30010"])
def test_ten_digits_in_the_middle_of_a_upc_are_kept_as_such(text: str) -> None:
    assert [(code.gtin, code.body, code.sure) for code in codes(text)] == [("", "9370930010", True)]


def test_a_list_is_announced_once() -> None:
    far = "UPC " + ", ".join(f"38000{number}" for number in range(31800, 31840))
    assert len(codes(far)) == 40


def test_numbers_with_a_space_between_them_stay_two() -> None:
    found = codes("UPC 708953602028 074823000219")
    assert [code.gtin for code in found] == ["00708953602028", "00074823000219"]


def test_eleven_digits_that_fit_both_ways_are_two_unsure_readings() -> None:
    found = codes("69153545301", announced=True)
    assert {code.gtin for code in found} == {"00069153545301", "00691535453012"}
    assert not any(code.sure for code in found)


def test_a_wrong_check_digit_is_kept_but_not_trusted() -> None:
    assert [code.sure for code in codes("UPC 708953602029")] == [False]
    assert codes("order 708953602029 of May") == []


@pytest.mark.parametrize(
    "text",
    [
        "call 1-800-276-2878 or (509) 555-0199",
        "from 2013-09-24 to 2014-01-30, 12:30",
        "Lot 20130805, 20130912",
        "4.006381333931 kg",
        "LOT4006381333931X",
        "",
    ],
)
def test_telephones_dates_and_lots_are_no_codes(text: str) -> None:
    assert codes(text) == []


def test_only_ten_characters_from_b0_on_are_a_marketplace_code() -> None:
    assert asins("B00HKIBDYC b00hkibdyc B00HKIBDYCX XB00HKIBDYC") == ["B00HKIBDYC"]


def test_a_whole_number_goes_before_a_longer_one_that_does_not_fit() -> None:
    found = codes("Model T-1 UPC# 782468044610 6-Piece rattle set, UPC 7331324 17926")
    assert [(code.gtin, code.sure) for code in found] == [
        ("00782468044610", True),
        ("00733132417926", True),
    ]
    assert not codes("UPC 7 08953 60202 9")[0].sure
