"""What mail servers tell later: a message they took came back, or is late."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from holdfast.ground.journal.actions import record
from holdfast.ground.outbox.events import BouncesNoted
from holdfast.ground.outbox.models import Message
from holdfast.ground.outbox.rules import for_the_journal
from holdfast.kit.actors import Actor
from holdfast.kit.bounces.report import Report

# A server tells of a message only after it took it, or may have: these states.
TAKEN = ("accepted", "ambiguous")
LATER = " · later: "


def note_bounces(*, reports: Sequence[Report], by: Actor, now: datetime) -> list[str]:
    """What each report did, in their order: failed, delayed, delivered, known, or why nothing.

    Only a report about a message that was sent, to the very address it was sent to, changes a row.
    A message that came back is `failed`, with the server's words: its person is on the list of the
    unreached, gets no reminder there, and gets a letter. A delay is noted and changes no state.
    """
    ends: list[str] = []
    with transaction.atomic():
        ids = {report.message_id for report in reports}
        found = Message.objects.select_for_update().filter(message_id__in=ids).order_by("pk")
        rows = {row.message_id: row for row in found}
        told: dict[str, list[tuple[Message, str]]] = defaultdict(list)
        for report in reports:
            row = rows.get(report.message_id)
            end = _take(row, report)
            ends.append(end)
            if row is not None and end in ("failed", "delayed"):
                told[row.recall].append((row, end))
        for recall, changed in sorted(told.items()):
            fact = BouncesNoted(
                failed=sum(1 for _, end in changed if end == "failed"),
                delayed=sum(1 for _, end in changed if end == "delayed"),
                deliveries=tuple(
                    (row.message_id, row.state, row.attempts, for_the_journal(row.provider_reply))
                    for row, _ in changed
                ),
            )
            record(fact, by=by, now=now, subject=recall)
    return ends


def _take(row: Message | None, report: Report) -> str:
    """Apply one report to its row, if it is to be believed."""
    if row is None:
        return "no message of ours has this id"
    if not report.is_about(row.address):
        return "it is about another address than the message went to"
    if report.action not in ("failed", "delayed"):
        return "delivered"
    words = " ".join(filter(None, (report.status, report.words)))
    if report.is_final:
        return _fail(row, f"came back {words}".strip())
    note = f"{LATER}delayed {words}".rstrip()
    if row.state == "failed" or note in row.provider_reply:
        return "known"
    if row.state not in TAKEN:
        return "the message was never handed over"
    row.provider_reply = f"{row.provider_reply[: 500 - len(note)]}{note}"[:500]
    row.save(update_fields=["provider_reply"])
    return "delayed"


def _fail(row: Message, words: str) -> str:
    if row.state == "failed":
        return "known"
    if row.state not in TAKEN:
        return "the message was never handed over"
    row.state, row.not_before = "failed", None
    row.provider_reply = words[:500]
    row.save(update_fields=["state", "not_before", "provider_reply"])
    return "failed"
