"""One spelling for one thing: EPC URNs and Digital Links as the event hash writes them.

The CBV (section on the event hash) asks for the constrained canonical GS1 Digital Link: domain
id.gs1.org, no query, only the finest level of identification. What is no valid key stays as it is.
"""

from __future__ import annotations

import re
from functools import lru_cache

from holdfast.kit.identifiers.check_digits import check_digit

DOMAIN = "https://id.gs1.org/"
# A character of a serial or lot: GS1's set of 82, with the URN's escapes.
_CHAR = (
    r"(?:%2[125-9A-Fa-f]|%3[0-9A-Fa-f]|%4[1-9A-Fa-f]|%5[0-9AaFf]|%6[1-9A-Fa-f]|%7[0-9Aa]"
    r"|[!')(*+,.0-9:;=A-Za-z_-])"
)
_PART = r"(?:%2[3dfDF]|%3[0-9]|%4[1-9A-Fa-f]|%5[0-9Aa]|[0-9A-Z-])"
_URN = re.compile(r"urn:epc:(id|class|idpat):([a-z]+):([0-9]{6,12})\.(.*)")
# Scheme: its AI, digits of prefix and reference, whether the reference's first digit leads, what
# stands before the key, and the pattern of the rest.
_NUMBERED: dict[tuple[str, str], tuple[str, int, bool, str, str]] = {
    ("id", "sgtin"): ("01", 13, True, "", rf"\.(?P<a21>{_CHAR}{{1,20}})"),
    ("id", "sscc"): ("00", 17, True, "", ""),
    ("id", "sgln"): ("414", 12, False, "", rf"\.(?P<a254>{_CHAR}{{1,20}})"),
    ("id", "grai"): ("8003", 12, False, "0", rf"\.(?P<tail>{_CHAR}{{1,16}})"),
    ("id", "gsrn"): ("8018", 17, False, "", ""),
    ("id", "gsrnp"): ("8017", 17, False, "", ""),
    ("id", "gdti"): ("253", 12, False, "", rf"\.(?P<tail>{_CHAR}{{1,20}})"),
    ("id", "sgcn"): ("255", 12, False, "", r"\.(?P<tail>[0-9]{1,12})"),
    ("id", "gsin"): ("402", 16, False, "", ""),
    ("id", "itip"): (
        "8006",
        13,
        True,
        "",
        rf"\.(?P<pieces>[0-9]{{2}}\.[0-9]{{2}})\.(?P<a21>{_CHAR}{{1,20}})",
    ),
    ("id", "upui"): ("01", 13, True, "", rf"\.(?P<a235>{_CHAR}{{1,28}})"),
    ("id", "pgln"): ("417", 12, False, "", ""),
    ("class", "lgtin"): ("01", 13, True, "", rf"\.(?P<a10>{_CHAR}{{1,20}})"),
    ("idpat", "sgtin"): ("01", 13, True, "", r"\.\*"),
    ("idpat", "grai"): ("8003", 12, False, "0", r"\.\*"),
    ("idpat", "gdti"): ("253", 12, False, "", r"\.\*"),
    ("idpat", "sgcn"): ("255", 12, False, "", r"\.\*"),
    ("idpat", "itip"): ("8006", 13, True, "", r"\.(?P<pieces>[0-9]{2}\.[0-9]{2})\.\*"),
    ("idpat", "upui"): ("01", 13, True, "", r"\.\*"),
}
_REST = {key: re.compile(form[4]) for key, form in _NUMBERED.items()}
_LETTERED = {
    ("id", "giai"): ("8004", re.compile(rf"(?P<ref>{_CHAR}+)")),
    ("id", "ginc"): ("401", re.compile(rf"(?P<ref>{_CHAR}+)")),
    ("id", "cpi"): ("8010", re.compile(rf"(?P<ref>{_PART}+)\.(?P<a8011>[0-9]{{1,12}})")),
    ("idpat", "cpi"): ("8010", re.compile(rf"(?P<ref>{_PART}+)\.\*")),
}
_LONGEST_TEXT = 30
_ESCAPES = {"!": "%21", "(": "%28", ")": "%29", "*": "%2A", "+": "%2B", ",": "%2C", ":": "%3A"}
_ENCODED = str.maketrans(_ESCAPES)

