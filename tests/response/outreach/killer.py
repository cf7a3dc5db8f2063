"""Runs one `holdfast` command and kills its own process at a named point (for test_failpoints)."""

from __future__ import annotations

import functools
import os
import signal
import sys
from typing import Any

POINTS = (
    "before_plan",
    "after_plan",
    "after_launch",
    "before_claim",
    "after_claim",
    "before_begin",
    "after_record",
    "after_hand_over",
    "before_settle",
    "after_settle",
    "after_commit",
    "before_finish",
)


def main(point: str, times: int, argv: list[str]) -> int:
    """Die with SIGKILL when `point` is reached for the `times`-th time."""
    from holdfast.config.start import start

    start()
    from holdfast.doors.cli.run import run
    from holdfast.ground.outbox import jobs
    from holdfast.ground.outbox.flight import Flight
    from holdfast.response.outreach import actions

    left = [times]
    jobs.Sender.__init__.__kwdefaults__["window"] = 10

    def die() -> None:
        left[0] -= 1
        if left[0] <= 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def patch(owner: Any, name: str, *, before: bool) -> None:
        real = getattr(owner, name)

        @functools.wraps(real)
        def deadly(*given: Any, **named: Any) -> Any:
            if before:
                die()
            found = real(*given, **named)
            if not before:
                die()
            return found

        setattr(owner, name, deadly)

    where = {
        "before_plan": (actions, "plan_wave", True),
        "after_plan": (actions, "plan_wave", False),
        "after_launch": (actions, "launch_wave", False),
        "before_claim": (jobs, "claim_window", True),
        "after_claim": (jobs, "claim_window", False),
        "before_begin": (Flight, "begin", True),
        "after_record": (Flight, "flush", False),
        "after_hand_over": (jobs.Sender, "_hand_over", False),
        "before_settle": (jobs, "settle_window", True),
        "after_settle": (jobs, "settle_window", False),
        "after_commit": (Flight, "forget_committed", True),
        "before_finish": (jobs, "move_wave", True),
    }
    owner, name, before = where[point]
    patch(owner, name, before=before)
    return run(argv, start=start)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2]), sys.argv[3:]))
