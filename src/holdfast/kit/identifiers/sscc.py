"""SSCC: the number of a logistic unit, such as a pallet or a parcel, in 18 digits."""

from __future__ import annotations

from dataclasses import dataclass

from holdfast.kit.identifiers.company_prefix import company_prefix
from holdfast.kit.identifiers.elements import Element
from holdfast.kit.identifiers.spelling import digits, plain


@dataclass(frozen=True, slots=True)
class Sscc:
    """One logistic unit.

    >>> Sscc.parse("00 3 4012345 111111111 1").value
    '340123451111111111'
    >>> Sscc.parse("34012345111111111")
    Traceback (most recent call last):
    ...
    holdfast.kit.identifiers.faults.BadIdentifier: \
SSCC: expected 18 digits, got “34012345111111111”.
    """

    value: str

    @classmethod
    def parse(cls, text: str) -> Sscc:
        """Read 18 digits whose last is the check digit; the identifier 00 may stand in front."""
        found = plain(text)
        return cls(
            digits("SSCC", found[2:] if len(found) == 20 and found[:2] == "00" else found, 18)
        )

    @property
    def extension(self) -> str:
        """The digit in front, which the company chooses freely."""
        return self.value[0]

    @property
    def element(self) -> Element:
        """As an element."""
        return Element("00", self.value)

    def company_prefix(self, length: int | None = None) -> str:
        """The company's digits; UnknownPrefix where no table tells where they end."""
        return company_prefix(self.value[1:], length)

    def __str__(self) -> str:
        return self.value
