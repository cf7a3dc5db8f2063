"""Each action is keyword-only, is told who acts and when, asks who may, and records what it did."""

from __future__ import annotations

import ast
from collections.abc import Callable

from tests.house.tree import ROOM_FLOORS, Module, calls, dotted, example, imports, modules, none

Action = tuple[Module, ast.FunctionDef]
# The mechanisms of the ground (outbox, jobs, journal) leave the asking to the actions above.
MECHANISMS = "ground"
# Insight writes nothing but its own results, which can be worked out again.
UNTOLD = {MECHANISMS, "insight"}
# A step that takes the entry of the action that called it: that action asked and recorded.
STEP = {"entry_index", "entry"}


def actions(found: tuple[Module, ...]) -> list[Action]:
    """The public functions of an `actions.py`; of a package, those that its `__all__` names."""
    offered = {
        module.parts[:2]: _offered(module)
        for module in found
        if module.parts[2:] == ("actions", "__init__")
    }
    return [
        (module, node)
        for module in found
        if module.floor in ROOM_FLOORS and module.furniture == "actions"
        for node in module.tree.body
        if isinstance(node, ast.FunctionDef)
        and not node.name.startswith("_")
        and node.name in offered.get(module.parts[:2], {node.name})
    ]


def _offered(module: Module) -> set[str]:
    for node in module.tree.body:
        if isinstance(node, ast.Assign) and dotted(node.targets[0]) == "__all__":
            return set(ast.literal_eval(node.value))
    return set()


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
        given = dict(
            zip(
                (argument.arg for argument in action.args.kwonlyargs),
                action.args.kw_defaults,
                strict=True,
            )
        )
        missing = {"by", "now"} - set(given)
        if missing:
            faults.append(f"{where}: is not told {' and '.join(sorted(missing))}")
        if given.get("now") is not None:
            faults.append(f"{where}: has a default for now")
    return faults


def _is_recorder(module: Module, action: ast.FunctionDef) -> bool:
    """`record(fact, …)` is the journal's own verb and takes the fact first."""
    return module.parts[:2] == ("ground", "journal") and action.name.startswith("record")


def policies(found: tuple[Module, ...]) -> list[str]:
    """Actions that ask nobody, neither themselves nor by an action they call."""
    asking = _reaching(found, lambda name: name.startswith(("may_", "require")))
    return _without(found, asking, {MECHANISMS}, "names no policy")


def unrecorded(found: tuple[Module, ...]) -> list[str]:
    """Actions that put nothing in the journal, nor call one that does."""
    recording = _reaching(found, lambda name: name in {"record", "record_all"})
    return _without(found, recording, UNTOLD, "leaves nothing in the journal")


def _without(found: tuple[Module, ...], able: set[str], exempt: set[str], fault: str) -> list[str]:
    return [
        f"{module.at(action)} {action.name}: {fault}"
        for module, action in actions(found)
        if module.floor not in exempt
        and action.name not in able
        and not STEP & {argument.arg for argument in action.args.kwonlyargs}
    ]


def _reaching(found: tuple[Module, ...], wanted: Callable[[str], bool]) -> set[str]:
    """Functions and classes of action modules that call what is wanted, however indirectly."""
    called = {
        (module.path, node.name): {dotted(call.func).rsplit(".", 1)[-1] for call in calls(node)}
        for module in found
        if module.furniture == "actions"
        for node in module.tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
    }
    known: set[str] = set()
    while True:
        more = {
            name
            for (_path, name), inner in called.items()
            if inner & known or any(wanted(word) for word in inner)
        }
        if more <= known:
            return known
        known |= more


def back_doors(found: tuple[Module, ...]) -> list[str]:
    """Imports from inside another room's `actions` package, past what it offers."""
    faults = []
    for module in found:
        for node, name in imports(module):
            parts = name.split(".")
            inside = len(parts) > 5 and parts[0] == "holdfast" and parts[3] == "actions"
            if inside and tuple(parts[1:3]) != module.parts[:2]:
                faults.append(f"{module.at(node)}: {name} comes from inside the room")
    return faults


def test_actions_are_told_by_keyword_who_acts_and_when() -> None:
    assert len(actions(modules())) > 20
    none(shapes(modules()))


def test_actions_ask_who_may() -> None:
    none(policies(modules()))


def test_actions_are_recorded() -> None:
    none(unrecorded(modules()))


def test_rooms_are_entered_by_what_they_offer() -> None:
    none(back_doors(modules()))


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


def test_only_what_a_package_offers_is_an_action() -> None:
    inside = example("def hold(unit): ...", ACTIONS.replace(".py", "/holding.py"))
    offers = example("__all__ = ['hold']", ACTIONS.replace(".py", "/__init__.py"))
    nothing = example("__all__ = []", ACTIONS.replace(".py", "/__init__.py"))
    assert shapes(inside + offers)
    assert not shapes(inside + nothing)


def test_actions_that_ask_nobody_are_found() -> None:
    assert policies(example("def hold(*, unit, by, now):\n    unit.save()", ACTIONS))
    asks = "def hold(*, unit, by, now):\n    require(by, 'hold.work')"
    assert not policies(example(asks, ACTIONS))


def test_actions_that_leave_no_trace_are_found() -> None:
    assert unrecorded(example("def hold(*, unit, by, now):\n    unit.save()", ACTIONS))
    leaves = "def hold(*, unit, by, now):\n    record(Held(), by=by, now=now)"
    leans = "def hold_all(*, by, now):\n    hold(unit=1, by=by, now=now)"
    step = "def hold_one(*, entry_index, by, now):\n    unit.save()"
    assert not unrecorded(example(f"{leaves}\n\n{leans}\n\n{step}", ACTIONS))


def test_back_doors_into_a_room_are_found() -> None:
    within = "from holdfast.response.units.actions.moving import shift"
    assert back_doors(example(within, "src/holdfast/doors/desk/units.py"))
    assert not back_doors(example(within, "src/holdfast/response/units/actions/entering.py"))
    assert not back_doors(
        example("from holdfast.response.units.actions import shift", "src/holdfast/doors/x/y.py")
    )
