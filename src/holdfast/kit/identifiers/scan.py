"""Whatever a person types or scans, taken apart: what product, lot and serial does it name?"""

from __future__ import annotations

import re
from typing import NamedTuple

LONGEST = 500
"""Nobody types more than this; a scanner's element string is far shorter."""

_BRACKETED = re.compile(r"\((\d{2,4})\)([^(]+)")
_NO_GAPS = str.maketrans("", "", " -\t\u00a0")
GTIN_LENGTHS = (8, 12, 13, 14)


class Scan(NamedTuple):
    """The parts of one code. `bare` is the code itself where no standard says what it is."""

    kind: str
    gtin: str = ""
    lot: str = ""
    serial: str = ""
    bare: str = ""


def scan(code: str) -> Scan:
    """A GS1 element string (with brackets or raw), a Digital Link, a GTIN, or a bare code.

    >>> scan("(01)07612345678900(10)B17").lot
    'B17'
    """
    text = code.strip()[:LONGEST]
    first = text[:1]
    if first == "(":
        found = _bracketed(text)
        if found:
            return found
    if first in ("h", "H") and text.lower().startswith(("http://", "https://")):
        return _digital_link(text) or Scan("link", bare=text)
    if first.isdigit():
        digits = text.translate(_NO_GAPS)
        is_number = digits.isascii() and digits.isdigit()
        if is_number and len(digits) in GTIN_LENGTHS and _checks(digits):
            return Scan("gtin", gtin=digits.zfill(14), bare=text)
    elif first != "]":
        return Scan("code", bare=text)
    return _element_string(text) or Scan("code", bare=text)


def _bracketed(text: str) -> Scan | None:
    parts = {ai: value.strip() for ai, value in _BRACKETED.findall(text)}
    return _scan_of("gs1", parts)


def _digital_link(text: str) -> Scan | None:
    from biip import ParseError  # noqa: PLC0415 (biip costs 60 ms; only codes pay it)
    from biip.gs1_digital_link_uris import GS1DigitalLinkURI  # noqa: PLC0415 (as above)

    try:
        link = GS1DigitalLinkURI.parse(text)
    except (ParseError, ValueError):
        return None
    return _scan_of("digital_link", {e.ai.ai: e.value for e in link.element_strings})


def _element_string(text: str) -> Scan | None:
    # Without a symbology prefix or a GTIN in front, "1017" would be read as lot "17".
    body = re.sub(r"^\](C1|e0|d2|Q3|J1)", "", text)
    if body == text and not re.match(r"^(01|02)\d{14}", body):
        return None
    from biip import ParseError  # noqa: PLC0415 (biip costs 60 ms; only codes pay it)
    from biip.gs1_messages import GS1Message  # noqa: PLC0415 (as above)

    try:
        message = GS1Message.parse(body.lstrip("\x1d"))
    except (ParseError, ValueError):
        return None
    return _scan_of("gs1", {e.ai.ai: e.value for e in message.element_strings})


def _scan_of(kind: str, parts: dict[str, str]) -> Scan | None:
    gtin, lot, serial = parts.get("01") or parts.get("02", ""), parts.get("10"), parts.get("21")
    if not (gtin or lot or serial):
        return None
    return Scan(kind, gtin=gtin.zfill(14) if gtin else "", lot=lot or "", serial=serial or "")


def _checks(digits: str) -> bool:
    weighted = sum(int(d) * (3 if i % 2 else 1) for i, d in enumerate(reversed(digits)))
    return weighted % 10 == 0
