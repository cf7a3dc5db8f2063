"""GTIN: the number of a trade item, in 8, 12, 13 or 14 digits."""

from __future__ import annotations

from dataclasses import dataclass

from holdfast.kit.identifiers.company_prefix import company_prefix
from holdfast.kit.identifiers.elements import Element
from holdfast.kit.identifiers.faults import BadIdentifier
from holdfast.kit.identifiers.spelling import digits, plain

LENGTHS = (8, 12, 13, 14)


@dataclass(frozen=True, slots=True)
class Gtin:
    """One trade item; `value` always has 14 digits, so that all spellings of one are equal.

    >>> Gtin.parse("9506000134352") == Gtin.parse("(01) 0 9506000 13435 2".replace("(01)", ""))
    True
    >>> Gtin.parse("9506000134353")
    Traceback (most recent call last):
    ...
    holdfast.kit.identifiers.faults.BadIdentifier: \
GTIN: expected check digit 2, got “9506000134353”.
    """

    value: str

    @classmethod
    def parse(cls, text: str) -> Gtin:
        """Read 8, 12, 13 or 14 digits whose last is the check digit; gaps do not matter."""
        return cls(digits("GTIN", text, *LENGTHS).zfill(14))

    @classmethod
    def of_upc_e(cls, text: str) -> Gtin:
        """The GTIN that a short UPC-E number stands for.

        >>> Gtin.of_upc_e("01234565").value
        '00012345000065'
        """
        from biip import ParseError  # noqa: PLC0415 (only photographs of UPC-E come here)
        from biip.upc import Upc  # noqa: PLC0415 (as above)

        found = plain(text)
        try:
            return cls.parse(Upc.parse(found).as_upc_a())
        except ParseError as error:
            raise BadIdentifier("UPC-E", "6 to 8 digits with their check digit", found) from error

    @property
    def format(self) -> str:
        """The shortest format that holds it: GTIN-8, GTIN-12, GTIN-13 or GTIN-14."""
        for length in LENGTHS[:-1]:
            if self.value.startswith("0" * (14 - length)):
                return f"GTIN-{length}"
        return "GTIN-14"

    @property
    def indicator(self) -> str:
        """The first digit: 0 for a single item, 1 to 8 for packs of it, 9 for variable measure."""
        return self.value[0]

    @property
    def element(self) -> Element:
        """As an element."""
        return Element("01", self.value)

    def company_prefix(self, length: int | None = None) -> str:
        """The company's digits; UnknownPrefix where no table tells where they end."""
        return company_prefix(self.value[1:], length)

    def __str__(self) -> str:
        """As printed below the bars: without the zeros that fill it up."""
        return self.value[14 - int(self.format[5:]) :]
