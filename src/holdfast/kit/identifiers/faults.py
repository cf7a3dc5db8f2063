"""What is said of a text that is not the identifier it should be: expected this, got that."""

from __future__ import annotations

SHOWN = 60


class BadIdentifier(ValueError):
    """A text is not a valid identifier of its kind; says what was expected and what was got.

    >>> raise BadIdentifier("GLN", "13 digits", "123")
    Traceback (most recent call last):
    ...
    holdfast.kit.identifiers.faults.BadIdentifier: GLN: expected 13 digits, got “123”.
    """

    def __init__(self, what: str, expected: str, got: str) -> None:
        shown = got if len(got) <= SHOWN else got[: SHOWN - 1] + "…"
        clean = "".join(ch if ch.isprintable() else "\N{REPLACEMENT CHARACTER}" for ch in shown)
        super().__init__(f"{what}: expected {expected}, got “{clean}”.")
        self.what, self.expected, self.got = what, expected, clean


class UnknownPrefix(BadIdentifier):
    """The identifier is sound, but nobody can tell here where its company prefix ends."""
