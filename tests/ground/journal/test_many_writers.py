"""Several processes write at once, and some are killed: the journal and the rows stay one."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.plugins.instance import ROOT, Instance, instances, run_process, warm

pytestmark = pytest.mark.xdist_group("writers")

ROUNDS = 334 if os.environ.get("HOLDFAST_SOAK") else 2  # three kills each

#: A process that attaches a file again and again: one row and one entry, in one transaction.
WRITER = """
import os, signal, sys
from datetime import UTC, datetime
from holdfast.config.start import start
start()
from django.db import transaction
from holdfast.ground.evidence import actions
from holdfast.ground.journal.actions import record
from holdfast.kit.actors import SYSTEM
name, times, die = sys.argv[1], int(sys.argv[2]), sys.argv[3]

def dying_record(*args, **more):
    if die == "before the entry":
        os.kill(os.getpid(), signal.SIGKILL)
    record(*args, **more)
    if die == "before the commit":
        os.kill(os.getpid(), signal.SIGKILL)

print("ready", flush=True)
for number in range(times):
    if die and number == times - 1:
        actions.record = dying_record
    actions.attach_file(
        subject="R-2026-001", about=name, name="x.txt", content=[f"{name} {number}".encode()],
        by=SYSTEM, now=datetime.now(UTC),
    )
if die == "after the commit":
    os.kill(os.getpid(), signal.SIGKILL)
"""

READER = """
import json
from holdfast.config.start import start
start()
from holdfast.ground.evidence.models import EvidenceFile
from holdfast.ground.journal.checking import checked_entries
from holdfast.ground.journal.models import Entry

found = list(checked_entries())
attached = Entry.objects.filter(kind="EvidenceAttached").order_by("index")
print(json.dumps({
    "faults": [each.why for each in found if each.why],
    "indexes": [each.index for each in found],
    "recorded": [each.fields["number"] for each in attached],
    "digests": [each.fields["sha256"] for each in attached],
    "rows": list(EvidenceFile.objects.order_by("pk").values_list("pk", flat=True)),
    "stored": list(EvidenceFile.objects.order_by("pk").values_list("sha256", flat=True)),
}))
"""


def write(instance: Instance, name: str, times: int, die: str = "") -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WRITER, name, str(times), die]
    return warm().begin(command, env=instance.env, cwd=ROOT)


def look(instance: Instance) -> dict[str, Any]:
    done = run_process([sys.executable, "-c", READER], env=instance.env)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def agree(found: dict[str, Any]) -> None:
    assert found["faults"] == []
    assert found["indexes"] == list(range(1, len(found["indexes"]) + 1))
    assert sorted(found["recorded"]) == found["rows"]
    assert sorted(found["digests"]) == sorted(found["stored"])


@pytest.fixture(scope="module")
def instance(
    tmp_path_factory: pytest.TempPathFactory, postgres_server: str | None
) -> Iterator[Instance]:
    with instances(tmp_path_factory.mktemp("writers"), postgres_server) as make:
        made = make()
        made.run("doctor", "--json", expect=None)
        yield made


def test_four_processes_append_to_one_tree(instance: Instance) -> None:
    before = len(look(instance)["recorded"])
    writers = [write(instance, f"w{number}", 40) for number in range(4)]
    for writer in writers:
        said, _ = writer.communicate(timeout=120)
        assert writer.returncode == 0, said
    found = look(instance)
    agree(found)
    assert len(found["recorded"]) == before + 160


@pytest.mark.parametrize("point", ["before the entry", "before the commit", "after the commit"])
def test_a_writer_killed_at_a_point_leaves_both_or_neither(instance: Instance, point: str) -> None:
    before = len(look(instance)["recorded"])
    writer = write(instance, point, 3, point)
    writer.communicate(timeout=60)
    assert writer.returncode == -signal.SIGKILL
    found = look(instance)
    agree(found)
    assert len(found["recorded"]) == before + (3 if point == "after the commit" else 2)


def test_writers_killed_at_random_never_leave_one_without_the_other(instance: Instance) -> None:
    chance = random.Random(20260302)
    killed = 0
    for round_ in range(ROUNDS):
        writers = [write(instance, f"r{round_}.{number}", 100_000) for number in range(3)]
        for writer in writers:
            assert writer.stdout is not None
            assert writer.stdout.readline() == "ready\n"
        for writer in writers:
            time.sleep(chance.uniform(0.02, 0.3))
            writer.kill()
            writer.communicate(timeout=60)
            killed += writer.returncode == -signal.SIGKILL
    assert killed == 3 * ROUNDS
    found = look(instance)
    agree(found)
    assert found["recorded"]
