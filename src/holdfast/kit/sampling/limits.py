"""A laboratory's value against the limit it is held to, as both are written on the report."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from holdfast.kit.refusals import Unreadable

_NUMBER = r"[-+]?\d[\d\s'’]*(?:[.,]\d+)?(?:\s*[eE×x*]\s*(?:10\^?)?[-+]?\d+)?"
_SIGN = re.compile(
    rf"^\s*(<=|>=|≤|≥|<|>|=|max\.?|min\.?|up to|bis|höchstens|mindestens)?\s*({_NUMBER})"
)
_RANGE = re.compile(rf"^\s*({_NUMBER})\s*(?:-|–|to|bis|\.\.)\s*({_NUMBER})\s*\D*$")
_SIGNS = {
    "max": "<=", "up to": "<=", "bis": "<=", "höchstens": "<=", "≤": "<=", "": "<=", "=": "<=",
    "min": ">=", "mindestens": ">=", "≥": ">=",
}  # fmt: skip
_NONE = frozenset(
    """absent none negative nd notdetected notdetectable undetected nichtnachweisbar nn negativ
    nichtnachgewiesen absence absent nondétecté nondetecte ausente nodetectado""".split()
)
_SOME = frozenset(
    "present positive detected positiv nachgewiesen présent présence presente".split()
)
# 1,234 and 1.234 are one and a bit, or over a thousand.
_TWO_WAYS = re.compile(r"(?<![\d.,])([1-9]\d{0,2})[.,](\d{3})(?![\d.,])")


@dataclass(frozen=True, slots=True)
class Limit:
    """At most, at least, or between; `None` is no bound. An open bound is not itself met."""

    low: Decimal | None = None
    high: Decimal | None = None
    is_open: bool = False

    def holds(self, value: Decimal) -> bool:
        if self.high is not None and (value > self.high or (self.is_open and value == self.high)):
            return False
        return not (
            self.low is not None and (value < self.low or (self.is_open and value == self.low))
        )


def is_within(value: str, limit: str) -> bool | None:
    """Whether the value meets the limit; `None` where the two texts do not settle it.

    A limit without a sign is the most that is allowed. `< 0.01` is below every limit of 0.01 or
    more and settles nothing about a lower one.

    >>> is_within("0.8", "0.5"), is_within("< 0.01", "0.05"), is_within("7.1", "6.5 - 7.5")
    (False, True, True)
    >>> is_within("not detected", "absent"), is_within("present", "absent in 25 g")
    (True, False)
    >>> is_within("1,234", "1000") is None  # or is it 1.234?
    True
    """
    ways = {_within(value, limit)}
    if _TWO_WAYS.search(value) or _TWO_WAYS.search(limit):
        ways.add(_within(*(_TWO_WAYS.sub(r"\1\2", text) for text in (value, limit))))
    return ways.pop() if len(ways) == 1 else None


def _within(value: str, limit: str) -> bool | None:
    plain_value, plain_limit = _words(value), _words(limit)
    if _begins(plain_limit, _NONE):
        if _begins(plain_value, _NONE):
            return True
        if _begins(plain_value, _SOME):
            return False
        number = _number(value)
        return None if number is None or "<" in value else number == 0
    bounds = read_limit(limit)
    if bounds is None:
        return None
    if _begins(plain_value, _NONE):
        # Nothing found meets a highest value; a lowest one it misses.
        return bounds.low is None or bounds.low <= 0
    sign, number = _signed(value)
    if number is None:
        return None
    if sign == "<":
        if bounds.low is not None and bounds.low > 0:
            return False if bounds.low >= number else None
        return True if bounds.high is not None and number <= bounds.high else None
    if sign == ">":
        if bounds.high is not None:
            return False if number >= bounds.high else None
        return True if bounds.low is not None and number >= bounds.low else None
    return bounds.holds(number)


def read_limit(text: str) -> Limit | None:
    """The bounds a limit states, or `None` where it is no number."""
    between = _RANGE.match(text)
    if between:
        low, high = _decimal(between[1]), _decimal(between[2])
        if low is not None and high is not None and low <= high:
            return Limit(low, high)
    found = _SIGN.match(text)
    number = _decimal(found[2]) if found else None
    if found is None or number is None:
        return None
    said = (found[1] or "").rstrip(".").casefold()
    sign = _SIGNS.get(said, said)
    if sign in ("<=", "<"):
        return Limit(None, number, sign == "<")
    return Limit(number, None, sign == ">")


def settled(value: str, limit: str, said: bool | None) -> bool:
    """Passed or failed, from what the report says and what its numbers say.

    Refuses a report that contradicts itself, and one that says neither.
    """
    found = is_within(value, limit) if value.strip() and limit.strip() else None
    if found is None and said is None:
        raise Unreadable(
            "result_open",
            f"“{value[:40]}” against “{limit[:40]}” does not say whether it passed.",
            hint="Say passed or failed, or give a value and a limit in the same unit.",
        )
    if found is not None and said is not None and found != said:
        raise Unreadable(
            "result_contradicts",
            f"It says passed, but {value[:40]} is outside the limit {limit[:40]}."
            if said
            else f"It says failed, but {value[:40]} is within the limit {limit[:40]}.",
            hint="Read the report again: one of the two is wrong.",
        )
    return found if said is None else said  # type: ignore[return-value]


def _signed(text: str) -> tuple[str, Decimal | None]:
    found = re.match(rf"^\s*([<>≤≥~]?)=?\s*({_NUMBER})", text)
    if not found:
        return "", None
    sign = {"≤": "<", "≥": ">"}.get(found[1], found[1])
    return sign, _decimal(found[2])


def _number(text: str) -> Decimal | None:
    return _signed(text)[1]


def _decimal(text: str) -> Decimal | None:
    plain = re.sub(r"[\s'’]", "", text).replace(",", ".")
    plain = re.sub(r"[×x*]10\^?", "e", plain)
    try:
        value = Decimal(plain)
    except InvalidOperation:
        return None
    return value if value.is_finite() and abs(value.adjusted()) < 30 else None


def _words(text: str) -> str:
    return re.sub(r"[^\w]|\d", "", text.casefold())


def _begins(plain: str, words: frozenset[str]) -> bool:
    return bool(plain) and any(plain == word or plain.startswith(word) for word in words)
