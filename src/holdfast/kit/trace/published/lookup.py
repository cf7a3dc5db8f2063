"""From a string to the rows that bear it, without keeping the strings in order."""

from __future__ import annotations

from typing import Any

import numpy as np

from holdfast.kit.trace.ranges import Ints, spread

PRIME = 0x100000001B3
GOLDEN = 0x9E3779B97F4A7C15
ALL = (1 << 64) - 1
WORD = 8
CROWDED = 24
"""Rows of one bucket up to which all of its pairs are compared at once."""
PART_BITS = 20
"""So many buckets (two to the power of it) are sorted, or looked through for twins, at once."""


def hash_of(text: str) -> int:
    """64 bits of one string; the same as `hashes` gives, and the same on every machine."""
    raw = text.encode()
    value = (len(raw) * GOLDEN) & ALL
    for begin in range(0, len(raw), WORD):
        word = int.from_bytes(raw[begin : begin + WORD].ljust(WORD, b"\0"), "little")
        value = ((value ^ word) * PRIME) & ALL
        value ^= value >> 29
    value = ((value ^ (value >> 32)) * GOLDEN) & ALL
    return value ^ (value >> 29)


def hashes(piece: Any) -> Ints:
    """64 bits of every string of an Arrow array, worked out eight bytes of all at a time."""
    count = len(piece)
    offsets = np.frombuffer(piece.buffers()[1], np.int32)[piece.offset : piece.offset + count + 1]
    lengths = np.diff(offsets).astype(np.int64)
    value = lengths.astype(np.uint64) * np.uint64(GOLDEN)
    least, most = (int(lengths.min()), int(lengths.max())) if count else (0, 0)
    if most:
        words = _words(np.frombuffer(piece.buffers()[2], np.uint8))
        at = offsets[:-1].astype(np.int64)
        for begin in range(0, most, WORD):
            # Once only long strings are left, the others are no longer looked at.
            some = slice(None) if least > begin else np.flatnonzero(lengths > begin)
            word = words[at[some] + begin]
            if least < begin + WORD:
                left = np.minimum(lengths[some] - begin, WORD).astype(np.uint64)
                word &= np.uint64(ALL) >> (np.uint64(64) - left * np.uint64(8))
            word ^= value[some]
            word *= np.uint64(PRIME)
            word ^= word >> np.uint64(29)
            value[some] = word
    value ^= value >> np.uint64(32)
    value *= np.uint64(GOLDEN)
    value ^= value >> np.uint64(29)
    return value


def _words(raw: Ints) -> Ints:
    """Eight bytes from every byte on, as whole numbers, zeros after the end."""
    padded = np.append(raw, np.zeros(WORD, np.uint8))
    return np.ndarray((len(raw) + 1,), np.dtype("<u8"), buffer=padded.data, strides=(1,))


def buckets(hashed: Ints) -> tuple[Ints, Ints]:
    """(start of each bucket, rows in the order of their bucket).

    A bucket is what the leading bits of the hash say; about four rows share one.
    """
    bits = bits_for(len(hashed))
    if not bits:
        return np.array([0, len(hashed)], np.int32), np.arange(len(hashed), dtype=np.int32)
    bucket = (hashed >> np.uint64(64 - bits)).astype(np.uint32)
    starts = np.zeros((1 << bits) + 1, np.int64)
    np.cumsum(np.bincount(bucket, minlength=1 << bits), out=starts[1:])
    order = np.empty(len(hashed), np.int32 if len(hashed) < 1 << 31 else np.int64)
    # A part of the buckets at a time, so that sorting takes little memory; and within a part by
    # sixteen bits at a time, which numpy sorts by counting, nine times faster than wider numbers.
    shift = min(bits, PART_BITS)
    for part in range(1 << (bits - shift)):
        first, last = int(starts[part << shift]), int(starts[(part + 1) << shift])
        rows = np.flatnonzero(bucket >> np.uint32(shift) == part)
        within = bucket[rows]
        by_lower = np.argsort(within.astype(np.uint16), kind="stable")
        if shift > 16:
            upper = ((within >> np.uint32(16)) & np.uint32((1 << (shift - 16)) - 1))[by_lower]
            by_lower = by_lower[np.argsort(upper.astype(np.uint16), kind="stable")]
        order[first:last] = rows[by_lower]
    return narrow(starts), order


def twins(hashed: Ints, starts: Ints, rows: Ints) -> Ints:
    """Rows whose hash another row has too, ascending: the only ones that can share their string."""
    found = [np.empty(0, np.int64)]
    step = 1 << PART_BITS
    for low in range(0, len(starts) - 1, step):
        own = starts[low : low + step + 1].astype(np.int64)
        found.append(_twins(hashed, own - own[0], rows[own[0] : own[-1]]))
    return np.sort(np.concatenate(found))


def _twins(hashed: Ints, starts: Ints, rows: Ints) -> Ints:
    """`twins` among the rows of some buckets."""
    in_order = hashed[rows]
    has_twin = np.zeros(len(rows), bool)
    sizes = np.diff(starts)
    for apart in range(1, min(int(sizes.max(initial=0)), CROWDED)):
        same = in_order[apart:] == in_order[:-apart]
        has_twin[apart:] |= same
        has_twin[:-apart] |= same
    crowded = np.flatnonzero(sizes > CROWDED)
    places = spread(starts[crowded], starts[crowded + 1])
    _, number, times = np.unique(in_order[places], return_inverse=True, return_counts=True)
    has_twin[places] |= times[number] > 1
    return rows[has_twin].astype(np.int64)


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
