"""Millions of identifiers, times and quantities as Arrow columns, without a Python object each."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Numbers = npt.NDArray[Any]
Mask = npt.NDArray[np.bool_]

_BLOCK = 4
_FOUR = np.array([list(b"%04d" % number) for number in range(10_000)], np.uint8).view("<u4").ravel()


def spelled(letter: str, numbers: Numbers, digits: int) -> npt.NDArray[np.uint8]:
    """Each number as a letter and so many digits: a matrix of bytes, a row an identifier.

    >>> bytes(spelled("F", np.array([42]), 6)[0])
    b'F000042'
    """
    blocks = -(-digits // _BLOCK)
    wide = np.empty((len(numbers), blocks), "<u4")
    rest = numbers.astype(np.uint32)
    for block in range(blocks - 1, -1, -1):
        left = rest // np.uint32(10_000)
        wide[:, block] = _FOUR[rest - left * np.uint32(10_000)]
        rest = left
    out = np.empty((len(numbers), digits + 1), np.uint8)
    out[:, 0] = ord(letter)
    out[:, 1:] = wide.view(np.uint8)[:, blocks * _BLOCK - digits :]
    return out


def ids(letter: str, numbers: Numbers, digits: int, *, given: Mask | None = None) -> Any:
    """A column of identifiers, '' where `given` is false."""
    return texts(spelled(letter, numbers if given is None else numbers[given], digits), given=given)


def texts(matrix: npt.NDArray[np.uint8], *, given: Mask | None = None) -> Any:
    """A string column of a matrix of bytes; with `given`, these are the rows where it is true."""
    count, width = matrix.shape
    rows = count if given is None else len(given)
    offsets = np.zeros(rows + 1, np.int32)
    if given is None:
        offsets[1:] = np.arange(1, rows + 1, dtype=np.int32) * width
    else:
        np.cumsum(given * np.int32(width), out=offsets[1:])
    content = pa.py_buffer(np.ascontiguousarray(matrix))
    return pa.StringArray.from_buffers(rows, pa.py_buffer(offsets), content)


def few(letter: str, numbers: Numbers, digits: int, count: int) -> Any:
    """Identifiers of which there are few: numbers below `count`, each spelled once."""
    known = ids(letter, np.arange(count), digits)
    return pa.DictionaryArray.from_arrays(pa.array(numbers.astype(np.int32)), known)


def times(microseconds: Numbers, *, given: Mask | None = None) -> Any:
    """Instants in UTC, none where `given` is false."""
    mask = None if given is None else ~given
    return pa.array(microseconds.astype("<M8[us]"), pa.timestamp("us", tz="UTC"), mask=mask)


def units(numbers: Numbers, *, given: Mask | None = None) -> Any:
    """Whole units, none where `given` is false."""
    return pa.array(numbers.astype(np.int32), mask=None if given is None else ~given)
