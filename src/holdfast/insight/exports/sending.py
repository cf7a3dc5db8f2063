"""Holds the rows of the outbox against the journal: every end of an attempt was recorded."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from sys import intern

from django.db.models import Count

from holdfast.ground.journal.checking import Checked
from holdfast.ground.outbox.models import Message
from holdfast.ground.outbox.queries import wave_digest

AT_ONCE = 5_000
#: States that only an entry can give.
ENDED = {"accepted", "failed", "ambiguous"}


class Sending:
    """What the journal says of each message: how many were planned, and how each attempt ended."""

    def __init__(self) -> None:
        self.last: dict[str, str] = {}
        self.planned: dict[tuple[str, int, str], int] = defaultdict(int)
        self.people: dict[tuple[str, int, str], str] = {}

    def see(self, entry: Checked) -> bool:
        """Take in an entry if it is about sending."""
        if entry.kind in ("DeliveriesSettled", "AttemptsRecovered", "BouncesNoted"):
            for message_id, state, *_ in json.loads(entry.payload)["deliveries"]:
                self.last[message_id] = intern(state)
        elif entry.kind == "AmbiguousSettled":
            fields = json.loads(entry.payload)
            self.last[fields["message_id"]] = intern(fields["decision"])
        elif entry.kind == "MessagesPlanned":
            fields = json.loads(entry.payload)
            key = (entry.subject, fields["wave"], fields["channel"])
            self.planned[key] += fields["count"]
            self.people[key] = fields.get("all_sha256", "")
        else:
            return False
        return True

    def faults(self, recall: str) -> Iterator[tuple[str, str]]:
        """Rows that say something else than the journal, and waves with more or fewer rows."""
        rows = Message.objects.filter(recall=recall) if recall else Message.objects.all()
        counted: dict[tuple[str, int, str], int] = {
            (name, wave, channel): count
            for name, wave, channel, count in rows.order_by()
            .values_list("recall", "wave", "channel")
            .annotate(count=Count("pk"))
        }
        for key in sorted(counted.keys() | self.planned.keys()):
            there, told = counted.get(key, 0), self.planned.get(key, 0)
            record = f"{key[0]} wave {key[1]} by {key[2]}"
            if there != told:
                yield record, f"it has {there} messages, and {told} were recorded as planned"
            elif self.people.get(key) and self.people[key] != wave_digest(*key):
                yield record, "the people or the Message-IDs in it are not those that were planned"
        gone = set(self.last)
        states = rows.order_by("pk").values_list("message_id", "state", "recall")
        for message_id, state, name in states.iterator(AT_ONCE):
            gone.discard(message_id)
            last = self.last.get(message_id, "")
            if state != last and (state in ENDED or (last in ENDED and state == "queued")):
                recorded = f"as {last}" if last else "nowhere"
                yield f"{name} message {message_id}", f"it is {state}, and was recorded {recorded}"
        for message_id in sorted(gone):
            yield f"message {message_id}", "the journal speaks of it, and its row is gone"
