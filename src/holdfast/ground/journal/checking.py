"""Holds every stored entry against its hash and the tree; names each that was changed in place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from holdfast.ground.journal.models import Entry
from holdfast.kit.ledger import leaf_hash, node_hash
from holdfast.kit.ledger.entry import entry_line

AT_ONCE = 5_000


@dataclass(frozen=True)
class Checked:
    """One entry as it lies in the table; `why` is empty where it agrees with the tree."""

    index: int
    at: str
    kind: str
    by: str
    subject: str
    payload: str
    line: bytes
    leaf: bytes
    why: str = ""


def checked_entries() -> Iterator[Checked]:
    """Every entry in order with what is wrong with it, in one pass and constant memory.

    The line is rebuilt from the columns that the screens show. The hash, the peak and the root of
    each row are computed again from the rows before it, so a row that was changed is named itself,
    and a row whose hashes were changed along with it is named by its own or a later root.
    """
    columns = ("index", "at", "kind", "by", "subject", "payload", "leaf", "peak", "root")
    rows = Entry.objects.order_by("index").values_list(*columns)
    edge: list[bytes] = []  # stored peaks of the full subtrees so far, largest first
    size = 0
    for index, at, kind, by, subject, payload, leaf, peak, root in rows.iterator(AT_ONCE):
        why = "" if index == size + 1 else _gap(size + 1, index - 1)
        line = entry_line(index, at, kind, by, subject, payload.encode())
        computed = leaf_hash(line)
        if computed.hex() != leaf:
            why = why or "its content is not what was recorded"
        stored = _digest(leaf)
        node, ones = stored, size
        while ones & 1 and edge:
            node = node_hash(edge.pop(), node)
            ones >>= 1
        kept = _digest(peak)
        if node != kept:
            why = why or "its place in the tree is not what was recorded"
        edge.append(kept)
        size = index
        if _fold(edge).hex() != root:
            why = why or "the root recorded with it is not the root of the entries up to it"
        yield Checked(index, at, kind, by, subject, payload, line, stored, why)


def faults() -> list[dict[str, object]]:
    """Every entry of the journal that is at fault: `{"entry", "why"}`."""
    return [
        {"entry": checked.index, "why": checked.why} for checked in checked_entries() if checked.why
    ]


def _gap(first: int, last: int) -> str:
    if last < first:
        return f"it stands where entry {first} belongs"
    return (
        f"entry {first} is missing" if first == last else f"entries {first} to {last} are missing"
    )


def _digest(stored: str) -> bytes:
    try:
        digest = bytes.fromhex(stored)
    except ValueError:
        return b"\0" * 32
    return digest if len(digest) == 32 else b"\0" * 32


def _fold(edge: list[bytes]) -> bytes:
    root = edge[-1]
    for node in reversed(edge[:-1]):
        root = node_hash(node, root)
    return root
