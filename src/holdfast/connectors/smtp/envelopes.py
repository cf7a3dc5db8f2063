"""One message on its way: checked addresses, content in wire form, and how it ended."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

_ATOM = r"[^\s\x00-\x20\x7f\"(),:;<>@\[\\\]]+"
_QUOTED = r"\"(?:[^\x00-\x1f\x7f\"\\]|\\[\x20-\x7e])*\""
_ADDRESS = re.compile(rf"(?P<local>{_ATOM}|{_QUOTED})@(?P<domain>[^@]+)", re.DOTALL)
_HOST = re.compile(r"(?!-)[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63})*\.?")
_LITERAL = re.compile(r"\[(?:IPv6:[0-9A-Fa-f:.]+|\d{1,3}(?:\.\d{1,3}){3})\]")
_LINE_END = re.compile(rb"\r\n|\r|\n")


class Outcome(StrEnum):
    """How one attempt ended.

    `UNKNOWN`: the server may have accepted, since the dot that ends the message was handed over and
    no answer came. `NOT_SENT`: it cannot have accepted, so trying again is safe.
    """

    ACCEPTED = "accepted"
    TRANSIENT = "transient"
    PERMANENT = "permanent"
    UNKNOWN = "unknown"
    NOT_SENT = "not_sent"


class UnusableAddress(ValueError):
    """An address that no server may be shown, with the reason in words."""


@dataclass(slots=True)
class Envelope:
    """One message for one address; `key` is the caller's own and is given back untouched.

    `data` is the message of RFC 5322; the fleet brings it into wire form once.
    """

    key: object
    sender: str
    recipient: str
    data: bytes
    refusal: tuple[int, str] | None = field(default=None, repr=False)
    dot_at: int = field(default=-1, repr=False)
    is_returnable: bool = field(default=False, repr=False)
    tries: int = field(default=0, repr=False)


@dataclass(slots=True)
class Settled:
    """The end of one attempt: the outcome, the code (0 without one) and the server's words."""

    key: object
    outcome: Outcome
    code: int
    reply: str


@lru_cache(maxsize=4096)
def envelope_address(address: str) -> tuple[bytes, bool]:
    """The address as it may stand in a command, and whether it needs SMTPUTF8.

    >>> envelope_address("jo@bücher.example")
    (b'jo@xn--bcher-kva.example', False)
    """
    found = _ADDRESS.fullmatch(address)
    if found is None:
        raise UnusableAddress("not an e-mail address")
    local, domain = found["local"], found["domain"]
    if ".." in local.strip(".") and not local.startswith('"'):
        raise UnusableAddress("two dots in a row before the @")
    if domain.startswith("["):
        if not _LITERAL.fullmatch(domain):
            raise UnusableAddress("the address literal after the @ cannot be read")
    else:
        try:
            domain = domain.encode("idna").decode("ascii")
        except UnicodeError as error:
            raise UnusableAddress("the domain after the @ cannot be written") from error
        if not _HOST.fullmatch(domain):
            raise UnusableAddress("the part after the @ is no domain")
    wire = f"{local}@{domain}".encode()
    if len(local.encode()) > 64 or len(wire) > 254:
        raise UnusableAddress("the address is longer than mail allows")
    return wire, not local.isascii()


def wire_content(data: bytes) -> bytes:
    r"""Line ends as CRLF, leading dots doubled; the final `.` line is not part of it.

    >>> wire_content(b"Subject: x\n\n.hidden")
    b'Subject: x\r\n\r\n..hidden\r\n'
    """
    ends = data.count(b"\r\n")
    if ends != data.count(b"\n") or ends != data.count(b"\r"):
        data = _LINE_END.sub(b"\r\n", data)
    if b"\n." in data:
        data = data.replace(b"\n.", b"\n..")
    if data.startswith(b"."):
        data = b"." + data
    return data if data.endswith(b"\r\n") or not data else data + b"\r\n"
