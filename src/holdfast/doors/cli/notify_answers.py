"""What `recall notify` says and writes: progress, the numbers, the lists."""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path
from typing import Any

from holdfast.doors.cli.answer import Answer
from holdfast.kit.refusals import Unreadable


def gates_of(recall: Any, options: argparse.Namespace, setting: Any, *, look: bool) -> Any:
    from django.conf import settings
    from django.utils.module_loading import import_string

    from holdfast.response.outreach.queries import look_at_gates

    return look_at_gates(
        recall,
        wave=options.wave,
        home=setting.home,
        key=setting.key,
        public_url=setting.public_url,
        probe=import_string(settings.LINK_PROBE) if look else None,
    )


def teller() -> Any:
    """One line on a terminal; where nothing moves, the reason also elsewhere, now and then."""
    began, said = time.monotonic(), [0.0]
    is_terminal = sys.stderr.isatty()

    def tell(progress: Any) -> None:
        rate = progress.accepted / max(0.001, time.monotonic() - began)
        words = f"{progress.accepted} told, {progress.failed} failed, {rate:.0f} a second"
        if progress.trouble:
            words += f" · waiting: {progress.trouble}"
        if is_terminal:
            print(f"\r\x1b[K{words[:110]}", end="", file=sys.stderr, flush=True)
        elif progress.trouble and time.monotonic() - said[0] > 10:
            said[0] = time.monotonic()
            print(f"holdfast: {words}", file=sys.stderr, flush=True)

    return tell


def answer(recall: Any, options: argparse.Namespace, setting: Any, by: Any, ended: str) -> Answer:
    from holdfast.ground.outbox.models import Wave
    from holdfast.ground.outbox.queries import counts, unfinished
    from holdfast.kit.quantities import plain
    from holdfast.response.notices.queries import coverage, text_laws
    from holdfast.response.outreach.queries import (
        reach,
        released_texts,
        sent_by_law,
        unreachable,
    )

    recall.refresh_from_db()
    if options.export or options.unreachable:
        _write_files(recall, options, by)
    wave = Wave.objects.filter(recall=recall.ref, number=options.wave).first()
    numbers = counts(recall.ref, wave=options.wave)
    data: dict[str, object] = {
        "recall": recall.ref,
        "wave": options.wave,
        "channel": "email",
        "state": wave.state if wave else "planned",
        **numbers,
        "workers": _worker_count(options),
        "unreachable": {
            row.reason: {"people": row.people, "orders": row.orders, "units": plain(row.units)}
            for row in unreachable(recall)
        },
    }
    laws, texts = text_laws(recall), sent_by_law(released_texts(recall).values())
    waiting = coverage(recall, texts, laws).waiting
    data["waiting"] = dict(waiting)
    code = 0
    if ended:
        data["ended"] = ended
        if ended != "done" or (wave is not None and unfinished(wave)):
            code = 130 if ended == "stopped" else 1
    if not options.send:
        gates = gates_of(recall, options, setting, look=options.dry_run or wave is None)
        data["gates"] = [gate.as_json() for gate in gates]
        would = reach(recall)
        data["reach"] = {
            "people": would.people,
            "reachable": would.reachable,
            "answered": would.answered,
            "languages": dict(would.coverage.given),
            "uncovered": dict(would.coverage.uncovered),
            "people_uncovered": would.coverage.not_covered,
        }
    return Answer(data, _words(data, ended), code)


def _worker_count(options: argparse.Namespace) -> int:
    from django.db import connection

    if not options.send:
        return 0
    return 1 if connection.vendor == "sqlite" else max(1, min(options.workers, 32))


def _words(data: dict[str, Any], ended: str) -> str:
    lines = [
        f"{data['recall']}, wave {data['wave']} by e-mail, {data['state']}: "
        f"{data['planned']} planned = {data['accepted']} accepted + {data['failed']} failed"
        f" + {data['suppressed']} taken out + {data['ambiguous']} unclear"
        f" + {data['queued']} waiting + {data['attempting']} in the air"
    ]
    if data["listed_ambiguous"]:
        lines.append(
            f"{data['listed_ambiguous']} were unclear at some time and may have got two copies; "
            "they are listed in --export."
        )
    if data["held"]:
        lines.append(f"{data['held']} were unclear twice and wait for a person: nobody gets three.")
    if data["waiting"]:
        lines.append(
            f"{sum(data['waiting'].values())} wait for an approved text under their law: "
            + ", ".join(f"{law} {people}" for law, people in data["waiting"].items())
            + ". Approve it, then run this again."
        )
    if ended == "blocked":
        lines.append("What waits has no approved text. Approve one, then run this again.")
    lines += [
        f"  {gate['state']:7} {gate['asks']}" + (f": {gate['words']}" if gate["words"] else "")
        for gate in data.get("gates", ())
    ]
    for reason, row in data["unreachable"].items():
        if row["orders"]:
            lines.append(f"  not reached, {reason}: {row['orders']} orders, {row['units']} units")
    return "\n".join(lines)


def _write_files(recall: Any, options: argparse.Namespace, by: Any) -> None:
    from holdfast.ground.outbox.queries import EXPORT_COLUMNS, export_rows
    from holdfast.response.outreach.policies import require_viewing
    from holdfast.response.outreach.queries import UNREACHED_COLUMNS
    from holdfast.response.outreach.queries.people import unreachable_rows

    require_viewing(by)
    if options.export:
        _write_csv(options.export, EXPORT_COLUMNS, export_rows(recall.ref, by_address=True))
    if options.unreachable:
        _write_csv(options.unreachable, UNREACHED_COLUMNS, unreachable_rows(recall))


def _write_csv(name: str, columns: Any, rows: Any) -> None:
    """Whole or not at all, with cells that a spreadsheet would run made harmless."""
    import csv

    path = Path(name)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(columns)
            for row in rows:
                writer.writerow([_harmless(cell) for cell in row])
        part.replace(path)
    except OSError as error:
        raise Unreadable(
            "cannot_write", f"{name} cannot be written: {error.strerror}.", file=name
        ) from error
    finally:
        part.unlink(missing_ok=True)


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell
