"""Probabilities as exact fractions: a band's edge must not move with a rounding error."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from holdfast.kit.refusals import Unreadable

MOST_CHARACTERS = 100
_COUNT = r"(\d[\d\s.,’']*)"
_RATIO = re.compile(rf"^\s*{_COUNT}\s*(?:/|:|\bin\b|\bof\b|\bout of\b)\s*{_COUNT}$")


def parse_probability(text: str) -> Fraction:
    """`1/1000`, `1 in 1,000`, `0.001`, `0,1 %` or `1e-3`, from 0 to 1.

    >>> parse_probability("1 in 1000")
    Fraction(1, 1000)
    """
    if len(text) > MOST_CHARACTERS:
        raise _bad(f"{text[:20]}…")
    ratio = _RATIO.match(text)
    try:
        if ratio:
            found = Fraction(_whole(ratio[1]), _whole(ratio[2]))
        else:
            body, percent, _ = text.strip().partition("%")
            written = Decimal(body.strip().replace(",", "."))
            # A written exponent of a billion would become a number of a billion digits.
            if not written.is_finite() or not -60 < written.adjusted() < 60:
                raise ValueError(text)
            found = Fraction(written) / (100 if percent else 1)
    except (InvalidOperation, ValueError, ZeroDivisionError, OverflowError) as error:
        raise _bad(text) from error
    if not 0 <= found <= 1:
        raise _bad(text)
    return found


def _whole(text: str) -> int:
    digits = re.sub(r"[\s,.’']", "", text)
    # A group of three digits is a thousands separator; anything else would be a decimal.
    if re.search(r"[.,](?!\d{3}(?:\D|$))", text.strip()):
        raise ValueError(text)
    return int(digits)


def _bad(text: str) -> Unreadable:
    return Unreadable(
        "bad_probability",
        f"“{text}” is not a probability from 0 to 1.",
        hint="Write it as a fraction, 1/1000, over the life of one unit.",
    )
