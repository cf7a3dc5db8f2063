"""Whatever a person types or scans, taken apart: what product, lot and serial does it name?"""

from __future__ import annotations

from typing import NamedTuple

from holdfast.kit.identifiers.check_digits import has_check_digit, is_digits
from holdfast.kit.identifiers.elements import Elements, value_of
from holdfast.kit.identifiers.faults import BadIdentifier

LONGEST = 500
"""Nobody types more than this; a scanner's element string is far shorter."""

_NO_GAPS = str.maketrans("", "", " -\t\u00a0")
GTIN_LENGTHS = (8, 12, 13, 14)

OTHER_KEYS = {
    "00": "logistic unit",
    "253": "document",
    "255": "coupon",
    "401": "consignment",
    "402": "shipment",
    "410": "place",
    "411": "place",
    "412": "place",
    "413": "place",
    "414": "place",
    "415": "place",
    "416": "place",
    "417": "company",
    "8003": "returnable asset",
    "8004": "asset",
    "8013": "model",
    "8017": "service",
    "8018": "service",
}
"""Keys that name something else than a product, and what."""

_TRADE_ITEMS = ("01", "02", "03", "8006", "8026")
_DECIDING = {*_TRADE_ITEMS, "10", "21", "235", "8010", "8011"}


class Scan(NamedTuple):
    """The parts of one code. `bare` is the code itself where no standard says what it is.

    `names` says what the code names where that is no product ("logistic unit"), and `key` its
    number. `doubt` says why a part that decides cannot be trusted as it was read.
    """

    kind: str
    gtin: str = ""
    lot: str = ""
    serial: str = ""
    bare: str = ""
    names: str = ""
    key: str = ""
    doubt: str = ""


def scan(code: str) -> Scan:
    """An element string, a Digital Link, an EPC URN, a GTIN, an SSCC, or a bare code.

    >>> scan("(01)07612345678900(10)B17").lot
    'B17'
    >>> scan("urn:epc:id:sgtin:4012345.011111.9876").serial
    '9876'
    >>> scan("https://id.gs1.org/AQnYUc1gmiCNV4JG").lot
    'ABC123'
    >>> scan("340123451111111111").names
    'logistic unit'
    """
    text = code.strip()[:LONGEST]
    first = text[:1]
    if first == "(":
        found = _element_string(text)
        if found:
            return found
    if first in ("h", "H") and text.lower().startswith(("http://", "https://")):
        return _digital_link(text) or Scan("link", bare=text)
    if first in ("u", "U") and text.lower().startswith("urn:epc:"):
        return _epc(text) or Scan("code", bare=text)
    if first.isdigit():
        digits = text.translate(_NO_GAPS)
        if is_digits(digits) and len(digits) in (*GTIN_LENGTHS, 18, 20) and has_check_digit(digits):
            if len(digits) in GTIN_LENGTHS:
                return Scan("gtin", gtin=digits.zfill(14), bare=text)
            if len(digits) == 18 or digits[:2] == "00":
                return Scan("sscc", bare=text, names=OTHER_KEYS["00"], key=digits[-18:])
        if len(digits) == 8 and first in "01" and is_digits(digits):
            return _short_upc(digits) or Scan("code", bare=text)
    elif first != "]" and not text.startswith("\x1d"):
        return Scan("code", bare=text)
    # Without a symbology prefix or a GTIN in front, "1017" would be read as lot "17".
    if first in ("]", "\x1d") or (text[:2] in ("01", "02", "03") and is_digits(text[2:16])):
        return _element_string(text) or Scan("code", bare=text)
    return Scan("code", bare=text)


def _short_upc(digits: str) -> Scan | None:
    from holdfast.kit.identifiers.gtin import Gtin  # noqa: PLC0415 (most codes are bare)

    try:
        return Scan("gtin", gtin=Gtin.of_upc_e(digits).value, bare=digits)
    except BadIdentifier:
        return None


def _element_string(text: str) -> Scan | None:
    from holdfast.kit.identifiers.element_string import (  # noqa: PLC0415 (most codes are bare)
        ElementString,
    )

    try:
        found = ElementString.read(text)
    except BadIdentifier:
        return None
    return _scan_of("gs1", text, found.elements, found.faults)


def _digital_link(text: str) -> Scan | None:
    from holdfast.kit.identifiers.digital_link import DigitalLink  # noqa: PLC0415 (as above)

    try:
        found = DigitalLink.read(text)
    except BadIdentifier:
        return None
    return _scan_of("digital_link", text, found.elements, found.faults)


def _epc(text: str) -> Scan | None:
    from holdfast.kit.identifiers.epc import Epc  # noqa: PLC0415 (as above)

    try:
        found = Epc.parse(text)
    except BadIdentifier:
        return None
    return _scan_of("epc", text, found.elements, ())


def _scan_of(
    kind: str, text: str, elements: Elements, faults: tuple[BadIdentifier, ...]
) -> Scan | None:
    lot = value_of(elements, "10")
    serial = value_of(elements, "21") or value_of(elements, "235")
    gtin = next((value for ai in _TRADE_ITEMS if (value := value_of(elements, ai))), "")
    part = value_of(elements, "8010")
    doubt = next((str(one) for one in faults if one.what[1:].split(")")[0] in _DECIDING), "")
    if gtin or lot or serial or part:
        # The two digits behind an ITIP's GTIN say which piece this is; the product is the same.
        product = gtin[:14].zfill(14) if gtin else part
        return Scan(kind, product, lot, serial or value_of(elements, "8011"), text, doubt=doubt)
    for ai, value in elements:
        if ai in OTHER_KEYS:
            return Scan(kind, bare=text, names=OTHER_KEYS[ai], key=value, doubt=doubt)
    return None
