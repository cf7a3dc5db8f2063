"""A home of its own for each test's trace, and files in a folder in one line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
from django.conf import LazySettings

from holdfast.kit.actors import Actor
from holdfast.kit.trace.log import Log

NOW = datetime(2026, 4, 14, 8, 5, tzinfo=UTC)
LEAD = Actor("person:1", "Lea Lead", frozenset({"lead"}), 1)
VIEWER = Actor("person:2", "Vera Viewer", frozenset({"viewer"}), 2)
Held = Callable[..., Counter[tuple[Any, ...]]]


@pytest.fixture
def home(tmp_path: Path, settings: LazySettings) -> Path:
    """The home of this test."""
    settings.HOME = tmp_path / "home"
    settings.HOME.mkdir()
    return Path(settings.HOME)


@pytest.fixture
def held(home: Path) -> Held:
    """The rows of a table that hold: `held("packings", known_at=…)`."""

    def held(table: str, known_at: datetime | None = None) -> Counter[tuple[Any, ...]]:
        con = duckdb.connect()
        Log(home / "trace").views(con, known_at=known_at)
        return Counter(con.execute(f"SELECT * FROM {table}").fetchall())

    return held


@pytest.fixture
def folder(tmp_path: Path) -> Callable[[dict[str, str]], Path]:
    """A folder with these files: `folder({"packings.csv": "container,…"})`."""

    def folder(files: dict[str, str]) -> Path:
        place = tmp_path / "events"
        place.mkdir(exist_ok=True)
        for name, text in files.items():
            (place / name).write_text(text, encoding="utf-8")
        return place

    return folder
