"""Barcodes drawn for tests, as PNG or JPEG bytes."""

from __future__ import annotations

import io

import zxingcpp
from PIL import Image


def picture(*codes: tuple[str, str], kind: str = "PNG", turned: int = 0) -> bytes:
    """The bytes of a picture with these codes, one below the other: ("EAN13", "7612345678900")."""
    drawn = [_drawn(symbol, text) for symbol, text in codes]
    width = max((one.width for one in drawn), default=400) + 80
    height = sum(one.height + 80 for one in drawn) or 400
    paper = Image.new("L", (width, height), 255)
    at = 40
    for one in drawn:
        paper.paste(one, (40, at))
        at += one.height + 80
    out = io.BytesIO()
    paper.rotate(turned, expand=True, fillcolor=255).save(out, kind)
    return out.getvalue()


def _drawn(symbol: str, text: str) -> Image.Image:
    options = {"gs1": True} if text.startswith("(") else {}
    made = zxingcpp.create_barcode(text, getattr(zxingcpp.BarcodeFormat, symbol), **options)
    return Image.fromarray(zxingcpp.write_barcode_to_image(made, scale=4, add_quiet_zones=True))
