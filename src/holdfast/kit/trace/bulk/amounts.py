"""Quantities of bulk tables: plain numbers with one decimal sign, kept in millionths.

No grouping, no currency, no exponent: a number that could be meant in two ways is rejected, not
guessed. More than six decimals are rounded half up, away from zero.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Any

from holdfast.kit.trace.bulk.moments import distinct, texts

BAD, NEGATIVE = 1, 2
MOST = 10**18 - 1
_PLAIN = re.compile(r"[+-]?(?:\d{1,30}(?:\.\d{0,30})?|\.\d{1,30})", re.ASCII)
_LONGEST_QUICK = 11


def read_amount(text: str, decimal: str = ".") -> tuple[int, int]:
    """(millionths, 0), or (0, `BAD`).

    >>> read_amount("1.5"), read_amount("1,5"), read_amount("1,5", ","), read_amount("1e3")
    ((1500000, 0), (0, 1), (1500000, 0), (0, 1))
    """
    if decimal == ",":
        if "." in text:
            return 0, BAD
        text = text.replace(",", ".")
    if not _PLAIN.fullmatch(text):
        return 0, BAD
    with localcontext() as context:
        context.prec = 80
        value = int((Decimal(text) * 1_000_000).quantize(Decimal(1), rounding=ROUND_HALF_UP))
    return (value, 0) if abs(value) <= MOST else (0, BAD)


def read_amounts(column: Any, decimal: str) -> tuple[Any, Any, Any]:
    """For an Arrow column of texts: millionths, whether empty, and fault (0 or `BAD`)."""
    import numpy as np  # noqa: PLC0415 - pure parts of the kit do without it

    starts, sizes, letters = texts(column)
    empty = sizes == 0
    values, faults = np.zeros(len(column), np.int64), np.zeros(len(column), np.int8)
    done = empty.copy()
    for size in np.unique(sizes):
        if not 0 < size <= _LONGEST_QUICK:
            continue
        which = np.flatnonzero(sizes == size)
        digits = letters[starts[which][:, None] + np.arange(size)] - np.uint8(48)
        whole = (digits < 10).all(axis=1)
        good = which[whole]
        scale = 10 ** np.arange(size - 1, -1, -1, dtype=np.int64)
        values[good] = digits[whole].astype(np.int64) @ scale * 1_000_000
        done[good] = True
    odd = np.flatnonzero(~done)
    if len(odd):
        read = distinct(column.take(odd), lambda text: read_amount(text, decimal))
        values[odd], faults[odd] = read[:, 0], read[:, 1]
    return values, empty, faults


def of_floats(values: Any) -> tuple[Any, Any, Any]:
    """For binary floats: rounded to millionths; NaN is empty, infinite or too big is bad."""
    import numpy as np  # noqa: PLC0415 - see above

    empty = np.isnan(values)
    with np.errstate(invalid="ignore", over="ignore"):
        scaled = np.rint(np.where(empty, 0.0, values) * 1e6)
        faults = np.where(np.abs(scaled) < 1e18, 0, BAD).astype(np.int8)
    return np.where(faults == 0, scaled, 0).astype(np.int64), empty, faults


def as_decimals(values: Any, empty: Any) -> Any:
    """Millionths as an Arrow array of DECIMAL(18,6)."""
    import numpy as np  # noqa: PLC0415 - see above
    import pyarrow as pa  # noqa: PLC0415 - see above

    wide = np.empty((len(values), 2), np.int64)
    wide[:, 0], wide[:, 1] = values, values >> 63
    valid = np.packbits(~empty, bitorder="little").tobytes() if empty.any() else None
    buffers = [pa.py_buffer(valid) if valid is not None else None, pa.py_buffer(wide.tobytes())]
    return pa.Array.from_buffers(pa.decimal128(18, 6), len(values), buffers)
