"""Codes in pictures: read in every format and position, none invented, nothing hostile works."""

from __future__ import annotations

import contextlib
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bench.barcodes import measured
from holdfast.kit.identifiers.check import Recalled, Snapshot
from holdfast.kit.identifiers.check_photo import check_codes
from holdfast.kit.identifiers.photo import LIMITS, MOST_CODES, PhotoCode, read_photo
from holdfast.kit.refusals import Unreadable
from tests.drawing import picture

pytestmark = pytest.mark.once
GTIN = "07612345678900"
GS1 = f"(01){GTIN}(10)B17(21)X1"
RAW = f"01{GTIN}10B17\x1d21X1"
KNOWN = Snapshot(
    (Recalled("R-2026-001", frozenset({"VL-10K", GTIN}), frozenset({"B17"})),),
    {"VL-10K": "VL-10K", GTIN: "VL-10K", "4006381333931": "PEN", "PEN": "PEN"},
    {"B17": ["VL-10K"], "B18": ["VL-10K"]},
)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize("turned", [0, 90, 180])
@pytest.mark.parametrize(
    ("symbol", "text", "read", "code"),
    [
        ("EAN13", GTIN[1:], GTIN[1:], GTIN[1:]),
        ("DataMatrix", GS1, RAW, f"]d2{RAW}"),
        ("QRCode", f"https://id.gs1.org/01/{GTIN}/10/B17", None, None),
        ("Code128", GS1, RAW, f"]C1{RAW}"),
    ],
)
def test_a_symbol_is_read_as_it_was_written(kind, turned, symbol, text, read, code) -> None:
    (found,) = read_photo(picture((symbol, text), kind=kind, turned=turned))
    assert (found.symbol, found.text, found.code) == (symbol, read or text, code or text)


def test_several_codes_come_from_top_to_bottom_each_once() -> None:
    data = picture(("QRCode", "B17"), ("EAN13", GTIN[1:]), ("QRCode", "B17"))
    assert [one.text for one in read_photo(data)] == ["B17", GTIN[1:]]


def test_a_picture_full_of_codes_is_read_up_to_a_number() -> None:
    small = picture(*[("QRCode", f"LOT-{n}") for n in range(MOST_CODES + 3)])
    assert len(read_photo(small)) == MOST_CODES


def test_a_picture_held_sideways_is_turned_as_the_camera_says() -> None:
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 5  # mirrored: a reader that ignores it reads nothing of a one-sided symbol
    drawn = Image.open(io.BytesIO(picture(("Code128", "B17"))))
    drawn.transpose(Image.Transpose.TRANSPOSE).save(out, "JPEG", exif=exif)
    assert [one.text for one in read_photo(out.getvalue())] == ["B17"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "picture_empty"),
        (b"GIF89a" + b"x" * 99, "picture_kind"),
        (picture(("QRCode", "B17"))[:300], "picture_broken"),
        (b"x" * (LIMITS.most_bytes + 1), "picture_large"),
    ],
)
def test_what_is_no_picture_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read_photo(data)
    assert refused.value.code == code


def test_a_picture_that_would_unpack_to_gigabytes_is_not_unpacked() -> None:
    out = io.BytesIO()
    Image.new("1", (12_000, 12_000)).save(out, "PNG")
    assert len(out.getvalue()) < 100_000
    with pytest.raises(Unreadable, match="too large"):
        read_photo(out.getvalue())


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_damaged_pictures_are_read_or_refused(data) -> None:
    whole = bytearray(DAMAGED)
    for _ in range(data.draw(st.integers(1, 6))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(Unreadable):
        assert all(isinstance(one.text, str) for one in read_photo(bytes(whole)))


DAMAGED = picture(("Code128", "B17"), kind="JPEG")


def test_real_pictures_are_read_as_well_as_is_said(real_data) -> None:
    names = ("falsepositives-1", "upca-4", "ean13-1")
    folders = {name: measured(real_data / "barcode_images" / name)[name] for name in names}
    assert folders["falsepositives-1"].read == 0
    assert [name for name, one in folders.items() if one.wrong] == []
    assert folders["ean13-1"].right >= 14
    assert folders["upca-4"].right >= 10


def seen(*codes: str) -> tuple[PhotoCode, ...]:
    return tuple(PhotoCode(code, "QRCode", code, 0, at) for at, code in enumerate(codes))


@pytest.mark.parametrize(
    ("codes", "answer"),
    [
        ((), "cannot_tell"),
        (("B17",), "affected"),
        (("B18", "B17"), "affected"),
        ((GTIN,), "cannot_tell"),
        ((GTIN, f"(01){GTIN}(10)B18"), "not_affected"),
        ((GTIN, f"(01){GTIN}(10)B17"), "affected"),
        ((f"(01){GTIN}(10)B18", "https://shop.example/win"), "not_affected"),
        (("https://shop.example/win",), "cannot_tell"),
        (("4006381333931", GTIN), "cannot_tell"),
        (("4006381333931", "96385074"), "cannot_tell"),
        ((f"(01){GTIN}(10)B18", "340123451111111111"), "cannot_tell"),
    ],
)
def test_a_picture_is_answered_by_the_gravest_code_that_says_something(codes, answer) -> None:
    shown = check_codes(KNOWN, seen(*codes))
    assert shown.answer.answer == answer, shown.answer.why
    assert len(shown.codes) == len(codes)
