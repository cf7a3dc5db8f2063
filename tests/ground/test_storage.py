"""The embedded database knows how large its tables are, so that it takes the right way in."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from holdfast.config.storage import learn_sizes

pytestmark = pytest.mark.once
ASKED = "SELECT state, SUM(n) FROM unit WHERE recall = 1 AND place = 'line:5' GROUP BY state"


@pytest.fixture
def store(tmp_path: Path) -> sqlite3.Connection:
    """Twenty thousand units of one recall, nearly all in one state, as after a confirmed scope."""
    made = sqlite3.connect(tmp_path / "units.db")
    made.execute("CREATE TABLE unit (recall INT, place TEXT, state TEXT, n INT)")
    made.execute("CREATE INDEX by_state ON unit (recall, state)")
    made.execute("CREATE UNIQUE INDEX by_place ON unit (recall, place, state)")
    rows = ((1, f"line:{n}", "no_answer", 1) for n in range(20_000))
    made.executemany("INSERT INTO unit VALUES (?, ?, ?, ?)", rows)
    made.commit()
    return made


def way_in(store: sqlite3.Connection) -> str:
    return " ".join(row[3] for row in store.execute(f"EXPLAIN QUERY PLAN {ASKED} "))


def test_one_place_is_found_by_its_place_and_not_among_all_in_its_state(
    store: sqlite3.Connection, tmp_path: Path
) -> None:
    assert learn_sizes(store.cursor(), tmp_path / "sizes")
    assert "by_place (recall=? AND place=?)" in way_in(store)
    assert store.execute("SELECT COUNT(*) FROM sqlite_stat1").fetchone()[0] == 2


def test_sizes_are_learned_again_only_after_the_file_has_changed_by_a_quarter(
    store: sqlite3.Connection, tmp_path: Path
) -> None:
    kept = tmp_path / "sizes"
    assert learn_sizes(store.cursor(), kept)
    assert not learn_sizes(store.cursor(), kept)
    rows = ((2, f"line:{n}", "held", 1) for n in range(20_000))
    store.executemany("INSERT INTO unit VALUES (?, ?, ?, ?)", rows)
    store.commit()
    assert learn_sizes(store.cursor(), kept)
    kept.write_text("not a number")
    assert learn_sizes(store.cursor(), kept)
