"""What a person types to start a trace: a lot, a container, a line, an order, a SKU, a supplier."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

import numpy as np

from holdfast.kit.epcis.things import trace_key
from holdfast.kit.refusals import NotFound, Unreadable
from holdfast.kit.trace.published.layout import Published
from holdfast.kit.trace.published.lookup import rows_of
from holdfast.kit.trace.published.texts import Texts
from holdfast.kit.trace.ranges import Ints

KINDS = ("lot", "container", "line", "order", "sku", "supplier")
NEAR = 400
"""Names looked at around the place where an unknown one would stand."""


@dataclass(frozen=True, slots=True)
class Key:
    """A thing that was found: its kind, its name, and its ids (rows, for a line or an order)."""

    kind: str
    name: str
    places: Ints

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}"


def resolve(published: Published, written: str) -> Key:
    """The one thing a key names. An ambiguous bare key is refused with the choices."""
    kind, colon, name = written.partition(":")
    if colon and kind in KINDS:
        found = find(published, kind, name)
        if found is not None:
            return found
        raise _unknown(published, written, kind, name)
    every = [found for kind in KINDS if (found := find(published, kind, written)) is not None]
    if len(every) == 1:
        return every[0]
    if not every:
        raise _unknown(published, written, "", written)
    choices = [str(one) for one in every]
    raise Unreadable(
        "ambiguous_key",
        f"“{written[:80]}” names more than one thing: {', '.join(choices)}.",
        hint=f"Say which, for example {choices[0]}.",
        extra={"choices": choices},
    )


def find(published: Published, kind: str, name: str) -> Key | None:
    """The thing of one kind with exactly this name, GS1 keys in any of their spellings."""
    if not name:
        return None
    if kind in ("line", "order"):
        rows = _rows(published, kind, name)
        return Key(kind, name, rows) if len(rows) else None
    names = _names(published, kind)
    place, spelling = names.place_of(name), name
    if place is None:
        # EPCIS writes one lot as a URN, another time as a link; rows have one spelling for both.
        spelling = trace_key(name)
        place = names.place_of(spelling)
    return None if place is None else Key(kind, spelling, np.array([place], np.int64))


def _names(published: Published, kind: str) -> Texts:
    own = published.names
    return {
        "lot": own.lots, "container": own.containers, "sku": own.skus, "supplier": own.suppliers,
    }[kind]  # fmt: skip


def _rows(published: Published, kind: str, name: str) -> Ints:
    own = published.arrays
    if kind == "line":
        texts, starts, rows = published.names.line, own.line_bucket, own.line_row
    else:
        texts, starts, rows = published.names.order, own.order_bucket, own.order_row
    near = rows_of(starts, rows, published.rows, name)
    return np.array([row for row in near.tolist() if texts[row] == name], np.int64)


def _unknown(published: Published, written: str, kind: str, name: str) -> NotFound:
    near: list[str] = []
    for one in ("lot", "container", "sku", "supplier"):
        if kind in ("", one):
            near += [f"{one}:{word}" for word in _spelled_alike(_names(published, one), name)]
    what = kind or "lot, container, line, order, SKU or supplier"
    return NotFound(
        "unknown_key",
        f"No {what} is called “{name[:80]}”." if name else f"“{written}” names nothing.",
        hint=f"Nearest: {', '.join(near[:3])}." if near else "Import the events that name it.",
        extra={"near": near[:3]},
    )


def _spelled_alike(texts: Texts, word: str) -> list[str]:
    """Known names like this one: same letters in another case, or one of its neighbours."""
    if not len(texts) or not word:
        return []
    if len(texts) <= 20 * NEAR:
        known = [texts[place] for place in range(len(texts))]
    else:
        spots = (word, word.upper(), word.lower())
        known = []
        for spot in spots:
            here = texts.near(spot)
            around = range(max(0, here - NEAR // 2), min(len(texts), here + NEAR // 2))
            known += [texts[place] for place in around]
    folded: dict[str, str] = {}
    for spelling in known:
        folded.setdefault(spelling.casefold(), spelling)
    matches = difflib.get_close_matches(word.casefold()[:80], list(folded), n=3, cutoff=0.6)
    return [folded[match] for match in matches]
