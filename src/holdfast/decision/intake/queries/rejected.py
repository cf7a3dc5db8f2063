"""What can be read of a mail that was not taken in: its words, and whether they speak of harm."""

from __future__ import annotations

import re
from email.utils import parseaddr

from holdfast.decision.intake.rules.told import Told
from holdfast.decision.intake.rules.urgency import URGENT, urgency
from holdfast.kit.reading.letter import letter_of, parsed
from holdfast.kit.reading.mail import plain
from holdfast.kit.reading.quotes import own_words
from holdfast.kit.signals.hazard_reading import read_hazards
from holdfast.kit.storable import storable

LETTERS = 2_000  # as of every rejected row; the whole mail stays in its file
READ = 200_000
_HEAD = re.compile(r"\A(?:From: (?P<sender>.*)\n)?(?:Subject: (?P<subject>.*)\n)?\n?")


def as_read(content: bytes) -> str:
    """Sender, subject and the beginning of the text, as far as they can be read; never refuses."""
    try:
        letter = letter_of(parsed(plain(content[:READ])))
        words = own_words(letter.text) or letter.text
    except Exception:  # what broke the reader before may break it again: as it stands, then
        return _kept(content[:READ].decode("utf-8", "replace"))
    return _kept(_with_head(letter.sender, letter.subject, words))


def as_kept(told: Told) -> str:
    """The same of a mail that was read and could not be kept."""
    sender = f"{told.name} <{told.email}>" if told.email else told.name
    return _kept(_with_head(sender, told.title, told.text))


def _with_head(sender: str, subject: str, words: str) -> str:
    said = (("From", sender), ("Subject", subject))
    head = "".join(f"{name}: {' '.join(line.split())}\n" for name, line in said if line)
    return f"{head}\n{words}" if head else words


def _kept(text: str) -> str:
    return storable(text.replace("\0", "").strip())[:LETTERS]


def speaks_of_harm(raw: str) -> bool:
    """Whether what can be read of it would jump the queue."""
    told = as_told(raw)
    return urgency(told, read_hazards(told.whole))[0] == URGENT


def as_told(raw: str) -> Told:
    """The rejected mail as the fields of the form, for somebody who types it in.

    >>> as_told("From: Kim <kim@example.org>\\nSubject: kettle\\n\\nIt smokes.").name
    'Kim'
    """
    head = _HEAD.match(raw)
    said = head.groupdict() if head else {}
    name, address = parseaddr(said.get("sender") or "")
    text = raw[head.end() :] if head else raw
    return Told(
        text=text.strip(),
        title=(said.get("subject") or "").strip(),
        name=name,
        email=address if "@" in address else "",
    )
