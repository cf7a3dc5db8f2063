"""What Django reads is what people edited."""

from __future__ import annotations

import ast
import gettext
import io
import re
from importlib import import_module
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

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


CALLS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


@pytest.fixture(scope="module")
def asked() -> dict[tuple[str, str], str]:
    """Every text that a template or a module asks a catalogue for, and where."""
    found = {}
    for path in HOUSE.rglob("*.html"):
        code = io.BytesIO(templatize(path.read_text("utf-8")).encode())
        for line, text, _comments, context in extract("python", code, CALLS, (), {}):
            one = text if isinstance(text, str) else text[0]
            found[context or "", one] = f"{path.relative_to(HOUSE)}:{line}"
    for path in HOUSE.rglob("*.py"):
        code = path.read_text("utf-8")
        for node in ast.walk(ast.parse(code)) if "gettext" in code else ():
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                words = [one.value for one in node.args if isinstance(one, ast.Constant)]
                is_named = node.func.id.removesuffix("_lazy") in ("pgettext", "npgettext")
                if node.func.id in CALLS and len(words) > is_named:
                    one = (str(words[0]) if is_named else "", str(words[is_named]))
                    found[one] = f"{path.relative_to(HOUSE)}:{node.lineno}"
    assert len(found) > 2_500
    return found


@pytest.mark.parametrize("source", CATALOGUES, ids=lambda path: path.parts[-3])
def test_every_text_of_pages_and_code_is_in_every_language(
    source: Path, asked: dict[tuple[str, str], str]
) -> None:
    with source.open("rb") as text:
        told = {
            (message.context or "", message.id if isinstance(message.id, str) else message.id[0])
            for message in read_po(text, locale=source.parts[-3])
            if message.id and message.string and all(message.string)
        }
    missing = {f"{where}: {one[1]}" for one, where in asked.items() if one not in told}
    assert not missing, f"not in {source}:\n" + "\n".join(sorted(missing))
