"""GMN: the model of a product, as medical devices carry it."""

from __future__ import annotations

from dataclasses import dataclass

from holdfast.kit.identifiers.elements import Element
from holdfast.kit.identifiers.spelling import fitting


@dataclass(frozen=True, slots=True)
class Gmn:
    """One model, in up to 25 characters of which the last two check the others.

    >>> Gmn.parse("1987654Ad4X4bL5ttr2310c2K").value
    '1987654Ad4X4bL5ttr2310c2K'
    """

    value: str

    @classmethod
    def parse(cls, text: str) -> Gmn:
        """Read a value of the application identifier 8013; BadIdentifier says what does not fit."""
        return cls(fitting("GMN", "8013", text))

    @property
    def element(self) -> Element:
        """As an element."""
        return Element("8013", self.value)

    def __str__(self) -> str:
        return self.value
