"""Element strings: application identifiers and values, as scanned (with FNC1) or with brackets."""

from __future__ import annotations

import re
from dataclasses import dataclass

from holdfast.kit.identifiers.application_identifiers import (
    ApplicationIdentifier,
    lengths,
    table,
)
from holdfast.kit.identifiers.elements import Element, Elements, value_of
from holdfast.kit.identifiers.faults import BadIdentifier

FNC1 = "\x1d"
"""The separator a scanner sends: the character GS."""

LONGEST = 2_000
"""More than any symbol holds that carries element strings on a product."""

SYMBOLOGIES = ("]C1", "]e0", "]e1", "]e2", "]d2", "]Q3", "]J1")
"""What a scanner says in front of an element string: GS1-128, DataBar, DataMatrix, QR, DotCode."""

_BRACKETED = re.compile(r"\((\d{2,4})\)")
_SEPARATORS = str.maketrans({"\u241d": FNC1, "~": FNC1})
_SPOKEN = ("<GS>", "{GS}", "[GS]", "<FNC1>", "{FNC1}", "^")


@dataclass(frozen=True, slots=True)
class ElementString:
    """The elements of one code in their order.

    `faults` are values that do not fit their identifier, where reading was told to go on.
    """

    elements: Elements
    faults: tuple[BadIdentifier, ...] = ()

    @classmethod
    def parse(cls, text: str) -> ElementString:
        """Read an element string in which everything fits; BadIdentifier otherwise.

        >>> ElementString.parse("(01)09506000134352(10)B17").value("10")
        'B17'
        >>> ElementString.parse("]C1010950600013435210B17").value("10")
        'B17'
        >>> ElementString.parse("(01)09506000134353")
        Traceback (most recent call last):
        ...
        holdfast.kit.identifiers.faults.BadIdentifier: \
(01) GTIN: expected check digit 2, got “09506000134353”.
        """
        found = cls.read(text)
        if found.faults:
            raise found.faults[0]
        return found

    @classmethod
    def read(cls, text: str) -> ElementString:
        """Read what can be read: a value that does not fit is kept, and its fault told.

        A wrong date must not hide the lot beside it. Text that is no element string at all is
        refused.
        """
        if len(text) > LONGEST:
            raise BadIdentifier("element string", f"at most {LONGEST} characters", text)
        body = _without_symbology(text.strip(" \t\r\n"))
        if not body:
            raise BadIdentifier("element string", "an application identifier", body)
        elements, faults = _bracketed(body) if body[0] == "(" else _scanned(body)
        return cls(elements, faults)

    def value(self, ai: str) -> str:
        """The value of an application identifier; empty where there is none."""
        return value_of(self.elements, ai)

    @property
    def bracketed(self) -> str:
        """As printed below a symbol, for people.

        >>> ElementString.parse("010950600013435210B17").bracketed
        '(01)09506000134352(10)B17'
        """
        return "".join(f"({ai}){value}" for ai, value in self.elements)

    def __str__(self) -> str:
        """As scanned: FNC1 behind each value whose length is not fixed, but the last."""
        said = []
        for number, (ai, value) in enumerate(self.elements, 1):
            ends = table()[ai].predefined or number == len(self.elements)
            said.append(f"{ai}{value}{'' if ends else FNC1}")
        return "".join(said)


def _without_symbology(text: str) -> str:
    if text[:3] in SYMBOLOGIES:
        text = text[3:]
    return text.lstrip(FNC1)


def _bracketed(body: str) -> tuple[Elements, tuple[BadIdentifier, ...]]:
    # Brackets are characters of values too: only those around a known identifier divide.
    marks = [found for found in _BRACKETED.finditer(body) if found[1] in table()]
    if not marks or marks[0].start():
        raise BadIdentifier("element string", "an application identifier in brackets", body)
    ends = [mark.start() for mark in marks[1:]] + [len(body)]
    return _judged(
        [
            Element(mark[1], body[mark.end() : end].strip(" " + FNC1))
            for mark, end in zip(marks, ends, strict=True)
        ]
    )


def _scanned(body: str) -> tuple[Elements, tuple[BadIdentifier, ...]]:
    for spoken in _SPOKEN:
        body = body.replace(spoken, FNC1)
    body = body.translate(_SEPARATORS)
    found, at = [], 0
    while at < len(body):
        if body[at] == FNC1:
            at += 1
            continue
        ai = body[at : at + lengths().get(body[at : at + 2], 2)]
        known = ApplicationIdentifier.of(ai)
        at += len(ai)
        end = body.find(FNC1, at)
        end = len(body) if end < 0 else end
        if known.shortest == known.longest:
            # Some printers leave the separator out behind any fixed length; nothing is lost by it.
            end = min(end, at + known.longest)
        found.append(Element(ai, body[at:end]))
        at = end
    return _judged(found)


def _judged(found: list[Element]) -> tuple[Elements, tuple[BadIdentifier, ...]]:
    faults = []
    for ai, value in found:
        fault = table()[ai].fault(value)
        if fault is not None:
            faults.append(fault)
    told: dict[str, str] = {}
    for ai, value in found:
        if told.setdefault(ai, value) != value:
            faults.append(BadIdentifier(f"({ai})", f"one value, {told[ai]}", value))
    return tuple(found), tuple(faults)
