"""The barcodes in a photograph: pixels in, texts out; nothing is kept.

Pictures come from anybody: `kit.pictures` bounds what is decoded, and here at most three looks
are taken and twenty codes told.
"""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from holdfast.kit.identifiers.element_string import ElementString
from holdfast.kit.identifiers.faults import BadIdentifier
from holdfast.kit.pictures import MEGABYTE, Limits, decoded

if TYPE_CHECKING:
    from PIL import Image

LIMITS = Limits(most_bytes=15 * MEGABYTE, smallest=1)
"""Bars may be a single pixel high where a label was drawn, not photographed."""

ENOUGH = 3_200
"""The longer side, in pixels, at which codes are searched: more takes time and finds no more."""

SMALL = 700
"""Below this longer side a picture is enlarged for a second look."""

WEAK = frozenset({"EAN13", "EAN8", "UPCA", "UPCE", "ITF", "ITF14", "Codabar", "Code39", "Code93"})
"""Symbols with one check digit or none."""

BORDER = 20
MOST_CODES = 20


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
    holdfast.kit.refusals.Unreadable: This file is not a picture we can read.
    """
    picture = decoded(data, at_most=ENOUGH, limits=LIMITS).convert("L")
    found = _read(picture, 1.0)
    if not found or any(one.symbol in WEAK for one in found):
        found += _read(*_at_another_size(picture))
    found = _agreed(found or _read(_sharpened(picture), 1.0))
    once: dict[tuple[str, str], PhotoCode] = {}
    for one in sorted(found, key=_place):
        once.setdefault((one.symbol, one.text), PhotoCode(*one[:5]))
    return tuple(once.values())[:MOST_CODES]


def _at_another_size(picture: Image.Image) -> tuple[Image.Image, float]:
    """A small picture three times as large, a large one half as large; and that factor."""
    from PIL import Image, ImageOps  # noqa: PLC0415 (50 ms; only photographs pay it)

    factor = 3.0 if max(picture.size) < SMALL else 0.5
    if factor > 1:
        # A code cut at its edge has no quiet zone; a border gives one.
        picture = ImageOps.expand(picture, border=BORDER, fill=255)
    size = (max(1, int(picture.width * factor)), max(1, int(picture.height * factor)))
    return picture.resize(size, Image.Resampling.BICUBIC), factor


def _sharpened(picture: Image.Image) -> Image.Image:
    from PIL import ImageFilter, ImageOps  # noqa: PLC0415 (50 ms; only photographs pay it)

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
