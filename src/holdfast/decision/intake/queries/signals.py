"""Reads a message against this instance's own catalogue."""

from __future__ import annotations

from datetime import datetime

from holdfast.kit.reading import Letter, Reading, open_letter, read
from holdfast.supply.catalog.models import Product


def read_message(raw: bytes, *, now: datetime) -> tuple[Letter, Reading]:
    """The text of a pasted or dropped message, and the facts in it."""
    letter = open_letter(raw)
    catalogue = dict(Product.objects.exclude(kind="pseudo").values_list("code", "title"))
    year = letter.sent_at.year if letter.sent_at else None
    found = read(letter, catalogue=catalogue, year=year)
    if year is None and not any(fact.kind in ("made", "shipped") for fact in found.facts):
        # A day without a year, in a letter without a date, was most likely written this year.
        found = read(letter, catalogue=catalogue, year=now.year)
    return letter, found
