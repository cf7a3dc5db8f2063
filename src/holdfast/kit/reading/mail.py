"""A customer's mail as what it says: its own words without what it quotes, who sent it, its id."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parseaddr

from holdfast.kit.reading.letter import open_letter

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
    """What one mail says. `attachments` are `(count, bytes)`: none of them is kept."""

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
    message = message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    if not _header(message, "from") and not _header(message, "message-id"):
        raise NoMail("it has no sender: no mail")
    if message.get_content_type() == "multipart/report":
        raise NoMail("a report of a mail server (holdfast recall bounces takes it)")
    if _header(message, "auto-submitted").lower() not in ("", "no"):
        raise NoMail("an automatic answer")
    letter = open_letter(raw)
    name, address = parseaddr(_header(message, "from"))
    count, size = _attachments(message)
    return Mail(
        text=own_words(letter.text),
        subject=letter.subject,
        name=name.strip()[:200],
        email=address.strip()[:254] if "@" in address else "",
        message_id=_header(message, "message-id").strip("<> ")[:120],
        sent_at=letter.sent_at if letter.sent_at and letter.sent_at.tzinfo else None,
        attachments=(max(count, 1), max(size, len(raw))) if is_cut else (count, size),
    )


def own_words(text: str) -> str:
    r"""What the sender wrote, without the mail that is answered: its words are not theirs.

    >>> own_words("It burned me!\n\nOn Monday the 3rd the shop wrote:\n> It can catch fire.")
    'It burned me!'
    """
    text = text.replace("\r\n", "\n")
    begins = _QUOTED_FROM.search(text)
    own = _QUOTE.sub("", text[: begins.start()] if begins else text).strip()
    return own or _QUOTE.sub("", text).strip()


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
