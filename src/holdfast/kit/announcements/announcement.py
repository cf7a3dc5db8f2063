"""What an authority published about one recall: header, products, lots, firms, and the original."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from holdfast.kit.matching import Record


@dataclass(frozen=True, slots=True)
class PublishedProduct:
    """One product as it is named; `codes` are numbers from a field that is meant for them."""

    name: str
    brand: str = ""
    model: str = ""
    description: str = ""
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Firm:
    """A firm and the part it plays, in the authority's word: manufacturer, importer, …"""

    name: str
    part: str


@dataclass(frozen=True)
class PublishedRecall:
    """One recall; `lots` are the authority's own words about lots, dates and codes, not split.

    `published_on` is None where the authority gives no day that can be read. `original` is the
    record as it came, so that a better reader can read it again. `message` is what other messages
    call it, `refers_to` which ones it replaces, or takes back where `is_withdrawal`: then it
    announces nothing itself.
    """

    authority: str
    number: str
    title: str
    published_on: date | None
    hazard: str = ""
    recall_class: str = ""
    url: str = ""
    countries: tuple[str, ...] = ()
    products: tuple[PublishedProduct, ...] = ()
    lots: tuple[str, ...] = ()
    firms: tuple[Firm, ...] = ()
    original: Mapping[str, object] = field(default_factory=dict)
    message: str = ""
    refers_to: tuple[str, ...] = ()
    is_withdrawal: bool = False

    def as_record(self) -> Record:
        """What of it can be matched against a catalogue; shops that sold it are no brand."""
        return Record(
            f"{self.authority} {self.number}",
            title=_lines(self.title, *(product.name for product in self.products)),
            brand=_lines(
                *(product.brand for product in self.products),
                *(firm.name for firm in self.firms if firm.part != "retailer"),
            ),
            model=_lines(*(product.model for product in self.products)),
            rest=_lines(*(product.description for product in self.products), *self.lots),
            codes=_lines(*(code for product in self.products for code in product.codes)),
        )


def _lines(*texts: str) -> str:
    return "\n".join(dict.fromkeys(text for text in texts if text))
