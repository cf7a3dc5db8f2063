"""Alarms and investigations on the command line: score, read, judge, find out, open the recall."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from holdfast.doors.cli.answer import Answer
from holdfast.kit.refusals import Unreadable

if TYPE_CHECKING:
    from holdfast.decision.investigations.models import Alarm, Investigation
    from holdfast.kit.actors import Actor

MOST_SHOWN = 1_000


def add(commands: argparse._SubParsersAction, common: argparse.ArgumentParser) -> None:  # type: ignore[type-arg]
    """Add the verbs about alarms to `watch`."""
    verbs = commands.watch_verbs  # type: ignore[attr-defined]
    score = _verb(
        verbs,
        common,
        "score",
        "score every product again, day by day",
        "--since 2026-01-01",
        _score,
    )
    score.add_argument("--since", metavar="DAY", help="raise what would have come since; a year")
    alarms = _verb(verbs, common, "alarms", "alarms that wait to be read", "--json", _alarms)
    alarms.add_argument("--all", action="store_true", help="the judged ones too")
    alarm = _verb(verbs, common, "alarm", "why one was raised; judge it", "A-2026-001", _alarm)
    alarm.add_argument("alarm", metavar="ALARM", help="its short id: A-2026-001")
    alarm.add_argument("--dismiss", metavar="REASON", help="no hazard; quiet for a year")
    alarm.add_argument("--take-back", metavar="REASON", help="it was dismissed by mistake")
    opened = _verb(
        verbs, common, "investigate", "find out; from an alarm, or by hand", "A-2026-001", _begin
    )
    opened.add_argument("alarm", metavar="ALARM", nargs="?", default="")
    opened.add_argument("--product", default="", metavar="CODE", help="without an alarm")
    opened.add_argument("--hazard", default="", help="without an alarm: fire, choking, …")
    opened.add_argument("--lot", action="append", default=[], help="lots in question; repeatable")
    opened.add_argument("--question", default="", help="in your own words")
    _investigation_words(verbs, common)
    leads = _verb(
        verbs, common, "open-recall", "open the recall it leads to", "I-2026-001", _open_recall
    )
    leads.add_argument("investigation", metavar="INVESTIGATION")
    leads.add_argument(
        "--outcome", default="", help="what can happen to a person: fire, choking, …"
    )
    leads.add_argument("--outcome-words", default="", help="in words, with --outcome other")
    leads.add_argument("--mechanism", default="", help="what goes wrong: overheats")
    leads.add_argument("--title", default="")
    leads.add_argument("--regime", default="eu_gpsr", help="the law of its notice")
    budget = _verb(
        verbs, common, "budget", "false alarms a week you will read, and what follows", "2", _budget
    )
    budget.add_argument("number", nargs="?", metavar="N", help="a number, or: published")


def _investigation_words(verbs: Any, common: argparse.ArgumentParser) -> None:
    verb = _verb(
        verbs,
        common,
        "investigation",
        "what is asked, to do and found; all of them without a name",
        "I-2026-001 --found 'the base reaches 140 degrees' --bearing for",
        _investigation,
    )
    option = verb.add_argument
    option("investigation", metavar="INVESTIGATION", nargs="?", default="")
    option("--task", metavar="WORDS", help="one more thing that would settle it")
    option("--kind", default="other", help="of the task: test, supplier, stock, other")
    option("--done", type=int, metavar="N", help="the task with this number is done")
    option("--note", default="", metavar="WORDS", help="what came of it")
    option("--found", metavar="WORDS", help="something was found")
    option("--bearing", default="open", help="it speaks: for, against, open")
    option("--evidence", metavar="FILE", help="what shows it; kept")
    option("--lot", action="append", default=[], help="lots in question; repeatable")
    option("--owner", metavar="PERSON", help="give it to somebody: e-mail or name")
    option("--end", choices=("no_hazard", "watching"), help="end it without a recall")
    option("--reason", default="", help="why it ends, or goes on")
    option("--reopen", action="store_true", help="it goes on")
    option("--letter", choices=("en", "de"), help="a draft of the question to the supplier")


def _verb(
    verbs: Any,
    common: argparse.ArgumentParser,
    name: str,
    words: str,
    example: str,
    run: Callable[[argparse.Namespace], Answer],
) -> argparse.ArgumentParser:
    verb: argparse.ArgumentParser = verbs.add_parser(
        name,
        parents=[common],
        help=words,
        epilog=f"example:  holdfast watch {name} {example}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    verb.set_defaults(run=run)
    return verb


def _who() -> tuple[Callable[[argparse.Namespace], Actor], datetime]:
    from holdfast.doors.cli.acting import actor, now

    return actor, now()


def _score(options: argparse.Namespace) -> Answer:
    from holdfast.decision.investigations.actions import score_catalogue

    actor, at = _who()
    scored = score_catalogue(since=_day(options.since), by=actor(options), now=at)
    for alarm in scored.alarms:
        alarm.refresh_from_db()
    data = {
        "reports": scored.reports,
        "products": scored.products,
        "alarms": [alarm_data(one) for one in scored.alarms],
    }
    text = [f"{scored.reports:,} reports of {scored.products:,} products: "
            f"{len(scored.alarms):,} new alarms."]  # fmt: skip
    text += [_alarm_line(one) for one in scored.alarms[:20]]
    return Answer(data, "\n".join(text))


def _alarms(options: argparse.Namespace) -> Answer:
    from holdfast.decision.intake.queries import recent_rushes
    from holdfast.decision.investigations.models import Alarm
    from holdfast.decision.investigations.queries import alarms_waiting, floods, threshold_in_force

    actor, at = _who()
    del actor
    found = Alarm.objects.order_by("-pk") if options.all else alarms_waiting()
    shown = list(found.select_related("product", "investigation", "replaced_by")[:MOST_SHOWN])
    flooded, rushed = floods(at), recent_rushes(at)
    data = {
        "threshold": threshold_in_force(),
        "alarms": [alarm_data(one) for one in shown],
        "left_out": max(0, found.count() - len(shown)),
        "floods": flooded,
        "rushes": [one.as_json() for one in rushed],
    }
    text = [_alarm_line(one) for one in shown[:30]] or [
        "No alarm waits. That is no proof of safety."
    ]
    text += [
        f"Flood: {one['reports']:,} reports on {one['product__code'] or one['maker']} "
        f"on {one['day']}; counted, not believed."
        for one in flooded
    ]
    text += [f"Many at once: {_rush_words(one.as_json())} on {one.name}." for one in rushed]
    return Answer(data, "\n".join(text))


def _alarm(options: argparse.Namespace) -> Answer:
    from holdfast.decision.investigations.actions import dismiss_alarm, take_back_dismissal
    from holdfast.decision.investigations.queries import alarm_named, reports_since

    actor, at = _who()
    alarm = alarm_named(options.alarm)
    if options.dismiss is not None:
        dismiss_alarm(alarm=alarm, reason=options.dismiss, by=actor(options), now=at)
    if options.take_back is not None:
        take_back_dismissal(alarm=alarm, reason=options.take_back, by=actor(options), now=at)
    alarm = alarm_named(options.alarm)
    since = reports_since(alarm)
    data = {**alarm_data(alarm), "reports_since": since}
    why = alarm.why
    text = [_alarm_line(alarm), "", "after        upto         reports  weighed   usual"]
    text += [
        f"{one['begins']}   {one['ends']}   {one['reports']:7} {one['weighed']:>8} "
        f"{float(one['expected']):7.2f}{'  *' if one['is_in_window'] else ''}"
        for one in why["course"]
    ]
    text += [_crowd_line(one) for one in why["crowds"]]
    if why["flood"]:
        text.append(f"A flood: {why['flood']['reports']} reports on {why['flood']['on']}.")
    if why.get("rush"):
        text.append(
            f"Many at once, by accident or by a call to complain: {_rush_words(why['rush'])}."
        )
    text += [f"What would settle it: {why['settle']}.", f"Since then: {since} more reports."]
    text.append(f"Reports: {', '.join(why['complaints'][:30])}")
    if alarm.state == "open":
        text.append(f"Next: holdfast watch investigate {alarm.ref}")
    return Answer(data, "\n".join(text))


def _rush_words(rush: dict[str, Any]) -> str:
    return (
        f"{rush['voices']:,} people, {rush['begins']} to {rush['ends']}, "
        f"{float(rush['usual']):.0f} would be usual, {rush['bought']:,} known as customers"
    )


def _begin(options: argparse.Namespace) -> Answer:
    from holdfast.decision.investigations.actions import open_investigation
    from holdfast.decision.investigations.queries import alarm_named

    actor, at = _who()
    if not options.alarm and not (options.product and options.hazard):
        raise Unreadable(
            "alarm_needed",
            "Name an alarm, or --product and --hazard.",
            hint="See: holdfast watch alarms",
        )
    found = open_investigation(
        alarm=alarm_named(options.alarm) if options.alarm else None,
        product=_product(options.product) if options.product else None,
        hazard=options.hazard,
        lots=options.lot,
        question=options.question,
        by=actor(options),
        now=at,
    )
    return _told(found)


def _product(code: str) -> Any:
    from holdfast.supply.catalog.models import Product
    from holdfast.supply.catalog.rules import code_key

    product = Product.objects.filter(code_key=code_key(code.strip())).first()
    if product is None:
        raise Unreadable(
            "unknown_product",
            f"No product has the code “{code[:60]}”.",
            hint="Write it as in your orders, or: holdfast import products FILE.csv",
        )
    return product


def _investigation(options: argparse.Namespace) -> Answer:
    from django.db import transaction

    from holdfast.decision.investigations.models import Investigation
    from holdfast.decision.investigations.queries import investigation_named

    if not options.investigation:
        every = Investigation.objects.order_by("-pk").select_related("product")
        every = every.prefetch_related("alarms", "tasks", "findings")
        rows = list(every[:MOST_SHOWN])
        lines = [f"{one.ref}  {one.state:13} {one.question}" for one in rows]
        data: dict[str, object] = {
            "investigations": [investigation_data(one) for one in rows],
            "left_out": max(0, every.count() - len(rows)),
        }
        return Answer(data, "\n".join(lines) or "Nothing is investigated.")
    found = investigation_named(options.investigation)
    with transaction.atomic():  # all of one command or nothing
        _work(found, options)
    found = investigation_named(options.investigation)
    if options.letter:
        return _letter(found, options.letter)
    return _told(found)


def _work(found: Investigation, options: argparse.Namespace) -> None:
    from holdfast.decision.investigations import actions
    from holdfast.doors.cli.attaching import attached
    from holdfast.ground.access.queries import person_named

    actor, at = _who()
    if options.reopen:
        actions.reopen_investigation(
            investigation=found, reason=options.reason, by=actor(options), now=at
        )
    if options.owner:
        person = person_named(options.owner)
        key = f"person:{person.pk}" if person else options.owner
        actions.assign_investigation(investigation=found, owner=key, by=actor(options), now=at)
    if options.lot:
        actions.narrow_investigation(
            investigation=found, lots=options.lot, by=actor(options), now=at
        )
    if options.task:
        actions.add_task(
            investigation=found, kind=options.kind, words=options.task, by=actor(options), now=at
        )
    if options.done is not None:
        tasks = list(found.tasks.order_by("pk"))
        if not 1 <= options.done <= len(tasks):
            raise Unreadable("no_task", f"{found.ref} has no task no. {options.done}.")
        actions.finish_task(
            task=tasks[options.done - 1], note=options.note, by=actor(options), now=at
        )
    if options.found:
        by = actor(options)
        file = (
            attached(found, options.evidence, "finding", by=by, now=at) if options.evidence else ""
        )
        actions.record_finding(
            investigation=found,
            words=options.found,
            bearing=options.bearing,
            evidence=file,
            by=by,
            now=at,
        )
    if options.end:
        actions.conclude_investigation(
            investigation=found,
            outcome=options.end,
            reason=options.reason,
            by=actor(options),
            now=at,
        )


def _letter(found: Investigation, language: str) -> Answer:
    from holdfast.decision.investigations.queries import letter_to_supplier

    text = letter_to_supplier(found, language)
    return Answer({"investigation": found.ref, "language": language, "letter": text}, text)


def _open_recall(options: argparse.Namespace) -> Answer:
    from holdfast.decision.investigations.queries import investigation_named
    from holdfast.decision.recalls.actions import open_recall_from

    actor, at = _who()
    recall = open_recall_from(
        investigation=investigation_named(options.investigation),
        outcome=options.outcome,
        outcome_words=options.outcome_words,
        mechanism=options.mechanism,
        title=options.title,
        profile=options.regime,
        by=actor(options),
        now=at,
    )
    data = {
        "recall": recall.ref,
        "title": recall.title,
        "investigation": options.investigation.upper(),
        "products": [recall.product_code] if recall.product_code else [],
        "lots": recall.lot.split(", ") if recall.lot else [],
        "outcome": recall.outcome,
        "known_at": recall.known_at,
    }
    text = (
        f"{recall.ref}: {recall.title}\nKnown since {recall.known_at:%Y-%m-%d %H:%M} UTC, "
        f"which is what clocks count from.\nNext: holdfast recall duties {recall.ref}"
    )
    return Answer(data, text)


def _budget(options: argparse.Namespace) -> Answer:
    from holdfast.decision.investigations.actions import set_alarm_budget
    from holdfast.decision.investigations.queries import (
        counted_a_week,
        false_a_week,
        threshold_in_force,
        watched_things,
    )
    from holdfast.kit.signals.cost import MAKER_YEARS, costs

    actor, at = _who()
    if options.number:
        number = None if options.number == "published" else _number(options.number)
        set_alarm_budget(false_a_week=number, by=actor(options), now=at)
    things, said, threshold = watched_things(), false_a_week(), threshold_in_force()
    curve = costs(things)
    counted = counted_a_week(at)
    data: dict[str, object] = {
        "false_a_week": said,
        "threshold": threshold,
        "products": things,
        "curve": [
            {
                "threshold": one.threshold,
                "alarms": one.alarms,
                "false_alarms": one.false_alarms,
                "false_per_100_maker_years": round(one.per_100_years, 4),
                "false_a_week_here": round(one.false_a_week, 4),
            }
            for one in curve
        ],
        "maker_years": MAKER_YEARS,
        "here": counted,
    }
    text = [
        f"Threshold {threshold:g}"
        + (f", from {said:g} false alarms a week" if said is not None else ", the published one"),
        "threshold  alarms  false  false/100 years  false a week here",
    ]
    text += [
        f"{one.threshold:9g}  {one.alarms:6}  {one.false_alarms:5}  {one.per_100_years:15.2f}  "
        f"{one.false_a_week:17.3f}"
        for one in curve
    ]
    text.append(
        f"Counted on {MAKER_YEARS:,.0f} maker-years of toys and foods; {things:,} products are "
        f"told of here. Your own: {counted['raised']:.2f} alarms a week, "
        f"{counted['dismissed']:.2f} of them dismissed."
    )
    return Answer(data, "\n".join(text))


def _told(found: Investigation) -> Answer:
    data = investigation_data(found)
    text = [f"{found.ref} ({found.state}): {found.question}"]
    if found.lots:
        text.append(f"Lots: {', '.join(found.lots)}")
    text += [
        f"{number:3} [{'x' if task.done_at else ' '}] {task.words}"
        + (f" – {task.note}" if task.note else "")
        for number, task in enumerate(found.tasks.order_by("pk"), 1)
    ]
    text += [
        f"Found {one.number}: {one.words} ({one.bearing})"
        for one in found.findings.order_by("number")
    ]
    if found.recall_ref:
        text.append(f"Led to {found.recall_ref}.")
    elif found.state == "open":
        text.append(f"Next: holdfast watch open-recall {found.ref}, or --end with a --reason")
    return Answer(data, "\n".join(text))


def alarm_data(alarm: Alarm) -> dict[str, object]:
    """An alarm as `--json` prints it."""
    why = alarm.why
    return {
        "alarm": alarm.ref,
        "state": alarm.state,
        "urgent": alarm.is_urgent,
        "on": alarm.on,
        "raised_at": alarm.raised_at,
        "known_at": alarm.known_at,
        "sentence": alarm.sentence,
        "product": alarm.product.code if alarm.product else None,
        "product_words": alarm.product_words,
        "maker_key": why.get("maker_key", ""),
        "hazard": alarm.hazard,
        "harm": alarm.harm,
        "score": round(alarm.score, 3),
        "threshold": alarm.threshold,
        "reports": alarm.reports,
        "weighed": round(alarm.weighed, 3),
        "expected": round(alarm.expected, 4),
        "window_days": alarm.window,
        "complaints": why.get("complaints", []),
        "course": why.get("course", []),
        "lots": why.get("lots", []),
        "points_to": why.get("crowds", []),
        "pointed_lots": why.get("pointed_lots", []),
        "flood": why.get("flood"),
        "would_settle": why.get("settle", ""),
        "investigation": alarm.investigation.ref if alarm.investigation else None,
        "replaced_by": alarm.replaced_by.ref if alarm.replaced_by else None,
        "reason": alarm.reason,
        "quiet_until": alarm.quiet_until,
    }


def investigation_data(found: Investigation) -> dict[str, object]:
    """An investigation as `--json` prints it."""
    return {
        "investigation": found.ref,
        "state": found.state,
        "question": found.question,
        "product": found.product.code if found.product else None,
        "product_words": found.product_words,
        "hazard": found.hazard,
        "lots": found.lots,
        "owner": found.owner,
        "known_at": found.known_at,
        "opened_at": found.opened_at,
        "alarms": [one.ref for one in sorted(found.alarms.all(), key=_number_of)],
        "tasks": [
            {"n": n, "kind": one.kind, "words": one.words, "done_at": one.done_at, "note": one.note}
            for n, one in enumerate(sorted(found.tasks.all(), key=_number_of), 1)
        ],
        "findings": [
            {
                "n": one.number,
                "words": one.words,
                "bearing": one.bearing,
                "evidence": one.evidence,
                "found_at": one.found_at,
            }
            for one in sorted(found.findings.all(), key=lambda one: one.number)
        ],
        "recall": found.recall_ref or None,
        "reason": found.reason,
        "ended_at": found.ended_at,
    }


def _number_of(row: Any) -> int:
    return int(row.pk)


def _alarm_line(alarm: Alarm) -> str:
    mark = "!" if alarm.is_urgent else " "
    return f"{mark} {alarm.ref}  {alarm.state:13} {alarm.sentence}"


def _crowd_line(crowd: dict[str, Any]) -> str:
    by = "of the units" if crowd["is_by_units"] else "if all are as large (units unknown)"
    return (
        f"Points to {crowd['kind']} {', '.join(crowd['values'])}: {crowd['reports']} of "
        f"{crowd['of']}, where {crowd['expected']} would be its share {by}; "
        f"by chance {float(crowd['chance']):.1%}"
    )


def _day(text: str | None) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Unreadable(
            "bad_day", f"“{text[:30]}” is no day.", hint="Write it as 2026-01-31."
        ) from error


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise Unreadable(
            "bad_number", f"“{text[:30]}” is no number.", hint="For example 2, or: published"
        ) from error
