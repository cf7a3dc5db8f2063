"""How people write numbers: with spaces, dashes and full-width digits; what remains is judged."""

from __future__ import annotations

import unicodedata

from holdfast.kit.identifiers.application_identifiers import ApplicationIdentifier
from holdfast.kit.identifiers.check_digits import check_digit, is_digits
from holdfast.kit.identifiers.faults import SHOWN, BadIdentifier

_GAPS = str.maketrans("", "", " -\t\r\n\u00a0\u2010\u2011\u2012\u2013\u2014\u200b\ufeff")
LONGEST = 200


def plain(text: str) -> str:
    """The text without gaps, in ordinary digits and letters.

    >>> plain(" 4 012345-12345６ ")
    '4012345123456'
    """
    return unicodedata.normalize("NFKC", text[:LONGEST]).translate(_GAPS)


def digits(what: str, text: str, *lengths: int) -> str:
    """The digits of a number with one of these lengths and a check digit that fits.

    >>> digits("GLN", "9506000134300", 13)
    Traceback (most recent call last):
    ...
    holdfast.kit.identifiers.faults.BadIdentifier: \
GLN: expected check digit 7, got “9506000134300”.
    """
    found = plain(text)
    if not is_digits(found) or len(found) not in lengths:
        several = " or ".join(map(str, lengths))
        got = found if len(text) <= SHOWN else text
        raise BadIdentifier(what, f"{several} digits", got)
    wanted = check_digit(found[:-1])
    if found[-1] != wanted:
        raise BadIdentifier(what, f"check digit {wanted}", found)
    return found


def fitting(what: str, ai: str, text: str) -> str:
    """A text without spaces at its ends that fits an application identifier."""
    found = unicodedata.normalize("NFKC", text[:LONGEST]).strip()
    fault = ApplicationIdentifier.of(ai).fault(found)
    if fault is not None:
        raise BadIdentifier(what, fault.expected, found)
    return found
