"""GRAI: a returnable asset, such as a crate or a keg, and perhaps which one of its kind."""

from __future__ import annotations

from dataclasses import dataclass

from holdfast.kit.identifiers.elements import Element
from holdfast.kit.identifiers.spelling import fitting


@dataclass(frozen=True, slots=True)
class Grai:
    """One kind of returnable asset, with the serial number of one of them where it has any.

    >>> grai = Grai.parse("04012345666663387"); grai.kind, grai.serial
    ('4012345666663', '387')
    """

    value: str

    @classmethod
    def parse(cls, text: str) -> Grai:
        """Read a value of the application identifier 8003; BadIdentifier says what does not fit."""
        return cls(fitting("GRAI", "8003", text))

    @property
    def kind(self) -> str:
        """The 13 digits of its kind."""
        return self.value[1:14]

    @property
    def serial(self) -> str:
        """Which one of its kind; empty where the number does not say."""
        return self.value[14:]

    @property
    def element(self) -> Element:
        """As an element."""
        return Element("8003", self.value)

    def __str__(self) -> str:
        return self.value
