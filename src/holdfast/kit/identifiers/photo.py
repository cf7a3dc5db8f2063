"""The barcodes in a photograph: pixels in, texts out; nothing is kept.

Pictures come from anybody, so every step is bounded: bytes before a picture is opened, pixels
before they are unpacked, formats to three, frames to the first, codes to twenty.
"""

from __future__ import annotations

import io
import math
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from holdfast.kit.identifiers.element_string import ElementString
from holdfast.kit.identifiers.faults import BadIdentifier
from holdfast.kit.refusals import Unreadable

if TYPE_CHECKING:
    from PIL import Image

MOST_BYTES = 15_000_000
MOST_PIXELS = 50_000_000
"""A PNG of that size unpacks to 200 MB at most; a JPEG is shrunk while it is unpacked."""

ENOUGH = 3_200
"""The longer side, in pixels, at which codes are searched: more takes time and finds no more."""

SMALL = 700
"""Below this longer side a picture is enlarged for a second look."""

WEAK = frozenset({"EAN13", "EAN8", "UPCA", "UPCE", "ITF", "ITF14", "Codabar", "Code39", "Code93"})
"""Symbols with one check digit or none."""

BORDER = 20
MOST_CODES = 20
FORMATS = ("PNG", "JPEG", "WEBP")
_SHRUNK = 2 * ENOUGH


class PhotoCode(NamedTuple):
    """One code: what it says, what kind of symbol it is in, and where (x, y of its middle).

    `code` is what a scanner would send, for `scan`: GS1 symbols keep their prefix.
    """

    text: str
    symbol: str
    code: str
    x: int
    y: int


def read_photo(data: bytes) -> tuple[PhotoCode, ...]:
    """Every code in a PNG, JPEG or WebP picture, from top to bottom, each once.

    None at all is an empty answer; what is no such picture, or too large, is refused.

    >>> read_photo(b"GIF89a")
    Traceback (most recent call last):
    ...
    holdfast.kit.refusals.Unreadable: This is no PNG, JPEG or WebP picture.
    """
    if len(data) > MOST_BYTES:
        raise Unreadable(
            "photo_too_large",
            f"The picture has {len(data) / 1e6:.0f} MB; {MOST_BYTES / 1e6:.0f} MB is the most.",
            hint="Take it from a little further away, or at a lower resolution.",
        )
    picture = _opened(data)
    found = _read(picture, 1.0)
    if not found or any(one.symbol in WEAK for one in found):
        found += _read(*_at_another_size(picture))
    found = _agreed(found or _read(_sharpened(picture), 1.0))
    by_place = sorted({(one.symbol, one.text): one for one in found}.values(), key=_place)
    return tuple(PhotoCode(*one[:5]) for one in by_place[:MOST_CODES])


def _opened(data: bytes) -> Image.Image:
    """The picture in shades of grey, upright, on white, and no larger than is useful."""
    from PIL import Image, ImageOps  # noqa: PLC0415 (50 ms; only photographs pay it)

    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise _too_many_pixels(picture.width, picture.height)
            picture.draft("L", (_SHRUNK, _SHRUNK))
            upright = ImageOps.exif_transpose(picture)
            grey = _on_white(upright)
            grey.thumbnail((ENOUGH, ENOUGH), Image.Resampling.LANCZOS)
            return grey
    except Unreadable:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels(0, 0) from error
    except Exception as error:
        # Hostile bytes raise whatever they like inside a decoder: struct.error, KeyError, …
        raise Unreadable(
            "photo_unreadable",
            "This is no PNG, JPEG or WebP picture.",
            hint="Take the picture again, or type the code.",
        ) from error


def _too_many_pixels(width: int, height: int) -> Unreadable:
    said = f" ({width} × {height})" if width else ""
    return Unreadable(
        "photo_too_large",
        f"The picture has too many pixels{said}; {MOST_PIXELS // 1_000_000} million is the most.",
        hint="Take it at a lower resolution.",
    )


def _on_white(picture: Image.Image) -> Image.Image:
    from PIL import Image  # noqa: PLC0415 (as above)

    if picture.mode.startswith("I") or picture.mode == "F":
        return picture.point(lambda value: value / 256).convert("L")
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        clear = picture.convert("RGBA")
        white = Image.new("RGBA", clear.size, "white")
        return Image.alpha_composite(white, clear).convert("L")
    return picture.convert("L")


def _at_another_size(picture: Image.Image) -> tuple[Image.Image, float]:
    """A small picture three times as large, a large one half as large; and that factor."""
    from PIL import Image, ImageOps  # noqa: PLC0415 (as above)

    factor = 3.0 if max(picture.size) < SMALL else 0.5
    if factor > 1:
        # A code cut at its edge has no quiet zone; a border gives one.
        picture = ImageOps.expand(picture, border=BORDER, fill=255)
    size = (max(1, int(picture.width * factor)), max(1, int(picture.height * factor)))
    return picture.resize(size, Image.Resampling.BICUBIC), factor


def _sharpened(picture: Image.Image) -> Image.Image:
    from PIL import ImageFilter, ImageOps  # noqa: PLC0415 (as above)

    return ImageOps.autocontrast(picture, cutoff=1).filter(
        ImageFilter.UnsharpMask(radius=2, percent=150, threshold=2)
    )


class _Found(NamedTuple):
    text: str
    symbol: str
    code: str
    x: int
    y: int
    width: float


def _read(picture: Image.Image, factor: float) -> list[_Found]:
    import zxingcpp  # noqa: PLC0415 (only photographs pay it)

    found = []
    border = BORDER if factor > 1 else 0
    for one in zxingcpp.read_barcodes(picture, text_mode=zxingcpp.TextMode.Plain):
        if not one.valid or not one.text:
            continue
        first, last = one.position.top_left, one.position.bottom_right
        x, y = (first.x + last.x) / 2 / factor - border, (first.y + last.y) / 2 / factor - border
        width = math.dist((first.x, first.y), (last.x, last.y)) / factor
        found.append(_Found(one.text, one.format.name, _as_scanned(one), int(x), int(y), width))
    return found


def _agreed(found: list[_Found]) -> list[_Found]:
    """Without weak codes that were read differently, and as often, in the same place.

    Blurred bars can be read as another number whose check digit fits; nothing but a second look
    tells it from the right one.
    """
    weak = [one for one in found if one.symbol in WEAK]
    seen = Counter(one.text for one in weak)
    return [
        one
        for one in found
        if one.symbol not in WEAK
        or not any(
            other.text != one.text and seen[other.text] >= seen[one.text] and _overlap(one, other)
            for other in weak
        )
    ]


def _overlap(one: _Found, other: _Found) -> bool:
    return math.dist((one.x, one.y), (other.x, other.y)) < max(one.width, other.width) / 2


def _place(one: _Found) -> tuple[int, int, str]:
    return one.y, one.x, one.text


def _as_scanned(one: object) -> str:
    """What a scanner would send: GS1 symbols with their prefix, where they hold what it says."""
    text, prefix = str(one.text), str(one.symbology_identifier)  # type: ignore[attr-defined]
    if one.content_type.name != "GS1":  # type: ignore[attr-defined]
        return text
    try:
        ElementString.read(prefix + text)
    except BadIdentifier:
        return text
    return prefix + text
