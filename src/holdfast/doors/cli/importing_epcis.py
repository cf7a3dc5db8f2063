"""Bringing in EPCIS documents on the command line."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from holdfast.doors.cli.answer import Answer
from holdfast.doors.cli.importing import Bar


def add(commands: argparse._SubParsersAction, common: argparse.ArgumentParser) -> None:  # type: ignore[type-arg]
    """Add `import epcis`."""
    verbs = commands.import_verbs  # type: ignore[attr-defined]
    verb = verbs.add_parser(
        "epcis",
        parents=[common],
        help="bring in EPCIS events: 2.0 JSON-LD, 1.2 and 2.0 XML",
        epilog="example:  holdfast import epcis supplier/*.jsonld warehouse.xml --json",
    )
    option = verb.add_argument
    option(
        "files",
        nargs="+",
        type=Path,
        metavar="FILE",
        help="documents or folders of them; .gz, .zst and .zip are opened",
    )
    option("--dry-run", action="store_true", help="read and judge, but keep nothing")
    verb.set_defaults(run=_import)


def _import(options: argparse.Namespace) -> Answer:
    from holdfast.doors.cli.acting import actor, now
    from holdfast.supply.traceability.actions import import_epcis

    by, bar = actor(options), Bar()
    started = time.perf_counter()
    try:
        outcome = import_epcis(
            paths=options.files, by=by, now=now(), is_rehearsal=options.dry_run, watch=bar.show
        )
    finally:
        bar.end()
    seconds = time.perf_counter() - started
    data = {**outcome.as_json(), "seconds": round(seconds, 3)}
    if options.dry_run:
        data["dry_run"] = True
    return Answer(data, _told(options, data, seconds), 1 if outcome.refused else 0)


def _told(options: argparse.Namespace, data: dict[str, object], seconds: float) -> str:
    documents, tables = data["documents"], data["tables"]
    assert isinstance(documents, list)
    assert isinstance(tables, dict)
    lines = [
        f"{len(documents):,} documents, {data['rows']:,} events: {data['imported']:,} imported, "
        f"{data['merged']:,} merged, {data['rejected']:,} rejected in {seconds:.1f} s."
    ]
    for one in documents:
        if one["refused"]:
            where, why = one["refused"]["path"], one["refused"]["reason"]
            line = one["refused"].get("line")
            place = f"line {line}, {where}" if line else where
            lines.append(f"  refused: {one['file']}: {place}: {why}")
    for name, rows in tables.items():
        lines.append(f"  {name}: {rows['rows']:,} rows from all EPCIS events")
    if options.dry_run:
        lines.append("Nothing was stored: this was a rehearsal (--dry-run).")
    else:
        lines.append("Next: holdfast trace forward lot:LOT")
    return "\n".join(lines)
