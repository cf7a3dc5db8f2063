"""Mails in which people tell of a problem, out of files: a mail, a mailbox, a folder."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from itertools import islice
from pathlib import Path

from django.db import InterfaceError, OperationalError

from holdfast.decision.intake.actions import take_in_all
from holdfast.decision.intake.queries.rejected import as_kept, as_read, speaks_of_harm
from holdfast.decision.intake.rules.told import Told, says_something
from holdfast.kit.actors import Actor
from holdfast.kit.bounces.folder import files, fresh, not_readable, read_seen, write_seen
from holdfast.kit.bounces.mailbox import mails
from holdfast.kit.bounces.report import LONGEST
from holdfast.kit.reading.mail import Mail, NoMail, came_at, open_mail
from holdfast.supply.imports.actions import (
    READ,
    Rejected,
    keep_new_rejects,
    keep_run,
    settle_rejects,
)
from holdfast.supply.imports.models import ImportReject, ImportRun
from holdfast.supply.imports.queries import waiting_rejects

log = logging.getLogger("holdfast.intake")
AT_ONCE = 100
MOST_LISTED = 500
KIND = "complaints"
SEEN = "complaint-mails-seen.json"
SOURCE = "mail"
ENDINGS = (".eml", ".mbox", ".emlx", ".msg")
EMPTY = "the file is empty"
EARLIEST = 1971  # a clock that was never set says 1970


@dataclass(frozen=True, slots=True)
class Place:
    """Where a mail stands: the file, which mail in it, when it fell in, the same for same bytes."""

    file: str
    number: int
    fell_at: datetime
    mark: str

    def refused(self, why: str, content: bytes = b"", *, raw: str = "") -> Rejected:
        """The mail here as one that was not taken in, with what can be read of it."""
        raw = raw or as_read(content)
        return Rejected(
            line=self.number,
            column="",
            reason=why[:300],
            raw=raw,
            file=self.file[:255],
            mark=self.mark,
            came_at=min(self.fell_at, _sent_at(content) or self.fell_at),
            is_urgent=speaks_of_harm(raw),
            waits=True,
        )


def _sent_at(content: bytes) -> datetime | None:
    try:
        at = came_at(content)
    except Exception:  # headers of the wild break the parser
        return None
    return at if at and at.year >= EARLIEST else None


def _mark(content: bytes) -> str:
    return sha256(content).hexdigest()


@dataclass(slots=True)
class Mailed:
    """What became of the mails: rows = imported + merged + rejected, each rejected one with why."""

    rows: int = 0
    imported: int = 0
    merged: int = 0
    run: int = 0
    refused: list[Rejected] = field(default_factory=list)
    whole: dict[str, int] = field(default_factory=dict)  # mails of each file read to its end

    @property
    def rejected(self) -> int:
        """How many were not taken in."""
        return len(self.refused)

    @property
    def rejects(self) -> list[dict[str, object]]:
        """Those that were not taken in, while there are not too many to list."""
        return [
            {"file": one.file, "line": one.line, "column": one.column, "reason": one.reason}
            for one in self.refused[:MOST_LISTED]
        ]

    def as_json(self) -> dict[str, object]:
        """For machines."""
        return {
            "rows": self.rows,
            "imported": self.imported,
            "merged": self.merged,
            "rejected": self.rejected,
            "rejects": self.rejects,
            "run": self.run,
        }


def is_mail(name: str) -> bool:
    """Whether a file is called as mails and mailboxes are."""
    return name.lower().endswith(ENDINGS)


def take_in(path: Path, *, name: str = "", by: Actor, now: datetime) -> Mailed:
    """Take in a mail, a mailbox or a folder of them; reading it again changes nothing more.

    `name` is what people call a file that lies elsewhere. Of a folder, a file that cannot be read
    is rejected and the others are taken in.
    """
    done = Mailed()
    try:
        there, is_folder = files(path), path.is_dir()
        if not is_folder:
            path.open("rb").close()
    except OSError as error:
        raise not_readable(path, error) from None

    def read() -> Iterator[tuple[Place, Told]]:
        for file in there:
            try:
                yield from _mails(file, done, now, name=name)
            except OSError as error:
                _unread(file, error, done, now)

    _hand_in(read(), done, by, now)
    run = _run(str(path) if is_folder else name or path.name, done)
    done.run = keep_run(run=run, rejects=done.refused, by=by, now=now).pk
    return done


def watch(folder: Path, *, home: Path, by: Actor, now: datetime) -> Mailed:
    """Take in what is new in a folder; which files were read is remembered in the home.

    What was not taken in waits for somebody, once: what is known to wait, or was attended to and
    lies there still, is merged.
    """
    done, seen = Mailed(), read_seen(home / SEEN)
    there: dict[str, str] = {}

    def read(path: Path) -> Iterator[tuple[Place, Told]]:
        return _mails(path, done, now)

    def unread(path: Path, error: OSError) -> None:
        _unread(path, error, done, now, is_folder=path == folder)

    found = fresh(folder, now, seen=seen, there=there, read=read, unread=unread)
    _hand_in(found, done, by, now)
    run = _run(str(folder), done)
    changed = {Path(name).name for name, mark in there.items() if seen.get(name, mark) != mark}
    if mended := _mended(run.file_name, changed, done):
        settle_rejects(rejects=mended, how=READ, why="It was read again.", by=by, now=now)
    if done.refused:
        new = keep_new_rejects(run=run, rejects=done.refused, by=by, now=now)
        done.merged += len(done.refused) - len(new)
        done.refused, done.run = new, run.pk or 0
    if there != seen:
        write_seen(home / SEEN, there)
    if done.imported or done.rejected:
        log.info("mails of complaints: %s new, %s known, %s not taken", done.imported, done.merged,
                 done.rejected)  # fmt: skip
    return done


def _run(name: str, done: Mailed) -> ImportRun:
    return ImportRun(
        kind=KIND,
        file_name=name[-255:],
        source=SOURCE,
        format=SOURCE,
        rows=done.rows,
        imported=done.imported,
        merged=done.merged,
    )


def _mended(folder: str, changed: set[str], done: Mailed) -> list[ImportReject]:
    """What waited and need not: a file that opens now, the one mail of a file that was changed.

    Of a file with several mails nobody can tell which became which: somebody attends to those.
    """
    waiting = waiting_rejects(KIND).filter(run__file_name=folder)
    is_there = all(one.file or one.line for one in done.refused)
    found = list(waiting.filter(line=0, file__in=[*done.whole, *([""] if is_there else [])]))
    for name in sorted(changed):
        mine = list(waiting.filter(file=name, line__gt=0)[:2])
        if done.whole.get(name) == 1 and len(mine) == 1 and mine[0].line == 1:
            found += mine
    return found


def _mails(
    file: Path, done: Mailed, now: datetime, *, name: str = ""
) -> Iterator[tuple[Place, Told]]:
    known, name = file.stat(), name or file.name
    fell_at = min(datetime.fromtimestamp(known.st_mtime, UTC), now)
    if fell_at.year < EARLIEST:
        fell_at = now
    number = 0
    with file.open("rb") as handle:
        for number, content in enumerate(mails(handle), start=1):
            done.rows += 1
            place = Place(name, number, fell_at, _mark(content))
            try:
                mail = open_mail(content, is_cut=len(content) > LONGEST)
            except NoMail as no:
                done.refused.append(place.refused(str(no), content))
                continue
            except Exception as error:
                why = f"it breaks the reader ({type(error).__name__})"
                done.refused.append(place.refused(why, content))
                continue
            if not says_something(mail.text) and not says_something(mail.subject):
                done.refused.append(place.refused(_silent(mail), content))
                continue
            yield place, _told(mail, now)
    if number:
        done.whole[name] = number
    else:
        done.rows += 1
        mark = _mark(f"{name} {known.st_mtime_ns}".encode())
        done.refused.append(Place(name, 0, fell_at, mark).refused(EMPTY))


def _unread(
    file: Path, error: OSError, done: Mailed, now: datetime, *, is_folder: bool = False
) -> None:
    done.rows += 1
    if is_folder and not file.exists():
        why = "there is no such folder"
    else:
        why = f"it cannot be read: {error.strerror or type(error).__name__}"
    # A day later it is told anew, though somebody set it aside.
    mark = _mark(f"{file} {why} {now:%Y-%m-%d}".encode())
    place = Place("" if is_folder else file.name, 0, now, mark)
    done.refused.append(place.refused(why))


def _silent(mail: Mail) -> str:
    count, size = mail.attachments
    if not count:
        return "it says nothing"
    return f"it says nothing; what is attached ({count}, {size / 1e6:,.1f} MB) is not read"


def _told(mail: Mail, now: datetime) -> Told:
    count, size = mail.attachments
    notes = []
    if count:
        notes.append(
            f"What is attached to the mail ({count}, {size / 1e6:,.1f} MB) is not kept here."
        )
    if mail.quoted:
        notes.append(f"What it quotes of an earlier mail ({mail.quoted:,} letters) is left out.")
    if mail.is_forwarded:
        notes.append("It was forwarded: look when it was told first.")
    return Told(
        text=mail.text,
        title=mail.subject,
        channel="email",
        source=SOURCE,
        source_id=mail.message_id,
        # A clock may be wrong; what cannot be is not believed.
        received_at=mail.sent_at if mail.sent_at and mail.sent_at <= now else now,
        name=mail.name,
        email=mail.email,
        notes=tuple(notes),
    )


def _hand_in(found: Iterator[tuple[Place, Told]], done: Mailed, by: Actor, now: datetime) -> None:
    while some := list(islice(found, AT_ONCE)):
        try:
            _take(some, done, by, now)
        except (OperationalError, InterfaceError):
            raise  # the database is away or busy: all of it is tried again
        except Exception:
            for one in some:
                _take_one(one, done, by, now)


def _take(some: list[tuple[Place, Told]], done: Mailed, by: Actor, now: datetime) -> None:
    taken = take_in_all(tolds=[told for _place, told in some], by=by, now=now)
    done.imported += len(taken.complaints)
    done.merged += len(some) - len(taken.complaints)


def _take_one(one: tuple[Place, Told], done: Mailed, by: Actor, now: datetime) -> None:
    """One mail by itself, so that what breaks at it keeps no other from being taken in."""
    try:
        _take([one], done, by, now)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:  # its words may hold what the mail says: only its kind is told
        log.warning("a mail of complaints could not be kept: %s", type(error).__name__)
        place, told = one
        why = f"it could not be kept ({type(error).__name__})"
        done.refused.append(place.refused(why, raw=as_kept(told)))
