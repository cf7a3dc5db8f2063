"""Check digits of GS1 keys: modulo 10 for numbers, modulo 1021 in two characters for GMN."""

from __future__ import annotations

from holdfast.kit.identifiers.faults import BadIdentifier

CSET_82 = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
"""The characters of lots, serials and other text, in the order of their values 0 to 81."""

CSET_39 = "#-/0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
"""The characters of a component part identifier."""

_CSET_32 = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_PRIMES = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83)


def is_digits(text: str) -> bool:
    """Whether a text is ASCII digits only, and at least one.

    >>> is_digits("0123"), is_digits("١٢٣"), is_digits("")
    (True, False, False)
    """
    return text.isascii() and text.isdigit()


def check_digit(digits: str) -> str:
    """The check digit that belongs behind these digits (GS1 General Specifications 7.9.1).

    >>> check_digit("950600013435")
    '2'
    """
    if not is_digits(digits):
        raise BadIdentifier("check digit", "digits", digits)
    odd = sum(map(int, digits[::-1][::2]))
    even = sum(map(int, digits[::-1][1::2]))
    return str(-(3 * odd + even) % 10)


def has_check_digit(digits: str) -> bool:
    """Whether the last digit is the check digit of those before it.

    >>> has_check_digit("9506000134352"), has_check_digit("9506000134353")
    (True, False)
    """
    return len(digits) > 1 and is_digits(digits) and check_digit(digits[:-1]) == digits[-1]


def check_pair(text: str) -> str:
    """The two check characters behind up to 23 characters of a GMN (7.9.5).

    >>> check_pair("1987654Ad4X4bL5ttr2310c")
    '2K'
    """
    if not 1 <= len(text) <= len(_PRIMES) or any(ch not in CSET_82 for ch in text):
        raise BadIdentifier("check characters", "1 to 23 characters of set 82", text)
    total = sum(
        CSET_82.index(ch) * prime for ch, prime in zip(reversed(text), _PRIMES, strict=False)
    )
    high, low = divmod(total % 1021, 32)
    return _CSET_32[high] + _CSET_32[low]


def has_check_pair(text: str) -> bool:
    """Whether the last two characters are the check characters of those before.

    >>> has_check_pair("1987654Ad4X4bL5ttr2310c2K")
    True
    """
    if not 3 <= len(text) <= len(_PRIMES) + 2 or any(ch not in CSET_82 for ch in text):
        return False
    return check_pair(text[:-2]) == text[-2:]
