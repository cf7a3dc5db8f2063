"""The duties of a recall on the command line: list them, settle one, give it an owner."""

from __future__ import annotations

import argparse
from datetime import datetime
from typing import TYPE_CHECKING, Any

from holdfast.doors.cli.answer import Answer
from holdfast.kit.refusals import Unreadable

if TYPE_CHECKING:
    from holdfast.kit.actors import Actor
    from holdfast.response.duties.models import DutyClock


def add(commands: argparse._SubParsersAction, common: argparse.ArgumentParser) -> None:  # type: ignore[type-arg]
    """Add `recall duties` and `recall duty`."""
    every = commands.recall_verbs.add_parser(  # type: ignore[attr-defined]
        "duties",
        parents=[common],
        help="who must be told what, by when, in this recall; soonest first",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="Exit 1: a duty is overdue, waits for a fact, or a country is without data.\n"
        "example:  holdfast recall duties R-2026-001 --json",
    )
    every.add_argument("recall", metavar="R", help="its short id: R-2026-001")
    every.add_argument("--ics", metavar="FILE.ics", help="write the open deadlines as a calendar")
    every.set_defaults(run=_duties)
    one = commands.recall_verbs.add_parser(  # type: ignore[attr-defined]
        "duty",
        parents=[common],
        help="settle one duty, give it an owner or an own limit",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="example:  holdfast recall duty R-2026-001 us_cpsc_consumer.s15b_initial@US "
        "--met SP-2026-17",
    )
    option = one.add_argument
    option("recall", metavar="R", help="its short id: R-2026-001")
    option("duty", metavar="REGIME.OBLIGATION[@CC]")
    option("--about", default="", metavar="WORDS", help="which accident, where there are several")
    option("--met", metavar="REF", help="it was done: the reference that shows it")
    option("--at", default="", metavar="TIME", help="when it was done; ISO with its offset")
    option("--told", action="store_true", help="with --met: the authority knows by this")
    option("--not-applicable", metavar="REASON", help="it does not apply, because")
    option("--reopen", metavar="REASON", help="it was settled by mistake")
    option("--owner", help="an e-mail address, or a role: legal")
    option("--own-limit", metavar="TIME", help="our own limit, no law; none gives it up")
    option("--reason", default="", help="why the own limit")
    one.set_defaults(run=_duty)


def _duties(options: argparse.Namespace) -> Answer:
    from holdfast.decision.recalls.queries import recall_named
    from holdfast.doors.cli.acting import now
    from holdfast.response.duties.queries import next_deadline, worked_out
    from holdfast.response.duties.queries.entries import deadline_json, entries_of

    recall, at = recall_named(options.recall), now()
    entries = entries_of(recall, now=at)
    if options.ics:
        _write_calendar(options.ics, recall)
    is_open = any(
        one["is_overdue"] or one["state"] in ("waiting", "new", "unknown") for one in entries
    )
    odd = worked_out(recall, now=at).doubts
    data: dict[str, Any] = {
        "recall": recall.ref,
        "duties": entries,
        "warnings": list(odd),
        "next_deadline": deadline_json(next_deadline(recall), now=at),
    }
    lines = [*(_line(one) for one in entries), *(f"Check: {doubt}" for doubt in odd)]
    return Answer(data, "\n".join(lines), 1 if is_open or odd else 0)


def _write_calendar(name: str, recall: Any) -> None:
    from pathlib import Path

    from django.conf import settings

    from holdfast.response.duties.queries import calendar_text

    found = calendar_text(recall, name=f"{recall.ref} {recall.title}", base=settings.PUBLIC_URL)
    try:
        Path(name).write_bytes(found)
    except OSError as error:
        raise Unreadable(
            "not_written",
            f"{name} cannot be written: {error.strerror}.",
            hint="Name a file in a folder that is there.",
            file=name,
        ) from error


def _line(one: dict[str, object]) -> str:
    head = f"{one['country']}  {one['name'] or 'no data'}"
    if one["regime"]:
        head += f"  ({one['regime']}.{one['obligation']})  {one['state']}"
    if one.get("occurrence"):
        head += f"  {one['occurrence']}"
    return f"{head}\n    {_when(one)}"


def _when(one: dict[str, object]) -> str:
    missing = one["missing"] if isinstance(one["missing"], list) else []
    if one["state"] == "met":
        return f"done {one['settled_at']}, {one['reference']}"
    if one["state"] == "not_applicable":
        return f"does not apply: {one['reason']}"
    if one["is_overdue"]:
        return f"OVERDUE by {one['left']}, due {one['acts_by']}: do it now, and say why it is late"
    ask = f"; say when: {' or '.join(map(str, missing))}" if missing else ""
    if one["left"]:
        bound = " at the latest" if missing else "" if one.get("due_at") else " (own limit, no law)"
        return f"in {one['left']}, {one['acts_by']}{bound}{ask}"
    return f"{one['rule']}{ask}"


def _duty(options: argparse.Namespace) -> Answer:
    from django.db import transaction

    from holdfast.decision.recalls.queries import recall_named
    from holdfast.doors.cli.acting import actor, now
    from holdfast.response.duties.queries import clock_named, confirmations
    from holdfast.response.duties.queries.entries import entry_json

    recall, by, at = recall_named(options.recall), actor(options), now()
    clock = clock_named(recall, options.duty, options.about)
    given = (options.met, options.not_applicable, options.reopen)
    if sum(one is not None for one in given) > 1:
        raise Unreadable("usage", "--met, --not-applicable and --reopen exclude each other.")
    with transaction.atomic():
        _settle(clock, options, by, at)
        if options.owner is not None:
            from holdfast.response.duties.actions import assign_duty

            assign_duty(clock=clock, owner=options.owner, by=by, now=at)
        if options.own_limit is not None:
            _limit(clock, options, by, at)
    clock.refresh_from_db()
    entry = entry_json(clock, confirmations(), now=at)
    return Answer({"recall": recall.ref, **entry}, _line(entry))


def _settle(clock: DutyClock, options: argparse.Namespace, by: Actor, at: datetime) -> None:
    from holdfast.response.duties.actions import reopen_duty, settle_duty

    if options.met is not None:
        settle_duty(
            clock=clock,
            state="met",
            reference=options.met,
            at=_time(options.at) if options.at else None,
            is_told=options.told,
            by=by,
            now=at,
        )
    if options.not_applicable is not None:
        settle_duty(
            clock=clock, state="not_applicable", reason=options.not_applicable, by=by, now=at
        )
    if options.reopen is not None:
        reopen_duty(clock=clock, reason=options.reopen, by=by, now=at)


def _limit(clock: DutyClock, options: argparse.Namespace, by: Actor, at: datetime) -> None:
    from holdfast.response.duties.actions import set_house_target

    own = None if options.own_limit in ("", "none") else _time(options.own_limit)
    set_house_target(clock=clock, at=own, reason=options.reason, by=by, now=at)


def _time(text: str) -> datetime:
    from holdfast.kit.regimes.clock_facts import parse_instant

    return parse_instant(text, "this duty")
