"""Stating facts of the base, and saying why two numbers may both stand."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import transaction

from holdfast.decision.recalls.models import Recall
from holdfast.ground.journal.actions import record
from holdfast.kit.actors import Actor
from holdfast.kit.filings.catalogue import FactKind, catalogue
from holdfast.kit.filings.values import parse, shown
from holdfast.kit.ledger import canonical_json
from holdfast.kit.refusals import Forbidden, NotFound, Unreadable
from holdfast.response.filings.events import ContradictionExplained, FactStated
from holdfast.response.filings.models import Explanation, FactStatement, Filing
from holdfast.response.filings.policies import may_release, may_work_on_filings
from holdfast.response.filings.queries import (
    Desk,
    current_statement,
    form_of,
)
from holdfast.response.filings.rules import MOST_SHOWN, ask_past, ask_words, named

#: Words of these kinds may hold names somebody typed; the journal keeps their hash alone.
WORDY = ("text", "table")


@transaction.atomic
def state_fact(
    *,
    recall: Recall,
    name: str,
    value: str = "",
    unknown: str = "",
    as_of: datetime,
    source: str,
    filing: Filing | None = None,
    by: Actor,
    now: datetime,
) -> FactStatement:
    """State a fact as of a moment, with where it comes from; the same again changes nothing.

    `name` is FACT or FACT@PLACE, or a field of the filing's form. `unknown` says why it is not
    known. A later statement supersedes an earlier one; nothing is ever edited.
    """
    may_work_on_filings(by)
    recall = Recall.objects.select_for_update().get(pk=recall.pk)
    form = form_of(filing) if filing else None
    fact, place, is_own = named(name, form)
    place = _place(place, filing)
    if filing and filing.state != "draft":
        raise Forbidden(
            "filing_frozen",
            f"{filing.label} is {filing.state}; its content is frozen.",
            hint="Take it back, or begin a further version of it.",
        )
    as_of = ask_past(as_of, now, f"{fact.key}, as of")
    source = ask_words(source, f"The source of {fact.key}", most=300)
    said = None if unknown.strip() else parse(fact, value)
    reason = ask_words(unknown, f"Why {fact.key} is not known", most=300) if said is None else ""
    number = filing.number if filing and (is_own or fact.course == "period") else None
    before = current_statement(recall, fact.key, place, number)
    if before and _same(before, fact, said, reason, as_of, source):
        return before
    rows = FactStatement.objects.filter(
        recall=recall, key=fact.key, place=place, filing=number, superseded_at__isnull=True
    )
    rows.filter(as_of__lte=as_of).update(superseded_at=now)
    if number is not None:  # of one filing there is one answer, whatever its moment
        rows.update(superseded_at=now)
    made = FactStatement.objects.create(
        recall=recall,
        key=fact.key,
        place=place,
        filing=number,
        value=None if fact.personal else said,
        personal=shown(fact, said) if fact.personal and said is not None else "",
        unknown=reason,
        as_of=as_of,
        source=source,
        stated_by=by.key,
        stated_at=now,
    )
    told = FactStated(
        key=fact.key,
        place=place,
        filing=filing.label if filing and number else "",
        title=f"{fact.name} ({place})" if place else fact.name,
        said=_said(fact, said, reason),
        value_sha256=_digest(fact, said),
        as_of=as_of.isoformat(),
        source=source,
        replaced=_replaced(fact, before),
    )
    record(told, by=by, now=now, subject=recall.ref)
    return made


def _place(place: str, filing: Filing | None) -> str:
    if place not in ("here", "regime"):
        return place
    if filing is None:
        raise Unreadable("bad_place", "Only a filing has a place of its own.")
    return filing.country if place == "here" else filing.regime


def _same(
    before: FactStatement, fact: FactKind, said: Any, reason: str, as_of: datetime, source: str
) -> bool:
    kept = before.personal if fact.personal else before.value
    told = shown(fact, said) if fact.personal and said is not None else said
    return (kept or None, before.unknown, before.as_of, before.source) == (
        told or None,
        reason,
        as_of,
        source,
    )


def _said(fact: FactKind, said: Any, reason: str) -> str:
    """What the journal says of it: numbers and days as they are, words by their length alone."""
    if said is None:
        return f"not known: {reason}"
    if fact.personal:
        return "kept apart, since it is personal"
    if fact.kind in WORDY:
        return f"{len(shown(fact, said))} characters"
    return shown(fact, said)[:MOST_SHOWN]


def _digest(fact: FactKind, said: Any) -> str:
    """What binds the value; a personal one is bound by the filings it stands in alone."""
    return "" if fact.personal or said is None else sha256(canonical_json(said)).hexdigest()


def _replaced(fact: FactKind, before: FactStatement | None) -> str:
    if before is None or fact.personal or fact.kind in WORDY:
        return ""
    was = f"not known ({before.unknown})" if before.unknown else shown(fact, before.value)
    return f"Before: {was[:MOST_SHOWN]}."


@transaction.atomic
def explain_contradiction(
    *,
    recall: Recall,
    key: str,
    place: str,
    one: str,
    other: str,
    words: str,
    by: Actor,
    now: datetime,
) -> Explanation:
    """Say why two values differ and may both stand; it holds wherever these two values meet."""
    may_release(by)
    recall = Recall.objects.select_for_update().get(pk=recall.pk)
    words = ask_words(words, "An explanation", most=1000)
    mark = (key, place, *sorted((one, other)))
    kept = Explanation.objects.filter(
        recall=recall, key=key, place=place, one=mark[2], other=mark[3]
    ).first()
    if kept:
        return kept
    if mark not in {found.mark for found in Desk(recall, now).contradictions()}:
        raise NotFound(
            "no_contradiction",
            f"Nothing contradicts itself about {key} with {one} and {other}.",
            hint=f"See what does: holdfast recall filing {recall.ref} --list",
        )
    made = Explanation.objects.create(
        recall=recall,
        key=key,
        place=place,
        one=mark[2],
        other=mark[3],
        words=words,
        explained_by=by.key,
        explained_at=now,
    )
    title = catalogue()[key].name if key in catalogue() else key
    told = ContradictionExplained(
        key=key,
        place=place,
        title=f"{title} ({place})" if place else title,
        one=mark[2],
        other=mark[3],
        because=words,
    )
    record(told, by=by, now=now, subject=recall.ref)
    return made
