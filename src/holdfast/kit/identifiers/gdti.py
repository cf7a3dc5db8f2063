"""GDTI: a type of document, and perhaps which one of it."""

from __future__ import annotations

from dataclasses import dataclass

from holdfast.kit.identifiers.elements import Element
from holdfast.kit.identifiers.spelling import fitting


@dataclass(frozen=True, slots=True)
class Gdti:
    """One type of document, with the serial number of one of them where it has any.

    >>> gdti = Gdti.parse("4012345555554987"); gdti.kind, gdti.serial
    ('4012345555554', '987')
    """

    value: str

    @classmethod
    def parse(cls, text: str) -> Gdti:
        """Read a value of the application identifier 253; BadIdentifier says what does not fit."""
        return cls(fitting("GDTI", "253", text))

    @property
    def kind(self) -> str:
        """The 13 digits of its type."""
        return self.value[:13]

    @property
    def serial(self) -> str:
        """Which one of its type; empty where the number does not say."""
        return self.value[13:]

    @property
    def element(self) -> Element:
        """As an element."""
        return Element("253", self.value)

    def __str__(self) -> str:
        return self.value
