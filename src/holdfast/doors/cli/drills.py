"""Drills on the command line: `drill start`, `drill score`, `drill end`, `drill list`."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

from holdfast.doors.cli.answer import Answer
from holdfast.kit.refusals import Forbidden, NotFound


def add(commands: argparse._SubParsersAction, common: argparse.ArgumentParser) -> None:  # type: ignore[type-arg]
    """Add the group `drill`."""
    group = commands.add_parser("drill", help="practise a recall on a copy that cannot send")
    verbs = group.add_subparsers(dest="verb", metavar="VERB", required=True)
    start = verbs.add_parser(
        "start", parents=[common], help="copy this instance and begin",
        epilog="example:  holdfast drill start --scenario lot",
    )  # fmt: skip
    start.add_argument("--scenario", default="lot", help="lot, no_lot or rumour")
    start.set_defaults(run=_start)
    begin = verbs.add_parser(
        "begin", parents=[common], help="(inside a drill) let the message arrive",
        epilog="example:  holdfast drill begin --home drills/D-2026-001",
    )  # fmt: skip
    begin.set_defaults(run=_begin)
    score = verbs.add_parser(
        "score", parents=[common], help="(inside a drill) times, shares, gaps",
        epilog="example:  holdfast drill score --home drills/D-2026-001",
    )  # fmt: skip
    score.set_defaults(run=_score)
    end = verbs.add_parser(
        "end", parents=[common], help="end a drill and keep its score",
        epilog="example:  holdfast drill end D-2026-001",
    )  # fmt: skip
    end.add_argument("drill", metavar="D")
    end.add_argument("--reason", default="")
    end.set_defaults(run=_end)
    everything = verbs.add_parser(
        "list", parents=[common], help="drills and their scores",
        epilog="example:  holdfast drill list",
    )  # fmt: skip
    everything.set_defaults(run=_list)


def _start(options: argparse.Namespace) -> Answer:
    from django.conf import settings

    from holdfast.doors.cli.acting import actor, now
    from holdfast.learning.drills.actions import start_drill
    from holdfast.learning.drills.copying import copy_home

    if settings.DRILL:
        raise Forbidden("drill_in_drill", "This is a drill already; drills start from real data.")
    moment = now()
    drill = start_drill(scenario=options.scenario, by=actor(options), now=moment)
    target = Path(settings.HOME) / drill.folder
    copy_home(
        home=Path(settings.HOME),
        target=target,
        ref=drill.ref,
        scenario=drill.scenario,
        started_at=moment.isoformat(),
    )
    begun = _inside(target, "begin")
    told = {"drill": drill.ref, "home": str(target), **begun}
    text = (
        f"DRILL {drill.ref}: {begun.get('title', '')}\n"
        f"Nothing can leave it. Open it with:  holdfast serve --home {target}\n"
        f"End it with:                         holdfast drill end {drill.ref}"
    )
    return Answer(told, text)


def _begin(options: argparse.Namespace) -> Answer:
    from django.conf import settings

    from holdfast.doors.cli.acting import actor, now
    from holdfast.learning.drills.actions import begin_scenario
    from holdfast.learning.drills.queries import marker
    from holdfast.learning.drills.rules import scenario_named

    about = marker(Path(settings.HOME))
    recall = begin_scenario(
        about=about,
        by=actor(options),
        now=now(),
    )
    faults = list(scenario_named(about["scenario"]).faults)
    told: dict[str, object] = {"recall": recall.ref, "title": recall.title, "faults": faults}
    return Answer(told, f"DRILL {recall.ref}: {recall.title}")


def _score(options: argparse.Namespace) -> Answer:
    from datetime import datetime

    from django.conf import settings

    from holdfast.doors.cli.acting import actor, now
    from holdfast.learning.drills.actions import note_gaps
    from holdfast.learning.drills.queries import drill_recall, marker, reached, traced
    from holdfast.learning.drills.rules import scenario_named, score

    about = marker(Path(settings.HOME))
    recall = drill_recall(about)
    if recall is None:
        raise NotFound("no_recall", "This drill has no recall yet.", hint="holdfast drill begin")
    result = score(
        started_at=datetime.fromisoformat(about["started_at"]),
        reached=reached(recall),
        traced=traced(recall),
        faults=scenario_named(about["scenario"]).faults,
    )
    gaps = [str(gap) for gap in result["gaps"]]  # type: ignore[attr-defined]
    note_gaps(recall=recall, gaps=gaps, by=actor(options), now=now())
    lines = [f"DRILL {about['ref']}"]
    for stage in result["stages"].values():  # type: ignore[attr-defined]
        seconds = "not reached" if stage["seconds"] is None else f"{stage['seconds']} s"
        lines.append(f"{stage['label']}: {seconds} (goal {stage['goal']} s)")
    lines += [f"Gap: {gap}" for gap in gaps]
    return Answer({"drill": about["ref"], **result}, "\n".join(lines), 1 if gaps else 0)


def _end(options: argparse.Namespace) -> Answer:
    from django.conf import settings

    from holdfast.doors.cli.acting import actor, now
    from holdfast.learning.drills.actions import end_drill
    from holdfast.learning.drills.models import Drill

    drill = Drill.objects.filter(ref__iexact=options.drill).first()
    if drill is None:
        raise NotFound("unknown_drill", f"There is no drill {options.drill}.", hint="drill list")
    result = dict(drill.score) or _inside(Path(settings.HOME) / drill.folder, "score")
    ended = end_drill(
        drill=drill, score=result, by=actor(options), now=now(), reason=options.reason
    )
    gaps = [str(gap) for gap in ended.score.get("gaps", [])]
    text = "\n".join([f"Drill {ended.ref} ended.", *(f"Gap: {gap}" for gap in gaps)])
    return Answer({"drill": ended.ref, **ended.score}, text)


def _list(options: argparse.Namespace) -> Answer:
    from holdfast.learning.drills.models import Drill

    del options
    drills = [
        {
            "drill": d.ref,
            "scenario": d.scenario,
            "started_at": d.started_at.isoformat(),
            "ended_at": d.ended_at.isoformat() if d.ended_at else None,
            "gaps": len(d.score.get("gaps", [])),
        }
        for d in Drill.objects.order_by("pk")
    ]
    lines = [f"{d['drill']}  {d['scenario']}  {d['started_at']}" for d in drills]
    return Answer({"drills": drills}, "\n".join(lines))


def _inside(home: Path, verb: str) -> dict[str, object]:
    """Run one drill command as a process of its own inside the copy, away from this database."""
    env = {k: v for k, v in os.environ.items() if k != "HOLDFAST_DATABASE_URL"}
    env["HOLDFAST_HOME"] = str(home)
    ran = subprocess.run(
        [sys.executable, "-m", "holdfast", "drill", verb, "--json"],
        env=env, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        # The journal keeps the score, and has no canonical form for a float.
        told: dict[str, object] = json.loads(ran.stdout, parse_float=str)
    except ValueError:
        raise AssertionError(f"drill {verb} said: {ran.stdout}{ran.stderr}") from None
    if ran.returncode not in (0, 1):
        error = told.get("error")
        said = error if isinstance(error, dict) else {}
        raise Forbidden(
            str(said.get("code", "drill_failed")),
            str(said.get("message", f"drill {verb} failed")),
            hint=str(said.get("hint", "")),
        )
    return told
