"""What the EPCIS 2.0 JSON schema and the CBV forbid, as rules of our own over plain JSON values.

Every rule takes a value and raises `Wrong`; the frames above put the steps of the path in front.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from holdfast.kit.epcis import words
from holdfast.kit.epcis.faults import Wrong, shown
from holdfast.kit.epcis.formats import is_offset, is_time, is_uri
from holdfast.kit.epcis.names import Names

Rule = Callable[[Any, Names], None]

_VERSION = re.compile(r"[0-9]+(?:\.[0-9]+)*")
_UOM = re.compile(r"[A-Z0-9]{2,3}")
_HEX = re.compile(r"[0-9A-Fa-f]+")


def text(value: Any, names: Names) -> None:
    """A string."""
    if not isinstance(value, str):
        raise Wrong(f"is {_kind(value)}, not a text")


def uri(value: Any, names: Names) -> None:
    """An absolute URI."""
    text(value, names)
    if not is_uri(value):
        raise Wrong(f"“{shown(value)}” is not a URI")


def time(value: Any, names: Names) -> None:
    """A date and time with its zone."""
    text(value, names)
    if not is_time(value):
        raise Wrong(f"“{shown(value)}” is not a date and time with a zone (RFC 3339)")


def number(value: Any, names: Names) -> None:
    """A JSON number."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal | float):
        raise Wrong(f"is {_kind(value)}, not a number")


def boolean(value: Any, names: Names) -> None:
    """True or false."""
    if not isinstance(value, bool):
        raise Wrong(f"is {_kind(value)}, not true or false")


def matching(pattern: re.Pattern[str], said: str) -> Rule:
    """A string of a shape."""

    def rule(value: Any, names: Names) -> None:
        text(value, names)
        if not pattern.fullmatch(value):
            raise Wrong(f"“{shown(value)}” is not {said}")

    return rule


def one_of(*allowed: str) -> Rule:
    """One of a few words."""

    def rule(value: Any, names: Names) -> None:
        if value not in allowed or not isinstance(value, str):
            raise Wrong(f"“{shown(value)}” is not one of {', '.join(allowed)}")

    return rule


def cbv(vocabulary: words.Vocabulary) -> Rule:
    """A word of the CBV or a private URI."""

    def rule(value: Any, names: Names) -> None:
        text(value, names)
        if why := vocabulary.wrong_in_json(value):
            raise Wrong(f"“{shown(value)}” {why}")

    return rule


def gs1(allowed: frozenset[str]) -> Rule:
    """A word of the GS1 Web Vocabulary or a private URI."""

    def rule(value: Any, names: Names) -> None:
        text(value, names)
        if why := words.wrong_gs1_word(value, allowed):
            raise Wrong(f"“{shown(value)}” {why}")

    return rule


def many(rule: Rule, *, least: int = 0, unique: bool = False) -> Rule:
    """A list of values that each keep a rule."""

    def check(value: Any, names: Names) -> None:
        if not isinstance(value, list):
            raise Wrong(f"is {_kind(value)}, not a list")
        if len(value) < least:
            raise Wrong("is empty; at least one is needed")
        for position, one in enumerate(value):
            try:
                rule(one, names)
            except Wrong as wrong:
                raise wrong.under(position) from None
        if unique:
            seen: set[str] = set()
            for position, one in enumerate(value):
                if one in seen:
                    raise Wrong(f"“{shown(one)}” stands twice", position)
                seen.add(one)

    return check


def thing(
    fields: Mapping[str, Rule],
    *,
    needs: tuple[str, ...] = (),
    others: str = "declared",
    also: Callable[[dict[str, Any]], None] | None = None,
) -> Rule:
    """An object. `others`: further names are `declared` extensions, `free`, or `none` at all."""

    def check(value: Any, names: Names) -> None:
        if not isinstance(value, dict):
            raise Wrong(f"is {_kind(value)}, not an object")
        names = names.within(value)
        for name in needs:
            if name not in value:
                raise Wrong(f"“{name}” is missing")
        for name, one in value.items():
            rule = fields.get(name)
            if rule is None:
                if others == "none":
                    raise Wrong(f"“{shown(name)}” does not belong here", name)
                if others == "declared":
                    extension(name, names)
                continue
            try:
                rule(one, names)
            except Wrong as wrong:
                raise wrong.under(name) from None
        if also is not None:
            also(value)

    return check


def extension(name: str, names: Names) -> None:
    """A name outside the standard is a URI whose prefix is declared."""
    if not is_uri(name):
        raise Wrong(f"“{shown(name)}” is not a field of EPCIS, and extensions need a prefix", name)
    if not names.declares(name):
        prefix = name.partition(":")[0]
        raise Wrong(f"the prefix “{shown(prefix)}” is declared in no @context", name)


