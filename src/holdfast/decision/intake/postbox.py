"""Mails in which people tell of a problem, out of files: a mail, a mailbox, a folder."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path

from holdfast.decision.intake.actions import take_in_all
from holdfast.decision.intake.rules.told import Told, says_something
from holdfast.kit.actors import Actor
from holdfast.kit.bounces.folder import files, fresh, not_readable, read_seen, write_seen
from holdfast.kit.bounces.mailbox import mails
from holdfast.kit.bounces.report import LONGEST
from holdfast.kit.reading.mail import Mail, NoMail, open_mail

log = logging.getLogger("holdfast.intake")
AT_ONCE = 100
MOST_LISTED = 500
SEEN = "complaint-mails-seen.json"
SOURCE = "mail"


@dataclass(slots=True)
class Mailed:
    """What became of the mails: rows = imported + merged + rejected, each rejected one with why."""

    rows: int = 0
    imported: int = 0
    merged: int = 0
    rejects: list[dict[str, object]] = field(default_factory=list)
    rejected: int = 0

    def reject(self, file: str, mail: int, why: str) -> None:
        """Count a mail that was not taken in, and list it while there are not too many."""
        self.rejected += 1
        if len(self.rejects) < MOST_LISTED:
            self.rejects.append({"file": file, "line": mail, "column": "", "reason": why})

    def as_json(self) -> dict[str, object]:
        """For machines."""
        return {
            "rows": self.rows,
            "imported": self.imported,
            "merged": self.merged,
            "rejected": self.rejected,
            "rejects": self.rejects,
        }


def take_in(path: Path, *, by: Actor, now: datetime) -> Mailed:
    """Take in a mail, a mailbox or a folder of them; reading it again changes nothing more."""
    done = Mailed()
    try:
        _hand_in((told for file in files(path) for told in _tolds(file, done, now)), done, by, now)
    except OSError as error:
        raise not_readable(path, error) from None
    return done


def watch(folder: Path, *, home: Path, by: Actor, now: datetime) -> Mailed:
    """Take in what is new in a folder; which files were read is remembered in the home."""
    done, seen = Mailed(), read_seen(home / SEEN)
    there: dict[str, str] = {}

    def read(path: Path) -> Iterator[Told]:
        return _tolds(path, done, now)

    _hand_in(fresh(folder, now, seen=seen, there=there, read=read), done, by, now)
    if there != seen:
        write_seen(home / SEEN, there)
    if done.rows:
        log.info("mails of complaints: %s new, %s known, %s not taken", done.imported, done.merged,
                 done.rejected)  # fmt: skip
    return done


def _tolds(file: Path, done: Mailed, now: datetime) -> Iterator[Told]:
    with file.open("rb") as handle:
        for number, content in enumerate(mails(handle), start=1):
            done.rows += 1
            try:
                mail = open_mail(content, is_cut=len(content) > LONGEST)
            except NoMail as no:
                done.reject(file.name, number, str(no))
                continue
            if not says_something(mail.text) and not says_something(mail.subject):
                done.reject(file.name, number, "it says nothing")
                continue
            yield _told(mail, now)


def _told(mail: Mail, now: datetime) -> Told:
    count, size = mail.attachments
    notes: tuple[str, ...] = ()
    if count:
        notes = (f"Its {count} attachments ({size / 1e6:,.1f} MB) are not kept; ask the mail.",)
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
        notes=notes,
    )


def _hand_in(tolds: Iterator[Told], done: Mailed, by: Actor, now: datetime) -> None:
    while some := list(islice(tolds, AT_ONCE)):
        taken = take_in_all(tolds=some, by=by, now=now)
        done.imported += len(taken.complaints)
        done.merged += len(some) - len(taken.complaints)
