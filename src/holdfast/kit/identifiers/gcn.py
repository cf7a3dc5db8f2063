"""GCN: a coupon, and perhaps which one of its kind."""

from __future__ import annotations

from dataclasses import dataclass

from holdfast.kit.identifiers.elements import Element
from holdfast.kit.identifiers.spelling import fitting


@dataclass(frozen=True, slots=True)
class Gcn:
    """One kind of coupon, with the serial number of one of them where it has any.

    >>> gcn = Gcn.parse("401234599999044"); gcn.kind, gcn.serial
    ('4012345999990', '44')
    """

    value: str

    @classmethod
    def parse(cls, text: str) -> Gcn:
        """Read a value of the application identifier 255; BadIdentifier says what does not fit."""
        return cls(fitting("GCN", "255", text))

    @property
    def kind(self) -> str:
        """The 13 digits of its kind."""
        return self.value[:13]

    @property
    def serial(self) -> str:
        """Which one of its kind; empty where the number does not say."""
        return self.value[13:]

    @property
    def element(self) -> Element:
        """As an element."""
        return Element("255", self.value)

    def __str__(self) -> str:
        return self.value
