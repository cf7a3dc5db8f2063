"""What a fact is: a past-tense dataclass with the words that tell it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import ClassVar


@dataclass(frozen=True)
class Fact:
    """Base of every fact the journal keeps.

    `words` tells it in a sentence with the fields as slots. `forgets` names fields that hold
    salted commitments to personal data, whose salt can be erased; other fields hold none.
    Values are str, int, bool, None, and tuples, lists and dicts of these; never floats.
    """

    words: ClassVar[str] = ""
    forgets: ClassVar[tuple[str, ...]] = ()

    def payload(self) -> dict[str, object]:
        return {f.name: getattr(self, f.name) for f in fields(self)}


def kinds() -> dict[str, type[Fact]]:
    """Every known fact class by name, for telling entries in words."""
    found: dict[str, type[Fact]] = {}
    todo = [Fact]
    while todo:
        for kind in todo.pop().__subclasses__():
            found[kind.__name__] = kind
            todo.append(kind)
    return found
