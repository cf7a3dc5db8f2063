"""`bench trace` loads through the product, checks every answer, and leaves nothing behind."""

from __future__ import annotations

import shutil
from contextlib import AbstractContextManager
from hashlib import sha256
from pathlib import Path

import pytest

from holdfast.doors.cli.measuring import machine, run
from holdfast.doors.cli.measuring.peers import ENGINES, Peers, Timed
from holdfast.doors.cli.measuring.reading import spread
from holdfast.doors.cli.measuring.server import Server
from holdfast.kit.refusals import Refusal
from holdfast.kit.trace.worlds import Network
from tests.plugins.instance import tables_in_a_file

pytestmark = [pytest.mark.once, pytest.mark.xdist_group("bench")]
SIZES = ("small", "huge")


@pytest.fixture(scope="module")
def answer(tmp_path_factory: pytest.TempPathFactory) -> dict:
    home = tmp_path_factory.mktemp("bench")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run, "READING_SECONDS", 0.2)
        patch.setattr(run, "BACK_LINES", 12)
        patch.setattr(run, "WARM_RUNS", 1)
        every = Network(6_000, 2).seeds
        patch.setattr(Network, "seeds", {size: every[size] for size in SIZES})
        prepared = run._Run.prepared

        def prepared_where_tables_are(here: run._Run) -> AbstractContextManager[None]:
            shutil.copytree(tables_in_a_file(), here.home, dirs_exist_ok=True)
            return prepared(here)

        patch.setattr(run._Run, "prepared", prepared_where_tables_are)
        found = run.measure(run.Wanted(events=6_000, seed=2, home=home, form="csv"), lambda _: None)
    assert list(home.iterdir()) == []
    return found


def test_it_says_what_the_contract_asks_for(answer: dict) -> None:
    for name in ("events", "load_seconds", "rss_mb", "disk_mb"):
        assert answer[name] > 0, name
    for row in answer["traces"]:
        assert {"seed", "engine", "lines", "customers", "warm_ms", "cold_ms", "agrees"} <= {*row}


def test_every_size_is_traced_by_all_engines_and_all_agree(answer: dict) -> None:
    asked = [(row["seed"], row["engine"]) for row in answer["traces"]]
    assert sorted(asked) == sorted((s, e) for s in SIZES for e in ("holdfast", *ENGINES))
    assert [row["agrees"] for row in answer["traces"]] == [True] * len(asked)
    assert all(row["lines"] and row["customers"] for row in answer["traces"])


def test_workers_answer_alone_and_while_an_import_writes(answer: dict) -> None:
    shared = answer["several_processes"]
    assert shared["alone"]["answers_per_second"] > 0
    assert shared["while_importing"]["answers_per_second"] > 0
    assert shared["while_importing"]["imported_events"] == 5_000


def test_a_reference_that_differs_is_said(tmp_path: Path) -> None:
    here = run._Run(run.Wanted(6_000, 2, tmp_path, memory="1GB"), tmp_path, lambda _: None)
    nothing = {"lots": 1, "logistic_units": 0, "sessions": 0, "lines": 0, "customers": 0}
    same = dict.fromkeys(("confirmed_sha256", "open_sha256"), sha256(b"").hexdigest())
    row: dict = {"seed": "small", "key": "lot:A", **nothing, **same}
    others = [row | {"open_sha256": "0" * 64}, row | {"lines": 1}, row | {"sessions": 1}]
    here.check([row, *others])
    assert [one["agrees"] for one in (row, *others)] == [True, False, False, False]


def test_a_server_that_cannot_be_had_is_a_row_that_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = run._Run(run.Wanted(6_000, 2, tmp_path, postgres="none"), tmp_path, lambda _: None)
    rows = [{"seed": "small", "key": "lot:A", "engine": "holdfast"}]
    here.compare(rows)
    assert [row.get("why") for row in rows] == [None, "--postgres none", "--postgres none"]
    monkeypatch.setattr("holdfast.doors.cli.measuring.server._bundled", lambda: None)
    monkeypatch.setattr("holdfast.doors.cli.measuring.server._installed", lambda: None)
    with pytest.raises(Exception, match="no local installation"):
        Server(tmp_path / "postgresql")


def test_a_command_that_refuses_ends_the_run_with_its_words(tmp_path: Path) -> None:
    here = run._Run(run.Wanted(6_000, 2, tmp_path), tmp_path, lambda _: None)
    shutil.copytree(tables_in_a_file(), here.home, dirs_exist_ok=True)
    with pytest.raises(Refusal, match="nowhere"):
        here.holdfast("import", "events", str(tmp_path / "nowhere"))


def test_99_of_100_stay_below_the_p99() -> None:
    assert spread([float(n) for n in range(1, 201)]) == {
        "p50_ms": 100.5,
        "p99_ms": 199.0,
        "max_ms": 200.0,
    }
    assert spread([]) == {}


def test_the_size_of_a_folder_is_that_of_its_files(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "file").write_bytes(b"x" * 1_000_000)
    assert 0.9 < machine.size_mb(tmp_path) < 1.1
    assert machine.forget(tmp_path) is True


@pytest.mark.parametrize(
    ("found", "cold", "why"),
    [
        (Timed(3, 2, ("a", "b"), warm_ms=700.0), 4.0, None),
        (Timed(3, 2, ("a", "b"), warm_ms=900.0), None, None),
        (Timed(why="no answer within 8 s, stopped"), None, "no answer within 8 s, stopped"),
    ],
)
def test_what_postgresql_does_not_answer_in_time_is_said_and_what_is_slow_is_not_asked_cold(
    tmp_path: Path, found: Timed, cold: float | None, why: str | None
) -> None:
    class Asked(Peers):
        def ask(self, *_: object) -> Timed:
            return found

        def ask_once(self, *_: object) -> float:
            return 4.0

    here = run._Run(run.Wanted(6_000, 2, tmp_path, patience=8), tmp_path, lambda _: None)
    ours = {"seed": "small", "key": "lot:A", "confirmed_sha256": "a", "open_sha256": "b"}
    row = here.asked(Asked("", print, 8), next(iter(ENGINES)), ours, lambda: True)
    assert (row["cold_ms"], row.get("why")) == (cold, why)
    assert row["agrees"] is (None if why else True)


def test_after_one_that_was_stopped_only_the_last_one_is_asked_and_the_others_say_so(
    tmp_path: Path,
) -> None:
    asked: list[str] = []

    class Slow(Peers):
        def ask(self, _engine: str, lot: str, _times: int) -> Timed:
            asked.append(lot)
            quick = Timed(3, 2, ("a", "b"), warm_ms=1.0, runs=5)
            return quick if lot == "A" else Timed(why=f"{run.NO_ANSWER} 8 s, stopped")

    here = run._Run(run.Wanted(6_000, 2, tmp_path, patience=8), tmp_path, lambda _: None)
    same = {"confirmed_sha256": "a", "open_sha256": "b"}
    seeds = [{"seed": f"seed {name}", "key": f"lot:{name}", **same} for name in "ABCD"]
    rows = list(here.of_all(Slow("", print, 8), next(iter(ENGINES)), seeds, None))
    assert asked == ["A", "B", "D"]
    assert [row.get("why") for row in rows] == [
        None,
        "no answer within 8 s, stopped",
        "not asked, seed B had no answer within 8 s",
        "no answer within 8 s, stopped",
    ]
    assert rows[0]["warm_runs"] == 5
