"""What is left out of the PostgreSQL lane: tests that no database could make come out otherwise."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection

from tests.house.tree import ROOT, none
from tests.plugins.strict import meets_a_database

# A test reaches the server of the lane by the fixture `postgres_server` alone, and nobody opens
# the database to a test that did not ask for it.
AROUND = re.compile(r"HOLDFAST_TEST_SERVER|tests\.plugins\.postgres|\.unblock\(")


def item(*fixtures: str, path: str = "tests/ground/test_x.py", marks: tuple[str, ...] = ()) -> Any:
    return SimpleNamespace(
        path=ROOT / path,
        fixturenames=fixtures,
        get_closest_marker=lambda name: name if name in marks else None,
    )


def test_a_test_that_asks_for_no_database_is_refused_one(request: pytest.FixtureRequest) -> None:
    assert not meets_a_database(request.node)
    with pytest.raises(RuntimeError, match="Database access not allowed"):
        connection.ensure_connection()


def test_whoever_asks_for_a_database_meets_both() -> None:
    for asks in ("db", "transactional_db", "postgres_server"):
        assert meets_a_database(item("tmp_path", asks)), asks
    assert meets_a_database(item("tmp_path", marks=("django_db",)))
    assert not meets_a_database(item("tmp_path", "monkeypatch"))
    assert not meets_a_database(item("db", path="tests/kit/test_x.py"))


def test_no_test_goes_around_the_fixture_to_the_server() -> None:
    none(
        [
            path.relative_to(ROOT).as_posix()
            for path in sorted((ROOT / "tests").rglob("*.py"))
            if path != Path(__file__)
            and "plugins" not in path.parts
            and AROUND.search(path.read_text("utf-8"))
        ]
    )
