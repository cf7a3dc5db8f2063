"""An approved text compiled once into bytes with gaps; each message is one join.

Every value is escaped for the part it goes to: HTML in the HTML part, quoted-printable in both,
RFC 2047 in the subject. Nothing a person or a shop typed can start a header, a part or a tag.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from functools import lru_cache
from html import escape
from typing import Any

Piece = str | Mapping[str, str]
Parts = Mapping[str, Sequence[Piece]]

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\x85\u2028\u2029]")
_PLAIN = re.compile(r"[ -<>-~]{0,70}")
_NOT_PLAIN_HEADER = re.compile(r"[^ -~]")


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Who writes: the envelope's sender, the From line, and where answers go."""

    sender: str
    name: str
    reply_to: str = ""


class Compiled:
    """One text in one language, ready to be filled."""

    def __init__(self, parts: Parts, *, language: str, letterhead: Letterhead) -> None:
        boundary = _boundary(parts)
        head = [
            f"From: {_mailbox(letterhead.name, letterhead.sender)}",
            "MIME-Version: 1.0",
            f"Content-Language: {_clean_header(language)}",
            "Auto-Submitted: auto-generated",
        ]
        if letterhead.reply_to:
            head.append(f"Reply-To: {header_address(letterhead.reply_to)}")
        has_html = bool(parts.get("html"))
        kind = (
            f'multipart/alternative; boundary="{boundary}"'
            if has_html
            else "text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable"
        )
        self._subject = list(parts.get("subject", ()))
        self._fixed_subject = (
            header_text("".join(str(piece) for piece in self._subject)).encode()
            if all(isinstance(piece, str) for piece in self._subject)
            else None
        )
        self._chunks: list[bytes] = []
        self._gaps: list[tuple[int, str, Callable[[str], bytes]]] = []
        self._write(
            "\r\n".join(head).encode() + b"\r\nContent-Type: " + kind.encode() + b"\r\n\r\n"
        )
        if has_html:
            opening = f"--{boundary}\r\nContent-Type: text/%s; charset=utf-8\r\n"
            opening += "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
            self._write((opening % "plain").encode())
            self._body(parts["text"], _text_value)
            photos = [one for one in parts.get("photo", ()) if isinstance(one, Mapping)]
            if photos:
                self._html_with_photos(parts["html"], photos, opening, boundary)
            else:
                self._write(b"\r\n" + (opening % "html").encode())
                self._body(parts["html"], _html_value)
            self._write(f"\r\n--{boundary}--\r\n".encode())
        else:
            self._body(parts["text"], _text_value)
            self._write(b"\r\n")
        self._slots = {gap[1] for gap in self._gaps}

    def _html_with_photos(
        self,
        html: Sequence[Piece],
        photos: Sequence[Mapping[str, str]],
        opening: str,
        boundary: str,
    ) -> None:
        """The HTML and the pictures it names, which travel in the message: nobody is asked.

        A picture is a literal like every other; it costs its bytes and no work per message.
        """
        inner = boundary.replace("=_", "=_p", 1)  # neither may begin with the other
        opening = opening.replace(f"--{boundary}", f"--{inner}")
        self._write(
            f'\r\n--{boundary}\r\nContent-Type: multipart/related; type="text/html";'
            f'\r\n boundary="{inner}"\r\n\r\n'.encode()
        )
        self._write((opening % "html").encode())
        self._body(html, _html_value)
        self._write(b"\r\n")
        for photo in photos:
            head = f"--{inner}\r\nContent-Type: {_clean_header(photo['media_type'])}\r\n"
            head += f"Content-ID: <{_clean_header(photo['cid'])}>\r\nContent-Disposition: inline"
            head += "\r\nContent-Transfer-Encoding: base64\r\n\r\n"
            self._write(head.encode())
            content = base64.b64decode(photo["base64"])
            self._write(base64.encodebytes(content).replace(b"\n", b"\r\n"))
        self._write(f"--{inner}--".encode())

    def _write(self, chunk: bytes) -> None:
        self._chunks.append(chunk)

    def _body(self, pieces: Sequence[Piece], escaped: Callable[[str], bytes]) -> None:
        for piece in pieces:
            if isinstance(piece, str):
                self._write(quoted_printable(piece))
            else:
                # A soft line break on both sides keeps every line short whatever the value is.
                self._write(b"=\r\n")
                self._gaps.append((len(self._chunks), str(piece["slot"]), escaped))
                self._chunks.append(b"")
                self._write(b"=\r\n")

    def fill(self, values: Mapping[str, str], *, to: str, message_id: str, at: datetime) -> bytes:
        """One message in wire form but for the dots."""
        chunks = self._chunks.copy()
        for index, slot, escaped in self._gaps:
            chunks[index] = escaped(values.get(slot, ""))
        subject = self._fixed_subject
        if subject is None:
            subject = header_text(
                "".join(
                    piece if isinstance(piece, str) else values.get(str(piece["slot"]), "")
                    for piece in self._subject
                )
            ).encode()
        head = b"Message-ID: %b\r\nDate: %b\r\nTo: %b\r\nSubject: %b\r\n" % (
            message_id.encode(),
            _date(at.replace(microsecond=0)),
            header_address(to).encode(),
            subject,
        )
        return head + b"".join(chunks)


