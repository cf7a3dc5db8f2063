"""Facts about lots and where they lay."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from holdfast.ground.journal.events import Fact


@dataclass(frozen=True)
class ReceiptRecorded(Fact):
    """A person wrote down when a lot came and when it was used up."""

    words: ClassVar[str] = "Lot {lot} of {product} came {came}, was used up {gone}, site {site}"
    receipt: int
    lot: str
    product: str
    site: str
    came: str
    gone: str
    quantity: str
    supplier: str


@dataclass(frozen=True)
class EventsImported(Fact):
    """Trace events came in; `generation` is the state of the log they made. Counts only."""

    words: ClassVar[str] = (
        "{rows} rows of trace events came in from {files} files: {imported} new, {merged} known, "
        "{rejected} rejected; {corrected} earlier rows were corrected"
    )
    generation: int
    source: str
    files: int
    rows: int
    imported: int
    merged: int
    rejected: int
    corrected: int
    tables: dict[str, int]


@dataclass(frozen=True)
class DocumentsImported(Fact):
    """EPCIS documents came in; `tables` are the rows all EPCIS events now give. Counts only."""

    words: ClassVar[str] = (
        "{documents} EPCIS documents came in with {events} events: {imported} new, {merged} known, "
        "{rejected} rejected with {refused} refused documents"
    )
    generation: int
    documents: int
    refused: int
    events: int
    imported: int
    merged: int
    rejected: int
    tables: dict[str, int]


@dataclass(frozen=True)
class ShopFed(Fact):
    """The trace was handed the shop's sales and receipts anew."""

    words: ClassVar[str] = "The trace was handed {lines} sales and {receipts} receipts of the shop"
    generation: int
    lines: int
    receipts: int


@dataclass(frozen=True)
class TracePublished(Fact):
    """The generation that answers traces was built; `input_digest` says over what."""

    words: ClassVar[str] = "The trace was built over {events} events"
    input_digest: str
    generation: int
    events: int
