"""A customer's mail as what it says: its own words without what it quotes, who sent it, its id."""

from __future__ import annotations

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import EmailMessage, Message
from email.parser import HeaderParser
from email.utils import getaddresses, parseaddr, parsedate_to_datetime

from holdfast.kit.reading.letter import letter_of, parsed, sent_at
from holdfast.kit.reading.quotes import is_ours, words_of

HEAD = 100_000  # bytes in which the headers end
OURS = ("to", "cc", "delivered-to", "x-original-to")

_OUTLOOK = bytes.fromhex("d0cf11e0a1b11ae1")
_APPLE = re.compile(
    rb"\A(\d{1,12})[ \t]*\r?\n(?=[A-Za-z][A-Za-z0-9-]*:)"
)  # .emlx: its length first
MOST_ATTACHED = 20


class NoMail(ValueError):
    """It is no mail of a person: why, in words."""


@dataclass(frozen=True, slots=True)
class Mail:
    """What one mail says. `attachments` are `(count, bytes)`: none of them is kept.

    `quoted` is how many letters of an earlier mail were left out. Of what was forwarded, `name` and
    `email` are those of who wrote it, empty where that is not said. `sent_at` is when the last mail
    server took it, else when its sender says that it was written.
    """

    text: str
    subject: str
    name: str
    email: str
    message_id: str
    sent_at: datetime | None
    attachments: tuple[int, int] = (0, 0)
    quoted: int = 0
    is_forwarded: bool = False


def open_mail(raw: bytes, *, is_cut: bool = False) -> Mail:
    """Read one mail; `is_cut`: only its beginning is here.

    Raises `NoMail` for what a machine sent by itself, and for bytes that are no mail.
    """
    if raw.startswith(_OUTLOOK):
        raise NoMail("a file of Outlook (.msg), no mail: save it as .eml")
    try:
        return _opened(parsed(plain(raw)), len(raw), is_cut=is_cut)
    except RecursionError:
        raise NoMail("its parts are nested too deep to be read") from None


def _opened(message: EmailMessage, length: int, *, is_cut: bool) -> Mail:
    if not _header(message, "from") and not _header(message, "message-id"):
        raise NoMail("it has no sender: no mail")
    if message.get_content_type() == "multipart/report" or _is_of_a_server(message):
        raise NoMail("a report of a mail server (holdfast recall bounces takes it)")
    if _is_automatic(message):
        raise NoMail("an automatic answer")
    letter = letter_of(message)
    ours = [address for head in OURS for _, address in getaddresses([_header(message, head)])]
    words = words_of(letter.text, subject=letter.subject, ours=ours)
    text, passed_on = _with_attached(message, words.own)
    people = [one for one in passed_on if one and not is_ours(one, ours)]
    is_forwarded = words.is_forwarded or bool(passed_on)
    name, address = parseaddr(_sender(message, ours))
    if is_forwarded:
        written_by = words.person or (people[0] if len(people) == len(passed_on) == 1 else "")
        if written_by or is_ours(address, ours) or passed_on:
            name, address = parseaddr(written_by)
    count, size = _attachments(message)
    return Mail(
        text=text,
        subject=letter.subject,
        name=name.strip()[:200],
        email=address.strip()[:254] if "@" in address else "",
        message_id=_header(message, "message-id").strip("<> ")[:120],
        sent_at=_received(message) or _zoned(letter.sent_at),
        attachments=(max(count, 1), max(size, length)) if is_cut else (count, size),
        quoted=words.quoted,
        is_forwarded=is_forwarded,
    )


def plain(raw: bytes) -> bytes:
    """The mail without what programs put before it: a mark of the encoding, its length."""
    if raw.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return raw.decode("utf-16", "replace").encode()
    raw = raw.removeprefix(BOM_UTF8)
    found = _APPLE.match(raw)
    return raw[found.end() : found.end() + int(found.group(1))] if found else raw


def _with_attached(message: EmailMessage, text: str) -> tuple[str, list[str]]:
    """The text with those of the mails that are attached to it, and who sent these."""
    senders = []
    for inner in _attached(message):
        said = words_of(letter_of(inner).text).own
        senders.append(_header(inner, "from"))
        if said and said not in text:
            text = f"{text}\n\n{said}".strip()
    return text, senders


def _attached(message: Message) -> list[EmailMessage]:
    """Mails that are parts of this one; not those within them."""
    if not message.is_multipart():
        return []
    found: list[EmailMessage] = []
    for part in message.get_payload():
        if not isinstance(part, Message):
            continue
        if message.get_content_type() == "message/rfc822" and isinstance(part, EmailMessage):
            found.append(part)
        else:
            found += _attached(part)
    return found[:MOST_ATTACHED]


def _sender(message: EmailMessage, ours: Sequence[str]) -> str:
    """Who wrote: where an answer is to go, if a form or another program only sent it on."""
    sender, answer_to = _header(message, "from"), _header(message, "reply-to")
    if _header(message, "list-id") or "@" not in answer_to or is_ours(answer_to, ours):
        return sender
    return answer_to


def came_at(raw: bytes) -> datetime | None:
    """When the last server took a mail, else when its sender says that it was written."""
    head = plain(raw)[:HEAD].decode("latin-1")
    message = HeaderParser(policy=policy.default).parsestr(head)
    assert isinstance(message, EmailMessage)
    return _received(message) or _zoned(sent_at(message))


def _is_of_a_server(message: EmailMessage) -> bool:
    """Mail servers name no sender to answer to, or themselves (RFC 3834, RFC 5321)."""
    _, address = parseaddr(_header(message, "from"))
    is_own = address.lower().partition("@")[0] in ("mailer-daemon", "mail-daemon")
    return is_own or _header(message, "return-path") == "<>"


def _is_automatic(message: EmailMessage) -> bool:
    submitted = _header(message, "auto-submitted").partition(";")[0].strip().lower()
    if submitted == "auto-generated" and "@" in _header(message, "reply-to"):
        return False  # a contact form: a person wrote what a program sends
    if submitted not in ("", "no"):
        return True
    told = (_header(message, name).lower() for name in ("x-autoreply", "x-autorespond"))
    return any(one not in ("", "no") for one in told) or (
        _header(message, "precedence").lower() in ("auto_reply", "auto-reply")
    )


def _received(message: EmailMessage) -> datetime | None:
    """When the last server took it: the first `Received`, whose day stands after its last `;`."""
    try:
        lines = [str(one) for one in message.get_all("received", [])[:1]]
        return _zoned(parsedate_to_datetime(lines[0].rpartition(";")[2].strip())) if lines else None
    except (ValueError, TypeError, IndexError, AttributeError):
        return None


def _zoned(at: datetime | None) -> datetime | None:
    return at if at and at.tzinfo else None


def _header(message: EmailMessage, name: str) -> str:
    try:
        return " ".join(str(message.get(name, "")).split())[:500]
    except (ValueError, IndexError, AttributeError):  # headers of the wild break the parser
        return ""


def _attachments(message: EmailMessage) -> tuple[int, int]:
    count = size = 0
    for part in message.walk():
        is_text = part.get_content_type() in ("text/plain", "text/html")
        if part.is_multipart() or (is_text and part.get_content_disposition() != "attachment"):
            continue
        payload = part.get_payload()
        count += 1
        # base64 has four letters for three bytes
        size += len(payload) * 3 // 4 if isinstance(payload, str) else 0
    return count, size
