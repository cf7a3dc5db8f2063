"""CPID: a component or a part that a company buys to its own drawing."""

from __future__ import annotations

from dataclasses import dataclass

from holdfast.kit.identifiers.elements import Element
from holdfast.kit.identifiers.spelling import fitting


@dataclass(frozen=True, slots=True)
class Cpid:
    """One component or part, in up to 30 digits, capital letters, #, - and /.

    >>> Cpid.parse("061414111111111111111-A#/").element
    Element(ai='8010', value='061414111111111111111-A#/')
    """

    value: str

    @classmethod
    def parse(cls, text: str) -> Cpid:
        """Read a value of the application identifier 8010; BadIdentifier says what does not fit."""
        return cls(fitting("CPID", "8010", text))

    @property
    def element(self) -> Element:
        """As an element."""
        return Element("8010", self.value)

    def __str__(self) -> str:
        return self.value
