"""Strangers' photographs: decoded under limits, drawn anew without anything but pixels."""

from __future__ import annotations

import io
import struct
import time
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, PngImagePlugin

from holdfast.kit.pictures import Limits, as_jpeg, as_webp, decoded
from holdfast.kit.refusals import Unreadable

pytestmark = pytest.mark.once

PLACE = b"52.5200N 13.4050E Mette"


def scene(width: int = 640, height: int = 480) -> Image.Image:
    """A picture with detail, so that it does not compress to nothing."""
    picture = Image.effect_noise((width, height), 40).convert("RGB")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((width // 4, height // 4, width // 2, height // 2), fill=(200, 30, 30))
    return picture


def bytes_of(picture: Image.Image, kind: str, **more: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **more)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_is_drawn_anew_within_its_bytes_and_pixels(kind: str) -> None:
    picture = decoded(bytes_of(scene(), kind), at_most=400)
    assert picture.mode == "RGB"
    assert picture.size == (400, 300)
    for drawn in (
        as_jpeg(picture, longest=320, most_bytes=9_000),
        as_webp(picture, longest=320, most_bytes=5_000),
    ):
        assert len(drawn.content) <= (9_000 if drawn.media_type == "image/jpeg" else 5_000)
        again = Image.open(io.BytesIO(drawn.content))
        assert again.size == (drawn.width, drawn.height)
        assert max(again.size) <= 320


def test_place_owner_comment_and_profile_do_not_survive() -> None:
    exif = Image.Exif()
    exif[0x010E] = PLACE.decode()
    exif[0x013B] = PLACE.decode()
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", PLACE.decode())
    sent = [
        bytes_of(scene(), "JPEG", exif=exif, comment=PLACE, icc_profile=PLACE * 9),
        bytes_of(scene(), "PNG", pnginfo=text, exif=exif),
        bytes_of(scene(), "WEBP", exif=exif.tobytes(), xmp=PLACE),
        bytes_of(scene(), "JPEG") + b"<?php " + PLACE,
    ]
    for data in sent:
        assert PLACE in data
        picture = decoded(data, at_most=400)
        for drawn in (
            as_jpeg(picture, longest=300, most_bytes=30_000),
            as_webp(picture, longest=300, most_bytes=30_000),
        ):
            assert PLACE not in drawn.content
            again = Image.open(io.BytesIO(drawn.content))
            assert not again.getexif()
            assert not {"icc_profile", "comment", "xmp", "exif"} & set(again.info)


def test_a_photo_taken_sideways_stands_upright() -> None:
    upright = Image.new("RGB", (60, 30), "white")
    ImageDraw.Draw(upright).rectangle((0, 0, 20, 30), fill="red")  # red on the left
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned: rotate by 90° clockwise to see it right
    found = decoded(bytes_of(upright.rotate(90, expand=True), "PNG", exif=exif), at_most=60)
    assert found.size == (60, 30)
    assert found.getpixel((5, 15)) == (255, 0, 0)
    assert found.getpixel((50, 15)) == (255, 255, 255)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "L", "1", "CMYK", "I;16"])
def test_every_way_of_storing_colour_becomes_rgb(mode: str) -> None:
    if mode == "I;16":
        picture = Image.new("I;16", (64, 64), 32_768)
    else:
        picture = scene(64, 64).convert("RGBA" if mode in ("LA",) else "RGB").convert(mode)
    found = decoded(bytes_of(picture, "JPEG" if mode == "CMYK" else "PNG"), at_most=64)
    assert found.mode == "RGB"
    if mode == "I;16":
        assert found.getpixel((5, 5)) == (128, 128, 128)