def context(value: Any, names: Names) -> None:
    """A JSON-LD context: an address, an object, or a list of them without repeats."""
    if isinstance(value, str):
        return uri(value, names)
    if isinstance(value, dict):
        return None
    if not isinstance(value, list):
        raise Wrong(f"is {_kind(value)}, not a JSON-LD context")
    for position, one in enumerate(value):
        if isinstance(one, str) and not is_uri(one):
            raise Wrong(f"“{shown(one)}” is not a URI", position)
        if not isinstance(one, str | dict):
            raise Wrong(f"is {_kind(one)}, neither an address nor an object", position)
        if any(_same(one, other) for other in value[:position]):
            raise Wrong("stands twice", position)
    return None


def certification(value: Any, names: Names) -> None:
    """One URI or a list of them."""
    (many(uri) if isinstance(value, list) else uri)(value, names)


def attribute_value(value: Any, names: Names) -> None:
    """A master-data value: number, text or object."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal | float | str | dict):
        raise Wrong(f"is {_kind(value)}, not a number, text or object")


def _set_or_unset(value: dict[str, Any]) -> None:
    if "set" not in value and "unset" not in value:
        raise Wrong("neither “set” nor “unset” is given")


quantity = thing(
    {"epcClass": uri, "quantity": number, "uom": matching(_UOM, "a unit of UN/CEFACT Rec. 20")},
    needs=("epcClass",),
    others="none",
)
place = thing({"id": uri}, needs=("id",), others="free")
transaction = thing(
    {"type": cbv(words.TRANSACTION), "bizTransaction": uri},
    needs=("bizTransaction",),
    others="none",
)
source = thing({"type": cbv(words.PARTY), "source": uri}, needs=("type", "source"), others="none")
destination = thing(
    {"type": cbv(words.PARTY), "destination": uri}, needs=("type", "destination"), others="none"
)
persistent = thing(
    {
        "set": many(cbv(words.DISPOSITION), least=1, unique=True),
        "unset": many(cbv(words.DISPOSITION), least=1, unique=True),
    },
    others="none",
    also=_set_or_unset,
)
sensor_metadata = thing(
    {
        "time": time,
        "startTime": time,
        "endTime": time,
        "deviceID": uri,
        "deviceMetadata": uri,
        "rawData": uri,
        "dataProcessingMethod": uri,
        "bizRules": uri,
    }
)
sensor_report = thing(
    {
        "type": gs1(words.MEASUREMENTS),
        "exception": gs1(words.ALERTS),
        "component": cbv(words.COMPONENT),
        "time": time,
        "booleanValue": boolean,
        "stringValue": text,
        "uom": text,
        "hexBinaryValue": matching(_HEX, "hexadecimal"),
        **dict.fromkeys(
            (
                "deviceID deviceMetadata rawData dataProcessingMethod bizRules microorganism "
                "chemicalSubstance coordinateReferenceSystem uriValue"
            ).split(),
            uri,
        ),
        **dict.fromkeys(
            "value minValue maxValue meanValue sDev percRank percValue".split(), number
        ),
    },
    needs=("type",),
)
sensor_element = thing(
    {"sensorMetadata": sensor_metadata, "sensorReport": many(sensor_report, least=1)},
    needs=("sensorReport",),
)
error_declaration = thing(
    {"declarationTime": time, "reason": cbv(words.ERROR), "correctiveEventIDs": many(uri)},
    needs=("declarationTime",),
)
vocabulary_element = thing(
    {
        "id": uri,
        "attributes": many(
            thing({"id": uri, "attribute": attribute_value}, needs=("id",), others="free")
        ),
        "children": many(uri),
    },
    needs=("id",),
    others="free",
)
vocabulary = thing(
    {"type": uri, "vocabularyElementList": many(vocabulary_element)},
    needs=("type",),
    others="free",
)
vocabularies = many(vocabulary)
header = thing({"epcisMasterData": thing({"vocabularyList": vocabularies}, others="free")})
version = matching(_VERSION, "a version such as 2.0")


def offset(value: Any, names: Names) -> None:
    """A time-zone offset such as +02:00."""
    text(value, names)
    if not is_offset(value):
        raise Wrong(f"“{shown(value)}” is not a time-zone offset such as +02:00")


def _kind(value: Any) -> str:
    if value is None:
        return "null"
    names = {bool: "true or false", str: "a text", list: "a list", dict: "an object"}
    return names.get(type(value), "a number")


def _same(one: Any, other: Any) -> bool:
    return type(one) is type(other) and bool(one == other)
