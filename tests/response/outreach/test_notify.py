"""`holdfast recall notify` from outside: gates, one sender at a time, copies of a home, numbers."""

from __future__ import annotations

import csv
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from holdfast.ground.outbox.place import read_marker, write_marker
from tests.plugins.instance import Instance, instances, run_process
from tests.response.outreach.killer import POINTS
from tests.sending import (
    REF,
    SEND,
    exported,
    mail_server,
    prepare,
    release,
    run_code,
    settle_up,
)

STATES = ("accepted", "failed", "suppressed", "ambiguous", "queued", "attempting")


@pytest.fixture(scope="module")
def prepared(
    tmp_path_factory: pytest.TempPathFactory, postgres_server: str | None
) -> Iterator[Instance]:
    """Sixty people to tell; nothing is sent from here."""
    folder = tmp_path_factory.mktemp("prepared")
    with instances(folder, postgres_server) as make:
        made = make()
        made.env["HOLDFAST_PUBLIC_URL"] = "http://127.0.0.1:1"
        prepare(made, folder, 60)
        yield made


@pytest.fixture
def ready(prepared: Instance, new_instance: Callable[..., Instance]) -> Instance:
    """Sixty people to tell, of a shop whose pages do not answer: nobody listens on port 1."""
    made = new_instance(like=prepared)
    made.env["HOLDFAST_PUBLIC_URL"] = prepared.env["HOLDFAST_PUBLIC_URL"]
    marker = read_marker(prepared.home)
    assert marker is not None
    assert marker.entries == 0, "something was sent from the model"
    write_marker(made.home, marker.mark)  # it is to be no copy: a copy sends nothing
    return made


def test_every_person_is_told_once_and_the_export_says_so(ready: Instance, tmp_path: Path) -> None:
    with mail_server(tmp_path, keep_text=True) as server:
        found = ready.json(*SEND, HOLDFAST_SMTP_URL=server.url)
        assert found["planned"] == found["accepted"] == 60
        assert found["workers"] == 1
        assert found["state"] == "done"
        again = ready.json(*SEND, HOLDFAST_SMTP_URL=server.url)
        assert {name: again[name] for name in STATES} == {name: found[name] for name in STATES}
        rows = exported(ready, tmp_path)
        assert list(rows[0]) == (
            "recipient,channel,wave,message_id,state,attempts,listed_ambiguous,"
            "first_attempt_at,last_attempt_at,provider_reply"
        ).split(",")
        assert len({row["message_id"] for row in rows}) == 60
        assert server.stop()["messages"] == server.summary["distinct_texts"] == 60
        assert server.summary["smallest_bytes"] > 2048
        account = settle_up(rows, server, 60)
    assert (account.lost, account.unlisted, account.listed) == ([], [], 0)
    # A row names a person as the server knows them, so that its log can be held against the rows.
    assert {row["recipient"] for row in rows} == {to for to, _id, _digest in server.received()}


def test_gates_that_are_not_green_are_named_and_nothing_changes(
    ready: Instance, tmp_path: Path
) -> None:
    before = ready.json("doctor", expect=None)
    with mail_server(tmp_path) as server:
        words = ["recall", "notify", REF, "--send", "--ramp", "100"]
        refused = ready.json(*words, expect=3, HOLDFAST_SMTP_URL=server.url)["error"]
        assert refused["code"] == "gates"
        red = {gate["gate"] for gate in refused["gates"] if gate["state"] == "red"}
        assert {"page", "links", "test"} <= red
        after = ready.json("doctor", expect=None)
        assert after["journal"] == before["journal"]
        assert after["tables"] == before["tables"]
        ready.json(*words, "--waive", "page", expect=2, HOLDFAST_SMTP_URL=server.url)
        ready.json(*words, "--waive", "moon=full", expect=2, HOLDFAST_SMTP_URL=server.url)
        assert not server.received()
    ready.json(*SEND, expect=3)  # no mail server is named: no reason helps
    server_gate = ["--waive", "server=it will do"]
    for url, reason in (
        ("bogus", "expected smtp"),
        ("smtp://me:secret@mail.example.org", "in clear"),
        ("smtp://127.0.0.1:1", "Connection refused"),
    ):
        waive = server_gate if url != "smtp://127.0.0.1:1" else []
        refused = ready.json(*SEND, *waive, expect=3, HOLDFAST_SMTP_URL=url)["error"]
        words = {gate["gate"]: gate["words"] for gate in refused["gates"] if gate["state"] == "red"}
        assert words.keys() == {"server"}
        assert reason in words["server"]
        assert "secret" not in str(refused)
    assert ready.json("doctor", expect=None)["journal"] == before["journal"]


