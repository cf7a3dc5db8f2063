"""What import-linter cannot see: keys between tables, its own completeness, and permissions."""

from __future__ import annotations

import ast
import re
import tomllib

from django.apps import apps
from django.core.management import call_command
from django.db import models

from tests.house.tree import (
    FLOORS,
    HOUSE,
    ROOM_FLOORS,
    ROOT,
    Module,
    calls,
    dotted,
    example,
    modules,
    none,
)

OPTIONAL = re.compile(r"[()]")


def floor_of(label: str) -> int:
    """How high a Django application stands; third parties stand below everything."""
    parts = label.split(".")
    return FLOORS.index(parts[1]) if parts[0] == "holdfast" and parts[1] in FLOORS else -1


def upward_keys(found: list[type[models.Model]]) -> list[str]:
    """Foreign keys from a lower floor to a higher one; a string key passes import-linter."""
    faults = []
    for model in found:
        for field in model._meta.get_fields():
            if not field.is_relation or not field.concrete or field.related_model is None:
                continue
            there = field.related_model
            here_at, there_at = floor_of(model.__module__), floor_of(there.__module__)
            if there_at > here_at:
                faults.append(f"{model._meta.label}.{field.name} → {there._meta.label}: a key up")
    return faults


def own_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("holdfast.")]


def contracts() -> dict[str, dict[str, object]]:
    """The contracts of import-linter, by id."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        found = tomllib.load(file)["tool"]["importlinter"]["contracts"]
    return {contract["id"]: contract for contract in found}


def known_permissions() -> set[str]:
    from holdfast.ground.access.permissions import PERMISSIONS

    return set(PERMISSIONS)


def unknown_permissions(found: tuple[Module, ...], known: set[str]) -> list[str]:
    """Permissions asked for that the one page of permissions does not list."""
    faults = []
    for module in found:
        for call in calls(module.tree):
            asked = dotted(call.func).rsplit(".", 1)[-1] in {"require", "may", "policy"}
            words = [a.value for a in call.args if isinstance(a, ast.Constant)] if asked else []
            faults += [
                f"{module.at(call)}: no permission {word!r}"
                for word in words
                if isinstance(word, str) and "." in word and word not in known
            ]
    return faults


def test_no_key_points_up() -> None:
    none(upward_keys(own_models()))


def test_a_key_up_is_found() -> None:
    from holdfast.decision.recalls.models import Recall

    class Low(models.Model):
        recall = models.ForeignKey(Recall, on_delete=models.CASCADE, related_name="+")

        class Meta:
            app_label = "house_example"

    Low.__module__ = "holdfast.supply.orders.models"
    try:
        assert upward_keys([Low])
        Low.__module__ = "holdfast.response.units.models"
        assert not upward_keys([Low])
    finally:
        del apps.all_models["house_example"]


def test_every_floor_and_every_room_is_under_contract() -> None:
    found = contracts()
    layers = OPTIONAL.sub("", " ".join(found["floors"]["layers"])).replace("|", " ").split()
    assert sorted(layers) == sorted([*FLOORS, "__main__"])
    order = [name for name in reversed(layers) if name in ROOM_FLOORS]
    assert order == list(ROOM_FLOORS)
    assert found["floors"]["exhaustive"] is True
    assert sorted(found["furniture"]["containers"]) == sorted(
        f"holdfast.{floor}.*" for floor in ROOM_FLOORS
    )
    folders = {path.name for path in HOUSE.iterdir() if (path / "__init__.py").exists()}
    assert folders <= set(FLOORS)


def test_no_import_is_ignored() -> None:
    for contract in contracts().values():
        assert not any(name.startswith("ignore") for name in contract), contract["id"]
        assert "exhaustive_ignores" not in contract


def test_permissions_asked_for_exist() -> None:
    none(unknown_permissions(modules(), known_permissions()))


def test_an_unknown_permission_is_found() -> None:
    assert unknown_permissions(example("require(by, 'moon.land')"), {"recall.view"})
    assert unknown_permissions(example("@policy('moon.land')\ndef f(): ..."), {"recall.view"})
    assert not unknown_permissions(example("require(by, 'recall.view')"), {"recall.view"})


def test_models_and_migrations_agree(db: None) -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
