"""What one document may cost: the bounds that keep a hostile one small."""

from __future__ import annotations

from dataclasses import dataclass

MB = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """Sizes are bytes of unpacked text; depth counts nested elements or brackets.

    `elements` (XML) and `values` (texts, lists and objects of JSON) keep the memory of a document
    made of crumbs within what a document of that size ordinarily takes.
    """

    document: int = 64 * MB
    value: int = 1 * MB
    depth: int = 64
    attributes: int = 64
    names: int = 10_000
    elements: int = 2_000_000
    values: int = 8_000_000


DEFAULT = Limits()
