"""GLN: the number of a place or a party, in 13 digits."""

from __future__ import annotations

from dataclasses import dataclass

from holdfast.kit.identifiers.company_prefix import company_prefix
from holdfast.kit.identifiers.elements import Element
from holdfast.kit.identifiers.spelling import digits


@dataclass(frozen=True, slots=True)
class Gln:
    """One place, or one legal party.

    >>> Gln.parse("9506000134307").element
    Element(ai='414', value='9506000134307')
    """

    value: str

    @classmethod
    def parse(cls, text: str) -> Gln:
        """Read 13 digits whose last is the check digit."""
        return cls(digits("GLN", text, 13))

    @property
    def element(self) -> Element:
        """As the element of a place."""
        return Element("414", self.value)

    def company_prefix(self, length: int | None = None) -> str:
        """The company's digits; UnknownPrefix where no table tells where they end."""
        return company_prefix(self.value, length)

    def __str__(self) -> str:
        return self.value
