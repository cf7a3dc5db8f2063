"""Letters and digits that look alike on a label count as the same: 0/O, 1/I/L, 2/Z."""

from __future__ import annotations

import unicodedata

_SKIPPED = " \t\n\r\x0b\x0c-‐‑‒–—_−\u00a0\u00ad\u200b\u200c\u200d\u200e\u200f\ufeff"
_SAME = str.maketrans({"O": "0", "I": "1", "L": "1", "Z": "2", **dict.fromkeys(_SKIPPED)})


def look(code: str) -> str:
    """The shape of a code: upper case, no spaces or dashes, look-alikes folded.

    >>> look("b-1o ") == look("BI0")
    True
    """
    if code.isascii():
        return code.upper().translate(_SAME)
    # Some accents only compose once a space between them is gone: fold until nothing changes.
    while (folded := _fold(code)) != code:
        code = folded
    return code


def _fold(code: str) -> str:
    upper = unicodedata.normalize("NFKC", code).upper()
    return "".join(upper.split()).translate(_SAME)