def test_a_waived_gate_is_in_the_journal_with_its_reason(ready: Instance, tmp_path: Path) -> None:
    with mail_server(tmp_path) as server:
        ready.json(*SEND, HOLDFAST_SMTP_URL=server.url)
    told = run_code(
        ready,
        "from holdfast.config.start import start; start()\n"
        "from holdfast.ground.journal.models import Entry\n"
        "for e in Entry.objects.filter(kind='GateWaived'):\n"
        "    print(e.fields['gate'], e.fields['reason'])",
    )
    assert "page a test of ours" in told


def test_the_test_must_arrive_and_be_opened(ready: Instance, tmp_path: Path) -> None:
    with mail_server(tmp_path) as server:
        words = ["recall", "notify", REF]
        ready.json(*words, "--test", "me@example.org", HOLDFAST_SMTP_URL=server.url)
        assert [row[0] for row in server.received()] == ["me@example.org"]
        ready.json(*words, "--opened", "AAAAAA", expect=2, HOLDFAST_SMTP_URL=server.url)
        code = server.received()[0][1].partition("-")[2][:6].upper()
        found = ready.json(*words, "--opened", code, HOLDFAST_SMTP_URL=server.url)
        gates = {gate["gate"]: gate["state"] for gate in found["gates"]}
        assert gates["test"] == "green"
        release(ready, "2")
        found = ready.json(*words, HOLDFAST_SMTP_URL=server.url)
        gates = {gate["gate"]: gate["state"] for gate in found["gates"]}
        assert gates["test"] == "red"  # another text has another test


def test_a_copied_home_sends_nothing_until_a_person_confirms_it(
    ready: Instance, tmp_path: Path
) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(ready.home, copy)
    clone = Instance(copy, {**ready.env, "HOLDFAST_HOME": str(copy)})
    with mail_server(tmp_path) as server:
        refused = clone.json(*SEND, expect=3, HOLDFAST_SMTP_URL=server.url)["error"]
        assert refused["code"] == "instance"
        assert not server.received()
        clone.json(
            *SEND, "--waive", "instance=the old machine burned", HOLDFAST_SMTP_URL=server.url
        )
        assert len(server.accepted()) == 60


def test_a_database_restored_into_its_own_home_sends_nothing(
    ready: Instance, tmp_path: Path
) -> None:
    if "HOLDFAST_DATABASE_URL" in ready.env:
        with mail_server(tmp_path) as server:
            ready.json(*SEND, HOLDFAST_SMTP_URL=server.url)
            run_code(
                ready,
                "from holdfast.config.start import start; start()\n"
                "from django.db import connection\n"
                "c = connection.cursor()\n"
                "c.execute('DELETE FROM journal_entry WHERE index > 5')\n"
                "c.execute(\"UPDATE outbox_message SET state = 'queued'\")\n"
                "c.execute(\"UPDATE outbox_wave SET state = 'sending' WHERE number = 1\")",
            )
            assert ready.json(*SEND, expect=3, HOLDFAST_SMTP_URL=server.url)["error"]
            assert len(server.received()) == 60
        return
    saved = tmp_path / "saved.db"
    shutil.copy(ready.home / "holdfast.db", saved)
    with mail_server(tmp_path) as server:
        ready.json(*SEND, HOLDFAST_SMTP_URL=server.url)
        for name in ("holdfast.db-wal", "holdfast.db-shm"):
            (ready.home / name).unlink(missing_ok=True)
        shutil.copy(saved, ready.home / "holdfast.db")
        refused = ready.json(*SEND, expect=3, HOLDFAST_SMTP_URL=server.url)["error"]
        assert refused["code"] == "instance"
        assert "restored" in refused["message"]
        assert len(server.received()) == 60


