"""Check digits of columns that are declared to hold GTINs or SSCCs."""

from __future__ import annotations

from typing import Any

from holdfast.kit.identifiers.check_digits import has_check_digit
from holdfast.kit.trace.bulk.moments import texts

LENGTHS = {"gtin": (8, 12, 13, 14), "sscc": (18,)}


def is_code(text: str, kind: str) -> bool:
    """Whether a text is a sound GTIN (`gtin`) or SSCC (`sscc`).

    >>> is_code("9506000134352", "gtin"), is_code("9506000134352", "sscc")
    (True, False)
    """
    return len(text) in LENGTHS[kind] and has_check_digit(text)


def are_codes(column: Any, kind: str) -> Any:
    """`is_code` for each text of an Arrow column."""
    import numpy as np  # noqa: PLC0415 - pure parts of the kit do without it

    starts, sizes, letters = texts(column)
    sound = np.zeros(len(column), bool)
    for size in LENGTHS[kind]:
        which = np.flatnonzero(sizes == size)
        if not len(which):
            continue
        digits = letters[starts[which][:, None] + np.arange(size)] - np.uint8(48)
        weights = np.where(np.arange(size, 0, -1) % 2 == 1, 1, 3)
        right = (digits.astype(np.int64) @ weights) % 10 == 0
        sound[which] = right & (digits < 10).all(axis=1)
    return sound
