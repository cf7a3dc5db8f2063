"""What `recall class` does once its words are read: our own class and the authority's."""

from __future__ import annotations

import argparse
from datetime import date, datetime

from holdfast.decision.recalls.actions import classify_recall, record_authority_class
from holdfast.decision.recalls.queries import classes_of, recall_named
from holdfast.doors.cli.answer import Answer
from holdfast.doors.cli.risk import pairs
from holdfast.kit.actors import Actor
from holdfast.kit.refusals import Unreadable


def classed(options: argparse.Namespace, *, by: Actor, now: datetime) -> Answer:
    """Work out our own class, record the authority's, then show both."""
    recall = recall_named(options.recall)
    wants = bool(options.fact) or options.set_class is not None
    if wants and not options.method:
        raise Unreadable(
            "method_needed", "Say by which method.", hint="--method fda_recall_class, …"
        )
    if options.fact and options.set_class is not None:
        raise Unreadable(
            "usage",
            "--fact works out our own class, --set keeps the authority's.",
            hint="They are two classes: give one after the other.",
        )
    if options.fact:
        facts = pairs(options.fact, "--fact")
        classify_recall(recall=recall, method=options.method, facts=facts, by=by, now=now)
    elif options.set_class is not None:
        record_authority_class(
            recall=recall,
            method=options.method,
            recall_class=options.set_class,
            decided_on=_day(options.on),
            authority=options.authority,
            reference=options.reference,
            by=by,
            now=now,
        )
    found = classes_of(recall)
    lines = [f"Ours: {one['title']} ({one['method_title']})" for one in found["firm"]]
    lines += [
        f"{one['authority']}: {one['title']}, {one['decided_on']}, {one['reference']}"
        for one in found["authority"]
    ]
    text = "\n".join(lines) or "No class yet, neither ours nor an authority's."
    return Answer({"recall": recall.ref, "classes": found}, text)


def _day(text: str | None) -> date:
    try:
        return date.fromisoformat(text or "")
    except ValueError as error:
        raise Unreadable(
            "bad_day",
            f"“{text}” is no day." if text else "The day on which it was set is missing.",
            hint="--on 2026-11-20",
        ) from error
