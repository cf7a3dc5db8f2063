"""JSON text in, plain Python out: bounded in size and depth, no name twice, no NaN."""

from __future__ import annotations

import codecs
import json
import re
from decimal import Decimal
from typing import Any

from holdfast.kit.epcis.faults import Wrong
from holdfast.kit.epcis.limits import DEFAULT, MB, Limits

# Possessive, and an open text ends with the document: no hostile text costs more than one pass.
_STRUCTURE = re.compile(rb'"(?:[^"\\]++|\\.)*+(?:"|\Z)|[\[\]{}]', re.DOTALL)
_DIGITS = 400


class _Twice(ValueError):
    pass


def read_json(data: bytes, limits: Limits = DEFAULT) -> Any:
    """The value of the text; numbers are int or Decimal. Raises `Wrong` with its line."""
    if len(data) > limits.document:
        raise Wrong(f"the document is larger than {limits.document // MB} MB; split it")
    text = _decode(data)
    _bound(text.encode("utf-8") if data[:2] in (b"\xff\xfe", b"\xfe\xff") else data, limits)
    try:
        return json.loads(
            text,
            parse_float=_decimal,
            parse_int=_integer,
            parse_constant=_constant,
            object_pairs_hook=_object,
        )
    except json.JSONDecodeError as error:
        raise Wrong(f"not JSON: {error.msg}, column {error.colno}", line=error.lineno) from None
    except _Twice as error:
        raise Wrong(str(error)) from None
    except ValueError as error:
        raise Wrong(f"not JSON: {error}") from None


def _decode(data: bytes) -> str:
    encoding = "utf-8-sig"
    if data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        encoding = "utf-16"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Wrong(f"undecodable bytes: {error.reason}", line=line) from None


def _bound(data: bytes, limits: Limits) -> None:
    """Depth and length of strings, before the parser builds anything."""
    depth = 0
    for number, found in enumerate(_STRUCTURE.finditer(data)):
        if number > 2 * limits.values:
            raise Wrong(f"more than {limits.values:,} values; split the document")
        first = data[found.start()]
        if first == 0x22:
            if found.end() - found.start() > limits.value:
                line = data.count(b"\n", 0, found.start()) + 1
                raise Wrong(f"a text longer than {limits.value // MB} MB", line=line)
        elif first in (0x7B, 0x5B):
            depth += 1
            if depth > limits.depth:
                line = data.count(b"\n", 0, found.start()) + 1
                raise Wrong(f"nested more than {limits.depth} levels deep", line=line)
        else:
            depth -= 1


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        for name, value in pairs:
            # The same thing said twice is harmless, and an event may have two names (GS1's own
            # example has); otherwise two different things cannot both be meant.
            if name != "eventID" and (made[name], type(made[name])) != (value, type(value)):
                raise _Twice(f"the name “{name[:60]}” stands twice in one object, with two values")
    return made


def _decimal(text: str) -> Decimal:
    if len(text) > _DIGITS:
        raise ValueError("a number of more than 400 characters")
    value = Decimal(text)
    if not -400 < value.adjusted() < 400:
        raise ValueError("a number beyond 10 to the power of 400")
    return value


def _integer(text: str) -> int:
    if len(text) > _DIGITS:
        raise ValueError("a number of more than 400 digits")
    return int(text)


def _constant(name: str) -> None:
    raise ValueError(f"{name} is not a JSON number")
