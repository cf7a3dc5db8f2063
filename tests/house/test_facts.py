"""Each fact can be told in words, names nobody, and has its line on the page of reactions."""

from __future__ import annotations

import importlib
import inspect
import re
import string
from dataclasses import dataclass, fields, is_dataclass
from typing import ClassVar

from django.utils.module_loading import import_string

from holdfast.config.jobs import JOB_KINDS
from holdfast.config.reactions import REACTIONS
from holdfast.ground.journal.events import Fact, kinds
from tests.house.tree import modules, none

PERSONAL = {
    *("email", "phone", "address", "name", "first_name", "last_name", "customer_name"),
    *("recipient", "street", "postcode", "iban", "ip", "message", "body", "token"),
}
IRREGULAR = {
    *("Begun", "Began", "Made", "Told", "Held", "Found", "Withdrawn", "Drawn", "Given", "Left"),
    *("Chosen", "Written", "Brought", "Paid", "Kept", "Shown", "Taken", "Sold", "Sent", "Set"),
    *("Seen", "Lost", "Met", "Put", "Gone", "Hurt", "Split", "Cut", "Known", "Overdue"),
}


NOT_PERSONAL = re.compile(r"Hold\w+\.name")  # a channel or a warehouse


def own_kinds() -> dict[str, type[Fact]]:
    """Every fact of the house: each `events.py` is loaded first, so that none is overlooked."""
    for module in modules():
        if module.parts[-1] == "events":
            importlib.import_module("holdfast." + ".".join(module.parts))
    return {name: kind for name, kind in kinds().items() if kind.__module__.startswith("holdfast.")}


def badly_told(found: dict[str, type[Fact]]) -> list[str]:
    """Facts without words, with slots that are no fields, or that are not frozen."""
    faults = []
    for name, kind in found.items():
        if not is_dataclass(kind) or not kind.__dataclass_params__.frozen:  # type: ignore[attr-defined]
            faults.append(f"{name}: is no frozen dataclass")
        slots = {slot for _, slot, _, _ in string.Formatter().parse(kind.words) if slot}
        own = {field.name for field in fields(kind)}
        if not kind.words.strip():
            faults.append(f"{name}: has no words")
        faults += [f"{name}: its words name {slot}, which it has not" for slot in slots - own]
        faults += [f"{name}: forgets {gone}, which it has not" for gone in set(kind.forgets) - own]
        last = re.findall(r"[A-Z][a-z]+", name)[-1]
        if not last.endswith("ed") and last not in IRREGULAR:
            faults.append(f"{name}: is not told in the past tense")
    return faults


def personal(found: dict[str, type[Fact]]) -> list[str]:
    """Fields that sound like a person and are no commitment that can be forgotten."""
    return [
        f"{name}.{field.name}: sounds personal; keep a key or a commitment, and list it in forgets"
        for name, kind in found.items()
        for field in fields(kind)
        if field.name in PERSONAL
        and field.name not in kind.forgets
        and not NOT_PERSONAL.fullmatch(f"{name}.{field.name}")
    ]


def without_line(found: dict[str, type[Fact]], reactions: dict[str, list[str]]) -> list[str]:
    """Facts that the page of reactions does not mention, and lines about facts that are none."""
    mute, ghosts = sorted(set(found) - set(reactions)), sorted(set(reactions) - set(found))
    missing = [f"{name}: no line in config/reactions.py" for name in mute]
    return missing + [f"{name}: a line, but no such fact" for name in ghosts]


def unreachable(reactions: dict[str, list[str]]) -> list[str]:
    """Reactions that are no functions taking the entry, who acts and when."""
    faults = []
    for name, targets in reactions.items():
        for target in targets:
            try:
                function = import_string(target)
            except ImportError as error:
                faults.append(f"{name} → {target}: {error}")
                continue
            taken = inspect.signature(function).parameters
            if not {"entry", "by", "now"} <= set(taken):
                faults.append(f"{name} → {target}: takes {', '.join(taken)}")
    return faults


def test_facts_are_told_in_words() -> None:
    assert own_kinds()
    none(badly_told(own_kinds()))


def test_facts_name_nobody() -> None:
    none(personal(own_kinds()))


def test_every_fact_has_its_line() -> None:
    none(without_line(own_kinds(), REACTIONS))


def test_every_reaction_can_be_called() -> None:
    none(unreachable(REACTIONS))


def test_every_kind_of_job_can_be_called() -> None:
    for kind, target in JOB_KINDS.items():
        assert callable(import_string(target)), kind


def test_bad_facts_are_found() -> None:
    @dataclass(frozen=True)
    class PersonGreet(Fact):
        words: ClassVar[str] = "{who} was greeted"
        forgets: ClassVar[tuple[str, ...]] = ("face",)
        email: str

    @dataclass(frozen=True)
    class Silenced(Fact):
        words: ClassVar[str] = ""

    greet = {"PersonGreet": PersonGreet}
    assert len(badly_told(greet)) == 3
    assert badly_told({"Silenced": Silenced}) == ["Silenced: has no words"]
    assert personal(greet)
    assert without_line(greet, {})
    assert without_line({}, {"PersonGreeted": []})
    assert unreachable({"X": ["holdfast.nowhere.at_all"]})
    assert unreachable({"X": ["holdfast.ground.journal.events.kinds"]})
