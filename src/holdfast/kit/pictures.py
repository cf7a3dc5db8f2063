"""Photographs from strangers: decoded under limits, and drawn anew, so that only pixels remain.

Nothing of the sent bytes is ever shown again: place, camera and owner in a photo's metadata, a
second file hidden behind the first, a broken stream made for one viewer all end here. Colours are
taken as sRGB; a colour profile is dropped like every other attachment, because reading one hands
a stranger's bytes to one more decoder.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from holdfast.kit.refusals import Unreadable

if TYPE_CHECKING:
    from PIL.Image import Image

MEGABYTE = 1_000_000
# An honest progressive JPEG has about ten scans; one of 12 MB made of scans decodes for hours.
MOST_SCANS = 100
SMALLEST = 16
ORIENTATION = 0x0112  # EXIF
WHAT_TO_SEND = "Send a JPEG, PNG or WebP picture, as a phone takes it."
QUALITIES = (84, 78, 72, 66, 60, 54, 48, 42, 36)
SHRINK = 0.88


@dataclass(frozen=True, slots=True)
class Limits:
    """What is decoded at all; a plain JPEG may be larger, since it is decoded at a fraction."""

    most_bytes: int = 12 * MEGABYTE
    most_pixels: int = 25_000_000
    most_plain_jpeg_pixels: int = 50_000_000
    smallest: int = SMALLEST


PHOTO = Limits()


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture as we drew it: its bytes, their media type and its size in pixels."""

    content: bytes
    media_type: str
    width: int
    height: int


def decoded(data: bytes, *, at_most: int, limits: Limits = PHOTO) -> Image:
    """The picture upright, in RGB, its longer side at most `at_most` pixels.

    Refuses (`Unreadable`) what is too large, too small, broken, truncated, or no JPEG, PNG or
    WebP; of a moving picture the first frame counts.
    """
    from PIL import Image  # noqa: PLC0415 - 60 ms that most starts do not need

    _ask_bytes(data, limits)
    try:
        with Image.open(BytesIO(data), formats=("JPEG", "PNG", "WEBP")) as sent:
            # a progressive JPEG is held whole in memory, whatever the fraction
            is_plain = sent.format in ("JPEG", "MPO") and not sent.info.get("progressive")
            _ask_size(sent.width, sent.height, is_plain=is_plain, given=limits)
            sent.draft("RGB", (at_most, at_most))
            sent.load()
            picture = _on_white(sent)
            picture.thumbnail((at_most, at_most), Image.Resampling.LANCZOS)
            picture = _upright(picture, sent)
            # encoders write comments and profiles found here
            picture.info.clear()
            return picture
    except Unreadable:
        raise
    except Image.UnidentifiedImageError:
        raise Unreadable(
            "picture_kind", "This file is not a picture we can read.", hint=WHAT_TO_SEND
        ) from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_large() from None
    except Exception:  # a decoder before a stranger's bytes fails in as many ways as it has lines
        raise Unreadable(
            "picture_broken",
            "This picture is broken or incomplete.",
            hint="Take it again, or send another one. " + WHAT_TO_SEND,
        ) from None


def as_jpeg(picture: Image, *, longest: int, most_bytes: int) -> Drawing:
    """Draw it as a JPEG of at most these pixels and bytes."""
    return _drawn(picture, "JPEG", longest, most_bytes)


def as_webp(picture: Image, *, longest: int, most_bytes: int) -> Drawing:
    """Draw it as a WebP of at most these pixels and bytes."""
    return _drawn(picture, "WEBP", longest, most_bytes)


def _drawn(picture: Image, kind: str, longest: int, most_bytes: int) -> Drawing:
    """The largest of ever smaller drawings that fits; first coarser, then smaller."""
    from PIL import Image  # noqa: PLC0415 - as above

    if most_bytes < 1_000:
        raise ValueError("a picture needs at least a kilobyte")
    side = float(min(longest, max(picture.size)))
    while True:
        drawn = picture.copy()
        drawn.thumbnail((round(side), round(side)), Image.Resampling.LANCZOS)
        found = _best_that_fits(drawn, kind, most_bytes)
        if found is not None:
            return Drawing(found, f"image/{kind.lower()}", drawn.width, drawn.height)
        side *= SHRINK


def _best_that_fits(drawn: Image, kind: str, most_bytes: int) -> bytes | None:
    """At the best quality that fits, found by halving the list; nothing when none does."""
    low, high, best = 0, len(QUALITIES) - 1, None
    while low <= high:
        middle = (low + high) // 2
        content = _encoded(drawn, kind, QUALITIES[middle])
        if len(content) <= most_bytes:
            best, high = content, middle - 1
        else:
            low = middle + 1
    return best


def _encoded(drawn: Image, kind: str, quality: int) -> bytes:
    out = BytesIO()
    if kind == "JPEG":
        drawn.save(out, "JPEG", quality=quality, optimize=True, progressive=True)
    else:
        drawn.save(out, "WEBP", quality=quality, method=6)
    return out.getvalue()


def _on_white(sent: Image) -> Image:
    """In RGB; what is transparent shows paper."""
    from PIL import Image  # noqa: PLC0415 - as above

    if sent.mode == "RGB":
        return sent.copy()
    if sent.mode in ("RGBA", "LA", "PA") or "transparency" in sent.info:
        clear = sent.convert("RGBA")
        paper = Image.new("RGB", clear.size, "white")
        paper.paste(clear, mask=clear.getchannel("A"))
        return paper
    if sent.mode.startswith("I;16"):
        # sixteen bits a pixel would be cut at 255, which is white
        return sent.point(lambda value: value / 256).convert("L").convert("RGB")
    return sent.convert("RGB")


def _upright(picture: Image, sent: Image) -> Image:
    """Turned as the camera says it was held; a broken note of it turns nothing."""
    from PIL.Image import Transpose  # noqa: PLC0415 - as above

    try:
        held = sent.getexif().get(ORIENTATION)
    except Exception:  # metadata in pieces is no reason to refuse the pixels
        return picture
    turns = {
        2: Transpose.FLIP_LEFT_RIGHT,
        3: Transpose.ROTATE_180,
        4: Transpose.FLIP_TOP_BOTTOM,
        5: Transpose.TRANSPOSE,
        6: Transpose.ROTATE_270,
        7: Transpose.TRANSVERSE,
        8: Transpose.ROTATE_90,
    }
    return picture.transpose(turns[held]) if held in turns else picture


def _ask_bytes(data: bytes, limits: Limits) -> None:
    if not data:
        raise Unreadable("picture_empty", "The file is empty.", hint=WHAT_TO_SEND)
    if len(data) > limits.most_bytes:
        raise _too_large(f"It has more than {limits.most_bytes // MEGABYTE} megabytes.")
    if data.startswith(b"\xff\xd8") and data.count(b"\xff\xda") > MOST_SCANS:
        raise Unreadable(
            "picture_broken", "This picture is made to keep a computer busy.", hint=WHAT_TO_SEND
        )


def _ask_size(width: int, height: int, *, is_plain: bool, given: Limits) -> None:
    if min(width, height) < given.smallest:
        raise Unreadable("picture_small", f"A picture of {width} × {height} pixels shows nothing.")
    if width * height > (given.most_plain_jpeg_pixels if is_plain else given.most_pixels):
        raise _too_large(f"It has {width} × {height} pixels.")


def _too_large(why: str = "") -> Unreadable:
    return Unreadable(
        "picture_large",
        f"This picture is too large. {why}".strip(),
        hint="Send a smaller one: choose “medium” where your phone asks for a size.",
    )
