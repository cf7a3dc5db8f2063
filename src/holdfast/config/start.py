"""Brings Django and the database up for a command, and tidies up after it.

Imports stand inside functions where they need Django, which is only up after `start`.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex

import django

from holdfast.config import home as place
from holdfast.kit.refusals import Unreadable


def start() -> None:
    """Load Django, bring the database up to date where it is not, and found a new instance."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "holdfast.config.settings")
    django.setup()
    _check_database()
    if not _is_founded():
        with place.lock("schema"):
            _migrate()


def finish() -> None:
    """What follows from the facts just recorded, and a checkpoint if nobody else holds it."""
    from holdfast.config.reacting import run_reactions  # noqa: PLC0415
    from holdfast.config.storage import checkpoint  # noqa: PLC0415

    run_reactions(now=datetime.now(UTC))
    checkpoint()


def _is_founded() -> bool:
    """Whether the database has every migration there is, and an instance: asked in three queries.

    Of the database itself: a file beside it would go on saying so of one that was put in its place.
    """
    from django.db import DatabaseError, connection  # noqa: PLC0415

    from holdfast.ground.access.queries import is_founded  # noqa: PLC0415
    from holdfast.ground.outbox.queries import is_marked  # noqa: PLC0415

    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT app, name FROM django_migrations")
            applied = set(cursor.fetchall())
    except DatabaseError:  # not a table yet
        return False
    return applied >= _migrations() and is_founded() and is_marked()


def _migrations() -> set[tuple[str, str]]:
    """(app, name) of every migration on the disk, none of them imported."""
    from django.apps import apps  # noqa: PLC0415

    folders = [(config.label, Path(config.path, "migrations")) for config in apps.get_app_configs()]
    return {
        (label, name.removesuffix(".py"))
        for label, folder in folders
        if folder.is_dir()
        for name in os.listdir(folder)
        if name.endswith(".py") and name[0] not in "_~"
    }


def _migrate() -> None:
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415
    from django.db.migrations.executor import MigrationExecutor  # noqa: PLC0415

    from holdfast.ground.access.actions import found_instance  # noqa: PLC0415
    from holdfast.ground.outbox.actions import found_mark  # noqa: PLC0415
    from holdfast.kit.actors import SYSTEM  # noqa: PLC0415

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [0x486F6C65])
    try:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", interactive=False, verbosity=0)
        found_instance(now=datetime.now(UTC))
        found_mark(home=place.home(), mark=token_hex(16), by=SYSTEM, now=datetime.now(UTC))
    finally:
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [0x486F6C65])


def _check_database() -> None:
    from django.db import OperationalError, connection  # noqa: PLC0415

    try:
        connection.ensure_connection()
    except OperationalError as error:
        raise Unreadable(
            "database_unreachable",
            f"The database cannot be opened: {str(error).strip().splitlines()[0]}",
            hint="Check HOLDFAST_DATABASE_URL, or the rights on the home folder.",
            file=str(place.home()),
        ) from error
