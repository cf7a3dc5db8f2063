"""ITIP: one piece of a trade item that comes in several."""

from __future__ import annotations

from dataclasses import dataclass

from holdfast.kit.identifiers.elements import Element
from holdfast.kit.identifiers.spelling import fitting


@dataclass(frozen=True, slots=True)
class Itip:
    """One piece of a trade item: the second of three boxes of one wardrobe.

    >>> itip = Itip.parse("040123451111180102"); itip.gtin, itip.piece, itip.total
    ('04012345111118', '01', '02')
    """

    value: str

    @classmethod
    def parse(cls, text: str) -> Itip:
        """Read a value of the application identifier 8006; BadIdentifier says what does not fit."""
        return cls(fitting("ITIP", "8006", text))

    @property
    def gtin(self) -> str:
        """The trade item, in 14 digits."""
        return self.value[:14]

    @property
    def piece(self) -> str:
        """Which piece this is, from 01."""
        return self.value[14:16]

    @property
    def total(self) -> str:
        """How many pieces there are."""
        return self.value[16:]

    @property
    def element(self) -> Element:
        """As an element."""
        return Element("8006", self.value)

    def __str__(self) -> str:
        return self.value
