"""What Django reads is what people edited."""

from __future__ import annotations

import gettext
import re
from importlib import import_module
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from holdfast.ground.journal.events import kinds
from holdfast.kit.signals.taxonomy import taxonomy
from holdfast.learning.drills.rules import scenarios
from tests.house.tree import HOUSE

BRACES = re.compile(r"\{\w+\}")
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


def _whole(source: Path) -> dict[tuple[str, str], str]:
    with source.open("rb") as text:
        return {
            (message.context or "", str(message.id)): str(message.string)
            for message in read_po(text, locale=source.parts[-3])
            if not message.fuzzy
        }


@pytest.mark.parametrize("source", CATALOGUES, ids=lambda path: path.parts[-3])
def test_every_fact_of_the_journal_is_told_in_every_language(source: Path) -> None:
    """With all its slots, since a slot that was lost hides what happened."""
    for events in HOUSE.glob("*/*/events.py"):
        import_module(".".join(["holdfast", *events.relative_to(HOUSE).with_suffix("").parts]))
    told = _whole(source)
    facts = {
        name: fact.words
        for name, fact in kinds().items()
        if fact.__module__.startswith("holdfast.") and BRACES.sub("", fact.words).strip(" .,:()")
    }
    assert len(facts) > 150
    silent = [name for name, words in facts.items() if not told.get(("", words))]
    assert not silent, f"not in {source}: {silent}"
    lost = [
        name
        for name, words in facts.items()
        if sorted(BRACES.findall(words)) != sorted(BRACES.findall(told["", words]))
    ]
    assert not lost, f"a slot was lost or invented in {source}: {lost}"


@pytest.mark.parametrize("source", CATALOGUES, ids=lambda path: path.parts[-3])
def test_every_scenario_and_all_that_settles_an_alarm_is_in_every_language(source: Path) -> None:
    told = _whole(source)
    needed = {
        ("drill", words)
        for one in scenarios().values()
        for words in (one.title, one.mechanism, *one.faults)
    } | {
        ("what settles it", part.strip())
        for hazard in taxonomy().hazards
        for part in hazard.settle.split(";")
        if part.strip()
    }
    assert len(needed) > 30
    missing = sorted(one for one in needed if not told.get(one))
    assert not missing, f"not in {source}: {missing}"
