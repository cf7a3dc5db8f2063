"""A pasted text or an .eml file as one plain text with sender, subject and day."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from email.utils import parsedate_to_datetime
from html import unescape

LONGEST = 200_000
LONGEST_TAG = 2_000
_HEADER = re.compile(
    rb"\A(?:[A-Za-z][A-Za-z0-9-]*:[^\n]*\r?\n(?:[ \t][^\n]*\r?\n)*){2,}\r?\n", re.DOTALL
)
_BREAKS = frozenset({"br", "p", "div", "tr", "li", "h1", "h2", "h3", "h4", "h5", "h6"})
_DROPPED = frozenset({"script", "style", "head", "title"})


@dataclass(frozen=True, slots=True)
class Letter:
    """What a person would read; empty strings and None where the text does not say."""

    text: str
    sender: str = ""
    subject: str = ""
    sent_at: datetime | None = None


def open_letter(raw: bytes) -> Letter:
    """Read bytes as an e-mail with headers, else as plain text; never refuses, may be empty."""
    if _HEADER.match(raw[:20_000]) and re.search(
        rb"(?im)^(from|received|message-id):", raw[:20_000]
    ):
        try:
            found = letter_of(parsed(raw))
        except RecursionError:  # parts in parts in parts
            return Letter(_decoded(raw)[:LONGEST])
        if found.text.strip():
            return found
    return Letter(_decoded(raw)[:LONGEST])


def parsed(raw: bytes) -> EmailMessage:
    """Bytes as a message. Raises `RecursionError` where its parts are nested too deep."""
    message = message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def letter_of(message: EmailMessage) -> Letter:
    """What a person would read of a message; its headers are never its text."""
    return Letter(
        _body(message)[:LONGEST],
        _header(message, "from"),
        _header(message, "subject"),
        sent_at(message),
    )


def _header(message: EmailMessage, name: str) -> str:
    try:
        return " ".join(str(message.get(name, "")).split())[:300]
    except (ValueError, IndexError, AttributeError):  # headers of the wild break the parser
        return ""


def sent_at(message: EmailMessage) -> datetime | None:
    """When its sender says that it was written."""
    try:
        return parsedate_to_datetime(str(message["date"])) if message["date"] else None
    except (ValueError, TypeError, IndexError):
        return None


def _body(message: EmailMessage) -> str:
    said = "\n\n".join(one for one in _texts(message) if one.strip())
    if said:
        return said
    # A mail inside the mail, or parts that are not divided as it says.
    texts = (one for one in message.walk() if not one.is_multipart())
    part = next((one for one in texts if _may_be_text(one)), None)
    return _text(part) if part is not None else ""


def _texts(part: Message) -> list[str]:
    """What stands in a part to be read at once, in its order; of alternatives, the plain one."""
    if part.get_content_disposition() == "attachment":
        return []
    kind = part.get_content_type()
    if not part.is_multipart():
        return [_text(part)] if kind in ("text/plain", "text/html") else []
    if kind == "message/rfc822":
        return []
    parts = [one for one in part.get_payload() if isinstance(one, Message)]
    if kind == "multipart/related":
        return _texts(parts[0]) if parts else []
    found = [_texts(one) for one in parts]
    if kind == "multipart/alternative":
        said = [one for one in found if any(map(str.strip, one))]
        return said[0] if said else []
    return [text for one in found for text in one]


def _text(part: Message) -> str:
    payload = part.get_payload(decode=True)
    raw = payload if isinstance(payload, bytes) else b""
    try:
        text = raw.decode(str(part.get_content_charset() or "utf-8"))
    except (LookupError, UnicodeDecodeError):
        text = _decoded(raw)
    return words_of_html(text) if part.get_content_type() == "text/html" else text


def _may_be_text(part: Message) -> bool:
    if part.get_content_disposition() == "attachment":
        return False
    return part.get_content_maintype() in ("text", "multipart")


def words_of_html(html: str) -> str:
    """The words of a page, in linear time whatever it is; it is read, never shown as a page."""
    said: list[str] = []
    at, skipped = 0, ""
    while at < len(html):
        opens = html.find("<", at)
        if opens < 0:
            opens = len(html)
        if not skipped:
            said.append(html[at:opens])
        closes = html.find(">", opens, opens + LONGEST_TAG)
        if closes < 0:
            at = opens + 1
            continue
        name = html[opens + 1 : opens + 12].lower().split(">")[0].split(" ")[0]
        if name in _DROPPED and not skipped:
            skipped = name
        elif name == f"/{skipped}":
            skipped = ""
        said.append("\n" if name.strip("/") in _BREAKS else " ")
        at = closes + 1
    return unescape("".join(said))


def _decoded(raw: bytes) -> str:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return raw.decode(encoding).replace("\x00", "")
        except UnicodeDecodeError:
            continue
    return raw.decode("latin-1").replace("\x00", "")
