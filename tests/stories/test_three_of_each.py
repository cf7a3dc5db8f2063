"""On PostgreSQL any number of processes share the work: three that serve, three that only work."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from tests.plugins.instance import Instance
from tests.sending import REF, SEND, exported, mail_server, prepare, run_code, settle_up

PEOPLE = {True: 1_500, False: 500}  # shared by three of each, or one after the other
WORKERS = """
from holdfast.config.start import start; start()
from holdfast.ground.outbox.models import Message
print(*sorted(set(Message.objects.values_list("worker", flat=True)) - {""}))
"""
REACTIONS = """
from holdfast.config.start import start; start()
from holdfast.ground.journal.models import Reaction
print(Reaction.objects.exclude(state="done").count())
"""


def launched(instance: Instance, server_url: str, log: Path) -> None:
    """Launch the wave by hand and kill that hand as soon as the first messages are out."""
    sender = instance.start(*SEND, HOLDFAST_SMTP_URL=server_url)
    until = time.monotonic() + 60
    while sender.poll() is None and time.monotonic() < until:
        if log.exists() and log.stat().st_size:
            break
        time.sleep(0.02)
    sender.kill()
    sender.wait(20)


def at_work(instance: Instance, count: int) -> list[subprocess.Popen[str]]:
    """Workers that have said they work: until then a signal ends them as it ends any program."""
    workers = [instance.start("worker") for _ in range(count)]
    for worker in workers:
        assert worker.stdout is not None
        assert worker.stdout.readline().startswith("Working")
    return workers


def end(processes: list[subprocess.Popen[str]]) -> list[int]:
    """End them as a service manager does, and give their exit codes."""
    for process in processes:
        process.send_signal(signal.SIGTERM)
    return [process.wait(60) for process in processes]


def test_three_of_each_finish_a_wave_that_lost_its_sender(
    new_instance: Callable[..., Instance], tmp_path: Path
) -> None:
    """On the embedded database they take turns; on PostgreSQL they share. Nobody is told twice."""
    instance = new_instance(bare=True)
    is_shared = "HOLDFAST_DATABASE_URL" in instance.env
    each, people = 3 if is_shared else 1, PEOPLE[is_shared]
    prepare(instance, tmp_path, people)
    with mail_server(tmp_path, answer_after=0.02) as server:
        instance.env["HOLDFAST_SMTP_URL"] = server.url
        launched(instance, server.url, server.log)
        workers = at_work(instance, each)
        pages = [instance.serve() for _ in range(each)]
        until = time.monotonic() + 120
        while len(server.accepted()) < people and time.monotonic() < until:
            time.sleep(0.2)
        time.sleep(2)  # what is on its way is settled, and a second copy would arrive
        codes = end(workers)
        for page in pages:
            page.stop()
        # Started again with the same words it finds nothing left to do.
        found = instance.json(*SEND)
        account = settle_up(exported(instance, tmp_path), server, people)
    assert codes == [0] * each
    assert found["planned"] == people
    assert (found["queued"], found["attempting"]) == (0, 0)
    assert account.lost == account.unlisted == []
    assert account.most_copies <= 2
    took_part = run_code(instance, WORKERS).split()
    assert len(took_part) > (2 if is_shared else 0), took_part
    assert run_code(instance, REACTIONS).strip() == "0"
    assert instance.json("recall", "status", REF)["state"] == "telling"
