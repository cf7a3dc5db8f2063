"""Reads of the journal."""

from __future__ import annotations

from holdfast.ground.journal.models import Entry
from holdfast.kit.ledger import EMPTY_ROOT, Frontier


def head() -> tuple[int, str]:
    """Number of entries and the tree's root (RFC 6962; SHA-256 of nothing when empty)."""
    last = Entry.objects.order_by("-index").values_list("index", "root").first()
    return last if last else (0, EMPTY_ROOT.hex())


def frontier() -> Frontier:
    """The right edge of the tree, from the peaks of at most as many rows as the size has bits."""
    last = Entry.objects.order_by("-index").values_list("index", flat=True).first()
    if last is None:
        return Frontier()
    edge, rest = [], last
    while rest:
        edge.append(rest)
        rest &= rest - 1  # the entry that completed the next larger full subtree
    peaks = dict(Entry.objects.filter(pk__in=edge).values_list("index", "peak"))
    return Frontier(last, [bytes.fromhex(peaks[index]) for index in reversed(edge)])
