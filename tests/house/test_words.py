"""What is stored is called what `docs/words.md` calls it."""

from __future__ import annotations

import re

from tests.house.test_floors import own_models
from tests.house.tree import ROOT, none

WORDS = ROOT / "docs" / "words.md"


def words(text: str) -> set[str]:
    """The words of the first column of every table."""
    found: set[str] = set()
    for line in text.splitlines():
        cells = line.split("|")
        if len(cells) > 2:
            found |= set(re.findall(r"[A-Za-z_]+", cells[1]))
    return found


def unlisted(names: list[str], known: set[str]) -> list[str]:
    return [f"{name} is not in docs/words.md" for name in names if name not in known]


def test_every_stored_thing_is_in_the_words() -> None:
    names = sorted({model.__name__ for model in own_models()})
    assert names
    none(unlisted(names, words(WORDS.read_text("utf-8"))))


def test_a_name_that_is_not_listed_is_found() -> None:
    table = "| word | means |\n|---|---|\n| Supplier, Consignee | a firm |\n"
    assert unlisted(["Ticket"], words(table))
    assert not unlisted(["Consignee"], words(table))
