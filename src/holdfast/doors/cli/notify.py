"""Telling people on the command line: the launch check, the test, sending, stopping, lists."""

from __future__ import annotations

import argparse
import signal
import subprocess
import sys
import threading
from typing import Any

from holdfast.doors.cli.answer import Answer
from holdfast.doors.cli.notify_answers import answer, gates_of, teller
from holdfast.kit.refusals import Forbidden, Unreadable

GATES = (
    "decision, people, approvals, laws, languages, page, links, test, suppression, server, instance"
)


def add(commands: argparse._SubParsersAction, common: argparse.ArgumentParser) -> None:  # type: ignore[type-arg]
    """Add `recall notify`."""
    verb = commands.recall_verbs.add_parser(  # type: ignore[attr-defined]
        "notify",
        parents=[common],
        help="tell people: check, test, send, pause, list",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog=f"gates: {GATES}\n"
        "example:  holdfast recall notify R-2026-001 --send --waive page='our own page'",
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
    return answer(recall, options, setting, by, ended)


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
            tell=teller(),
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
    from holdfast.ground.outbox.queries import require_sending_home, why_not_to_send
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
    confirms = "instance" in waivers and bool(why_not_to_send(setting.home))
    require_sending_home(setting.home, confirms=confirms)
    is_new = wave is None or wave.state == "planned"
    gates = gates_of(recall, options, setting, look=True) if is_new else []
    with transaction.atomic():
        wave = open_wave(recall=recall.ref, number=options.wave, channel="email", by=by, now=now)
        # Two may start at once: whoever comes second finds it launched, and joins in.
        wave = Wave.objects.select_for_update().get(pk=wave.pk)
        is_new = is_new and wave.state == "planned"
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


def _waivers(words: list[str]) -> dict[str, str]:
    known = GATES.split(", ")
    found: dict[str, str] = {}
    for word in words:
        gate, sign, reason = word.partition("=")
        if not sign or not reason.strip():
            raise Unreadable(
                "waive",
                f"“{word}” gives no reason.",
                hint="--waive GATE=REASON, for example --waive test='tested by telephone'.",
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
