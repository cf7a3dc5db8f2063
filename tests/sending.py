"""A recall with people to tell, a mail server to tell them through, and a sender to be killed."""

from __future__ import annotations

import csv
import json
import random
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.plugins.instance import Instance, run_process

REF = "R-2026-001"
WAIVE = [
    word
    for gate in ("page", "links", "test", "languages")
    for word in ("--waive", f"{gate}=a test of ours")
]
SEND = ["recall", "notify", REF, "--send", "--ramp", "100", *WAIVE]
RELEASE = """
from holdfast.config.start import start; start()
from datetime import UTC, datetime
from holdfast.ground.outbox.actions import release_skeleton, withdraw_skeleton
from holdfast.kit.actors import SYSTEM
line = "Keep it away from things that burn and do not charge it any more. "
text = ["Dear ", {"slot": "name"}, ",\\n\\nPlease stop using it.\\n" + (line + "\\n") * 14,
        "\\nYour page: ", {"slot": "link"}, "\\nYou bought:\\n", {"slot": "items"}, "\\n"]
html = ["<!doctype html><html lang=en><body><p>Dear ", {"slot": "name"}, "</p><p>" + line * 14,
        "</p><p>", {"slot": "link"}, "</p><p>", {"slot": "items"}, "</p></body></html>"]
release_skeleton(recall="R-2026-001", language="en", channel="email", text_sha256="VERSION",
    parts={"subject": ["Recall: stop using it"], "text": text, "html": html},
    by=SYSTEM, now=datetime.now(UTC))
"""


def prepare(instance: Instance, folder: Path, people: int, version: str = "1") -> None:
    """A decided recall of one lot, with an approved English text and this many owners."""
    orders = folder / "orders.csv"
    with orders.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow("order product quantity customer name email date country lot".split())
        for n in range(people):
            row = [5000 + n, "VL-10K", 1, f"c{n}", f"Pat <b>{n}</b>", f"c{n}@example.org"]
            writer.writerow([*row, "2026-03-01", "GB", "B17"])
    words = "--product VL-10K --lot B17 --mechanism overheats --outcome fire".split()
    risk = "--severity 4 --probability 1/1000 --remedy refund --remedy replacement --sign".split()
    commands = [
        ["import", "orders", str(orders)],
        ["recall", "open", *words],
        ["recall", "scope", REF, *words[:4], "--rationale", "the lot", "--confirm"],
        ["recall", "decide", REF, *risk, "--reason", "cells burned"],
    ]
    # One process for all of them: this is preparation, not what is tested.
    run = "from holdfast.config.start import start\nfrom holdfast.doors.cli.run import run\n"
    run += f"assert [run(words, start=start) for words in {commands!r}] == [0] * {len(commands)}\n"
    run_code(instance, run + RELEASE.replace("VERSION", version))


def release(instance: Instance, version: str = "1") -> None:
    """Approve a text; another version takes the release of the one before back."""
    run_code(instance, RELEASE.replace("VERSION", version))


def run_code(instance: Instance, code: str) -> str:
    """Run Python inside the instance."""
    done = run_process([sys.executable, "-c", code], env=instance.env)
    assert done.returncode == 0, done.stderr
    return done.stdout


@dataclass
class MailServer:
    """The sink as a process of its own, which survives whatever happens to the sender."""

    url: str
    log: Path
    process: subprocess.Popen[str]
    summary: dict[str, Any] = field(default_factory=dict)

    def received(self) -> list[tuple[str, str, str]]:
        """(recipient, Message-ID, answer) of every complete message so far."""
        rows = [line.split("\t") for line in self.log.read_text().splitlines()]
        return [(row[1], row[2], row[3]) for row in rows if len(row) == 5]

    def accepted(self) -> dict[str, list[str]]:
        """Message-IDs of all accepted copies, by recipient."""
        found: dict[str, list[str]] = defaultdict(list)
        for recipient, message_id, answer in self.received():
            if answer.startswith("2"):
                found[recipient].append(message_id)
        return found

    def size(self) -> int:
        return self.log.stat().st_size if self.log.exists() else 0

    def stop(self) -> dict[str, Any]:
        """End it and give its own count."""
        if self.process.poll() is None:
            assert self.process.stdin is not None
            assert self.process.stdout is not None
            self.process.stdin.close()
            self.summary = json.loads(self.process.stdout.readline())
            self.process.wait(60)
        return self.summary


@contextmanager
def mail_server(folder: Path, **manner: object) -> Iterator[MailServer]:
    """A mail server that behaves as told."""
    log = folder / "received.log"
    words = [sys.executable, str(Path(__file__).with_name("smtp_sink.py")), "--log", str(log)]
    process = subprocess.Popen(
        [*words, "--manner", json.dumps(manner)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    port = json.loads(process.stdout.readline())["port"]
    server = MailServer(f"smtp://127.0.0.1:{port}", log, process)
    try:
        yield server
    finally:
        if process.poll() is None:
            process.kill()
            process.wait(60)


def kill_while_sending(
    instance: Instance, server: MailServer, chance: random.Random, most: int
) -> bool:
    """Start the sender, kill -9 it after some messages; False when it ended by itself before."""
    process = instance.start(*SEND, HOLDFAST_SMTP_URL=server.url)
    if chance.random() < 0.15:
        time.sleep(chance.random() * 1.5)  # while it starts, plans, claims or waits
    else:
        until = server.size() + chance.randrange(1, max(2, most)) * 80
        late = time.monotonic() + 60
        while server.size() < until and process.poll() is None and time.monotonic() < late:
            time.sleep(0.0005)
        time.sleep(chance.random() * 0.003)
    if process.poll() is not None:
        return False
    process.kill()
    process.wait()
    return True


def exported(instance: Instance, folder: Path) -> list[dict[str, str]]:
    """The rows of `--export`."""
    path = folder / "export.csv"
    instance.run("recall", "notify", REF, "--export", path)
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


@dataclass
class Account:
    """What the receiving server saw against what the outbox says."""

    lost: list[str]
    unlisted: list[str]
    most_copies: int
    duplicates: int
    listed: int
    held: int
    states: Counter[str]
    two_ids: list[str]


def settle_up(rows: list[dict[str, str]], server: MailServer, people: int) -> Account:
    """Lost, duplicated, listed: as `contracts.md` defines the words."""
    accepted = server.accepted()
    by_id: dict[str, int] = Counter(one for ids in accepted.values() for one in ids)
    lost = [
        row["recipient"]
        for row in rows
        if row["state"] == "accepted" and not by_id[row["message_id"]]
    ]
    lost += [row["recipient"] for row in rows if row["state"] in ("queued", "attempting")]
    lost += ["nobody"] * (people - len(rows))
    return Account(
        lost=lost,
        unlisted=[
            row["recipient"]
            for row in rows
            if by_id[row["message_id"]] > 1 and row["listed_ambiguous"] != "true"
        ],
        most_copies=max((len(ids) for ids in accepted.values()), default=0),
        duplicates=sum(1 for ids in accepted.values() if len(ids) > 1),
        listed=sum(row["listed_ambiguous"] == "true" for row in rows),
        held=sum(row["state"] == "ambiguous" for row in rows),
        states=Counter(row["state"] for row in rows),
        two_ids=[recipient for recipient, ids in accepted.items() if len(set(ids)) > 1],
    )
