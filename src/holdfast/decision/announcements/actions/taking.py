"""Taking in what authorities announced: new ones, changed ones with what they said before."""

from __future__ import annotations

import hashlib
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path

from django.db import transaction

from holdfast.decision.announcements.actions.ending import (
    Ended,
    end_announcements,
    keep_references,
)
from holdfast.decision.announcements.actions.joining import join_announcements
from holdfast.decision.announcements.events import AnnouncementsImported
from holdfast.decision.announcements.models import (
    Announcement,
    AnnouncementRevision,
    AnnouncementTrait,
)
from holdfast.decision.announcements.policies import may_import_announcements
from holdfast.decision.announcements.rules import (
    as_json,
    digest_of,
    hazards_of,
    record_digest,
    storable_recall,
    traits_of,
)
from holdfast.decision.announcements.sources import source_named
from holdfast.ground.journal.actions import record
from holdfast.ground.journal.rules import masked
from holdfast.kit.actors import Actor
from holdfast.kit.announcements import Drift, FeedAnswer, PublishedRecall, Source, read_best
from holdfast.kit.refusals import Unreadable

AT_ONCE = 500
MOST_TOLD = 50
TOLD = (
    *("title", "published_on", "hazard", "hazards", "recall_class", "url", "countries"),
    *("products", "lots", "firms", "original", "shape", "digest", "record_sha256"),
    *("revision", "needs_matching", "changed_at", "message", "is_withdrawal"),
)


@dataclass
class Taken:
    """What one answer or file brought: rows = new + changed + known + rejected, always."""

    source: str
    rows: int = 0
    new: int = 0
    changed: int = 0
    known: int = 0
    rejected: list[object] = field(default_factory=list)
    drift: list[Drift] = field(default_factory=list)
    joined: int = 0
    ended: Ended = field(default_factory=Ended)

    def as_json(self) -> dict[str, object]:
        """The words of every import: imported are new, merged are changed or known."""
        return {
            "source": self.source,
            "rows": self.rows,
            "imported": self.new,
            "merged": self.changed + self.known,
            "changed": self.changed,
            "rejected": len(self.rejected),
            "joined": self.joined,
            "withdrawn": self.ended.withdrawn,
            "superseded": self.ended.superseded,
            "drift": [asdict(one) for one in self.drift],
        }


def import_announcements(
    *,
    path: str | os.PathLike[str],
    source: str,
    authority: str = "",
    by: Actor,
    now: datetime,
    is_rehearsal: bool = False,
) -> Taken:
    """Bring in a file of an authority: a recorded answer, a download, a table.

    `authority` is who it is by, for the general sources. Raises `Unreadable` where the file holds
    no records at all.
    """
    may_import_announcements(by)
    known = source_named(source)
    if known.is_general and not authority.strip():
        raise Unreadable(
            "whose_feed",
            f"A file read as {source} does not say whose it is.",
            hint="Add --authority NAME.",
        )
    try:
        answer = read_best(path, known.shapes, today=now.date())
        with open(path, "rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise Unreadable(
            "file_unreadable", f"{path} cannot be read: {error.strerror}.", file=str(path)
        ) from error
    no_data = next((one for one in answer.drift if one.kind == "not_data"), None)
    if no_data is not None:
        raise Unreadable(
            "no_records",
            no_data.sentence,
            file=str(path),
            hint=f"Known forms of {source}: {', '.join(s.name for s in known.shapes)}.",
        )
    with transaction.atomic():
        taken = take_in(
            source=known,
            answer=answer,
            authority=authority,
            name_of_file=Path(path).name,
            sha256=sha256,
            by=by,
            now=now,
        )
        if is_rehearsal:
            transaction.set_rollback(True)
    return taken


def take_in(
    *,
    source: Source,
    answer: FeedAnswer,
    authority: str = "",
    name_of_file: str = "",
    sha256: str = "",
    by: Actor,
    now: datetime,
) -> Taken:
    """Store an answer inside the caller's transaction: what is as before costs a look only."""
    may_import_announcements(by)
    taken = Taken(source.key, rows=answer.rows, rejected=answer.unread, drift=answer.drift)
    recalls = answer.recalls
    if source.is_general and authority.strip():
        recalls = [replace(one, authority=authority.strip()[:120]) for one in recalls]
    fresh: list[tuple[Announcement, PublishedRecall]] = []
    shape = next((one for one in source.shapes if one.name == answer.shape), None)
    fleeting = shape.fleeting if shape else frozenset()
    for part in _parts(_told_apart(recalls, fleeting)):
        fresh += _store(part, source, answer.shape, taken, now)
    _trace(fresh)
    told = [row for row, _ in fresh if not row.is_withdrawal]
    taken.joined = join_announcements(rows=told, by=by, now=now)
    if fresh and shape and shape.has_references:
        keep_references(fresh=fresh)
        taken.ended = end_announcements(rows=[row for row, _ in fresh], by=by, now=now)
    fact = AnnouncementsImported(
        source=source.name,
        name_of_file=masked(name_of_file),
        sha256=sha256,
        rows=taken.rows,
        new=taken.new,
        changed=taken.changed,
        known=taken.known,
        rejected=len(taken.rejected),
        drift=tuple(masked(one.sentence) for one in taken.drift[:MOST_TOLD]),
    )
    if name_of_file or taken.new or taken.changed:  # a feed that says the same again is no news
        record(fact, by=by, now=now)
    return taken


