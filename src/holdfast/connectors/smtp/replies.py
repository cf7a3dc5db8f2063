"""What a server says: replies of one or many lines, cut from the stream as it arrives."""

from __future__ import annotations

import re
from dataclasses import dataclass

_ENHANCED = re.compile(rb"([245]\.\d{1,3}\.\d{1,3})(?:\s|$)")
_LINE_LIMIT = 4096
_LINES_LIMIT = 100


class NotSmtp(Exception):
    """The other side does not speak SMTP, or speaks without end."""


@dataclass(slots=True)
class Reply:
    """One reply: a code from 200 to 599 and its lines without the code, as bytes."""

    code: int
    lines: list[bytes]

    @property
    def body(self) -> bytes:
        """The text of all lines as one."""
        return b" ".join(self.lines)

    @property
    def enhanced(self) -> str:
        """The enhanced status code of RFC 3463, or an empty text."""
        found = _ENHANCED.match(self.body)
        return found.group(1).decode("ascii") if found else ""

    @property
    def text(self) -> str:
        """One printable line of at most 300 characters: `550 5.1.1 no such mailbox`."""
        body = self.body.decode("utf-8", "replace")[:300]
        return f"{self.code} {' '.join(body.split())}".strip()[:300]


class ReplyReader:
    """Collects bytes and gives back whole replies; a partial one waits for the rest."""

    __slots__ = ("_lines", "_rest")

    def __init__(self) -> None:
        self._rest = b""
        self._lines: list[bytes] = []

    @property
    def has_rest(self) -> bool:
        """Whether a reply has begun and not ended."""
        return bool(self._rest or self._lines)

    def feed(self, data: bytes) -> list[Reply]:
        """Every reply completed by `data`; raises NotSmtp on anything else than a reply."""
        *lines, rest = (self._rest + data).split(b"\n")
        if len(rest) > _LINE_LIMIT:
            raise NotSmtp(f"a reply line longer than {_LINE_LIMIT} bytes")
        self._rest = rest
        replies = []
        for line in lines:
            code, sign = line[:3], line[3:4]
            if not (code.isdigit() and len(code) == 3 and b"2" <= code[:1] <= b"5"):
                raise NotSmtp(f"not an SMTP reply: {bytes(line[:60])!r}")
            if sign == b"-":
                self._lines.append(line[4:].rstrip())
                if len(self._lines) > _LINES_LIMIT:
                    raise NotSmtp(f"a reply of more than {_LINES_LIMIT} lines")
            elif sign in (b" ", b"\r", b""):
                replies.append(Reply(int(code), [*self._lines, line[4:].rstrip()]))
                self._lines = []
            else:
                raise NotSmtp(f"not an SMTP reply: {bytes(line[:60])!r}")
        return replies
