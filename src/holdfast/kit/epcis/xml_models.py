"""The content models of EPCIS XML as tables: which children in which order, which attributes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from holdfast.kit.epcis import formats, words

UNBOUNDED = 1_000_000_000
Simple = Callable[[str], str]
"""Takes a text, gives the reason why it is wrong, or the empty word."""


def any_text(value: str) -> str:
    """Any text at all."""
    return ""


def any_uri(value: str) -> str:
    """xsd:anyURI, whose lexical space is every text (XML Schema 1.1, part 2, 3.3.17)."""
    return ""


def stamp(value: str) -> str:
    """An EPCIS 2.0 DateTimeStamp; version 1 says the same in its text."""
    text = value.strip()
    return "" if formats.is_stamp(text) else "is not a date and time with a zone"


def document_time(value: str) -> str:
    """xsd:dateTime, the zone may be absent."""
    return "" if formats.is_xsd_time(value.strip()) else "is not a date and time"


def decimal(value: str) -> str:
    """xsd:decimal."""
    return "" if formats.is_decimal(value.strip()) else "is not a decimal number"


def double(value: str) -> str:
    """xsd:double."""
    return "" if formats.is_double(value.strip()) else "is not a number"


def boolean(value: str) -> str:
    """xsd:boolean."""
    return "" if value.strip() in ("true", "false", "0", "1") else "is not true or false"


def hex_binary(value: str) -> str:
    """xsd:hexBinary."""
    return "" if formats.is_hex_pairs(value.strip()) else "is not hexadecimal"


def action(value: str) -> str:
    """One of the three actions."""
    return "" if value in ("ADD", "OBSERVE", "DELETE") else "is not ADD, OBSERVE or DELETE"


def integer(value: str) -> str:
    """xsd:int."""
    text = value.strip()
    digits = text[1:] if text[:1] in "+-" and text else text
    fits = digits.isascii() and digits.isdigit() and len(digits) < 20 and abs(int(text)) < 2**31
    return "" if fits else "is not a whole number"


def cbv(vocabulary: words.Vocabulary, *, old: bool) -> Simple:
    """A value of a CBV list, or a private URI."""

    def rule(value: str) -> str:
        return vocabulary.wrong_in_xml(value, old=old)

    return rule


@dataclass(frozen=True)
class Attribute:
    """One attribute of a model."""

    rule: Simple
    needed: bool = False


@dataclass(frozen=True)
class Part:
    """One step of a sequence: an element, or `*other` / `*local` for extensions."""

    name: str
    model: Model | None = None
    least: int = 0
    most: int = 1


@dataclass(frozen=True)
class Model:
    """What an element may hold. `text` set means simple content, else only child elements.

    `choice` takes the parts in any order and number, `one_of` exactly one of them;
    `open_attributes` takes any attribute; `only_after` names what a part cannot stand without.
    """

    name: str
    parts: tuple[Part, ...] = ()
    text: Simple | None = None
    attributes: Mapping[str, Attribute] = field(default_factory=dict)
    open_attributes: bool = False
    choice: bool = False
    nillable: bool = False
    mixed: bool = False
    one_of: bool = False
    only_after: Mapping[str, str] = field(default_factory=dict)


def simple(rule: Simple, *, nillable: bool = False) -> Model:
    """A text element without attributes."""
    return Model("", text=rule, nillable=nillable)


def one(name: str, model: Model) -> Part:
    """Exactly one."""
    return Part(name, model, 1, 1)


def maybe(name: str, model: Model) -> Part:
    """None or one."""
    return Part(name, model, 0, 1)


def some(name: str, model: Model, least: int = 0) -> Part:
    """Any number, at least `least`."""
    return Part(name, model, least, UNBOUNDED)


OTHER = Part("*other", None, 0, UNBOUNDED)
LOCAL = Part("*local", None, 1, UNBOUNDED)
SOME_OTHER = Part("*other", None, 1, UNBOUNDED)
LOCALS = Model("extension", (LOCAL,), open_attributes=True)
CLOSED_LOCALS = Model("extension", (LOCAL,))
OTHERS = Model("extension", (SOME_OTHER,), open_attributes=True)
LOCAL_EXTENSION = maybe("extension", LOCALS)
