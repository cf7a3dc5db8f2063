"""`trace export`: the portable layout, for the warehouse where the company's data already lies."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import time
from pathlib import Path

from holdfast.doors.cli.answer import Answer
from holdfast.kit.refusals import Unreadable

ABOUT = "layout.json"


def add(commands: argparse._SubParsersAction, common: argparse.ArgumentParser) -> None:  # type: ignore[type-arg]
    """Add `trace export` beside `trace forward` and `trace back`."""
    verbs = commands.trace_verbs  # type: ignore[attr-defined]
    verb = verbs.add_parser(
        "export",
        parents=[common],
        help="write the trace as plain Parquet, for any warehouse (docs/scale.md)",
        epilog="example:  holdfast trace export layout --at 2026-03-31",
    )
    option = verb.add_argument
    option("folder", type=Path, metavar="FOLDER", help="a new folder, or an empty one")
    option("--at", default="", metavar="T", help="only what had happened by then")
    option("--known-at", default="", metavar="T", help="only what had been received by then")
    verb.set_defaults(run=_export)


def _export(options: argparse.Namespace) -> Answer:
    from holdfast.doors.cli.tracing import fed, moment
    from holdfast.kit.trace.portable import write_portable
    from holdfast.kit.trace.publishing import instant
    from holdfast.supply.traceability.queries import open_trace

    began = time.perf_counter()
    at, known_at = moment(options.at, "--at"), moment(options.known_at, "--known-at")
    folder = options.folder.resolve()
    _ask_empty(folder)
    fed()
    trace = open_trace(known_at=known_at)
    if at is not None:
        trace = trace.as_of(instant(at))
    about = {
        "events": trace.published.meta["events"],
        "input_digest": trace.published.meta["input_digest"],
        "at": at.isoformat() if at else None,
        "known_at": known_at.isoformat() if known_at else None,
    }
    # It has its name only once it is whole: half a layout would answer without saying so.
    half = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(half, ignore_errors=True)
    try:
        half.mkdir(parents=True)
        rows = write_portable(trace.published, half, told=lambda said: print(said, file=sys.stderr))
        (half / ABOUT).write_text(json.dumps({**about, "tables": rows}, indent=1), encoding="utf-8")
        if folder.exists():
            folder.rmdir()
        half.rename(folder)
    except OSError as error:
        raise Unreadable(
            "not_writable",
            f"The layout cannot be written to {folder}: {error.strerror or error}.",
            file=str(folder),
            hint="Name a folder on a disk with room, where you may write.",
        ) from None
    finally:
        shutil.rmtree(half, ignore_errors=True)
    tables = {
        name: {"rows": count, "bytes": sum(p.stat().st_size for p in (folder / name).iterdir())}
        for name, count in rows.items()
    }
    seconds = round(time.perf_counter() - began, 3)
    data = {"folder": str(folder), **about, "tables": tables, "seconds": seconds}
    lines = [f"{about['events']:,} events as Parquet in {folder} ({seconds:.1f} s)."]
    lines += [
        f"  {name}: {one['rows']:,} rows, {one['bytes']:,} bytes" for name, one in tables.items()
    ]
    lines.append("How to load and ask it: docs/scale.md.")
    return Answer(data, "\n".join(lines))


def _ask_empty(folder: Path) -> None:
    """Refuse what is there already: two layouts in one folder would be added up."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Unreadable(
            "folder_not_empty",
            f"{folder} is there already and not empty.",
            file=str(folder),
            hint="Name a new folder.",
        )
    if not folder.parent.is_dir():
        raise Unreadable("no_folder", f"There is no folder for {folder}.", file=str(folder))
