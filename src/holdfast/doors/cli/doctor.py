"""The doctor: what this instance is made of and whether it is well."""

from __future__ import annotations

import argparse

from holdfast.doors.cli.answer import Answer


def add(commands: argparse._SubParsersAction, common: argparse.ArgumentParser) -> None:  # type: ignore[type-arg]
    """Add `doctor`."""
    doctor = commands.add_parser(
        "doctor", parents=[common], help="check this instance", epilog="example:  holdfast doctor"
    )
    doctor.set_defaults(run=_doctor)


def _doctor(options: argparse.Namespace) -> Answer:
    from holdfast.doors.cli.acting import now
    from holdfast.insight.measures.health import examine

    report = examine(now=now())
    lines = [f"{'ok  ' if c['ok'] else 'LOOK'}  {c['words']}" for c in report["checks"]]
    return Answer(report, "\n".join(lines), 0 if all(c["ok"] for c in report["checks"]) else 1)
