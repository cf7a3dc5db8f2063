"""The life of a wave as a table; every door asks it before it moves one."""

from __future__ import annotations

from holdfast.kit.lifecycle import Lifecycle, Move

SENDING = ("ramping", "sending")

WAVE = Lifecycle(
    subject="wave",
    start="planned",
    moves=(
        Move("launch", ("planned",), "ramping"),
        Move("finish_ramp", ("ramping",), "sending"),
        Move("pause", ("ramping",), "paused"),
        Move("pause", ("sending",), "paused"),
        Move("resume", ("paused",), "sending"),
        Move("withdraw", ("planned", "ramping", "sending", "paused"), "withdrawn", ("has_reason",)),
        Move("finish", ("ramping", "sending"), "done", ("nothing_open",)),
        Move("add_people", ("done",), "sending"),
    ),
    guards={
        "has_reason": "This needs a reason in words.",
        "nothing_open": "Messages of this wave still wait to be sent.",
    },
    ends=("withdrawn", "done"),
)
