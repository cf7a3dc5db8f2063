"""Text that every database takes, whoever wrote it."""

from __future__ import annotations


def storable(told: str) -> str:
    r"""A text without NUL and without halves of characters, which hostile mail and JSON can hold.

    >>> storable("a\x00b"), storable("it burned \ud800 me")
    ('a\ufffdb', 'it burned ? me')
    """
    return told.replace("\x00", "\ufffd").encode("utf-8", "replace").decode("utf-8")
