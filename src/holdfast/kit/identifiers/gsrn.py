"""GSRN: the relation between someone who gives and someone who gets a service."""

from __future__ import annotations

from dataclasses import dataclass

from holdfast.kit.identifiers.elements import Element
from holdfast.kit.identifiers.spelling import fitting, plain


@dataclass(frozen=True, slots=True)
class Gsrn:
    """One recipient of a service, in 18 digits.

    >>> Gsrn.parse("401234500000067657").value
    '401234500000067657'
    """

    value: str

    @classmethod
    def parse(cls, text: str) -> Gsrn:
        """Read a value of the application identifier 8018; BadIdentifier says what does not fit."""
        return cls(fitting("GSRN", "8018", plain(text)))

    @property
    def element(self) -> Element:
        """As an element."""
        return Element("8018", self.value)

    def __str__(self) -> str:
        return self.value
