"""Canonical JSON: one value, one sequence of bytes, as RFC 8785 orders it; floats are refused.

>>> canonical_json({"b": [1, True, None], "a": "Zürich"}).decode()
'{"a":"Zürich","b":[1,true,null]}'
"""

from __future__ import annotations

import json

MAX_DEPTH = 32
#: Above this a reader in another language that keeps numbers as doubles would read another number.
MAX_INTEGER = 2**53 - 1

_PLAIN = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, separators=(",", ":"), sort_keys=True
).encode
_ORDERED = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode


class NotCanonical(ValueError):
    """The value has no canonical form; the message names the path and what to give instead."""


def canonical_json(value: object) -> bytes:
    """The canonical UTF-8 bytes of `value`.

    Allowed: None, bool, int within ±(2^53 - 1), str without lone surrogates, list, tuple, and dict
    with str keys, 32 levels deep. Everything else, floats before all, raises `NotCanonical`.
    """
    ascii_keys = _check(value, "$", 0)
    text = _PLAIN(value) if ascii_keys else _ORDERED(_utf16_ordered(value))
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise NotCanonical("a text holds half of a surrogate pair, which no UTF-8 can") from error


def _check(value: object, path: str, depth: int) -> bool:
    """Refuse what has no canonical form; whether all keys are ASCII, whose order is plain."""
    kind = type(value)
    if kind is str or value is None or kind is bool:
        return True
    if kind is int:
        if not -MAX_INTEGER <= value <= MAX_INTEGER:  # type: ignore[operator]
            raise NotCanonical(f"{path}: {value} is beyond 2^53 - 1; give it as a text")
        return True
    if depth >= MAX_DEPTH:
        raise NotCanonical(f"{path}: nested deeper than {MAX_DEPTH} levels")
    if isinstance(value, dict):
        ascii_keys = True
        for key, inner in value.items():
            if type(key) is not str:
                raise NotCanonical(f"{path}: the key {key!r} is not a text")
            ascii_keys &= key.isascii()
            ascii_keys &= _check(inner, f"{path}.{key}", depth + 1)
        return ascii_keys
    if isinstance(value, list | tuple):
        ascii_keys = True
        for at, inner in enumerate(value):
            ascii_keys &= _check(inner, f"{path}[{at}]", depth + 1)
        return ascii_keys
    raise NotCanonical(
        f"{path}: a {kind.__name__} has no canonical form; give numbers with a fraction, times "
        "and identifiers as texts"
    )


def _utf16_ordered(value: object) -> object:
    """The same value with keys in RFC 8785 order, which differs from ours beyond U+FFFF."""
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be", "surrogatepass"))
        return {key: _utf16_ordered(value[key]) for key in keys}
    if isinstance(value, list | tuple):
        return [_utf16_ordered(inner) for inner in value]
    return value
