"""Telling people on the command line: the launch check, the test, sending, stopping, lists."""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

from holdfast.doors.cli.answer import Answer
from holdfast.kit.refusals import Forbidden, Unreadable

GATES = "decision, people, approvals, languages, page, links, test, suppression, server, instance"


def add(commands: argparse._SubParsersAction, common: argparse.ArgumentParser) -> None:  # type: ignore[type-arg]
    """Add `recall notify`."""
    verb = commands.recall_verbs.add_parser(  # type: ignore[attr-defined]
        "notify",
        parents=[common],
        help="tell people: check, test, send, pause, list",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog=f"gates: {GATES}\n"
        "example:  holdfast recall notify R-2026-001 --send --waive page=“the shop's own page”",
    )
    verb.add_argument("recall", metavar="R", help="its short id: R-2026-001")
    verb.add_argument("--send", action="store_true", help="send until nothing is left to do")
    verb.add_argument("--dry-run", action="store_true", help="show the launch check, write nothing")
    verb.add_argument("--wave", type=int, default=1, metavar="N", help="1 tells, 2 to 5 remind")
    verb.add_argument(
        "--waive",
        action="append",
        default=[],
        metavar="GATE=REASON",
        help="let a gate pass that is not green; repeatable, journaled",
    )
    verb.add_argument(
        "--ramp",
        type=int,
        default=2,
        metavar="PERCENT",
        help="how many go out first (2); 100 sends without a ramp",
    )
    verb.add_argument(
        "--hold",
        type=float,
        default=300,
        metavar="SECONDS",
        help="how long to look at the first ones before the rest follows (300)",
    )
    verb.add_argument(
        "--workers", type=int, default=1, metavar="N", help="sending processes, on PostgreSQL"
    )
    verb.add_argument("--export", metavar="FILE.csv", help="write every message and its state")
    verb.add_argument("--unreachable", metavar="FILE.csv", help="write who could not be reached")
    verb.add_argument("--test", action="append", default=[], metavar="E-MAIL", help="send a test")
    verb.add_argument("--opened", metavar="CODE", help="the code in the subject of the test")
    verb.add_argument("--pause", metavar="REASON", help="begin no further message")
    verb.add_argument("--resume", metavar="REASON", help="go on where a wave was paused")
    verb.add_argument("--withdraw", metavar="REASON", help="never send what is left")
    verb.add_argument("--join", action="store_true", help=argparse.SUPPRESS)
    verb.set_defaults(run=_notify)


def _notify(options: argparse.Namespace) -> Answer:
    from holdfast.decision.recalls.queries import recall_named
    from holdfast.doors.cli import acting
    from holdfast.response.outreach.jobs import Setting, send_trial

    if not 1 <= options.wave <= 99 or not 1 <= options.ramp <= 100 or options.hold < 0:
        raise Unreadable("usage", "--wave is 1 to 99, --ramp 1 to 100, --hold not negative.")
    by = acting.actor(options)
    recall = recall_named(options.recall)
    setting = Setting.here()
    if options.test:
        send_trial(
            recall=recall,
            wave=options.wave,
            addresses=options.test,
            setting=setting,
            by=by,
            now=acting.now(),
        )
    if options.opened:
        _opened(recall, options, setting, by)
    ended = ""
    if options.pause or options.withdraw or options.resume:
        _stop_or_go(recall, options, by)
    if options.send and not options.dry_run:
        ended = _send(recall, options, setting, by)
    return _answer(recall, options, setting, by, ended)


def _opened(recall: Any, options: argparse.Namespace, setting: Any, by: Any) -> None:
    from holdfast.doors.cli import acting
    from holdfast.response.outreach.actions import confirm_trial
    from holdfast.response.outreach.queries import released_texts, versions
    from holdfast.response.outreach.rules import trial_code

    texts = released_texts(recall)
    confirm_trial(
        recall=recall,
        wave=options.wave,
        code=trial_code(setting.key, recall=recall.ref, texts=versions(texts.values())),
        entered=options.opened,
        by=by,
        now=acting.now(),
    )


def _stop_or_go(recall: Any, options: argparse.Namespace, by: Any) -> None:
    from holdfast.doors.cli import acting
    from holdfast.ground.outbox.models import Wave
    from holdfast.kit.refusals import NotFound
    from holdfast.response.outreach.actions import pause_wave, resume_wave, withdraw_wave

    wave = Wave.objects.filter(recall=recall.ref, number=options.wave).first()
    if wave is None:
        raise NotFound("no_wave", f"There is no wave {options.wave} of {recall.ref} yet.")
    if options.pause:
        pause_wave(wave=wave, reason=options.pause, by=by, now=acting.now())
    elif options.withdraw:
        withdraw_wave(wave=wave, reason=options.withdraw, by=by, now=acting.now())
    else:
        resume_wave(wave=wave, reason=options.resume, by=by, now=acting.now())


def _send(recall: Any, options: argparse.Namespace, setting: Any, by: Any) -> str:
    from datetime import timedelta

    from holdfast.ground.outbox.models import Wave
    from holdfast.response.outreach.jobs import send_wave

    if options.join:
        _die_with_parent()
        wave = Wave.objects.get(recall=recall.ref, number=options.wave, channel="email")
    else:
        wave = _prepare(recall, options, setting, by)
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    others = _others(options)
    try:
        return send_wave(
            wave=wave,
            setting=setting,
            stop=stop,
            by=by,
            hold=timedelta(seconds=options.hold),
            tell=_teller(),
        )
    finally:
        for other in others:
            other.wait()


