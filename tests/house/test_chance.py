"""Time, chance and signals: the first two come in as arguments, the last are not used at all."""

from __future__ import annotations

import ast

from tests.house.tree import Module, calls, dotted, example, imports, modules, none

OUTSIDE = {"doors", "config", "connectors"}
CLOCKS = {
    *("datetime.now", "datetime.utcnow", "datetime.today", "date.today", "timezone.now"),
    *("datetime.datetime.now", "datetime.datetime.utcnow", "datetime.date.today"),
    *("time.time", "time.time_ns"),
}
CLOCKS_WITHOUT_ARGUMENT = {"localtime", "localdate", "timezone.localtime", "timezone.localdate"}
CHANCE = {"random", "secrets", "uuid.uuid4", "uuid.uuid1", "os.urandom", "numpy.random"}
SIGNALS = ("django.dispatch", "django.db.models.signals", "django.core.signals")


def clocks(found: tuple[Module, ...]) -> list[str]:
    """Looks at the clock or throws of the dice where both must come in as arguments."""
    faults = []
    for module in found:
        if module.floor in OUTSIDE or module.furniture == "jobs" or module.parts == ("__main__",):
            continue
        for call in calls(module.tree):
            name = dotted(call.func)
            unasked = name in CLOCKS_WITHOUT_ARGUMENT and not call.args
            if (
                unasked
                or name in CLOCKS
                or any(name == c or name.startswith(f"{c}.") for c in CHANCE)
            ):
                faults.append(f"{module.at(call)}: {name}()")
        for node, name in imports(module):
            if any(name == c or name.startswith(f"{c}.") for c in CHANCE):
                faults.append(f"{module.at(node)}: imports {name}")
    return faults


def signals(found: tuple[Module, ...]) -> list[str]:
    """Django signals, anywhere; a row in the database is the only way up."""
    faults = [
        f"{module.at(node)}: imports {name}"
        for module in found
        for node, name in imports(module)
        if name.startswith(SIGNALS)
    ]
    for module in found:
        for node in ast.walk(module.tree):
            decorators = node.decorator_list if isinstance(node, ast.FunctionDef) else []
            if any(dotted(d).removesuffix("()").endswith("receiver") for d in decorators):
                faults.append(f"{module.at(node)}: a signal receiver")
    return faults


def test_time_and_chance_come_in_as_arguments() -> None:
    none(clocks(modules()))


def test_clocks_and_dice_are_found() -> None:
    for code in (
        "datetime.now(UTC)",
        "timezone.now()",
        "time.time()",
        "import secrets",
        "from random import choice",
        "uuid.uuid4()",
        "from uuid import uuid4",
        "os.urandom(16)",
        "timezone.localtime()",
    ):
        assert clocks(example(code)), code
    assert not clocks(example("timezone.localtime(moment, zone)"))
    for path in ("doors/desk/recalls.py", "config/worker.py", "supply/orders/jobs.py"):
        assert not clocks(example("datetime.now(UTC)", f"src/holdfast/{path}"))


def test_nobody_uses_signals() -> None:
    none(signals(modules()))


def test_signals_are_found_everywhere() -> None:
    for path in ("doors/desk/recalls.py", "supply/orders/models.py"):
        assert signals(example("from django.dispatch import receiver", f"src/holdfast/{path}"))
        assert signals(example("from django.db.models import signals", f"src/holdfast/{path}"))
