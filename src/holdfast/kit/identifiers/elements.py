"""One element: an application identifier and its value, as in (10)B17."""

from __future__ import annotations

from typing import NamedTuple


class Element(NamedTuple):
    """`ai` says what `value` is: 10 a lot, 21 a serial number, 01 a trade item."""

    ai: str
    value: str

    def __str__(self) -> str:
        return f"({self.ai}){self.value}"


Elements = tuple[Element, ...]


def value_of(elements: Elements, ai: str) -> str:
    """The value of an application identifier, empty where there is none.

    >>> value_of((Element("01", "09506000134352"), Element("10", "B17")), "10")
    'B17'
    """
    return next((value for known, value in elements if known == ai), "")
