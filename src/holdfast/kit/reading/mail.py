"""A customer's mail as what it says: its own words without what it quotes, who sent it, its id."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.parser import HeaderParser
from email.utils import parseaddr, parsedate_to_datetime

from holdfast.kit.reading.letter import letter_of, parsed, sent_at

HEAD = 100_000  # bytes in which the headers end

# Where the mail that is answered begins, in the words of mail programs.
_QUOTED_FROM = re.compile(
    r"^[ \t]*(?:-{2,}[ \t]*(?:original message|ursprüngliche nachricht|message d'origine|"
    r"mensaje original|forwarded message|weitergeleitete nachricht).*"
    r"|(?:on|am|le|el)\b.{5,120}\b(?:wrote|schrieb|a écrit|escribió)\b.{0,80}:[ \t]*)$",
    re.IGNORECASE | re.MULTILINE,
)
_QUOTE = re.compile(r"^[ \t]*>.*\n?", re.MULTILINE)


class NoMail(ValueError):
    """It is no mail of a person: why, in words."""


@dataclass(frozen=True, slots=True)
class Mail:
    """What one mail says. `attachments` are `(count, bytes)`: none of them is kept.

    `sent_at` is when the last mail server took it, else when its sender says that it was written.
    """

    text: str
    subject: str
    name: str
    email: str
    message_id: str
    sent_at: datetime | None
    attachments: tuple[int, int] = (0, 0)


def open_mail(raw: bytes, *, is_cut: bool = False) -> Mail:
    """Read one mail; `is_cut`: only its beginning is here.

    Raises `NoMail` for what a machine sent by itself, and for bytes that are no mail.
    """
    try:
        return _opened(parsed(raw), len(raw), is_cut=is_cut)
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
    name, address = parseaddr(_header(message, "from"))
    count, size = _attachments(message)
    return Mail(
        text=own_words(letter.text),
        subject=letter.subject,
        name=name.strip()[:200],
        email=address.strip()[:254] if "@" in address else "",
        message_id=_header(message, "message-id").strip("<> ")[:120],
        sent_at=_received(message) or _zoned(letter.sent_at),
        attachments=(max(count, 1), max(size, length)) if is_cut else (count, size),
    )


def came_at(raw: bytes) -> datetime | None:
    """When the last server took a mail, else when its sender says that it was written."""
    message = HeaderParser(policy=policy.default).parsestr(raw[:HEAD].decode("latin-1"))
    assert isinstance(message, EmailMessage)
    return _received(message) or _zoned(sent_at(message))


def own_words(text: str) -> str:
    r"""What the sender wrote, without the mail that is answered: its words are not theirs.

    >>> own_words("It burned me!\n\nOn Monday the 3rd the shop wrote:\n> It can catch fire.")
    'It burned me!'
    """
    text = text.replace("\r\n", "\n")
    begins = _QUOTED_FROM.search(text)
    own = _QUOTE.sub("", text[: begins.start()] if begins else text).strip()
    return own or _QUOTE.sub("", text).strip()


def _is_of_a_server(message: EmailMessage) -> bool:
    """Mail servers name no sender to answer to, or themselves (RFC 3834, RFC 5321)."""
    _, address = parseaddr(_header(message, "from"))
    is_own = address.lower().partition("@")[0] in ("mailer-daemon", "mail-daemon")
    return is_own or _header(message, "return-path") == "<>"


def _is_automatic(message: EmailMessage) -> bool:
    if _header(message, "auto-submitted").partition(";")[0].strip().lower() not in ("", "no"):
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
        if part.is_multipart() or part.get_content_maintype() == "text":
            continue
        payload = part.get_payload()
        count += 1
        # base64 has four letters for three bytes
        size += len(payload) * 3 // 4 if isinstance(payload, str) else 0
    return count, size
