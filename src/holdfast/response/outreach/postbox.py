"""Reports of mail servers out of files: a mail, a mailbox, a folder; nothing there is changed."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path

from holdfast.kit.actors import Actor
from holdfast.kit.bounces.folder import files, fresh, not_readable, read_seen, write_seen
from holdfast.kit.bounces.mailbox import mails
from holdfast.kit.bounces.report import NoReport, Report, read_report
from holdfast.response.outreach.actions import take_in_bounces

log = logging.getLogger("holdfast.postbox")
AT_ONCE = 200
MOST_LISTED = 500
SEEN = "bounces-seen.json"
TOOK = ("failed", "delayed", "delivered", "known")


@dataclass(slots=True)
class Bounced:
    """What the mails of some files did. Whatever changed nothing, is listed with the reason."""

    files: int = 0
    mails: int = 0
    reports: int = 0
    ends: Counter[str] = field(default_factory=Counter)
    listed: list[dict[str, object]] = field(default_factory=list)
    left_out: int = 0

    def list(self, file: str, mail: int, why: str) -> None:
        """Keep a mail that changed nothing, as long as there are not too many."""
        if len(self.listed) < MOST_LISTED:
            self.listed.append({"file": file, "mail": mail, "why": why})
        else:
            self.left_out += 1

    def as_json(self) -> dict[str, object]:
        """For machines."""
        counted = {name: self.ends[name] for name in (*TOOK, "unmatched", "not_reports")}
        return {
            "files": self.files,
            "mails": self.mails,
            "reports": self.reports,
            **counted,
            "listed": self.listed,
            "left_out": self.left_out,
        }


def take_in(path: Path, *, by: Actor, now: datetime) -> Bounced:
    """Take in a mail, a mailbox or a folder of them; reading it again changes nothing more."""
    found = Bounced()
    try:
        read = (told for file in files(path) for told in _reports(file, found))
        _hand_in(read, found, by, now)
    except OSError as error:
        raise not_readable(path, error) from None
    return found


def _reports(file: Path, found: Bounced) -> Iterator[tuple[str, int, Report]]:
    """Each report of a file with the place of its mail; what is none is listed."""
    with file.open("rb") as handle:
        found.files += 1
        for number, content in enumerate(mails(handle), start=1):
            found.mails += 1
            try:
                reports = read_report(content)
            except NoReport as no:
                found.ends["not_reports"] += 1
                found.list(file.name, number, str(no))
                continue
            for report in reports:
                yield file.name, number, report


def _hand_in(
    read: Iterator[tuple[str, int, Report]], found: Bounced, by: Actor, now: datetime
) -> None:
    while some := list(islice(read, AT_ONCE)):
        ends = take_in_bounces(reports=[report for _, _, report in some], by=by, now=now)
        for (name, number, _report), end in zip(some, ends, strict=True):
            found.reports += 1
            found.ends[end if end in TOOK else "unmatched"] += 1
            if end not in TOOK:
                found.list(name, number, end)


def watch(folder: Path, *, home: Path, by: Actor, now: datetime) -> Bounced:
    """Take in what is new in a folder; which files were read is remembered in the home."""
    total, seen = Bounced(), read_seen(home / SEEN)
    there: dict[str, str] = {}

    def read(path: Path) -> Iterator[tuple[str, int, Report]]:
        return _reports(path, total)

    _hand_in(fresh(folder, now, seen=seen, there=there, read=read), total, by, now)
    if there != seen:
        write_seen(home / SEEN, there)
    if total.mails:
        log.info("reports of mail servers: %s", dict(total.ends))
    return total
