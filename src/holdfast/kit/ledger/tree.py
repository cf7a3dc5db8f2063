"""The Merkle tree of RFC 6962 section 2.1 (RFC 9162 section 2.1): hash, append, prove, verify.

Leaves are numbered from 0, hashes are 32 bytes. The functions that prove take all leaf hashes;
appending needs only the `Frontier`.

>>> tree = Frontier()
>>> for entry in (b"", b"\\x00"):
...     tree.append(leaf_hash(entry))
>>> tree.root().hex()[:16]
'fac54203e7cc696c'
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256

HASH_SIZE = 32
EMPTY_ROOT = sha256(b"").digest()


def leaf_hash(entry: bytes) -> bytes:
    """The hash of one entry: SHA-256 over a zero byte and the entry."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees: SHA-256 over a one byte and both hashes."""
    return sha256(b"\x01" + left + right).digest()


class Frontier:
    """The roots of the full subtrees, largest first: all that appending and the root need."""

    __slots__ = ("nodes", "size")

    def __init__(self, size: int = 0, nodes: Iterable[bytes] = ()) -> None:
        self.size, self.nodes = size, list(nodes)
        if size < 0 or len(self.nodes) != size.bit_count():
            raise ValueError(
                f"a tree of {size} has {max(size, 0).bit_count()} full subtrees, "
                f"not {len(self.nodes)}"
            )
        if any(len(node) != HASH_SIZE for node in self.nodes):
            raise ValueError("every hash of a frontier is 32 bytes")

    @classmethod
    def from_bytes(cls, size: int, stored: bytes) -> Frontier:
        """Read what `to_bytes` wrote."""
        if len(stored) % HASH_SIZE:
            raise ValueError("a stored frontier is a multiple of 32 bytes")
        return cls(size, (stored[at : at + HASH_SIZE] for at in range(0, len(stored), HASH_SIZE)))

    def to_bytes(self) -> bytes:
        """The subtree roots one after another: at most 640 bytes for a million entries."""
        return b"".join(self.nodes)

    def append(self, leaf: bytes) -> None:
        """Add one leaf hash: as many node hashes as the size has trailing ones."""
        nodes, size = self.nodes, self.size
        while size & 1:
            leaf = node_hash(nodes.pop(), leaf)
            size >>= 1
        nodes.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        """The root of the tree so far."""
        if not self.nodes:
            return EMPTY_ROOT
        root = self.nodes[-1]
        for node in reversed(self.nodes[:-1]):
            root = node_hash(node, root)
        return root


def root_of(leaves: Iterable[bytes]) -> bytes:
    """The root over leaf hashes, in one pass and constant memory."""
    tree = Frontier()
    for leaf in leaves:
        tree.append(leaf)
    return tree.root()


def inclusion_proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """The audit path of leaf `index`: siblings from the leaf up (RFC 6962 section 2.1.1)."""
    if not 0 <= index < len(leaves):
        raise ValueError(f"there is no leaf {index} in a tree of {len(leaves)}")
    return _path(leaves, index, 0, len(leaves))


def consistency_proof(leaves: Sequence[bytes], older: int) -> list[bytes]:
    """That the tree of the first `older` leaves is a prefix of this one (section 2.1.2)."""
    if not 0 <= older <= len(leaves):
        raise ValueError(f"a tree of {len(leaves)} has no earlier tree of {older}")
    if older in (0, len(leaves)):
        return []
    return _subproof(leaves, older, 0, len(leaves), whole=True)


def verify_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> bool:
    """Whether `proof` puts `leaf` at `index` of the tree of `size` with that root.

    The algorithm of RFC 9162 section 2.1.3.2.
    """
    if not 0 <= index < size:
        return False
    node, last, running = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if node & 1 or node == last:
            running = node_hash(sibling, running)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            running = node_hash(running, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and running == root


def verify_consistency(
    older: int, newer: int, older_root: bytes, newer_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Whether `proof` shows that the older tree is a prefix of the newer (RFC 9162, 2.1.4.2)."""
    if not 0 <= older <= newer:
        return False
    if older == 0:
        return not proof and older_root == EMPTY_ROOT
    if older == newer:
        return not proof and older_root == newer_root
    path = list(proof)
    if older & (older - 1) == 0:
        path.insert(0, older_root)  # a full subtree is its own first step
    if not path:
        return False
    node, last = older - 1, newer - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    first = second = path[0]
    for step in path[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            first, second = node_hash(step, first), node_hash(step, second)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            second = node_hash(second, step)
        node, last = node >> 1, last >> 1
    return last == 0 and first == older_root and second == newer_root


def _split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << ((size - 1).bit_length() - 1)


def _root(leaves: Sequence[bytes], start: int, end: int) -> bytes:
    return root_of(leaves[at] for at in range(start, end))


def _path(leaves: Sequence[bytes], index: int, start: int, end: int) -> list[bytes]:
    if end - start == 1:
        return []
    middle = start + _split(end - start)
    if index < middle:
        return [*_path(leaves, index, start, middle), _root(leaves, middle, end)]
    return [*_path(leaves, index, middle, end), _root(leaves, start, middle)]


def _subproof(
    leaves: Sequence[bytes], older: int, start: int, end: int, *, whole: bool
) -> list[bytes]:
    if older == end:
        return [] if whole else [_root(leaves, start, end)]
    middle = start + _split(end - start)
    if older <= middle:
        return [
            *_subproof(leaves, older, start, middle, whole=whole),
            _root(leaves, middle, end),
        ]
    return [
        *_subproof(leaves, older, middle, end, whole=False),
        _root(leaves, start, middle),
    ]
