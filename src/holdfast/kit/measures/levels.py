"""The four levels of a supply chain, and counts that refuse to be added across them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, Generic, TypeVar

Quantity = int | Decimal


def plain(quantity: Quantity) -> int | float:
    """A quantity for JSON: a whole number wherever it is one.

    >>> plain(Decimal("3.000")), plain(Decimal("1.5"))
    (3, 1.5)
    """
    whole = int(quantity)
    return whole if whole == quantity else float(quantity)


class BlendedLevels(TypeError):
    """Two levels were about to become one number; a blended number hides the homes."""


class Level:
    """Where goods are; used as a type, never instantiated."""

    name: ClassVar[str] = ""
    label: ClassVar[str] = ""


class Manufacturer(Level):
    """Goods we still hold ourselves: own warehouses and what is on its way between them."""

    name = "manufacturer"
    label = "Warehouses"


class Distributor(Level):
    """Goods delivered to firms that sell to other firms."""

    name = "distributor"
    label = "Distributors"


class Retailer(Level):
    """Goods delivered to firms that sell to the public."""

    name = "retailer"
    label = "Retail partners"


class Consumer(Level):
    """Goods in homes; the level that counts."""

    name = "consumer"
    label = "Consumers"


LEVELS: tuple[type[Level], ...] = (Manufacturer, Distributor, Retailer, Consumer)
BY_NAME: dict[str, type[Level]] = {level.name: level for level in LEVELS}

L = TypeVar("L", bound=Level)


@dataclass(frozen=True, slots=True)
class Units(Generic[L]):
    """Items of one level (Decimal where goods are weighed); only the same level adds up.

    >>> Units(Consumer, 2) + Units(Consumer, 3)
    Units(level=<class 'holdfast.kit.measures.levels.Consumer'>, count=5)
    """

    level: type[L]
    count: Quantity

    def __post_init__(self) -> None:
        if self.count < 0:
            raise ValueError(f"units cannot be negative: {self.count} at {self.level.name}")

    def __add__(self, other: Units[L]) -> Units[L]:
        self._same_level(other)
        return Units(self.level, self.count + other.count)

    def __sub__(self, other: Units[L]) -> Units[L]:
        self._same_level(other)
        return Units(self.level, self.count - other.count)

    def _same_level(self, other: Units[L]) -> None:
        if not isinstance(other, Units) or other.level is not self.level:
            found = other.level.name if isinstance(other, Units) else type(other).__name__
            raise BlendedLevels(
                f"units of {self.level.name} cannot be combined with {found}: "
                "every level has its own number"
            )
