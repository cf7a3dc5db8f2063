"""Killed at any moment, and at every named point: nothing lost, nothing twice, or it is listed."""

from __future__ import annotations

import os
import random
from pathlib import Path

from tests.plugins.instance import Instance
from tests.sending import (
    SEND,
    Account,
    exported,
    kill_while_sending,
    mail_server,
    prepare,
    settle_up,
)


def kill_again_and_again(
    instance: Instance, folder: Path, *, people: int, kills: int, seed: int, **manner: object
) -> tuple[Account, int]:
    """Kill the sender this often while it tells this many people, then let it finish."""
    prepare(instance, folder, people)
    chance, done = random.Random(seed), 0
    with mail_server(folder, **manner) as server:
        for _ in range(kills):
            done += kill_while_sending(instance, server, chance, people // kills)
        found = instance.json(*SEND, HOLDFAST_SMTP_URL=server.url)
        states = ("accepted", "failed", "suppressed", "ambiguous", "queued", "attempting")
        assert found["planned"] == people == sum(found[state] for state in states)
        rows = exported(instance, folder)
        return settle_up(rows, server, people), done


IS_SOAK = bool(os.environ.get("HOLDFAST_SOAK"))


def test_kills_lose_nobody_and_every_second_copy_is_listed(
    instance: Instance, tmp_path: Path
) -> None:
    """`make soak` kills a hundred times over 20,000 people, `make test` 12 times over 2,400."""
    people, kills = (20_000, 100) if IS_SOAK else (2_400, 12)
    seed = random.randrange(1 << 30) if IS_SOAK else 7
    # A server that thinks for a moment: on a busy machine the sender would be done before it dies.
    thinks = {} if IS_SOAK else {"answer_after": 0.003}
    account, done = kill_again_and_again(
        instance, tmp_path, people=people, kills=kills, seed=seed, **thinks
    )
    print(f"seed {seed}, {done} kills, {account}")
    assert done >= kills * 0.9
    assert account.lost == []
    assert account.unlisted == []
    assert account.two_ids == []
    assert account.most_copies <= 2
    assert account.listed <= done * 4  # no more than was in the air on four lines
