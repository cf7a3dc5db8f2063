"""GSIN: logistic units that one shipper sends to one receiver together."""

from __future__ import annotations

from dataclasses import dataclass

from holdfast.kit.identifiers.elements import Element
from holdfast.kit.identifiers.spelling import fitting, plain


@dataclass(frozen=True, slots=True)
class Gsin:
    """One shipment, in 17 digits.

    >>> Gsin.parse("40123452223334442").value
    '40123452223334442'
    """

    value: str

    @classmethod
    def parse(cls, text: str) -> Gsin:
        """Read a value of the application identifier 402; BadIdentifier says what does not fit."""
        return cls(fitting("GSIN", "402", plain(text)))

    @property
    def element(self) -> Element:
        """As an element."""
        return Element("402", self.value)

    def __str__(self) -> str:
        return self.value
