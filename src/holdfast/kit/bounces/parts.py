"""The outer parts of a mail, cut linearly: a report is never taken deeper than its parts.

The parser of the standard library goes into every nested part and compares each line with every
boundary around it; a few megabytes of somebody's malice would keep it busy for hours.
"""

from __future__ import annotations

import binascii
import quopri
import re
from dataclasses import dataclass
from email.errors import MessageError
from email.message import Message
from email.parser import BytesHeaderParser

LONGEST_HEAD = 64_000
MOST_PARTS = 20
_END_OF_HEAD = re.compile(rb"\r?\n\r?\n")
_NO_HEAD = re.compile(rb"\r?\n")


@dataclass(frozen=True, slots=True)
class Part:
    """A header block and what stands under it, still as bytes."""

    head: Message
    body: bytes

    @property
    def kind(self) -> str:
        """`multipart/report`; what says nothing is plain text."""
        return self.head.get_content_type()

    def text(self) -> str:
        """The body as text, out of its transfer encoding; what is no UTF-8 is replaced."""
        coded = str(self.head.get("Content-Transfer-Encoding", "")).strip().lower()
        body = self.body
        if coded == "quoted-printable":
            body = quopri.decodestring(body)
        elif coded == "base64":
            try:
                body = binascii.a2b_base64(body)
            except binascii.Error:
                return ""
        return body.decode("utf-8", "replace").replace("\r\n", "\n")


def cut(content: bytes) -> Part:
    """A mail, or a part of one, as header block and body; any bytes give some part."""
    if early := _NO_HEAD.match(content):  # it begins with a blank line: no header at all
        return Part(headers(b""), content[early.end() :])
    end = _END_OF_HEAD.search(content, 0, LONGEST_HEAD)
    head, body = (content[: end.start()], content[end.end() :]) if end else (content, b"")
    return Part(headers(head), body)


def headers(block: bytes) -> Message:
    """A block of header fields, up to a measure; a broken line ends it."""
    try:
        return BytesHeaderParser().parsebytes(block[:LONGEST_HEAD])
    except (MessageError, ValueError, LookupError, RecursionError):
        return Message()


def parts_of(whole: Part) -> list[Part]:
    """The parts directly inside a multipart; none of another mail, or without a boundary."""
    if whole.head.get_content_maintype() != "multipart":
        return []
    try:
        word = whole.head.get_boundary() or ""
    except (ValueError, LookupError, TypeError):
        return []
    if not word or len(word) > 200:
        return []
    mark = re.escape(word.encode("utf-8", "replace"))
    rule = re.compile(rb"^--" + mark + rb"(--)?[ \t]*\r?$", re.MULTILINE)
    found: list[Part] = []
    begin: int | None = None
    for line in rule.finditer(whole.body):
        if begin is not None:
            found.append(cut(whole.body[begin : max(begin, line.start() - 1)]))
        begin = None if line.group(1) else line.end() + 1
        if begin is None or len(found) >= MOST_PARTS:
            return found
    if begin is not None:  # cut off on the way: what came is still worth reading
        found.append(cut(whole.body[begin:]))
    return found
