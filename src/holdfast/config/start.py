"""Brings Django and the database up for a command, and tidies up after it.

Imports stand inside functions where they need Django, which is only up after `start`.
"""

from __future__ import annotations

import hashlib
import os
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex

import django

from holdfast.config import home as place
from holdfast.kit.refusals import Unreadable

PACKAGE = Path(__file__).resolve().parent.parent


def start() -> None:
    """Load Django, bring the schema up to date once, and found the instance if it is new."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "holdfast.config.settings")
    django.setup()
    _check_database()
    stamp = place.home() / "schema"
    wanted = _schema_fingerprint()
    if place.database_url() or not stamp.exists() or stamp.read_text() != wanted:
        with place.lock("schema"):
            _migrate()
            stamp.write_text(wanted)


def finish() -> None:
    """What follows from the facts just recorded, and a checkpoint if nobody else holds it."""
    from holdfast.config.reacting import run_reactions  # noqa: PLC0415
    from holdfast.config.storage import checkpoint  # noqa: PLC0415

    run_reactions(now=datetime.now(UTC))
    checkpoint()


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


def _schema_fingerprint() -> str:
    names = sorted(
        f"{path.parent.parent.name}/{path.name}" for path in PACKAGE.rglob("migrations/0*.py")
    )
    return hashlib.sha256(f"{django.get_version()}{names}".encode()).hexdigest()
