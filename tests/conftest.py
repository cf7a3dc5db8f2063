"""The database of the tests in this process begins as a copy of one with every table."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.plugins.instance import tables_in_a_file, tables_on_a_server

# A process that runs alone is as quick with its own migrations as with a copy of others'.
COPIES = "PYTEST_XDIST_WORKER" in os.environ


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, postgres_server: str | None
) -> Iterator[None]:
    """Django makes its test database as ever, and finds that nothing is left to migrate."""
    from django.db import connection

    if not COPIES:
        yield
    elif postgres_server:
        connection.settings_dict["TEST"]["TEMPLATE"] = tables_on_a_server(postgres_server)
        yield
    else:
        name = connection.creation._get_test_db_name()
        with closing(sqlite3.connect(name, uri=True)) as kept:  # it is gone with its last user
            copy(tables_in_a_file() / "holdfast.db", kept)
            yield


def copy(file: Path, to: sqlite3.Connection) -> None:
    """Every table of the file."""
    with closing(sqlite3.connect(file)) as model:
        model.backup(to)
