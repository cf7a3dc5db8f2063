"""Bringing in trace events as bulk tables on the command line."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from holdfast.doors.cli.answer import Answer
from holdfast.doors.cli.importing import Bar


def add(commands: argparse._SubParsersAction, common: argparse.ArgumentParser) -> None:  # type: ignore[type-arg]
    """Add `import events`."""
    verbs = commands.import_verbs  # type: ignore[attr-defined]
    verb = verbs.add_parser(
        "events",
        parents=[common],
        help="bring in trace events: five tables, CSV or Parquet, in one folder",
        epilog="example:  holdfast import events examples/events --json",
    )
    option = verb.add_argument
    option("folder", type=Path, metavar="FOLDER", help="files named after their tables")
    option("--timezone", default="", metavar="ZONE", help="the zone of times that name none")
    option("--decimal", choices=(".", ","), default=".", help="the decimal sign of quantities")
    for kind in ("gtin", "sscc"):
        words = f"this column holds {kind.upper()}s: look at their check digits"
        option(f"--{kind}", action="append", default=[], metavar="COLUMN", help=words)
    option("--rejects", type=Path, metavar="FILE.csv", help="write the rejected rows and why")
    option("--dry-run", action="store_true", help="do everything but keep nothing")
    verb.set_defaults(run=_import)


def _import(options: argparse.Namespace) -> Answer:
    from holdfast.doors.cli.acting import actor, now
    from holdfast.kit.trace.bulk import Wishes
    from holdfast.supply.traceability.actions import import_events

    codes = [(name, "gtin") for name in options.gtin] + [(name, "sscc") for name in options.sscc]
    wishes = Wishes(zone=options.timezone, decimal=options.decimal, codes=tuple(codes))
    by, bar = actor(options), Bar()
    started = time.perf_counter()
    try:
        outcome = import_events(
            folder=options.folder,
            wishes=wishes,
            by=by,
            now=now(),
            rejects_to=options.rejects,
            is_rehearsal=options.dry_run,
            watch=bar.show,
        )
    finally:
        bar.end()
    seconds = time.perf_counter() - started
    data = {**outcome.as_json(), "seconds": round(seconds, 3)}
    if options.dry_run:
        data["dry_run"] = True
    text = _told(options, data, seconds)
    return Answer(data, text, 1 if outcome.total("rejected") else 0)


def _told(options: argparse.Namespace, data: dict[str, object], seconds: float) -> str:
    tables, rejects, flags = data["tables"], data["rejects"], data["flags"]
    assert isinstance(tables, dict)
    assert isinstance(rejects, list)
    assert isinstance(flags, dict)
    lines = [
        f"{data['rows']:,} rows: {data['imported']:,} imported, {data['merged']:,} merged, "
        f"{data['rejected']:,} rejected in {seconds:.1f} s."
    ]
    for name, rows in tables.items():
        counts = ", ".join(f"{count:,} {what}" for what, count in rows.items() if count)
        lines.append(f"  {name}: {counts or 'no rows'}")
    for name, count in flags.items():
        lines.append(f"Accepted, but look: {count:,} {name.replace('_', ' ')}.")
    left = data["left"]
    if isinstance(left, list) and left:
        lines.append(f"Left alone, named for no table: {', '.join(left[:10])}.")
    for one in rejects[:10]:
        column = f" ({one['column']})" if one["column"] else ""
        lines.append(f"  {one['file']} line {one['line']}{column}: {one['reason']}")
    if options.dry_run:
        lines.append("Nothing was stored: this was a rehearsal (--dry-run).")
    elif rejects and not options.rejects:
        lines.append("Next: the same command with --rejects FILE.csv lists every rejected row.")
    else:
        lines.append("Next: holdfast trace forward lot:LOT")
    return "\n".join(lines)
