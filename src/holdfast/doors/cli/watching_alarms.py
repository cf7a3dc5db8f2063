"""Alarms on the command line: score, read why, judge, and how many false ones will be read."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from holdfast.doors.cli.answer import Answer
from holdfast.kit.refusals import Unreadable

if TYPE_CHECKING:
    from holdfast.decision.investigations.models import Alarm
    from holdfast.kit.actors import Actor

MOST_SHOWN = 1_000


def add(commands: argparse._SubParsersAction, common: argparse.ArgumentParser) -> None:  # type: ignore[type-arg]
    """Add the verbs about alarms to `watch`."""
    verbs = commands.watch_verbs  # type: ignore[attr-defined]
    score = watch_verb(
        verbs,
        common,
        "score",
        "score every product again, day by day",
        "--since 2026-01-01",
        _score,
    )
    score.add_argument("--since", metavar="DAY", help="raise what would have come since; a year")
    alarms = watch_verb(verbs, common, "alarms", "alarms that wait to be read", "--json", _alarms)
    alarms.add_argument("--all", action="store_true", help="the judged ones too")
    alarm = watch_verb(verbs, common, "alarm", "why one was raised; judge it", "A-2026-001", _alarm)
    alarm.add_argument("alarm", metavar="ALARM", help="its short id: A-2026-001")
    alarm.add_argument("--dismiss", metavar="REASON", help="no hazard; quiet for a year")
    alarm.add_argument("--take-back", metavar="REASON", help="it was dismissed by mistake")
    budget = watch_verb(
        verbs, common, "budget", "false alarms a week you will read, and what follows", "2", _budget
    )
    budget.add_argument("number", nargs="?", metavar="N", help="a number, or: published")


def watch_verb(
    verbs: Any,
    common: argparse.ArgumentParser,
    name: str,
    words: str,
    example: str,
    run: Callable[[argparse.Namespace], Answer],
) -> argparse.ArgumentParser:
    """One verb of `watch` with an example to copy."""
    verb: argparse.ArgumentParser = verbs.add_parser(
        name,
        parents=[common],
        help=words,
        epilog=f"example:  holdfast watch {name} {example}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    verb.set_defaults(run=run)
    return verb


def who() -> tuple[Callable[[argparse.Namespace], Actor], datetime]:
    """Finds the actor, and gives the moment all of one command shares."""
    from holdfast.doors.cli.acting import actor, now

    return actor, now()


def _score(options: argparse.Namespace) -> Answer:
    from holdfast.decision.investigations.actions import score_catalogue

    actor, at = who()
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
    from holdfast.decision.intake.queries import recent_rushes, rush_told
    from holdfast.decision.investigations.models import Alarm
    from holdfast.decision.investigations.queries import alarms_waiting, floods, threshold_in_force

    actor, at = who()
    del actor
    found = Alarm.objects.order_by("-pk") if options.all else alarms_waiting()
    shown = list(found.select_related("product", "investigation", "replaced_by")[:MOST_SHOWN])
    flooded, rushed = floods(at), [rush_told(one) for one in recent_rushes(at)]
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

    actor, at = who()
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


def _budget(options: argparse.Namespace) -> Answer:
    from holdfast.decision.investigations.actions import set_alarm_budget
    from holdfast.decision.investigations.queries import (
        counted_a_week,
        false_a_week,
        threshold_in_force,
        watched_things,
    )
    from holdfast.kit.signals.cost import MAKER_YEARS, costs

    actor, at = who()
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
        # The record keeps no floats; a program wants numbers.
        "course": [
            {**step, "weighed": float(step["weighed"]), "expected": float(step["expected"])}
            for step in why.get("course", [])
        ],
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