def _told_apart(
    recalls: list[PublishedRecall], fleeting: frozenset[str]
) -> Iterator[tuple[PublishedRecall, str, str]]:
    """Each with its original as JSON and that one's digest.

    Where one number stands on different records of one answer, none may be lost: all but the first
    by digest get the digest's start behind their number.
    """
    groups: dict[tuple[str, str], dict[str, tuple[PublishedRecall, str]]] = defaultdict(dict)
    for recall in map(storable_recall, recalls):
        text = as_json(recall.original)
        key = (recall.authority[:120], recall.number[:280])
        groups[key].setdefault(digest_of(_lasting(recall, text, fleeting)), (recall, text))
    for (_authority, number), group in groups.items():
        for place, digest in enumerate(sorted(group)):
            recall, text = group[digest]
            shown = number if place == 0 else f"{number} ~{digest[:8]}"
            yield replace(recall, number=shown), text, digest


def _lasting(recall: PublishedRecall, text: str, fleeting: frozenset[str]) -> str:
    if not fleeting:
        return text
    return as_json({key: value for key, value in recall.original.items() if key not in fleeting})


def _parts(
    found: Iterable[tuple[PublishedRecall, str, str]],
) -> Iterator[list[tuple[PublishedRecall, str, str]]]:
    part: list[tuple[PublishedRecall, str, str]] = []
    for one in found:
        part.append(one)
        if len(part) == AT_ONCE:
            yield part
            part = []
    if part:
        yield part


def _store(
    part: list[tuple[PublishedRecall, str, str]],
    source: Source,
    shape: str,
    taken: Taken,
    now: datetime,
) -> list[tuple[Announcement, PublishedRecall]]:
    """New and changed rows of one part; the rest is counted as known."""
    rows = Announcement.objects.filter(
        source=source.key, number__in=[recall.number for recall, _, _ in part]
    )
    there = {(row.authority, row.number): row for row in rows}
    new, changed, before = [], [], []
    for recall, text, digest in part:
        row = there.get((recall.authority[:120], recall.number))
        if row is not None and row.digest == digest:
            continue
        if row is None:
            row = Announcement(
                source=source.key,
                authority=recall.authority[:120],
                number=recall.number,
                first_seen_at=now,
            )
            new.append((row, recall))
        else:
            before.append(
                AnnouncementRevision(
                    announcement=row,
                    number=row.revision,
                    original=row.original,
                    digest=row.digest,
                    replaced_at=now,
                )
            )
            row.revision += 1
            changed.append((row, recall))
        _fill(row, recall, text, digest, shape, now)
    Announcement.objects.bulk_create([row for row, _ in new])
    AnnouncementRevision.objects.bulk_create(before)
    Announcement.objects.bulk_update([row for row, _ in changed], TOLD, batch_size=100)
    taken.new += len(new)
    taken.changed += len(changed)
    taken.known = taken.rows - taken.new - taken.changed - len(taken.rejected)
    return new + changed


def _fill(
    row: Announcement, recall: PublishedRecall, text: str, digest: str, shape: str, now: datetime
) -> None:
    sign = record_digest(replace(recall.as_record(), photo=row.photo_text))
    row.message, row.is_withdrawal = recall.message, recall.is_withdrawal
    row.needs_matching = (row.needs_matching or row.record_sha256 != sign) and not (
        row.is_withdrawal or row.ended_by_id
    )
    row.title, row.published_on, row.hazard = recall.title, recall.published_on, recall.hazard
    row.hazards = hazards_of(recall)
    row.recall_class, row.url = recall.recall_class, recall.url[:1000]
    row.countries, row.lots = list(recall.countries), list(recall.lots)
    row.products = [{**asdict(one), "codes": list(one.codes)} for one in recall.products]
    row.firms = [asdict(one) for one in recall.firms]
    row.original, row.digest, row.shape = text, digest, shape[:60]
    row.record_sha256, row.changed_at = sign, now


def _trace(fresh: list[tuple[Announcement, PublishedRecall]]) -> None:
    """By what each of these is known again elsewhere, anew."""
    old = AnnouncementTrait.objects.filter(
        announcement__in=[row.pk for row, _ in fresh if row.revision > 1]
    )
    old.delete()
    AnnouncementTrait.objects.bulk_create(
        [
            AnnouncementTrait(announcement=row, value=value)
            for row, recall in fresh
            for value in traits_of(recall)
        ],
        batch_size=AT_ONCE,
    )
