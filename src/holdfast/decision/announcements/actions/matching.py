"""Announcements against the own products; what is new or changed costs little, the rest is kept."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from holdfast.decision.announcements.events import CatalogueMatched
from holdfast.decision.announcements.models import Announcement, CatalogueMatch
from holdfast.decision.announcements.policies import may_import_announcements
from holdfast.decision.announcements.queries import (
    catalogue_records,
    catalogue_version,
    current_announcements,
    record_of,
)
from holdfast.ground.journal.actions import record
from holdfast.ground.journal.models import Entry
from holdfast.kit.actors import Actor
from holdfast.kit.matching import Catalogue, Crowd, Match, Record

AT_ONCE = 500
PRODUCTS_COME_WITH = {"products", "orders", "receipts", "stock"}


@dataclass
class _Kept:
    """The index of this process: for which products, and which announcements it has heard."""

    version: str
    crowd: Crowd
    known: dict[int, str]


_kept: list[_Kept] = []
_one_at_a_time = threading.Lock()


@dataclass
class _Tally:
    found: int = 0
    suppress: int = 0
    gone: int = 0
    reopened: int = 0


def match_announcements(*, by: Actor, now: datetime) -> int:
    """Bring every pair up to date; how many announcements had to be looked at.

    Works the index out outside of any transaction, since that may take a minute or two in a new
    process with a million products; afterwards one announcement more takes milliseconds.
    """
    may_import_announcements(by)
    with _one_at_a_time:
        kept, touched = _up_to_date()
        pairs = {pk: kept.crowd.matches(str(pk)) for pk in sorted(touched) if str(pk) in kept.crowd}
        products, known = len(kept.crowd.catalogue), kept.known
    tally = _Tally()
    with transaction.atomic():
        order = sorted(pairs)
        for start in range(0, len(order), AT_ONCE):
            _store({pk: pairs[pk] for pk in order[start : start + AT_ONCE]}, tally, now)
        _tick(order, known)
        if order:
            fact = CatalogueMatched(
                catalogue=kept.version,
                announcements=len(order),
                products=products,
                found=tally.found,
                suppress=tally.suppress,
                gone=tally.gone,
                reopened=tally.reopened,
            )
            record(fact, by=by, now=now)
    return len(order)


def match_entry(*, entry: Entry, by: Actor, now: datetime) -> None:
    """What follows when announcements came in."""
    if Announcement.objects.filter(needs_matching=True).exists():
        match_announcements(by=by, now=now)


def rematch_entry(*, entry: Entry, by: Actor, now: datetime) -> None:
    """What follows when products came in: nothing while no authority was heard."""
    if entry.fields.get("kind") in PRODUCTS_COME_WITH and Announcement.objects.exists():
        match_announcements(by=by, now=now)


def match_without_ended_entry(*, entry: Entry, by: Actor, now: datetime) -> None:
    """What follows when authorities took something back: others may be the nearest now."""
    match_announcements(by=by, now=now)


def rematch_photographs_entry(*, entry: Entry, by: Actor, now: datetime) -> None:
    """What follows when photographs were read or taken out: nothing while nobody was heard."""
    if Announcement.objects.exists():
        match_announcements(by=by, now=now)


def _up_to_date() -> tuple[_Kept, set[int]]:
    """The kept index with what came since, and the announcements to be looked at again."""
    version = catalogue_version()
    waiting = Announcement.objects.filter(needs_matching=True)
    there = dict(current_announcements().order_by("pk").values_list("pk", "record_sha256"))
    late = {pk for pk in waiting.values_list("pk", flat=True) if pk in there}
    touched: set[str] = {str(pk) for pk in late}
    if not _kept or _kept[0].version != version:
        kept = _Kept(version, Crowd(Catalogue(catalogue_records())), {})
        is_much = len(late) > AT_ONCE  # then whom each of them touches costs more than all do
        settled = sorted(there.keys() if is_much else there.keys() - late)
        everybody = _fill(kept.crowd, settled)
        if is_much or not _is_settled(version) or waiting.filter(revision__gt=1).exists():
            touched |= everybody
        kept.known = {pk: there[pk] for pk in settled}
        _kept[:] = [kept]
    kept = _kept[0]
    for pk in kept.known.keys() - there.keys():
        touched |= kept.crowd.drop(str(pk))
    touched |= _put(kept.crowd, [pk for pk, sign in there.items() if kept.known.get(pk) != sign])
    kept.known = there
    return kept, {int(one) for one in touched if int(one) in there}


def _is_settled(version: str) -> bool:
    """Whether what was matched before was matched with these very products.

    Then a new process need not decide on it again. An announcement that was changed is another
    matter: what it kept away from others before is not known to a new process.
    """
    last = Entry.objects.filter(kind="CatalogueMatched").order_by("-index").first()
    return last is not None and last.fields.get("catalogue") == version


def _put(crowd: Crowd, numbers: list[int]) -> set[str]:
    touched: set[str] = set()
    for one in _records(numbers):
        touched |= crowd.put(one)
    return touched


def _fill(crowd: Crowd, numbers: list[int]) -> set[str]:
    for one in _records(numbers):
        crowd.put_unheard(one)
    return {str(number) for number in numbers}


def _records(numbers: list[int]) -> Iterator[Record]:
    for start in range(0, len(numbers), AT_ONCE):
        rows = Announcement.objects.filter(pk__in=numbers[start : start + AT_ONCE])
        yield from map(record_of, rows.defer("original").order_by("pk"))


def _tick(order: list[int], known: dict[int, str]) -> None:
    """These are matched, but for those whose wording somebody changed meanwhile."""
    for start in range(0, len(order), AT_ONCE):
        some = Announcement.objects.filter(
            needs_matching=True, pk__in=order[start : start + AT_ONCE]
        )
        signs = some.values_list("pk", "record_sha256")
        same = [pk for pk, sign in signs if known.get(pk) == sign]
        Announcement.objects.filter(pk__in=same).update(needs_matching=False)


def _store(pairs: dict[int, list[Match]], tally: _Tally, now: datetime) -> None:
    """Rows of these announcements as they are seen now; what a person decided stays."""
    rows = CatalogueMatch.objects.filter(announcement__in=pairs)
    known = {(row.announcement_id, row.product_id): row for row in rows}
    new, changed = [], []
    for pk, matches in pairs.items():
        for match in matches:
            row = known.pop((pk, int(match.right)), None)
            score = Decimal(str(round(match.score, 4)))
            if row is None:
                new.append(
                    CatalogueMatch(
                        announcement_id=pk,
                        product_id=int(match.right),
                        answer=match.answer,
                        score=score,
                        reason=match.reason[:600],
                        found_at=now,
                    )
                )
                tally.suppress += match.answer == "suppress"
            elif _differs(row, match, score):
                tally.reopened += _seen_again(row, match, score)
                changed.append(row)
    tally.found += len(new)
    gone = list(_gone(known.values()))
    tally.gone += len(gone)
    CatalogueMatch.objects.bulk_create(new, batch_size=AT_ONCE, ignore_conflicts=True)
    CatalogueMatch.objects.bulk_update(
        changed + gone, ["answer", "score", "reason", "is_current", "state"], batch_size=100
    )


def _differs(row: CatalogueMatch, match: Match, score: Decimal) -> bool:
    seen = (row.answer, row.score, row.reason, row.is_current)
    return seen != (match.answer, score, match.reason[:600], True)


def _seen_again(row: CatalogueMatch, match: Match, score: Decimal) -> bool:
    """Told anew; a pair somebody waved off as doubtful is open again when it becomes certain."""
    stronger = row.state == "not_ours" and match.answer == "suppress" != row.decided_answer
    row.answer, row.score, row.reason = match.answer, score, match.reason[:600]
    row.is_current = True
    if stronger:
        row.state = "open"
    return stronger


def _gone(rows: Iterable[CatalogueMatch]) -> Iterable[CatalogueMatch]:
    for row in rows:
        if row.is_current:
            row.is_current = False
            yield row
