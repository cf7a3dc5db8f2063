"""Serial number: one unit of a trade item, in up to 20 characters."""

from __future__ import annotations

from dataclasses import dataclass

from holdfast.kit.identifiers.elements import Element
from holdfast.kit.identifiers.lookalike import look
from holdfast.kit.identifiers.spelling import fitting


@dataclass(frozen=True, slots=True)
class SerialNumber:
    """One serial number as GS1 writes it (AI 21); it is unique within its GTIN only.

    >>> SerialNumber.parse("7Q4K-00001").element
    Element(ai='21', value='7Q4K-00001')
    """

    value: str

    @classmethod
    def parse(cls, text: str) -> SerialNumber:
        """Read 1 to 20 characters of set 82; spaces at the ends do not count."""
        return cls(fitting("serial number", "21", text))

    @property
    def look(self) -> str:
        """Its shape, in which look-alike characters are the same."""
        return look(self.value)

    @property
    def element(self) -> Element:
        """As an element."""
        return Element("21", self.value)

    def __str__(self) -> str:
        return self.value