def test_two_senders_at_once_tell_everybody_once(instance: Instance, tmp_path: Path) -> None:
    prepare(instance, tmp_path, 600)
    with mail_server(tmp_path) as server:
        both = [instance.start(*SEND, "--json", HOLDFAST_SMTP_URL=server.url) for _ in range(2)]
        for process in both:
            out = process.communicate(timeout=120)[0]
            assert process.returncode == 0, out
        account = settle_up(exported(instance, tmp_path), server, 600)
    assert account.lost == account.unlisted == []
    assert account.most_copies == 1
    assert account.states["accepted"] == 600


def test_killed_at_every_named_point_nobody_is_lost(instance: Instance, tmp_path: Path) -> None:
    """One life for each point, all on the same wave, with windows of ten."""
    prepare(instance, tmp_path, 240)
    with mail_server(tmp_path) as server:
        env = {**instance.env, "HOLDFAST_SMTP_URL": server.url}
        for point in POINTS[:-1]:
            words = [sys.executable, "-m", "tests.response.outreach.killer", point, "1", *SEND]
            done = run_process(words, env=env)
            assert done.returncode == -9, f"{point}: {done.stdout}{done.stderr}"
            if point in ("before_plan", "after_plan", "after_launch", "before_claim"):
                assert not server.received()
        words = [sys.executable, "-m", "tests.response.outreach.killer", POINTS[-1], "1", *SEND]
        assert run_process(words, env=env).returncode == -9
        found = instance.json(*SEND, HOLDFAST_SMTP_URL=server.url)
        assert found["planned"] == 240 == sum(found[state] for state in STATES)
        account = settle_up(exported(instance, tmp_path), server, 240)
    assert account.lost == account.unlisted == account.two_ids == []
    assert account.most_copies <= 2
    assert account.listed <= 4 * len(POINTS)


def test_a_server_that_misbehaves_in_every_way_loses_nobody(
    instance: Instance, tmp_path: Path
) -> None:
    prepare(instance, tmp_path, 300)
    manner = {
        "busy_at_mail": 0.02,
        "busy_at_rcpt": 0.05,
        "busy_after_text": 0.05,
        "full_after_text": 0.02,
        "drop_after_accept": 0.03,
        "drop_before_answer": 0.03,
        "drop_in_text": 0.02,
        "refuse_connects": 2,
        "messages_per_connection": 40,
        "permanent": ["c7", "c8"],
        "transient_once": ["c9", "c10"],
        "multiline": True,
    }
    with mail_server(tmp_path, **manner) as server:
        found = instance.json(*SEND, HOLDFAST_SMTP_URL=server.url)
        account = settle_up(exported(instance, tmp_path), server, 300)
    assert found["planned"] == 300 == sum(found[state] for state in STATES)
    assert account.lost == account.unlisted == account.two_ids == []
    assert account.most_copies <= 2
    assert found["failed"] >= 2
    assert found["listed_ambiguous"] > 0


def test_a_mail_server_that_comes_back_is_waited_for(ready: Instance) -> None:
    waits = ["--waive", "server=it is started right now"]
    with socket.socket() as held:  # bound and deaf: nobody else takes the port meanwhile
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
        url = f"smtp://127.0.0.1:{port}"
        process = ready.start(*SEND, *waits, "--json", HOLDFAST_SMTP_URL=url)
        time.sleep(4)
        assert process.poll() is None
    words = [sys.executable, "tests/smtp_sink.py", "--port", str(port)]
    late = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    try:
        out = process.communicate(timeout=600)[0]
        assert process.returncode == 0, out
        assert '"accepted": 60' in out
    finally:
        late.kill()
        late.wait()


def test_the_first_ones_go_out_before_the_rest(ready: Instance, tmp_path: Path) -> None:
    words = [word for word in SEND if word not in ("--ramp", "100")]
    with mail_server(tmp_path) as server:
        process = ready.start(*words, "--hold", "6", HOLDFAST_SMTP_URL=server.url)
        until = time.monotonic() + 300
        while len(server.received()) < 20 and time.monotonic() < until:
            time.sleep(0.1)
        time.sleep(2)
        assert len(server.received()) == 20
        assert process.wait(60) == 0
        assert len(server.accepted()) == 60


