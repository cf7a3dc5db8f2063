"""Lot: what was made together, in up to 20 characters."""

from __future__ import annotations

from dataclasses import dataclass

from holdfast.kit.identifiers.elements import Element
from holdfast.kit.identifiers.lookalike import look
from holdfast.kit.identifiers.spelling import fitting


@dataclass(frozen=True, slots=True)
class Lot:
    """One lot as GS1 writes it (AI 10).

    Shops keep lots of any length and alphabet; this is the one that fits a barcode.

    >>> Lot.parse(" B-17 ").value, Lot.parse("BI7").look == Lot.parse("b-17").look
    ('B-17', True)
    >>> Lot.parse("")
    Traceback (most recent call last):
    ...
    holdfast.kit.identifiers.faults.BadIdentifier: \
lot: expected 1 to 20 characters of set 82, got “”.
    """

    value: str

    @classmethod
    def parse(cls, text: str) -> Lot:
        """Read 1 to 20 characters of set 82; spaces at the ends do not count."""
        return cls(fitting("lot", "10", text))

    @property
    def look(self) -> str:
        """Its shape, in which look-alike characters are the same."""
        return look(self.value)

    @property
    def element(self) -> Element:
        """As an element."""
        return Element("10", self.value)

    def __str__(self) -> str:
        return self.value
