"""Publishing: what came in is in the next answer, readers keep theirs, nothing is left over."""

from __future__ import annotations

import shutil
import threading
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from holdfast.kit.trace import publishing
from holdfast.kit.trace.log import Log
from holdfast.kit.trace.published import texts
from holdfast.kit.trace.values import Certainty
from tests.kit.trace.worlds import tables_of, when

pytestmark = pytest.mark.once

FIRST, SECOND = (datetime(2026, 4, day, tzinfo=UTC) for day in (1, 2))


def lines(*names: str) -> dict:
    return tables_of({
        "order_lines": [
            {"line": name, "order": "O", "customer": name, "sku": "S", "lot": "L", "container": "",
             "site": "A", "shipped_at": when(1), "quantity": Decimal(1)} for name in names
        ]
    })  # fmt: skip


def count_of(trace: object) -> int:
    return trace.forward(["L"]).in_scope.lines  # type: ignore[attr-defined]


@pytest.fixture
def log(tmp_path: Path) -> Log:
    log = Log(tmp_path / "trace")
    log.append(lines("a", "b"), source="events", received_at=FIRST)
    return log


def test_an_answer_holds_all_that_came_and_an_older_one_stays_as_it_was(
    log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert publishing.open_published(log) is None
    first = publishing.open_fresh(log)
    assert count_of(first) == 2
    log.append(lines("c"), source="events", received_at=SECOND)
    assert not publishing.is_fresh(log)
    assert count_of(publishing.open_published(log)) == 2  # what was built last answers meanwhile
    assert count_of(publishing.open_fresh(log)) == 3
    assert publishing.publish(log) == log.manifest().published
    log.append(lines("d"), source="events", received_at=SECOND)
    publishing.publish(log)
    # Its files are gone from the folder, not from who has them open.
    assert count_of(first) == 2
    names = first.forward(["L"])
    assert names.line_names(Certainty.CONFIRMED) == [b"a", b"b"]
    with monkeypatch.context() as patch:
        patch.setattr(texts, "MANY", 0)
        assert names.line_names(Certainty.CONFIRMED) == [b"a", b"b"]
    kept = [path.name for path in (log.folder / "published").iterdir() if path.is_dir()]
    assert len(kept) <= 2
    assert log.manifest().published in kept


def test_what_was_known_at_a_moment_can_be_asked_later(log: Log) -> None:
    log.append(lines("c"), source="events", received_at=SECOND)
    assert count_of(publishing.open_known_at(log, FIRST)) == 2
    assert count_of(publishing.open_known_at(log, SECOND)) == 3


def test_a_published_folder_that_was_lost_is_built_again(log: Log) -> None:
    name = publishing.publish(log)
    shutil.rmtree(log.folder / "published" / name)
    assert publishing.open_published(log) is None
    assert count_of(publishing.open_fresh(log)) == 2
    (log.folder / "published" / name / "row.npy").unlink()
    assert count_of(publishing.open_fresh(log)) == 2


def test_readers_that_race_a_writer_see_one_state_or_the_other(log: Log) -> None:
    publishing.publish(log)
    seen: list[list[int]] = []
    faults: list[BaseException] = []
    over = threading.Event()

    def read() -> None:
        own: list[int] = []
        seen.append(own)
        try:
            while not over.is_set():
                own.append(count_of(publishing.open_published(log)))
        except BaseException as error:  # a thread tells nobody by itself
            faults.append(error)

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for number in range(4):
        log.append(lines(f"late-{number}"), source="events", received_at=SECOND)
        publishing.publish(log)
    over.set()
    for reader in readers:
        reader.join()
    assert faults == []
    for own in seen:  # nobody sees less than what they saw before
        assert own == sorted(own)
        assert set(own) <= {2, 3, 4, 5, 6}
    assert count_of(publishing.open_published(log)) == 6


@pytest.mark.parametrize("name", ["row.npy", "lots.arrow", "line.arrow"])
def test_a_published_file_that_was_cut_short_is_seen_when_opened_and_built_again(
    log: Log, name: str
) -> None:
    place = log.folder / "published" / publishing.publish(log)
    (place / name).write_bytes((place / name).read_bytes()[:7])
    assert publishing.open_published(log) is None
    assert count_of(publishing.open_fresh(log)) == 2


def test_building_that_ran_out_of_memory_begins_again_with_more(
    log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = []
    build = publishing.build

    def watched(con: object, *rest: object) -> None:
        given.append(con.execute("SELECT current_setting('memory_limit')").fetchall()[0][0])
        build(con, *rest)

    monkeypatch.setattr(publishing, "BUILDING", 1_000_000)
    monkeypatch.setattr(publishing, "build", watched)
    assert count_of(publishing.open_fresh(log)) == 2
    assert len(given) > 1, given
    assert not list((log.folder / "published").glob(".*"))
