"""Thousands of short lives of the sender, killed between any two steps.

The database, the flight record and the sender are the real ones; only the wire is simulated, step
by step, with a server that counts, so that a death can fall between any two of them.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import random
import tempfile
import threading
from collections import Counter, deque
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from holdfast.ground.journal.models import Entry
from holdfast.ground.outbox import jobs
from holdfast.ground.outbox.actions import (
    Planned,
    move_wave,
    open_wave,
    plan_messages,
    release_skeleton,
    suppress_messages,
    withdraw_skeleton,
)
from holdfast.ground.outbox.flight import Ended
from holdfast.ground.outbox.mime import Letterhead
from holdfast.ground.outbox.models import Message, Wave
from holdfast.ground.outbox.queries import counts, unfinished
from holdfast.ground.outbox.worker import Worker
from holdfast.kit.actors import SYSTEM
from tests.plugins.chance import examples

pytestmark = pytest.mark.django_db
_numbers = itertools.count(1)
HEAD = Letterhead("recall@shop.example", "Lumen & Vale")
PARTS = {"subject": ["Stop"], "text": ["Dear ", {"slot": "name"}, "\nstop using it.\n"]}


def now() -> datetime:
    return datetime.now(UTC)


class Killed(BaseException):
    """The process is gone: nothing more of it runs."""


class Server:
    """Counts every copy that arrived whole, whatever it then said."""

    def __init__(self, chance: random.Random, manner: dict[str, float]) -> None:
        self.chance, self.manner = chance, manner
        self.copies: Counter[str] = Counter()
        self.answered: set[str] = set()

    def take(self, address: str) -> tuple[str, int, str]:
        """Outcome, code and words for one complete message."""
        if address.startswith("nobody"):
            return "permanent", 550, "550 5.1.1 no such mailbox"
        draw = self.chance.random()
        for name, share in self.manner.items():
            if draw < share:
                if name == "busy":
                    return "transient", 451, "451 busy"
                self.copies[address] += name == "silent_taken"
                return "unknown", 0, "no answer"
            draw -= share
        self.copies[address] += 1
        self.answered.add(address)
        return "accepted", 250, "250 2.0.0 ok"


class Wire:
    """A carrier that does one step a turn and may die between any two."""

    sender, retry_for, trouble, down_for = HEAD.sender, 3600.0, None, 0.0

    def __init__(self, server: Server, flight: Any, steps: Any, lines: int = 3) -> None:
        self.server, self.flight, self.steps, self.lines = server, flight, steps, lines
        self.waiting: deque[tuple[Any, str]] = deque()
        self.in_air: list[tuple[Any, str]] = []
        self.is_dead = False

    def put(self, parcels: Iterable[tuple[Any, str, bytes]]) -> None:
        self.waiting += [(key, address) for key, address, _ in parcels]

    def turn(self, timeout: float) -> list[Ended]:
        self._step()
        while self.waiting and len(self.in_air) < self.lines:
            key, address = self.waiting.popleft()
            self.flight.begin(key)
            self._step()
            self.flight.flush()
            self._step()
            self.in_air.append((key, address))
        if not self.in_air:
            return []
        key, address = self.in_air.pop(0)
        outcome, code, reply = self.server.take(address)
        self._step()
        ended = Ended(key, outcome, code, reply)
        self.flight.end(ended)
        self._step()
        self.flight.flush()
        self._step()
        return [ended]

    def _step(self) -> None:
        if next(self.steps, None) == "die":
            self.is_dead = True
            raise Killed

    def take_back(self) -> list[Any]:
        back = [key for key, _ in self.waiting]
        self.waiting.clear()
        return back

    def close(self) -> None:
        pass


class Mortal(jobs.Sender):
    """A sender that cleans nothing up when it was killed."""

    def _put_down(self) -> None:
        if not self.carrier.is_dead:  # type: ignore[attr-defined]
            super()._put_down()


def make_wave(people: Iterable[str], *, version: str = "1") -> Wave:
    ref = f"R-{next(_numbers)}"
    skeleton = release_skeleton(
        recall=ref, language="en", channel="email", text_sha256=version, parts=PARTS,
        by=SYSTEM, now=now(),
    )  # fmt: skip
    wave = open_wave(recall=ref, number=1, channel="email", by=SYSTEM, now=now())
    planned = [
        Planned(f"customer:{n}", address, skeleton.pk, f"<{ref}.{n}@x>", {"name": f"P{n}"})
        for n, address in enumerate(people)
    ]
    plan_messages(wave=wave, planned=planned, by=SYSTEM, now=now())
    wave = move_wave(wave=wave, move="launch", ramp_percent=100, by=SYSTEM, now=now())
    return move_wave(wave=wave, move="finish_ramp", by=SYSTEM, now=now())


def live(
    wave: Wave, server: Server, home: Path, steps: Iterable[str] = (), *, window: int = 8
) -> str:
    """One life of a sender; gives why it ended, or `killed`."""
    wave.refresh_from_db()
    worker = Worker("host", "boot", 1, str(next(_numbers)))
    flight = jobs.flight_for(home, worker)
    wire = Wire(server, flight, iter(steps))
    sender = Mortal(
        wave=wave, carrier=wire, flight=flight, worker=worker, letterhead=HEAD,
        fill=lambda row: row.values, home=home, alone=True, hold=timedelta(0), window=window,
    )  # fmt: skip
    try:
        return sender.run(threading.Event())
    except Killed:
        os.close(flight._file)  # what it had not yet written is lost with it
        return "killed"


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    from holdfast.ground.outbox import rules

    monkeypatch.setattr(rules, "FIRST_PAUSE", timedelta(0))


def identity_holds(ref: str) -> dict[str, int]:
    found = counts(ref)
    states = ("accepted", "failed", "suppressed", "ambiguous", "queued", "attempting")
    assert found["planned"] == sum(found[state] for state in states)
    return found


LIVES = st.lists(st.integers(0, 90), min_size=0, max_size=6)
MANNERS = st.fixed_dictionaries(
    {},
    optional={
        "busy": st.sampled_from([0.1, 0.4]),
        "silent_taken": st.sampled_from([0.05, 0.3]),
        "silent_lost": st.sampled_from([0.05, 0.3]),
    },
)


@settings(max_examples=examples(40), deadline=None, suppress_health_check=list(HealthCheck))
@given(lives=LIVES, manner=MANNERS, seed=st.integers(0, 1 << 20), window=st.sampled_from([1, 3, 8]))
def test_whatever_kills_it_nobody_is_lost_and_second_copies_are_listed(
    lives: list[int], manner: dict[str, float], seed: int, window: int
) -> None:
    people = [f"nobody{n}@x.org" if n % 9 == 8 else f"c{n}@x.org" for n in range(20)]
    server = Server(random.Random(seed), manner)
    wave = make_wave(people)
    with tempfile.TemporaryDirectory() as folder:
        for steps in lives:
            live(wave, server, Path(folder), [*["go"] * steps, "die"], window=window)
            identity_holds(wave.recall)
        assert live(wave, server, Path(folder), window=window) == "done"
    found = identity_holds(wave.recall)
    assert found["planned"] == 20
    assert found["queued"] == found["attempting"] == 0
    rows = {row.address: row for row in Message.objects.filter(recall=wave.recall)}
    for address, row in rows.items():
        copies = server.copies[address]
        assert copies <= 2
        if copies == 2:
            assert row.is_listed_ambiguous
        if row.state == "accepted":
            assert address in server.answered
        if row.state == "ambiguous":
            assert row.unclear == 2
        assert (row.state == "failed") == address.startswith("nobody") or row.unclear
    assert found["listed_ambiguous"] == sum(row.unclear > 0 for row in rows.values())


def test_without_a_record_everything_of_the_window_is_unclear(tmp_path: Path) -> None:
    """After a power cut, what is missing in the record proves nothing."""
    server = Server(random.Random(1), {})
    wave = make_wave([f"c{n}@x.org" for n in range(20)])
    assert live(wave, server, tmp_path, ["go"] * 6 + ["die"]) == "killed"
    for path in (tmp_path / "flights").iterdir():
        path.unlink()
    assert live(wave, server, tmp_path) == "done"
    found = identity_holds(wave.recall)
    assert found["accepted"] == 20
    assert found["listed_ambiguous"] == 8


def test_a_pause_lets_at_most_one_window_go(tmp_path: Path) -> None:
    server = Server(random.Random(1), {})
    wave = make_wave([f"c{n}@x.org" for n in range(100)])
    count = itertools.count()

    def steps() -> Iterable[str]:
        for _ in count:
            if len(server.answered) == 30:
                move_wave(wave=wave, move="pause", reason="stop", by=SYSTEM, now=now())
                break
            yield "go"
        while True:
            yield "go"

    assert live(wave, server, tmp_path, steps(), window=10) == "paused"
    assert 30 <= len(server.answered) <= 40
    found = identity_holds(wave.recall)
    assert found["accepted"] == len(server.answered)
    assert found["queued"] == 100 - found["accepted"]
    move_wave(wave=wave, move="resume", by=SYSTEM, now=now())
    assert live(wave, server, tmp_path) == "done"
    assert set(server.copies.values()) == {1}
    assert len(server.copies) == 100


def test_a_withdrawn_text_is_not_sent_and_a_new_one_is(tmp_path: Path) -> None:
    server = Server(random.Random(1), {})
    wave = make_wave([f"c{n}@x.org" for n in range(5)])
    withdraw_skeleton(recall=wave.recall, language="en", channel="email", by=SYSTEM, now=now())
    assert live(wave, server, tmp_path) == "blocked"
    assert not server.copies
    release_skeleton(
        recall=wave.recall, language="en", channel="email", text_sha256="2", parts=PARTS,
        by=SYSTEM, now=now(),
    )  # fmt: skip
    assert live(wave, server, tmp_path) == "done"
    assert len(server.copies) == 5
    texts = Message.objects.filter(recall=wave.recall).values_list(
        "skeleton__text_sha256", flat=True
    )
    assert set(texts) == {"2"}


def test_a_withdrawn_wave_never_sends_the_rest(tmp_path: Path) -> None:
    server = Server(random.Random(1), {})
    wave = make_wave(["c1@x.org"])
    move_wave(wave=wave, move="withdraw", reason="wrong lot", by=SYSTEM, now=now())
    assert live(wave, server, tmp_path) == "withdrawn"
    assert not server.copies


def test_who_is_taken_out_gets_nothing(tmp_path: Path) -> None:
    server = Server(random.Random(1), {})
    wave = make_wave(["c0@x.org", "c1@x.org"])
    taken = suppress_messages(
        wave=wave, recipients=["customer:1"], reason="answered", by=SYSTEM, now=now()
    )
    assert taken == 1
    assert live(wave, server, tmp_path) == "done"
    assert dict(server.copies) == {"c0@x.org": 1}
    assert identity_holds(wave.recall)["suppressed"] == 1


def test_no_plan_of_the_database_claims_more_than_was_asked_for() -> None:
    """PostgreSQL may ask a sub-select anew for every row, each time for others that are free."""
    wave = make_wave([f"c{n}@x.org" for n in range(20)])
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for way in ("hashjoin", "mergejoin", "hashagg", "sort", "material", "memoize"):
                cursor.execute(f"SET LOCAL enable_{way} = off")
    window = jobs.claim_window(wave=wave, most=3, worker="a/b/1/1/", by=SYSTEM, now=now())
    assert len(window.rows) == 3
    assert counts(wave.recall)["attempting"] == 3


def test_a_late_worker_changes_nothing(tmp_path: Path) -> None:
    """Its lease ran out and another took over: what it says then is refused."""
    wave = make_wave([f"c{n}@x.org" for n in range(3)])
    moment = now()
    window = jobs.claim_window(wave=wave, most=3, worker="a/b/1/1/", by=SYSTEM, now=moment)
    claimed = {row.key: row for row in window.rows}
    jobs.recover_attempts(
        wave=wave, dead="a/b/1/1/", endings={}, is_complete=False,
        retry_for=timedelta(hours=1), by=SYSTEM, now=moment,
    )  # fmt: skip
    assert counts(wave.recall)["ambiguous"] == 3
    before = Entry.objects.count()
    jobs.settle_window(
        wave=wave, endings=[Ended(key, "accepted", 250, "250 ok") for key in claimed],
        claimed=claimed, worker="a/b/1/1/", retry_for=timedelta(hours=1), by=SYSTEM, now=moment,
    )  # fmt: skip
    assert counts(wave.recall)["ambiguous"] == 3
    assert Entry.objects.count() == before


def test_every_delivery_is_in_the_journal_and_no_address_is(tmp_path: Path) -> None:
    server = Server(random.Random(1), {})
    wave = make_wave([f"c{n}@x.org" for n in range(12)])
    live(wave, server, tmp_path)
    entries = list(Entry.objects.filter(subject=wave.recall, kind="DeliveriesSettled"))
    told = [row for entry in entries for row in entry.fields["deliveries"]]
    assert {row[0] for row in told} == {f"<{wave.recall}.{n}@x>" for n in range(12)}
    assert {row[1] for row in told} == {"accepted"}
    assert not any("@x.org" in entry.payload for entry in entries)


def test_planning_again_changes_nothing() -> None:
    wave = make_wave(["c0@x.org", "c1@x.org"])
    skeleton = Message.objects.filter(recall=wave.recall).values_list("skeleton", flat=True)[0]
    planned = [Planned(f"customer:{n}", "c@x", skeleton, f"<again{n}@x>") for n in range(3)]
    assert plan_messages(wave=wave, planned=planned, by=SYSTEM, now=now()) == 1
    assert Message.objects.get(recall=wave.recall, recipient="customer:0").address == "c0@x.org"
    assert unfinished(wave) == 3


def test_too_many_failures_in_the_first_ones_stop_the_wave(tmp_path: Path) -> None:
    server = Server(random.Random(1), {})
    wave = make_wave([f"nobody{n}@x.org" if n % 4 == 0 else f"c{n}@x.org" for n in range(200)])
    Wave.objects.filter(pk=wave.pk).update(state="ramping", ramp_percent=2)
    assert live(wave, server, tmp_path) == "paused"
    found = identity_holds(wave.recall)
    assert found["accepted"] + found["failed"] == 20
    wave.refresh_from_db()
    assert "failed" in wave.reason


def test_the_first_ones_go_out_and_then_the_rest(tmp_path: Path) -> None:
    server = Server(random.Random(1), {})
    wave = make_wave([f"c{n}@x.org" for n in range(60)])
    Wave.objects.filter(pk=wave.pk).update(state="ramping", ramp_percent=2)
    assert live(wave, server, tmp_path) == "done"
    assert identity_holds(wave.recall)["accepted"] == 60


def test_a_message_that_cannot_be_written_fails_alone(tmp_path: Path) -> None:
    server = Server(random.Random(1), {})
    wave = make_wave(["c0@x.org", "c1@x.org"])
    Message.objects.filter(recall=wave.recall, recipient="customer:0").update(values=["no", "map"])
    with contextlib.suppress(AssertionError):
        assert live(wave, server, tmp_path) == "done"
    assert server.copies == {"c1@x.org": 1}
    assert identity_holds(wave.recall)["failed"] == 1