def _prepare(recall: Any, options: argparse.Namespace, setting: Any, by: Any) -> Any:
    """Plan and launch in one piece, or change nothing; a launched wave only takes in new people."""
    from secrets import token_hex

    from django.db import transaction

    from holdfast.doors.cli import acting
    from holdfast.ground.outbox.actions import confirm_instance, open_wave
    from holdfast.ground.outbox.models import Wave
    from holdfast.ground.outbox.queries import why_not_to_send
    from holdfast.response.outreach.actions import launch_wave, plan_wave, reopen_wave
    from holdfast.response.outreach.jobs import id_host
    from holdfast.response.outreach.policies import require_sending

    waivers = _waivers(options.waive)
    wave = Wave.objects.filter(recall=recall.ref, number=options.wave, channel="email").first()
    if wave is not None and wave.state in ("paused", "withdrawn"):
        raise Forbidden(
            "wave_stopped",
            f"Wave {wave.number} is {wave.state}: {wave.reason or 'no reason given'}.",
            hint="Go on with --resume REASON." if wave.state == "paused" else "",
        )
    now = acting.now()
    why = why_not_to_send(setting.home)
    confirms = bool(why and waivers.get("instance", "").strip())
    if why and not confirms:
        raise Forbidden(
            "instance",
            f"{why} Nothing was sent.",
            hint="If this copy is the one that shall send, add --waive instance=REASON; "
            "no other copy may send then.",
        )
    is_new = wave is None or wave.state == "planned"
    gates = _gates(recall, options, setting, look=True) if is_new else []
    with transaction.atomic():
        wave = open_wave(recall=recall.ref, number=options.wave, channel="email", by=by, now=now)
        added = 0
        if not any(gate.state == "red" and not gate.may_be_waived for gate in gates):
            added = plan_wave(
                recall=recall, wave=wave, key=setting.key, host=id_host(), by=by, now=now
            )
        if is_new:
            launch_wave(
                recall=recall,
                wave=wave,
                gates=gates,
                waivers=waivers,
                ramp_percent=options.ramp,
                by=by,
                now=now,
            )
        elif added and wave.state == "done":
            reopen_wave(wave=wave, by=by, now=now)
        if confirms:
            require_sending(by)
            confirm_instance(
                home=setting.home, mark=token_hex(16), reason=waivers["instance"], by=by, now=now
            )
    wave.refresh_from_db()
    return wave


def _gates(recall: Any, options: argparse.Namespace, setting: Any, *, look: bool) -> Any:
    from django.conf import settings
    from django.utils.module_loading import import_string

    from holdfast.response.outreach.queries import look_at_gates

    return look_at_gates(
        recall,
        wave=options.wave,
        home=setting.home,
        key=setting.key,
        public_url=setting.public_url,
        has_server=bool(os.environ.get("HOLDFAST_SMTP_URL", "").strip()),
        probe=import_string(settings.LINK_PROBE) if look else None,
    )


def _waivers(words: list[str]) -> dict[str, str]:
    known = GATES.split(", ")
    found: dict[str, str] = {}
    for word in words:
        gate, sign, reason = word.partition("=")
        if not sign or not reason.strip():
            raise Unreadable(
                "waive",
                f"“{word}” gives no reason.",
                hint="--waive GATE=REASON, for example --waive test=“tested by telephone”.",
            )
        if gate.strip() == "all":
            found |= {name: reason.strip() for name in known if name != "instance"}
        elif gate.strip() in known:
            found[gate.strip()] = reason.strip()
        else:
            raise Unreadable(
                "waive", f"There is no gate “{gate.strip()}”.", hint=f"The gates: {GATES}."
            )
    return found


def _others(options: argparse.Namespace) -> list[subprocess.Popen[bytes]]:
    """More sending processes; the embedded database has room for one only."""
    from django.db import connection

    if connection.vendor == "sqlite" or options.join:
        return []
    words = [sys.executable, "-m", "holdfast", "recall", "notify", options.recall, "--send"]
    words += ["--join", "--json", "--wave", str(options.wave), "--hold", str(options.hold)]
    words += ["--as", options.person] if options.person else []
    return [
        subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        for _ in range(max(0, min(options.workers, 32) - 1))
    ]


def _die_with_parent() -> None:
    """A killed command takes its helpers with it, where the kernel offers that."""
    import contextlib
    import ctypes

    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)


def _teller() -> Any:
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


def _answer(recall: Any, options: argparse.Namespace, setting: Any, by: Any, ended: str) -> Answer:
    from holdfast.ground.outbox.models import Wave
    from holdfast.ground.outbox.queries import counts, unfinished
    from holdfast.kit.quantities import plain
    from holdfast.response.outreach.queries import unreachable

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
    code = 0
    if ended:
        data["ended"] = ended
        if ended != "done" or (wave is not None and unfinished(wave)):
            code = 130 if ended == "stopped" else 1
    if not options.send:
        gates = _gates(recall, options, setting, look=options.dry_run or wave is None)
        data["gates"] = [gate.as_json() for gate in gates]
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
        _write_csv(options.export, EXPORT_COLUMNS, export_rows(recall.ref))
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
