"""Copying a live instance into a drill's own home: tables, keys, files, trace, the DRILL marker."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from django.apps import apps
from django.core.management import call_command
from django.db import connections, models, transaction

from holdfast.kit.refusals import Forbidden
from holdfast.kit.trace.log.copying import copy_trace
from holdfast.learning.drills.rules import MARKER

AT_ONCE = 1_000
# Sign-in sessions stay behind; content types are written by migrating and used by nothing of ours.
LEFT_OUT = {"sessions.Session", "contenttypes.ContentType", "auth.Permission"}


def copy_home(*, home: Path, target: Path, ref: str, scenario: str, started_at: str) -> None:
    """Make the copy. The marker is written first, so that no half-made copy could ever send."""
    if (home / MARKER).exists():
        raise Forbidden("drill_in_drill", "This is a drill already; drills start from real data.")
    target.mkdir(mode=0o700, parents=True)
    about = {"ref": ref, "scenario": scenario, "started_at": started_at}
    (target / MARKER).write_text(json.dumps(about), encoding="utf-8")
    for key in home.glob("*.key"):
        shutil.copy2(key, target / key.name)
    if (home / "files").is_dir():
        shutil.copytree(home / "files", target / "files")
    copy_trace(home / "trace", target / "trace")
    live = connections["default"]
    if live.vendor == "sqlite":
        _vacuum(Path(str(live.settings_dict["NAME"])), target / "holdfast.db")
    else:
        _copy_rows(target / "holdfast.db")


def _vacuum(source: Path, target: Path) -> None:
    """A consistent copy while others write; copying the file itself would give a broken one."""
    with closing(sqlite3.connect(source, timeout=60)) as live:
        live.execute("VACUUM INTO ?", [str(target)])


def _copy_rows(target: Path) -> None:
    """From PostgreSQL: the same schema on an embedded file, then row by row in one snapshot."""
    alias = "drill"
    options = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(target)}
    connections.settings[alias] = connections.configure_settings(
        {"default": connections.settings["default"], alias: options}
    )[alias]
    try:
        call_command("migrate", database=alias, interactive=False, verbosity=0)
        with (
            transaction.atomic(),
            connections[alias].constraint_checks_disabled(),
            transaction.atomic(using=alias),
        ):
            with connections["default"].cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            for model in _tables():
                _copy_table(model, alias)
    finally:
        connections[alias].close()
        del connections[alias]
        del connections.settings[alias]


def _tables() -> Iterable[type[models.Model]]:
    for model in apps.get_models(include_auto_created=True):
        meta = model._meta
        if meta.managed and not meta.proxy and meta.label not in LEFT_OUT:
            yield model


def _copy_table(model: type[models.Model], alias: str) -> None:
    rows: list[models.Model] = []
    for row in model._base_manager.using("default").order_by("pk").iterator(chunk_size=AT_ONCE):
        rows.append(row)
        if len(rows) >= AT_ONCE:
            model._base_manager.using(alias).bulk_create(rows)
            rows = []
    if rows:
        model._base_manager.using(alias).bulk_create(rows)
