"""`holdfast bench`: figures of this product on this machine, and what others give beside it."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import Any

from holdfast.doors.cli.answer import Answer

WARM_RUNS = 5
"""How often a question is asked of which the middle is told."""
HEADS = ("lines", "customers", "warm ms", "cold ms")


def add(commands: argparse._SubParsersAction, common: argparse.ArgumentParser) -> None:  # type: ignore[type-arg]
    """Add `bench trace`, and `bench read` that it starts."""
    group = commands.add_parser(
        "bench",
        help="measure this machine with invented data",
        epilog="example:  holdfast bench trace --events 1000000",
    )
    verbs = group.add_subparsers(dest="verb", metavar="WHAT", required=True)
    commands.bench_verbs = verbs  # type: ignore[attr-defined]
    trace = verbs.add_parser(
        "trace",
        parents=[common],
        help="an invented supply network: loaded, traced, checked, and PostgreSQL beside it",
        epilog="example:  holdfast bench trace --events 1000000 --json",
    )
    option = trace.add_argument
    option("--events", type=int, default=1_000_000, metavar="N", help="rows of the five tables")
    option("--seed", type=int, default=1, metavar="S", help="the same seed, the same network")
    option("--postgres", default="", metavar="URL", help="a server to compare with, or `none`")
    option("--form", choices=("parquet", "csv"), default="parquet", help="what is imported")
    option("--memory", default="4GB", metavar="SIZE", help="for the reference search (DuckDB)")
    option(
        "--patience", type=float, default=300, metavar="SECONDS",
        help="how long PostgreSQL may take for one answer before it is stopped",
    )  # fmt: skip
    option("--keep", action="store_true", help="leave the folder of the run behind")
    # It loads into a home of its own; this one only lends the room.
    trace.set_defaults(run=_trace, needs_database=False)
    read = verbs.add_parser(
        "read",
        parents=[common],
        help="trace keys in this process and say how long it took and what memory it had",
        epilog="example:  holdfast bench read lot:B17 --times 5 --json",
    )
    option = read.add_argument
    option("keys", nargs="+", metavar="KEY", help="what to trace")
    option("--times", type=int, default=5, metavar="N", help="how often after the first time")
    option("--seconds", type=float, default=0, metavar="S", help="go on and on for so long")
    option("--back", action="store_true", help="backward: the keys are order lines")
    option("--wait", action="store_true", help="load the program, say `ready`, wait for a line")
    read.set_defaults(run=_read)


def _trace(options: argparse.Namespace) -> Answer:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "holdfast.config.settings")
    from django.conf import settings

    from holdfast.doors.cli.measuring.run import Wanted, measure
    from holdfast.kit.refusals import Unreadable

    if options.events < 5_000:
        raise Unreadable("bench_events", "--events is at least 5000.")
    wanted = Wanted(
        events=options.events,
        seed=options.seed,
        home=Path(settings.HOME),
        postgres=options.postgres,
        form=options.form,
        memory=options.memory,
        patience=options.patience,
        keep=options.keep,
    )
    answer = measure(wanted, lambda said: print(said, file=sys.stderr, flush=True))
    differs = any(row["agrees"] is False for row in answer["traces"])
    return Answer(answer, "\n".join(_told(answer)), 1 if differs else 0)


def _read(options: argparse.Namespace) -> Answer:
    from holdfast.doors.cli.measuring import reading

    reading.wake()
    if options.wait:
        reading.wait_for_word()
    if options.back:
        data = reading.read_back(options.keys)
    elif options.seconds:
        data = reading.keep_reading(options.keys, options.seconds)
    else:
        data = reading.read(options.keys, options.times)
    return Answer(data, "\n".join(f"{name}: {value}" for name, value in data.items()))


def _told(answer: dict[str, Any]) -> list[str]:
    about = answer["machine"]
    lines = [
        f"{about['cpu']}, {about['cores']} cores, {about['memory_gib']} GiB, {about['system']}, "
        f"load {about['load_before']} before the run",
        f"{answer['events']:,} events from {answer['form']} loaded in {answer['load_seconds']:,} s "
        f"({answer['load_events_per_second']:,} a second), {answer['disk_mb']:,} MB on disk, "
        f"{answer['rss_mb']:,} MB resident while tracing",
        f"{'seed':8}{'engine':28}" + "".join(f"{head:>11}" for head in HEADS) + "  agrees",
    ]
    for row in answer["traces"]:
        figures = [row["lines"], row["customers"], row["warm_ms"], row["cold_ms"]]
        cells = "".join(f"{'–' if cell is None else f'{cell:,}':>11}" for cell in figures)
        said = row.get("why") or {True: "yes", False: "NO", None: "not checked"}[row["agrees"]]
        if row.get("warm_runs", WARM_RUNS) < WARM_RUNS:
            said += f", warm {row['warm_runs']} of {WARM_RUNS} times"
        lines.append(f"{row['seed']:8}{row['engine']:28}{cells}  {said}")
    back = answer["backward"]
    lines.append(
        f"backward from {back['lines']} lines: p50 {back['p50_ms']} ms, p99 {back['p99_ms']} ms; "
        f"the first time {back['first']['p99_ms']} ms"
    )
    for name, shared in answer["several_processes"].items():
        if isinstance(shared, dict):
            words = name.replace("_", " ")
            lines.append(
                f"{answer['several_processes']['readers']} workers {words}: "
                f"{shared['answers_per_second']:,} answers a second"
            )
    return lines
