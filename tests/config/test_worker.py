"""The worker's round: what fails is told, and nothing else waits for it."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from holdfast.config import worker

STEPS = (
    *("checkpoint", "look_at_figures", "look_at_claims", "look_at_clocks", "post_to_staff"),
    *("look_at_progress", "look_for_bounces", "look_for_complaints", "look_at_scores"),
)


@pytest.mark.once
def test_a_step_that_fails_holds_up_no_other(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    done: list[str] = []

    def made(name: str) -> Any:
        def step() -> None:
            done.append(name)
            raise RuntimeError(name)

        step.__name__ = name
        return step

    for name in STEPS:
        monkeypatch.setattr(worker, name, made(name))
    monkeypatch.setattr(worker, "close_old_connections", lambda: None)
    with caplog.at_level(logging.ERROR, "holdfast.worker"):
        worker.make_round()
    assert tuple(done) == STEPS
    assert [one.message for one in caplog.records] == [f"worker: {name}" for name in STEPS]
