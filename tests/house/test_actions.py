"""Each action is keyword-only, is told who acts and when, asks who may, and records what it did."""

from __future__ import annotations

import ast

from tests.house.tree import ROOM_FLOORS, Module, calls, dotted, example, modules, none

# Actions below the recall that have no policy of their own: the action that calls them has asked.
MECHANISM_FLOOR = "ground"


def actions(found: tuple[Module, ...]) -> list[tuple[Module, ast.FunctionDef]]:
    """The public functions of `actions.py` and of the files in `actions/`."""
    return [
        (module, node)
        for module in found
        if module.floor in ROOM_FLOORS and module.furniture == "actions"
        for node in module.tree.body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    ]


def shapes(found: tuple[Module, ...]) -> list[str]:
    """Actions that take arguments by position, or are not told who acts and when."""
    faults = []
    for module, action in actions(found):
        where = f"{module.at(action)} {action.name}"
        by_position = [*action.args.posonlyargs, *action.args.args]
        if _is_recorder(module, action):
            by_position = by_position[1:]
        if by_position:
            faults.append(f"{where}: {by_position[0].arg} can be given by position")
        given = {argument.arg for argument in action.args.kwonlyargs}
        missing = {"by", "now"} - given
        if missing:
            faults.append(f"{where}: is not told {' and '.join(sorted(missing))}")
        if action.args.kw_defaults:
            for argument, default in zip(
                action.args.kwonlyargs, action.args.kw_defaults, strict=True
            ):
                if argument.arg == "now" and default is not None:
                    faults.append(f"{where}: has a default for now")
    return faults


def _is_recorder(module: Module, action: ast.FunctionDef) -> bool:
    """`record(fact, …)` is the journal's own verb and takes the fact first."""
    return module.parts[:2] == ("ground", "journal") and action.name.startswith("record")


def policies(found: tuple[Module, ...]) -> list[str]:
    """Actions that ask nobody; the mechanisms of the ground leave that to their callers."""
    helpers = _askers(found)
    return [
        f"{module.at(action)} {action.name}: names no policy"
        for module, action in actions(found)
        if module.floor != MECHANISM_FLOOR
        and not any(_asks(call) or dotted(call.func) in helpers for call in calls(action))
    ]


def _asks(call: ast.Call) -> bool:
    name = dotted(call.func).rsplit(".", 1)[-1]
    return name == "require" or name.startswith(("may_", "require_", "ask_may_"))


def _askers(found: tuple[Module, ...]) -> set[str]:
    """Functions inside action modules that ask, and actions that others may lean on."""
    known: set[str] = set()
    while True:
        more = {
            node.name
            for module in found
            if module.furniture == "actions"
            for node in module.tree.body
            if isinstance(node, ast.FunctionDef)
            and any(_asks(call) or dotted(call.func) in known for call in calls(node))
        }
        if more <= known:
            return known
        known |= more


def unrecorded(found: tuple[Module, ...]) -> list[str]:
    """Actions above the ground that put nothing in the journal, nor call one that does."""
    known: set[str] = set()
    while True:
        more = {
            node.name
            for module in found
            if module.furniture == "actions"
            for node in module.tree.body
            if isinstance(node, ast.FunctionDef)
            and any(
                dotted(call.func).rsplit(".", 1)[-1] in known | {"record"} for call in calls(node)
            )
        }
        if more <= known:
            break
        known |= more
    return [
        f"{module.at(action)} {action.name}: leaves nothing in the journal"
        for module, action in actions(found)
        if module.floor != MECHANISM_FLOOR and action.name not in known
    ]


def test_actions_are_told_by_keyword_who_acts_and_when() -> None:
    none(shapes(modules()))


def test_actions_ask_who_may() -> None:
    none(policies(modules()))


def test_actions_are_recorded() -> None:
    none(unrecorded(modules()))


ACTIONS = "src/holdfast/response/units/actions.py"


def test_actions_of_another_shape_are_found() -> None:
    for code in (
        "def hold(unit, *, by, now): ...",
        "def hold(*, unit, now): ...",
        "def hold(*, unit, by): ...",
        "def hold(*, unit, by, now=None): ...",
    ):
        assert shapes(example(code, ACTIONS)), code
        assert shapes(example(code, ACTIONS.replace(".py", "/holding.py"))), code
    assert not shapes(example("def hold(*, unit, by, now): ...", ACTIONS))
    assert not shapes(example("def _lock(unit): ...", ACTIONS))


def test_actions_that_ask_nobody_are_found() -> None:
    assert policies(example("def hold(*, unit, by, now):\n    unit.save()", ACTIONS))
    asks = "def hold(*, unit, by, now):\n    require(by, 'hold.work')"
    assert not policies(example(asks, ACTIONS))


def test_actions_that_leave_no_trace_are_found() -> None:
    assert unrecorded(example("def hold(*, unit, by, now):\n    unit.save()", ACTIONS))
    leaves = "def hold(*, unit, by, now):\n    record(Held(), by=by, now=now)"
    leans = "def hold_all(*, by, now):\n    hold(unit=1, by=by, now=now)"
    assert not unrecorded(example(f"{leaves}\n\n{leans}", ACTIONS))
