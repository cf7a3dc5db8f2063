"""Nearly the same text: marks that find candidates, and a share of common phrases that decides."""

from __future__ import annotations

import re
import zlib
from hashlib import blake2b

import numpy as np

SHORTEST = 12  # words; shorter texts are alike by chance
PHRASE = 3  # words
MOST_WORDS = 2_000
MARKS = 6  # each of two smallest hashes: candidates from about four common phrases of five
ENOUGH = 0.8  # share of common phrases
_WORDS = re.compile(r"\w+")
_MASK = (1 << 32) - 1
# Odd multipliers spread one hash into many orders; any fixed ones do.
_TIMES = np.array([(0x9E3779B1 * (2 * at + 1) | 1) & _MASK for at in range(2 * MARKS)], np.uint32)
_SHIFTS = np.array([(0x85EBCA6B * (at + 7)) & _MASK for at in range(2 * MARKS)], np.uint32)


def phrases(text: str) -> frozenset[int]:
    """The hashes of all runs of three words; empty for a short text."""
    words = _WORDS.findall(text.casefold())[:MOST_WORDS]
    if len(words) < SHORTEST:
        return frozenset()
    return frozenset(
        zlib.crc32(" ".join(words[at : at + PHRASE]).encode())
        for at in range(len(words) - PHRASE + 1)
    )


def marks(found: frozenset[int]) -> tuple[int, ...]:
    """Numbers of which nearly the same texts share at least one (signed, 64 bits)."""
    if not found:
        return ()
    hashes = np.fromiter(found, np.uint32, len(found))
    least = ((hashes[:, None] ^ _SHIFTS) * _TIMES).min(axis=0).tolist()
    return tuple(
        int.from_bytes(
            blake2b(f"{at}:{least[2 * at]}:{least[2 * at + 1]}".encode(), digest_size=8).digest(),
            "big",
            signed=True,
        )
        for at in range(MARKS)
    )


def alike(first: frozenset[int], second: frozenset[int]) -> float:
    """The share of common phrases, 0 to 1."""
    if not first or not second:
        return 0.0
    return len(first & second) / len(first | second)
