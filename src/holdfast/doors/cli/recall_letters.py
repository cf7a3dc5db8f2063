"""What `recall letter` does once its words are read."""

from __future__ import annotations

import argparse
from datetime import datetime

from holdfast.decision.recalls.queries import recall_named
from holdfast.doors.cli.answer import Answer
from holdfast.doors.cli.attaching import attached
from holdfast.doors.cli.recall_filing import moment
from holdfast.kit.actors import Actor
from holdfast.kit.refusals import Unreadable
from holdfast.response.filings.actions import (
    record_authority_letter,
    record_authority_request,
    settle_authority_request,
)
from holdfast.response.filings.models import AuthorityLetter
from holdfast.response.filings.queries import letters_of, request_numbered, request_rows


def corresponded(options: argparse.Namespace, *, by: Actor, now: datetime) -> Answer:
    """`recall letter`: keep a letter with what it asks and promises, settle requests, list all."""
    recall = recall_named(options.recall)
    if options.from_whom and options.to_whom:
        raise Unreadable("usage", "A letter is either --from or --to an authority.")
    letter: AuthorityLetter | None = None
    whom = options.from_whom or options.to_whom
    if whom:
        digest = attached(recall, options.file, "letter", by=by, now=now) if options.file else ""
        letter = record_authority_letter(
            recall=recall,
            direction="from" if options.from_whom else "to",
            authority=whom,
            subject=options.subject,
            at=moment(options.at, "--at") if options.at else now,
            regime=options.regime,
            country=options.country,
            file_sha256=digest,
            by=by,
            now=now,
        )
    due = moment(options.due, "--due") if options.due else None
    for kind, words in (("question", options.asks), ("commitment", options.promises)):
        for each in words:
            if letter is None:
                raise Unreadable("usage", f"A {kind} stands in a letter: add --from or --to.")
            record_authority_request(
                letter=letter,
                kind=kind,
                words=each,
                due_at=due,
                owner=options.owner,
                by=by,
                now=now,
            )
    for number, is_dropped in (
        *((n, False) for n in options.answers),
        *((n, True) for n in options.drop),
    ):
        settle_authority_request(
            request=request_numbered(recall, number),
            answer=options.words,
            answered_in=None if is_dropped else letter,
            is_dropped=is_dropped,
            by=by,
            now=now,
        )
    letters = [
        {
            "letter": one.number,
            "direction": one.direction,
            "authority": one.authority,
            "subject": one.subject,
            "at": one.at.isoformat(),
            "file_sha256": one.file_sha256 or None,
        }
        for one in letters_of(recall)
    ]
    requests = request_rows(recall, now=now)
    data: dict[str, object] = {"recall": recall.ref, "letters": letters, "requests": requests}
    lines = [
        f"{one['letter']:3}  {one['direction']:4} {one['authority']}  {one['subject']}"
        for one in letters
    ]
    lines += [
        f"{one['kind']} {one['request']}: {one['words']}  "
        f"{'OVERDUE ' if one['is_overdue'] else ''}{one['state']}, due {one['due_at'] or 'open'}"
        for one in requests
    ]
    overdue = any(one["is_overdue"] for one in requests)
    return Answer(data, "\n".join(lines) or "No letters yet.", 1 if overdue else 0)
