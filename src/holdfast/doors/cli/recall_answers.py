"""What `recall open`, `status` and `close` do once their words are read."""

from __future__ import annotations

import argparse
from datetime import datetime
from typing import Any

from holdfast.decision.intake.actions import record_signal
from holdfast.decision.intake.queries import read_message
from holdfast.decision.recalls.actions import (
    close_recall,
    open_recall,
)
from holdfast.decision.recalls.queries import (
    recall_named,
    timeline,
)
from holdfast.decision.recalls.rules import OUTCOMES
from holdfast.doors.cli.answer import Answer
from holdfast.insight.measures.room import closing_facts, room
from holdfast.kit.actors import Actor
from holdfast.kit.reading import Reading
from holdfast.kit.refusals import Forbidden, Unreadable
from holdfast.kit.wording.profile import regime_id

MOST_MAIL = 10_000_000


def opened(options: argparse.Namespace, raw: bytes, *, by: Actor, now: datetime) -> Answer:
    """`recall open`: what the e-mail says, corrected by what the words say."""
    if len(raw) > MOST_MAIL:
        raise Unreadable("mail_too_large", "The message is larger than 10 MB.", file=options.mail)
    known_at = _time(options.known_at) if options.known_at else None
    regime = regime_id(options.regime)
    letter, reading = read_message(raw, now=now) if raw.strip() else (None, Reading(()))
    read = [fact.as_json() for fact in reading.facts]
    products = tuple(options.product) or tuple(filter(None, [reading.first("product")]))
    lots = tuple(options.lot) or reading.values("lot")
    mechanism = options.mechanism or reading.first("mechanism")
    data: dict[str, object] = {
        "products": list(products),
        "lots": list(lots),
        "mechanism": mechanism,
        "facts": read,
        "questions": list(reading.questions),
    }
    if options.dry_run:
        suggested = reading.first("outcome")
        return Answer({"recall": None, "dry_run": True, "outcome_suggested": suggested, **data})
    if not options.outcome:
        harms = reading.values("outcome")
        raise Unreadable(
            "outcome_needed",
            "Nobody has said what can happen to a person.",
            hint=(f"The message suggests {' or '.join(harms)}. " if harms else "")
            + f"Add --outcome, one of: {', '.join(OUTCOMES)}.",
            extra={"suggested": list(harms)},
        )
    signal = None
    if letter is not None:
        signal = record_signal(letter=letter, reading=reading, known_at=known_at, by=by, now=now)
    recall = open_recall(
        outcome=options.outcome,
        outcome_words=options.outcome_words,
        title=options.title,
        products=products,
        lots=lots,
        mechanism=mechanism,
        signal=signal,
        known_at=known_at,
        profile=regime,
        by=by,
        now=now,
    )
    data = {
        "recall": recall.ref,
        "regime": recall.profile,
        "title": recall.title,
        "state": recall.state,
        "outcome": recall.outcome,
        **data,
    }
    text = f"{recall.ref} opened: {recall.title}. A person can suffer: {OUTCOMES[recall.outcome]}."
    asked = [f"  ? {question}" for question in reading.questions]
    return Answer(data, "\n".join([text, *asked, f"Next: holdfast recall scope {recall.ref}"]))


def standing(options: argparse.Namespace, *, by: Actor, now: datetime) -> Answer:
    """`recall status`: everything about one recall at this moment."""
    recall = recall_named(options.recall)
    data = room(recall, now=now)
    if options.timeline:
        data["timeline"] = timeline(recall)
    return Answer(data, _status_text(data))


def _status_text(data: dict[str, Any]) -> str:
    rows = [f"{data['recall']} {data['title']}: {data['state']}"]
    if data["scope"]:
        whole = data["scope"]["in_scope"]
        rows.append(
            f"Scope v{data['scope']['version']}, {data['scope']['state']}: {whole['units']} units, "
            f"{whole['people']} people"
        )
    rows.append(f"Stops: {data['holds']['settled']} of {data['holds']['all']} settled")
    for phase, steps in data["checklist"].items():
        done = sum(step["is_done"] for step in steps)
        rows.append(f"{phase.capitalize():9} {done} of {len(steps)}")
    if data["next"]:
        rows.append(f"Next: {data['next']['words']}")
    return "\n".join(rows)


def closed(options: argparse.Namespace, *, by: Actor, now: datetime) -> Answer:
    """`recall close`: refused with what is still open."""
    recall = recall_named(options.recall)
    facts, left_open = closing_facts(recall)
    try:
        recall = close_recall(
            recall=recall,
            facts=facts,
            left_open=left_open,
            reason=options.reason,
            by=by,
            now=now,
        )
    except Forbidden as refusal:
        refusal.extra = {**refusal.extra, "open": left_open}
        raise
    data: dict[str, object] = {"recall": recall.ref, "state": recall.state, "left_open": left_open}
    return Answer(data, f"{recall.ref} is closed.")


def _time(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise Unreadable(
            "bad_time", f"“{text}” is no time.", hint="Write 2026-04-14T07:52+02:00."
        ) from error
    if at.tzinfo is None:
        raise Unreadable(
            "time_without_zone", f"“{text}” names no zone.", hint="Write 2026-04-14T07:52+02:00."
        )
    return at
