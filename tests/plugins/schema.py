"""Databases with every table and not one row: migrated once a run, then copied by every process."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg

from tests.plugins.postgres import SERVER, database_url

RUN = "HOLDFAST_TEST_RUN"  # a folder set by the first process, inherited by xdist's workers
MIGRATE = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "holdfast.config.settings"
import django
django.setup()
from django.core.management import call_command
call_command("migrate", interactive=False, verbosity=0)
"""
Run = Callable[[Path, str | None, str], None]  # home, database, code


def begin() -> Callable[[], None] | None:
    """Make the folder of the run, unless another process has; answers how it is removed."""
    if RUN in os.environ:
        return None
    folder = Path(tempfile.mkdtemp(prefix="holdfast-run-"))
    os.environ[RUN] = str(folder)

    def end() -> None:
        del os.environ[RUN]
        if (folder / "database").exists():
            _drop(os.environ[SERVER], (folder / "database").read_text())
        shutil.rmtree(folder, ignore_errors=True)

    return end


def file_with_tables(run: Run) -> Path:
    """A folder that holds the database file of a home nobody has used."""
    with _alone() as folder:
        home = folder / "home"
        if not home.exists():
            run(folder / "made", None, MIGRATE)
            fresh = folder / "fresh"
            fresh.mkdir(mode=0o700)
            (folder / "made" / "holdfast.db").rename(fresh / "holdfast.db")
            assert not (folder / "made" / "holdfast.db-wal").exists(), "some of it is not in yet"
            fresh.rename(home)
    return home


def database_with_tables(server: str, run: Run) -> str:
    """The name of a database to give as TEMPLATE."""
    with _alone() as folder:
        kept = folder / "database"
        if not kept.exists():
            name = f"tables_{os.getpid()}"
            with psycopg.connect(server, autocommit=True) as admin:
                admin.execute(f'CREATE DATABASE "{name}"')
            run(folder / "made", database_url(server, name), MIGRATE)
            kept.write_text(name)
    return kept.read_text()


@contextlib.contextmanager
def _alone() -> Iterator[Path]:
    """The folder of the run, with no other process of it at work there."""
    folder = Path(os.environ[RUN])
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder


def _drop(server: str, name: str) -> None:
    with (
        contextlib.suppress(psycopg.OperationalError),  # a server of our own may have ended by now
        psycopg.connect(server, autocommit=True) as admin,
    ):
        admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