def quoted_printable(text: str) -> bytes:
    """Text as quoted-printable with lines of at most 76 bytes; its own line breaks stay hard."""
    clean = _CONTROL.sub("", text.replace("\r\n", "\n")).encode("utf-8", "replace")
    return binascii.b2a_qp(clean).replace(b"\n", b"\r\n")


def _text_value(value: str) -> bytes:
    return value.encode() if _is_simple(value) else quoted_printable(_CONTROL.sub(" ", value))


def _html_value(value: str) -> bytes:
    escaped = escape(_CONTROL.sub(" ", value), quote=True).replace("\n", "<br>\n")
    return escaped.encode() if _is_simple(escaped) else quoted_printable(escaped)


def _is_simple(value: str) -> bool:
    return _PLAIN.fullmatch(value) is not None and not value.endswith(" ") and value[:1] != "."


def header_text(text: str) -> str:
    """One header value: no line break, at most 900 bytes, RFC 2047 words outside ASCII."""
    clean = _clean_header(text)
    if not _NOT_PLAIN_HEADER.search(clean):
        return _fold(clean)
    words = []
    piece = ""
    for letter in clean:
        if len((piece + letter).encode("utf-8", "replace")) > 39:
            words.append(piece)
            piece = ""
        piece += letter
    words.append(piece)
    coded = [base64.b64encode(word.encode("utf-8", "replace")).decode() for word in words]
    return "\r\n ".join(f"=?utf-8?b?{word}?=" for word in coded)


def _fold(clean: str) -> str:
    lines, line = [], ""
    for word in clean.split(" "):
        if line and len(line) + 1 + len(word) > 64:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    lines.append(line)
    return "\r\n ".join(lines)


def _clean_header(text: str) -> str:
    return " ".join(_CONTROL.sub(" ", text.replace("\n", " ").replace("\r", " ")).split())[:300]


def header_address(address: str) -> str:
    """An address as it may stand in a header: whatever could end the line is gone."""
    clean = re.sub(r"[\s\x00-\x20\x7f<>,;]", "", address)
    local, at, domain = clean.rpartition("@")
    if at and not domain.isascii():
        try:
            domain = domain.encode("idna").decode("ascii")
        except UnicodeError:
            domain = "invalid"
    return f"<{local}{at}{domain}>"[:320]


def _mailbox(name: str, address: str) -> str:
    clean = _clean_header(name).replace('"', "").replace("\\", "")
    if not clean:
        return header_address(address)
    words = header_text(clean) if _NOT_PLAIN_HEADER.search(clean) else f'"{clean}"'
    return f"{words} {header_address(address)}"


def _boundary(parts: Parts) -> str:
    """Derived from the text: the same text gives the same bytes, and cannot hold its own hash.

    Quoted-printable writes no line that begins with two dashes and this hash.
    """
    digest = hashlib.sha256(repr(sorted(parts.items())).encode("utf-8", "replace")).hexdigest()
    return f"=_{digest[:32]}"


@lru_cache(maxsize=64)
def _date(at: datetime) -> bytes:
    return format_datetime(at).encode()


def compile_parts(parts: Any, *, language: str, letterhead: Letterhead) -> Compiled:
    """Compile the `parts` of a skeleton; a text without words is a fault of whoever released it."""
    if not parts.get("subject") or not parts.get("text"):
        raise ValueError("a skeleton needs a subject and a text")
    return Compiled(parts, language=language, letterhead=letterhead)
