"""What Django reads is what people edited."""

from __future__ import annotations

import gettext
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from tests.house.tree import HOUSE

CATALOGUES = sorted((HOUSE / "locale").glob("*/LC_MESSAGES/django.po"))


def _read(catalogue: gettext.GNUTranslations, message: Message) -> str:
    if message.context:
        return catalogue.pgettext(message.context, str(message.id))
    return catalogue.gettext(str(message.id))


@pytest.mark.parametrize("source", CATALOGUES, ids=lambda path: path.parts[-3])
def test_the_compiled_catalogue_says_what_the_edited_one_says(source: Path) -> None:
    """`bin/catalogues` compiles it; both are committed, because a wheel has no compiler."""
    with source.open("rb") as text:
        edited = read_po(text, locale=source.parts[-3])
    with source.with_suffix(".mo").open("rb") as compiled:
        read = gettext.GNUTranslations(compiled)
    stale = [
        message.id
        for message in edited
        if isinstance(message.id, str)
        and message.id
        and message.string
        and not message.fuzzy
        and _read(read, message) != message.string
    ]
    assert not stale, f"run bin/catalogues: {stale[:3]}"
