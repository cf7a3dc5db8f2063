"""Letters and digits that look alike on a label count as the same: 0/O, 1/I/L, 2/Z."""

from __future__ import annotations

import re
import unicodedata

_SAME = str.maketrans({"O": "0", "I": "1", "L": "1", "Z": "2"})
_SKIPPED = re.compile(r"[\s\-‐‑‒–—_−\u00ad\u200b-\u200f\ufeff]+")


def look(code: str) -> str:
    """The shape of a code: upper case, no spaces or dashes, look-alikes folded.

    >>> look("b-1o ") == look("BI0")
    True
    """
    # Some accents only compose once a space between them is gone: fold until nothing changes.
    while (folded := _fold(code)) != code:
        code = folded
    return code


def _fold(code: str) -> str:
    upper = unicodedata.normalize("NFKC", code).upper()
    return _SKIPPED.sub("", upper).translate(_SAME)
