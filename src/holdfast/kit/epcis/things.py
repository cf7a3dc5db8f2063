"""What an EPC stands for in a trace: a lot, one item, a container, a place, and its one key."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal
from urllib.parse import unquote

from holdfast.kit.epcis.canonical import DOMAIN, canonical

Kind = Literal["lot", "item", "class", "container", "place", "other"]
_LOT_INSIDE = re.compile(r"/(?:10|lot)/([^/?#]+)")
_KINDS: dict[str, Kind] = {
    "00": "container",
    "8003": "container",
    "8004": "container",
    "401": "container",
    "402": "container",
    "414": "place",
    "417": "place",
    "8006": "item",
    "8010": "item",
}
LOT_NAMES = frozenset({"lotNumber", "hasBatchLotNumber", "batchLotNumber"})


_PLAIN = frozenset({"00", "414", "417"})
_ELEMENT = re.compile(r"\(([0-9]{2,4})\)([^()]{1,60})")


@dataclass(frozen=True)
class Thing:
    """One thing. `key` is what rows call it, `gtin` its trade item, `lots` the lots it tells."""

    kind: Kind
    key: str
    gtin: str = ""
    lots: tuple[str, ...] = ()


@lru_cache(maxsize=100_000)
def thing(uri: str) -> Thing:
    """The thing a URI names; what is no GS1 key is an `other`, called by its own text.

    >>> thing("urn:epc:class:lgtin:4012345.012345.Lot987").key
    '(01)04012345123456(10)Lot987'
    >>> thing("urn:epc:id:sscc:4012345.0000000333")
    Thing(kind='container', key='040123450000003338', gtin='', lots=())
    """
    uri = uri.strip()
    link = canonical(uri)
    if not link.startswith(DOMAIN):
        return Thing("other", link)
    ai, value, *rest = link[len(DOMAIN) :].split("/")
    key = _key([ai, value, *rest])
    if ai == "01":
        if not rest:
            return Thing("class", key, value)
        if rest[0] == "10":
            return Thing("lot", key, value, (key,))
        told = _LOT_INSIDE.search(uri) if uri.startswith("http") else None
        return Thing("item", key, value, (lot_key(value, unquote(told[1])),) if told else ())
    if ai == "8003" and len(value) == 14:
        return Thing("class", key)
    kind = _KINDS.get(ai, "other")
    if kind == "item" and not rest:
        kind = "class"
    return Thing(kind, key, value[:14] if ai == "8006" else "")


def _key(parts: list[str]) -> str:
    """What people read on the label: the digits of an SSCC or GLN, else an element string."""
    ai, value, *rest = parts
    if ai in _PLAIN and not rest:
        return value
    pairs = zip(parts[::2], parts[1::2], strict=True)
    return "".join(f"({name}){unquote(text)}" for name, text in pairs)


def lot_key(gtin: str, lot: str) -> str:
    """The key of a lot of a trade item.

    >>> lot_key("04012345123456", " A/1 ")
    '(01)04012345123456(10)A/1'
    """
    return f"(01){gtin}(10){lot.strip()}"


def trace_key(text: str) -> str:
    """The key rows have for what somebody typed or scanned: EPC URN, Digital Link, or (01)…(10)….

    Anything else is itself, so that a lot called B17 stays B17.

    >>> trace_key("https://shop.example/01/04012345123456/10/Lot987")
    '(01)04012345123456(10)Lot987'
    >>> trace_key("(00)040123450000003338")
    '040123450000003338'
    """
    text = text.strip()
    if text.startswith("("):
        found = _ELEMENT.fullmatch(text)
        return found[2] if found and found[1] in _PLAIN else text
    if text.startswith(("urn:epc:", "http://", "https://")):
        return thing(text).key
    return text
