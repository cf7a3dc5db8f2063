"""From a string to the rows that bear it, without keeping the strings in order."""

from __future__ import annotations

from typing import Any

import numpy as np

from holdfast.kit.trace.ranges import Ints

SEED = 0xCBF29CE484222325
PRIME = 0x100000001B3
ALL = (1 << 64) - 1


def hash_of(text: str) -> int:
    """64 bits of one string; the same as `hashes` gives, and the same on every machine."""
    value = SEED
    for byte in text.encode():
        value = ((value ^ byte) * PRIME) & ALL
        value ^= value >> 29
    return _last(value)


def _last(value: int) -> int:
    value = ((value ^ (value >> 32)) * 0x9E3779B97F4A7C15) & ALL
    return value ^ (value >> 29)


def hashes(piece: Any) -> Ints:
    """64 bits of every string of an Arrow array, worked out a byte position at a time."""
    offsets = np.frombuffer(piece.buffers()[1], np.int32)[
        piece.offset : piece.offset + len(piece) + 1
    ]
    found = np.full(len(piece), SEED, np.uint64)
    if not len(piece) or piece.buffers()[2] is None:
        return _finish(found)
    raw = np.frombuffer(piece.buffers()[2], np.uint8)
    lengths = np.diff(offsets)
    at = offsets[:-1].astype(np.int64)
    left = np.argsort(-lengths, kind="stable") if len(lengths) else at
    # The longest first: then those still being read are always the front of the array.
    at, value, sizes = at[left], found[left], lengths[left]
    prime = np.uint64(PRIME)
    for byte in range(int(sizes[0]) if len(sizes) else 0):
        busy = int(np.searchsorted(-sizes, -byte, side="left"))
        front = value[:busy]
        front ^= raw[at[:busy] + byte]
        front *= prime
        front ^= front >> np.uint64(29)
    found[left] = value
    return _finish(found)


def _finish(value: Ints) -> Ints:
    value ^= value >> np.uint64(32)
    value *= np.uint64(0x9E3779B97F4A7C15)
    value ^= value >> np.uint64(29)
    return value


def buckets(hashed: Ints) -> tuple[Ints, Ints, Ints]:
    """(start of each bucket, rows in the order of their hash, the hashes in that order).

    A bucket is what the leading bits of the hash say; about four rows share one.
    """
    bits = bits_for(len(hashed))
    order = np.argsort(hashed)
    in_order = hashed[order]
    edges = np.arange(1 << bits, dtype=np.uint64) << np.uint64(64 - bits) if bits else None
    starts = np.zeros((1 << bits) + 1, np.int64)
    if edges is not None:
        starts[:-1] = np.searchsorted(in_order, edges)
    starts[-1] = len(hashed)
    return narrow(starts), narrow(order), in_order


def bits_for(count: int) -> int:
    """How many leading bits make buckets of about four."""
    return max(0, count.bit_length() - 2)


def rows_of(starts: Ints, rows: Ints, count: int, text: str) -> Ints:
    """The rows that may bear a string: all that do, and a few that share its bucket."""
    bits = bits_for(count)
    bucket = hash_of(text) >> (64 - bits) if bits else 0
    return np.sort(rows[int(starts[bucket]) : int(starts[bucket + 1])].astype(np.int64))


def narrow(values: Ints) -> Ints:
    """The same numbers in 32 bits where they fit."""
    if len(values) == 0 or (values.min() >= -(1 << 31) and values.max() < 1 << 31):
        return values.astype(np.int32)
    return values.astype(np.int64)
