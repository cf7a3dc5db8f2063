"""Every state of every lifecycle can be reached, and every state that is named is in its table."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from types import ModuleType

from holdfast.kit.lifecycle import Lifecycle, Move
from tests.house.tree import modules, none

# States that a thing gets into by no move of its own table, with the reason.
ENTERED_OTHERWISE = {
    "out_of_scope": "a narrower scope takes units out, wherever they are",
}
Table = Mapping[str, tuple[str, ...]]


def unreached(where: str, table: Table, first: tuple[str, ...]) -> list[str]:
    """States no path leads to from the first ones, and targets the table does not know."""
    faults = [f"{where}: starts at {name}, which it has not" for name in set(first) - set(table)]
    targets = {target for ways in table.values() for target in ways}
    faults += [f"{where}: leads to {name}, which it has not" for name in targets - set(table)]
    reached, todo = set(first), list(first)
    while todo:
        for target in table.get(todo.pop(), ()):
            if target not in reached:
                reached.add(target)
                todo.append(target)
    lost = set(table) - reached - set(ENTERED_OTHERWISE)
    return faults + [f"{where}: nothing leads to {name}" for name in sorted(lost)]


def faults_of(module: ModuleType) -> list[str]:
    """Faults of every table in a lifecycle module: `Lifecycle` objects and `…MOVES` dicts."""
    names = vars(module)
    faults: list[str] = []
    tables = 0
    for name, value in names.items():
        where = f"{module.__name__}.{name}"
        if isinstance(value, Lifecycle):
            tables += 1
            faults += [f"{where}: nothing leads to {state}" for state in value.unreachable()]
            faults += [f"{where}: {state} leads to no end" for state in value.stuck()]
        elif name.endswith("MOVES") and isinstance(value, Mapping):
            tables += 1
            first = names.get(name.removesuffix("MOVES") + "FIRST")
            if all(isinstance(ways, Mapping) for ways in value.values()):
                for level, table in value.items():
                    faults += unreached(f"{where}[{level}]", table, _tuple(first[level]))
            elif first is not None:
                faults += unreached(where, value, _tuple(first))
            elif not _is_part(value, names):
                faults.append(f"{where}: no {name.removesuffix('MOVES')}FIRST says where it starts")
    if not tables:
        faults.append(f"{module.__name__}: holds no table")
    return faults


def _tuple(first: str | tuple[str, ...]) -> tuple[str, ...]:
    return (first,) if isinstance(first, str) else tuple(first)


def _is_part(table: object, names: Mapping[str, object]) -> bool:
    """Whether it is one level of a `MOVES` that has them all."""
    whole = names.get("MOVES")
    return isinstance(whole, Mapping) and any(part is table for part in whole.values())


def lifecycles() -> list[ModuleType]:
    return [
        importlib.import_module("holdfast." + ".".join(module.parts))
        for module in modules()
        if module.parts[-1] == "lifecycle" and module.floor != "kit"
    ]


def test_every_state_can_be_reached() -> None:
    assert lifecycles()
    none([fault for module in lifecycles() for fault in faults_of(module)])


def test_lost_states_are_found() -> None:
    def made(**names: object) -> ModuleType:
        module = ModuleType("made_up")
        vars(module).update(names)
        return module

    assert faults_of(made())
    assert faults_of(made(A_MOVES={"a": ("b",), "b": ()}))
    assert faults_of(made(A_MOVES={"a": ("b",), "b": (), "c": ()}, A_FIRST="a"))
    assert faults_of(made(A_MOVES={"a": ("z",)}, A_FIRST="a"))
    assert faults_of(made(MOVES={"x": {"a": (), "b": ()}}, FIRST={"x": "a"}))
    assert not faults_of(made(A_MOVES={"a": ("b",), "b": ()}, A_FIRST="a"))
    lost = Lifecycle("kettle", "cold", (Move("boil", ("hot",), "boiling"),), {}, ("boiling",))
    assert faults_of(made(KETTLE=lost))
