"""GIAI: one individual asset of a company."""

from __future__ import annotations

from dataclasses import dataclass

from holdfast.kit.identifiers.elements import Element
from holdfast.kit.identifiers.spelling import fitting


@dataclass(frozen=True, slots=True)
class Giai:
    """One individual asset, in up to 30 characters; the company prefix stands in front.

    >>> Giai.parse("4000001111").element
    Element(ai='8004', value='4000001111')
    """

    value: str

    @classmethod
    def parse(cls, text: str) -> Giai:
        """Read a value of the application identifier 8004; BadIdentifier says what does not fit."""
        return cls(fitting("GIAI", "8004", text))

    @property
    def element(self) -> Element:
        """As an element."""
        return Element("8004", self.value)

    def __str__(self) -> str:
        return self.value
