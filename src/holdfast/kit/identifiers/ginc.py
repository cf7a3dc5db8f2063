"""GINC: logistic units that a carrier moves together."""

from __future__ import annotations

from dataclasses import dataclass

from holdfast.kit.identifiers.elements import Element
from holdfast.kit.identifiers.spelling import fitting


@dataclass(frozen=True, slots=True)
class Ginc:
    """One consignment, in up to 30 characters; the company prefix stands in front.

    >>> Ginc.parse("0614141xyz47/11").element
    Element(ai='401', value='0614141xyz47/11')
    """

    value: str

    @classmethod
    def parse(cls, text: str) -> Ginc:
        """Read a value of the application identifier 401; BadIdentifier says what does not fit."""
        return cls(fitting("GINC", "401", text))

    @property
    def element(self) -> Element:
        """As an element."""
        return Element("401", self.value)

    def __str__(self) -> str:
        return self.value