def test_what_is_transparent_shows_paper() -> None:
    found = decoded(bytes_of(Image.new("RGBA", (64, 64), (9, 9, 9, 0)), "PNG"), at_most=64)
    assert found.getpixel((3, 3)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "picture_empty"),
        (b"GIF89a" + b"\0" * 400, "picture_kind"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "picture_kind"),
        (b"%PDF-1.7", "picture_kind"),
        (bytes_of(scene(), "TIFF"), "picture_kind"),
        (bytes_of(scene(), "BMP"), "picture_kind"),
        (bytes_of(scene(), "PNG")[:3_000], "picture_broken"),
        (bytes_of(scene(), "JPEG")[:3_000], "picture_broken"),
        (bytes_of(scene(), "WEBP")[:3_000], "picture_broken"),
        (bytes_of(Image.new("RGB", (900, 2)), "PNG"), "picture_small"),
        (b"\xff\xd8" + b"\xff\xda\x00\x08" * 400, "picture_broken"),
    ],
)
def test_what_is_no_photo_is_refused_by_name(data: bytes, code: str) -> None:
    with pytest.raises(Unreadable) as refused:
        decoded(data, at_most=400)
    assert refused.value.code in (code, "picture_kind")
    assert refused.value.message


def test_a_file_of_too_many_bytes_is_not_even_opened() -> None:
    with pytest.raises(Unreadable) as refused:
        decoded(b"\xff\xd8" + b"\0" * 2_000, at_most=400, limits=Limits(most_bytes=1_000))
    assert refused.value.code == "picture_large"


def png_of(width: int, height: int) -> bytes:
    """A small file that says it is huge."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        )

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 100_000))
        + chunk(b"IEND", b"")
    )


def webp_of(side: int) -> bytes:
    """A moving WebP with a huge canvas and one tiny frame."""
    tiny = bytes_of(Image.new("RGB", (16, 16), "red"), "WEBP", lossless=True)[12:]
    size = (side - 1).to_bytes(3, "little") * 2
    frame = bytes(6) + (15).to_bytes(3, "little") * 2 + bytes(4) + tiny
    body = (
        b"WEBPVP8X" + struct.pack("<I", 10) + b"\x02\0\0\0" + size
        + b"ANIM" + struct.pack("<I", 6) + bytes(6)
        + b"ANMF" + struct.pack("<I", len(frame)) + frame
    )  # fmt: skip
    return b"RIFF" + struct.pack("<I", len(body)) + body


BOMBS = {
    "one bit a pixel": png_of(5_100, 5_100),
    "large": png_of(12_000, 12_000),
    "vast": png_of(60_000, 60_000),
    "a wide canvas": webp_of(9_000),
    "the widest canvas": webp_of(16_383),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_at_once(name: str) -> None:
    data = BOMBS[name]
    before = time.perf_counter()
    with pytest.raises(Unreadable) as refused:
        decoded(data, at_most=400)
    assert refused.value.code == "picture_large"
    assert time.perf_counter() - before < 1


def test_text_that_unpacks_to_gigabytes_is_refused() -> None:
    """PNG keeps comments compressed: these 200 kB are 200 MB of text."""
    packed = zlib.compress(b"x" * 200_000_000, 9)
    body = b"Comment\0\0" + packed
    chunk = struct.pack(">I", len(body)) + b"zTXt" + body
    chunk += struct.pack(">I", zlib.crc32(b"zTXt" + body))
    good = bytes_of(scene(64, 64), "PNG")
    with pytest.raises(Unreadable):
        decoded(good[:33] + chunk + good[33:], at_most=64)


@settings(max_examples=120, deadline=None)
@given(
    kind=st.sampled_from(["JPEG", "PNG", "WEBP"]),
    cuts=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), min_size=1, max_size=12),
)
def test_damage_is_either_seen_through_or_refused(kind: str, cuts: list[tuple[float, int]]) -> None:
    data = bytearray(GOOD[kind])
    for place, value in cuts:
        data[int(place * (len(data) - 1))] = value
    try:
        found = decoded(bytes(data), at_most=80)
    except Unreadable:
        return
    assert found.mode == "RGB"
    assert max(found.size) <= 80


GOOD = {kind: bytes_of(scene(96, 72), kind) for kind in ("JPEG", "PNG", "WEBP")}
