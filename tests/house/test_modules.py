"""Each module opens with a sentence, has one idea, and is named for what it holds."""

from __future__ import annotations

import ast
import re

from tests.house.tree import Module, example, modules, none

MOST_LINES = 600
BANNED_FILES = {"utils", "helpers", "common", "manager", "base", "misc", "core", "services"}
BANNED_CLASSES = {
    *("Event", "Notification", "Batch", "Case", "Manager", "Helper", "Utils", "Common", "Base"),
    *("Data", "Info"),
}


def sentences(found: tuple[Module, ...]) -> list[str]:
    """Modules that do not open with one sentence; empty packages have nothing to say."""
    faults = []
    for module in found:
        if not module.text.strip() and module.path.endswith("__init__.py"):
            continue
        first = (ast.get_docstring(module.tree) or "").split("\n\n")[0].strip()
        if not first or first[-1] not in ".?!:)`":
            faults.append(f"{module.path}: opens with no sentence")
    return faults


def too_long(found: tuple[Module, ...]) -> list[str]:
    """Past 600 lines a module's docstring has to say why."""
    faults = []
    for module in found:
        lines = module.text.count("\n")
        if lines > MOST_LINES and len((ast.get_docstring(module.tree) or "").split()) < 40:
            faults.append(f"{module.path}: {lines} lines, and its docstring does not say why")
    return faults


def banned_names(found: tuple[Module, ...]) -> list[str]:
    """Names that say nothing, of files and of classes; and a lot is never a batch."""
    faults = []
    for module in found:
        if module.parts[-1] in BANNED_FILES or set(module.parts[:-1]) & BANNED_FILES:
            faults.append(f"{module.path}: a file named for nothing in particular")
        for node in ast.walk(module.tree):
            if isinstance(node, ast.ClassDef):
                if node.name in BANNED_CLASSES:
                    faults.append(f"{module.at(node)}: class {node.name} says nothing alone")
                if re.search(r"Batch|Utils?$|Helpers?$", node.name):
                    faults.append(f"{module.at(node)}: class {node.name}: see docs/words.md")
    return faults


def relative(found: tuple[Module, ...]) -> list[str]:
    """Imports are absolute."""
    return [
        f"{module.at(node)}: a relative import"
        for module in found
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ImportFrom) and node.level
    ]


def test_every_module_opens_with_a_sentence() -> None:
    none(sentences(modules()))


def test_a_module_without_a_sentence_is_found() -> None:
    assert sentences(example("x = 1\n"))
    assert sentences(example('"""stuff"""\n'))
    assert not sentences(example('"""Counts what is left."""\n'))


def test_long_modules_say_why() -> None:
    none(too_long(modules()))


def test_a_long_module_is_found() -> None:
    assert too_long(example('"""Much."""\n' + "x = 1\n" * 601))


def test_names_say_what_they_hold() -> None:
    none(banned_names(modules()))


def test_empty_names_are_found() -> None:
    assert banned_names(example("", "src/holdfast/kit/utils.py"))
    assert banned_names(example("", "src/holdfast/supply/common/models.py"))
    assert banned_names(example("class Event: ..."))
    assert banned_names(example("class ProductionBatch: ..."))
    assert not banned_names(example("class ObjectEvent: ..."))


def test_imports_are_absolute() -> None:
    none(relative(modules()))


def test_a_relative_import_is_found() -> None:
    assert relative(example("from . import models"))
