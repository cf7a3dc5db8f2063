"""What one document may cost: the bounds that keep a hostile one small."""

from __future__ import annotations

from dataclasses import dataclass

MB = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """Sizes are bytes of unpacked text; depth counts nested elements or brackets."""

    document: int = 64 * MB
    value: int = 1 * MB
    depth: int = 64
    attributes: int = 64
    names: int = 10_000


DEFAULT = Limits()
