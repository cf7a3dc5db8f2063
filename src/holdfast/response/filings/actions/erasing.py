"""Taking a person's words out of the filings, as far as that can be done; the rest is named."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from holdfast.decision.recalls.models import Recall
from holdfast.ground.journal.actions import record
from holdfast.ground.journal.models import Entry
from holdfast.kit.actors import Actor
from holdfast.kit.refusals import Unreadable
from holdfast.response.filings.events import FilingsPersonErased
from holdfast.response.filings.models import FactStatement, Filing
from holdfast.response.filings.policies import may_erase_people
from holdfast.response.filings.rules import ask_words

SHORTEST = 3


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How many statements and filed fields were emptied, and where the words still stand."""

    statements: int
    fields: int
    remains: tuple[str, ...]


@transaction.atomic
def erase_person(*, recall: Recall, words: str, reason: str, by: Actor, now: datetime) -> Forgotten:
    """Empty every personal field in which the words stand, in all versions; commitments stay.

    What was frozen keeps its SHA-256, since it holds only a keyed hash of such a field. Words that
    somebody wrote into another field are bound by hashes and stay; where is told.
    """
    may_erase_people(by)
    sought = " ".join(words.split()).casefold()
    if len(sought) < SHORTEST:
        raise Unreadable("words_missing", f"Name the words to erase, {SHORTEST} signs or more.")
    reason = ask_words(reason, "Why they are erased", most=300)
    statements = 0
    for fact in (
        FactStatement.objects.select_for_update().filter(recall=recall).exclude(personal="")
    ):
        if sought in fact.personal.casefold():
            fact.personal = ""
            fact.save(update_fields=["personal"])
            statements += 1
    fields = 0
    for filing in Filing.objects.select_for_update().filter(recall=recall):
        kept = {k: told for k, told in filing.personal.items() if sought not in told.casefold()}
        if len(kept) < len(filing.personal):
            fields += len(filing.personal) - len(kept)
            filing.personal = kept
            filing.save(update_fields=["personal"])
    remains = _remains(recall, sought)
    erased = FilingsPersonErased(
        statements=statements, fields=fields, remains=len(remains), reason=reason
    )
    record(erased, by=by, now=now, subject=recall.ref)
    return Forgotten(statements, fields, remains)


def _remains(recall: Recall, sought: str) -> tuple[str, ...]:
    """Fields that are bound by a hash or by the journal and hold the words all the same."""
    found = [
        f"fact {row.key}{f'@{row.place}' if row.place else ''} of {row.as_of:%Y-%m-%d}"
        for row in FactStatement.objects.filter(recall=recall).order_by("pk")
        if sought in f"{json.dumps(row.value, ensure_ascii=False)} {row.source}".casefold()
    ]
    found += [
        f"{filing.label} {filing.name}"
        for filing in Filing.objects.filter(recall=recall).order_by("pk")
        if sought in json.dumps(filing.content, ensure_ascii=False).casefold()
    ]
    entries = Entry.objects.filter(subject=recall.ref).order_by("index")
    found += [f"journal entry {e.index}" for e in entries if sought in e.payload.casefold()]
    return tuple(found)
