"""Investigations on the command line: begin, find out, end, or open the recall they lead to."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from holdfast.doors.cli.answer import Answer
from holdfast.doors.cli.watching_alarms import MOST_SHOWN, watch_verb, who
from holdfast.kit.refusals import Unreadable

if TYPE_CHECKING:
    from holdfast.decision.investigations.models import Investigation


def add(commands: argparse._SubParsersAction, common: argparse.ArgumentParser) -> None:  # type: ignore[type-arg]
    """Add the verbs about investigations to `watch`."""
    verbs = commands.watch_verbs  # type: ignore[attr-defined]
    opened = watch_verb(
        verbs, common, "investigate", "find out; from an alarm, or by hand", "A-2026-001", _begin
    )
    opened.add_argument("alarm", metavar="ALARM", nargs="?", default="")
    opened.add_argument("--product", default="", metavar="CODE", help="without an alarm")
    opened.add_argument("--hazard", default="", help="without an alarm: fire, choking, …")
    opened.add_argument("--lot", action="append", default=[], help="lots in question; repeatable")
    opened.add_argument("--question", default="", help="in your own words")
    _investigation_words(verbs, common)
    leads = watch_verb(
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


def _investigation_words(verbs: Any, common: argparse.ArgumentParser) -> None:
    verb = watch_verb(
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


def _begin(options: argparse.Namespace) -> Answer:
    from holdfast.decision.investigations.actions import open_investigation
    from holdfast.decision.investigations.queries import alarm_named

    actor, at = who()
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

    actor, at = who()
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

    actor, at = who()
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
