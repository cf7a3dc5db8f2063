"""Databases with every table and not one row: migrated once a process, then copied."""

from __future__ import annotations

import atexit
import contextlib
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import psycopg

from tests.plugins.postgres import database_url

MIGRATE = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "holdfast.config.settings"
import django
django.setup()
from django.core.management import call_command
call_command("migrate", interactive=False, verbosity=0)
"""
Run = Callable[[Path, str | None, str], None]  # home, database, code


def file_with_tables(run: Run) -> Path:
    """A folder that holds the database file of a home nobody has used."""
    folder = Path(tempfile.mkdtemp(prefix="holdfast-tables-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    run(folder / "made", None, MIGRATE)
    home = folder / "home"
    home.mkdir(mode=0o700)
    (folder / "made" / "holdfast.db").rename(home / "holdfast.db")
    assert not (folder / "made" / "holdfast.db-wal").exists(), "something is not in the file yet"
    return home


def database_with_tables(server: str, run: Run) -> str:
    """The name of a database to give as TEMPLATE."""
    name = f"tables_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"')
    atexit.register(_drop, server, name)
    with tempfile.TemporaryDirectory(prefix="holdfast-tables-") as home:
        run(Path(home), database_url(server, name), MIGRATE)
    return name


def _drop(server: str, name: str) -> None:
    with (
        contextlib.suppress(psycopg.OperationalError),  # a server of our own has ended by now
        psycopg.connect(server, autocommit=True) as admin,
    ):
        admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
