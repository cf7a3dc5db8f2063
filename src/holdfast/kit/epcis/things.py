"""What an EPC stands for in a trace: a lot, one item, a container, a place, and its one key."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal
from urllib.parse import quote, unquote

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

    >>> thing("urn:epc:class:lgtin:4012345.012345.Lot987")
    Thing(kind='lot', key='https://id.gs1.org/01/04012345123456/10/Lot987', \
gtin='04012345123456', lots=('https://id.gs1.org/01/04012345123456/10/Lot987',))
    >>> thing("urn:epc:id:sscc:4012345.0000000333").kind
    'container'
    """
    uri = uri.strip()
    key = canonical(uri)
    if not key.startswith(DOMAIN):
        return Thing("other", key)
    parts = key[len(DOMAIN) :].split("/")
    ai, value, rest = parts[0], parts[1], parts[2:]
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


def lot_key(gtin: str, lot: str) -> str:
    """The key of a lot of a trade item.

    >>> lot_key("04012345123456", "A/1")
    'https://id.gs1.org/01/04012345123456/10/A%2F1'
    """
    return f"{DOMAIN}01/{gtin}/10/{quote(lot.strip(), safe=';=' + chr(39))}"


def trace_key(text: str) -> str:
    """The key rows have for what somebody typed or scanned: EPC URN, Digital Link, or (01)…(10)….

    Anything else is itself, so that a lot called B17 stays B17.

    >>> trace_key("(01)04012345123456(10)Lot987")
    'https://id.gs1.org/01/04012345123456/10/Lot987'
    """
    text = text.strip()
    found = re.fullmatch(r"\(01\)([0-9]{14})\((10|21)\)([^()]{1,20})", text)
    if found:
        return f"{DOMAIN}01/{found[1]}/{found[2]}/{quote(found[3], safe=';=' + chr(39))}"
    found = re.fullmatch(r"\(00\)([0-9]{18})", text)
    if found:
        return f"{DOMAIN}00/{found[1]}"
    return canonical(text)