def test_too_many_failures_pause_the_wave_and_a_person_resumes_it(
    ready: Instance, tmp_path: Path
) -> None:
    words = [word for word in SEND if word not in ("--ramp", "100")]
    with mail_server(tmp_path, permanent=[f"c{n}" for n in range(0, 60, 5)]) as server:
        found = ready.json(*words, "--hold", "0", expect=1, HOLDFAST_SMTP_URL=server.url)
        assert found["state"] == "paused"
        assert found["queued"] == 40
        ready.json(*words, expect=3, HOLDFAST_SMTP_URL=server.url)
        ready.json("recall", "notify", REF, "--resume", "these are old addresses")
        found = ready.json(*SEND, HOLDFAST_SMTP_URL=server.url)
        assert (found["accepted"], found["failed"]) == (48, 12)
        missed = tmp_path / "missed.csv"
        ready.run("recall", "notify", REF, "--unreachable", missed)
        rows = list(csv.DictReader(missed.open()))
        assert {row["reason"] for row in rows} == {"failed"}
        assert len(rows) == 12


def test_a_reminder_leaves_out_failed_addresses(ready: Instance, tmp_path: Path) -> None:
    with mail_server(tmp_path, permanent=["c3"]) as server:
        ready.json(*SEND, HOLDFAST_SMTP_URL=server.url)
        found = ready.json(*SEND, "--wave", "2", HOLDFAST_SMTP_URL=server.url)
        assert found["planned"] == found["accepted"] == 59
        texts = [row for row in server.received() if row[0] == "c4@example.org"]
        assert len({row[1] for row in texts}) == 2


def test_a_text_that_was_changed_is_not_sent(ready: Instance, tmp_path: Path) -> None:
    run_code(
        ready,
        "from holdfast.config.start import start; start()\n"
        "from datetime import UTC, datetime\n"
        "from holdfast.ground.outbox.actions import withdraw_skeleton\n"
        "from holdfast.kit.actors import SYSTEM\n"
        f"withdraw_skeleton(recall='{REF}', language='en', channel='email', by=SYSTEM,"
        " now=datetime.now(UTC))",
    )
    with mail_server(tmp_path) as server:
        refused = ready.json(*SEND, expect=3, HOLDFAST_SMTP_URL=server.url)["error"]
        assert "approvals" in refused["message"]
        assert not server.received()


def test_hostile_names_and_addresses_reach_no_header(instance: Instance, tmp_path: Path) -> None:
    orders = tmp_path / "evil.csv"
    evil = [
        ("a", "Eve\r\nBcc: all@world.example", "a@example.org"),
        ("b", "<script>alert(1)</script>", "b@example.org\r\nRCPT TO:<x@y.z>"),
        ("c", "\u202eevil =?utf-8?q?x?=", "c@example.org"),
        ("d", ".\r\n.\r\nMAIL FROM:<x@y.z>", "d@example.org"),
    ]
    with orders.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow("order product quantity customer name email date country lot".split())
        for n, (key, name, address) in enumerate(evil):
            writer.writerow([n, "VL-10K", 1, key, name, address, "2026-03-01", "GB", "B17"])
    prepare(instance, tmp_path, 1)
    instance.run("import", "orders", orders, expect=None)
    words = "--product VL-10K --lot B17 --rationale wider --confirm".split()
    instance.run("recall", "scope", REF, *words, expect=None)
    with mail_server(tmp_path) as server:
        instance.json(*SEND, expect=None, HOLDFAST_SMTP_URL=server.url)
        told = {recipient for recipient, _, _ in server.received()}
    assert {"a@example.org", "c@example.org", "d@example.org"} <= told
    assert not any("y.z" in recipient or "world" in recipient for recipient in told)
    assert all(re.fullmatch(r"<[0-9a-f]{32}@[^@>]+>", row[1]) for row in server.received())


def test_more_workers_share_the_work_on_postgresql(
    new_instance: Callable[[], Instance], tmp_path: Path
) -> None:
    instance = new_instance()
    prepare(instance, tmp_path, 900)
    with mail_server(tmp_path) as server:
        found = instance.json(*SEND, "--workers", "3", HOLDFAST_SMTP_URL=server.url)
        account = settle_up(exported(instance, tmp_path), server, 900)
    is_shared = "HOLDFAST_DATABASE_URL" in instance.env
    assert found["workers"] == (3 if is_shared else 1)
    assert account.lost == account.unlisted == []
    assert account.most_copies == 1
    assert account.states["accepted"] == 900
