"""What an outside system's export looks like; each connector declares its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from django.conf import settings
from django.utils.module_loading import import_string

from holdfast.supply.imports.fields import squeezed

# (payment, status, line status, cancelled at) as written -> whether the line was cancelled.
Cancels = Callable[[str, str, str, str], bool]


def never(payment: str, status: str, line_status: str, cancelled_at: str) -> bool:
    """For formats whose rows cancel by quantity alone."""
    return False


@dataclass(frozen=True)
class Format:
    """One layout of one kind of file.

    `columns`: field -> names it may stand under, best first. `signatures`: sets of squeezed names,
    one of which must be there whole; a format without any recognises nothing and only guesses.
    `carried`: fields that stand on the first row of an order and hold for its other rows.
    `product_from_title`: lines without a code are known by their title. `c_orders`: an order
    number starting with C and a digit is a cancellation. `instead`: columns that stand in, row by
    row, for an empty cell; an address stands in as a whole or not at all. `values`: what holds for
    every row of this export. `how`: where a shop finds this export.
    """

    name: str
    kind: str
    columns: Mapping[str, tuple[str, ...]]
    words: str
    signatures: tuple[frozenset[str], ...] = ()
    carried: tuple[str, ...] = ()
    product_from_title: bool = False
    c_orders: bool = False
    cancels: Cancels = never
    instead: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)
    how: str = ""
    known: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        names = {squeezed(name) for names in self.columns.values() for name in names}
        object.__setattr__(self, "known", frozenset(names))

    def recognises(self, columns: frozenset[str]) -> bool:
        """Whether the squeezed column names are those of this layout."""
        return any(signature <= columns for signature in self.signatures)


@lru_cache(maxsize=1)
def every_format() -> tuple[Format, ...]:
    """The formats of `settings.IMPORT_FORMATS`, the more special ones first."""
    return tuple(import_string(path) for path in import_string(settings.IMPORT_FORMATS))


def formats_for(kind: str) -> tuple[Format, ...]:
    """The formats of one kind; the last one guesses."""
    return tuple(each for each in every_format() if each.kind == kind)


def known_columns(kind: str) -> frozenset[str]:
    """Every column name any format of this kind knows, squeezed."""
    return frozenset().union(*(each.known for each in formats_for(kind)))