_SHORT_NAMES = {
    "gtin": "01",
    "itip": "8006",
    "cpid": "8010",
    "gln": "414",
    "party": "417",
    "gsrnp": "8017",
    "gsrn": "8018",
    "gcn": "255",
    "sscc": "00",
    "gdti": "253",
    "ginc": "401",
    "gsin": "402",
    "grai": "8003",
    "giai": "8004",
    "cpv": "22",
    "lot": "10",
    "ser": "21",
}
_KEYS = "00 01 253 255 401 402 414 417 8003 8004 8006 8010 8017 8018".split()
_LINK = re.compile(
    rf"https?://[^/?#]*(?:/[^?#]*)?/({'|'.join([*_KEYS, *_SHORT_NAMES])})/[0-9]{{4}}[^/]+"
)
_FIELD = r"[\x22\x27\x2D\x2E\x30-\x39\x3B-\x3F\x41-\x5A\x5F\x61-\x7A%]"
_VALID = re.compile(
    rf"00/[0-9]{{18}}|01/[0-9]{{14}}(?:/(?:21|10)/{_FIELD}{{0,60}}|/235/{_FIELD}{{0,84}})?"
    rf"|253/[0-9]{{13}}{_FIELD}{{0,17}}|255/[0-9]{{13,25}}|401/{_FIELD}{{0,30}}|402/[0-9]{{17}}"
    rf"|414/[0-9]{{13}}(?:/254/{_FIELD}{{0,60}})?|417/[0-9]{{13}}"
    rf"|8003/[0-9]{{14}}{_FIELD}{{0,16}}|8004/{_FIELD}{{0,30}}"
    rf"|8006/[0-9]{{18}}(?:/(?:21|10)/{_FIELD}{{0,60}})?"
    rf"|8010/{_FIELD}{{0,30}}(?:/8011/[0-9]{{0,12}})?|801[78]/[0-9]{{18}}"
)


@lru_cache(maxsize=50_000)
def canonical(value: str) -> str:
    """The canonical Digital Link of a GS1 key in any spelling; anything else unchanged.

    >>> canonical("urn:epc:id:sgtin:4012345.011111.9876")
    'https://id.gs1.org/01/04012345111118/21/9876'
    >>> canonical("https://example.com/gtin/4012345111118/lot/A/ser/7?x=1")
    'https://id.gs1.org/01/04012345111118/21/7'
    """
    if value.startswith("urn:epc:"):
        return _from_urn(value) or value
    if value.startswith(("http://", "https://")):
        return _from_link(value) or value
    return value


def _from_urn(urn: str) -> str:
    found = _URN.fullmatch(urn)
    if found is None:
        return ""
    kind, scheme, prefix, rest = found.groups()
    if (kind, scheme) in _LETTERED:
        return _lettered(kind, scheme, prefix, rest)
    form = _NUMBERED.get((kind, scheme))
    if form is None:
        return ""
    ai, total, leads, before, _ = form
    size = total - len(prefix)
    reference, rest = rest[:size], rest[size:]
    # A reference of no digits keeps its full stop: two stand in a row.
    tail = _REST[kind, scheme].fullmatch(rest)
    if size < 0 or len(reference) != size or tail is None or not _digits(reference):
        return ""
    digits = reference[:1] + prefix + reference[1:] if leads else prefix + reference
    key = before + digits
    key += check_digit(key)
    named = tail.groupdict()
    key += (named.get("pieces") or "").replace(".", "")
    key += (named.get("tail") or "").translate(_ENCODED)
    for name in ("a21", "a10", "a235", "a254"):
        extra = named.get(name)
        if extra and not (name == "a254" and extra == "0"):
            key += f"/{name[1:]}/{extra.translate(_ENCODED)}"
    return f"{DOMAIN}{ai}/{key}"


def _lettered(kind: str, scheme: str, prefix: str, rest: str) -> str:
    ai, pattern = _LETTERED[kind, scheme]
    found = pattern.fullmatch(rest)
    if found is None:
        return ""
    reference = found["ref"]
    if len(prefix) + len(re.sub(r"%[0-9A-Fa-f]{2}", "x", reference)) > _LONGEST_TEXT:
        return ""
    link = f"{DOMAIN}{ai}/{prefix}{reference.translate(_ENCODED)}"
    serial = found.groupdict().get("a8011")
    return f"{link}/8011/{serial}" if serial else link


def _from_link(link: str) -> str:
    if _LINK.match(link) is None:
        return ""
    path = link.split("?", 1)[0]
    steps = path.split("/")
    for position in range(3, len(steps) - 1):
        name = _SHORT_NAMES.get(steps[position], steps[position])
        if name in _KEYS and steps[position + 1][:4].isdigit():
            break
    else:
        return ""
    key, value, rest = name, steps[position + 1], steps[position + 2 :]
    if key == "01" and _digits(value) and len(value) in (8, 12, 13):
        value = value.zfill(14)
    pairs = [
        (_SHORT_NAMES.get(rest[at], rest[at]), rest[at + 1]) for at in range(0, len(rest) - 1, 2)
    ]
    if len(rest) % 2 and rest != [""] and rest[-1] != "":
        return ""
    kept = [(ai, text) for ai, text in pairs if ai != "22"]
    if any(ai == "21" for ai, _ in kept):
        kept = [(ai, text) for ai, text in kept if ai != "10"]
    written = "".join(f"/{ai}/{text}" for ai, text in kept)
    found = f"{key}/{value}{written}"
    return DOMAIN + found if _VALID.fullmatch(found) else ""


def _digits(text: str) -> bool:
    return text == "" or (text.isascii() and text.isdigit())
