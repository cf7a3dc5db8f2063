"""Which mail server to speak to, read from one URL such as `smtp+starttls://user:pass@host:587`."""

from __future__ import annotations

import ipaddress
import ssl
from dataclasses import dataclass, replace
from typing import Any, Literal
from urllib.parse import parse_qs, unquote, urlsplit

from holdfast.kit.refusals import Unreadable

Security = Literal["plain", "starttls", "tls"]

_SCHEMES: dict[str, tuple[Security, int]] = {
    "smtp": ("plain", 25),
    "smtp+starttls": ("starttls", 587),
    "smtps": ("tls", 465),
}
_OPTIONS = {"connections", "timeout", "answer_timeout", "helo", "cafile", "sender", "retry_for"}


@dataclass(frozen=True, slots=True)
class Server:
    """One mail server and how to treat it; times are in seconds."""

    host: str
    port: int
    security: Security = "plain"
    user: str | None = None
    password: str | None = None
    connections: int = 4
    timeout: float = 60.0
    answer_timeout: float = 180.0
    retry_for: float = 86_400.0
    helo: str = "localhost"
    sender: str | None = None
    cafile: str | None = None
    is_near: bool = False  # on this machine, and nobody asked for a number of connections

    def __str__(self) -> str:
        """Without the password, so that it can be printed and logged."""
        scheme = {"plain": "smtp", "starttls": "smtp+starttls", "tls": "smtps"}[self.security]
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{scheme}://{host}:{self.port}"

    def tls_context(self) -> ssl.SSLContext:
        """A context that checks the certificate and the name; there is no way to switch it off."""
        return ssl.create_default_context(cafile=self.cafile)


def parse_server(url: str) -> Server:
    """Read a server URL.

    >>> parse_server("smtp://127.0.0.1:2525").port
    2525
    >>> str(parse_server("smtps://me:secret@mail.example.org?connections=4"))
    'smtps://mail.example.org:465'
    """
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError as error:
        raise _unreadable(f"the mail server URL cannot be read: {error}") from error
    if parts.scheme not in _SCHEMES:
        raise _unreadable(
            f"the mail server URL begins with {parts.scheme or 'nothing'!r}; "
            "expected smtp, smtps or smtp+starttls"
        )
    if not parts.hostname:
        raise _unreadable("the mail server URL names no host")
    security, default_port = _SCHEMES[parts.scheme]
    server = Server(
        host=parts.hostname,
        port=port or default_port,
        security=security,
        user=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        # Fewer lines leave fewer messages unclear after a crash; distance needs more of them.
        connections=4 if is_loopback(parts.hostname) else 8,
        is_near=is_loopback(parts.hostname),
    )
    if server.user and security == "plain" and not is_loopback(server.host):
        raise _unreadable(
            f"a password would cross the network in clear to {server.host}",
            hint="use smtp+starttls:// or smtps://",
        )
    return _with_options(server, parts.query)


def _with_options(server: Server, query: str) -> Server:
    options = {name: values[-1] for name, values in parse_qs(query, keep_blank_values=True).items()}
    unknown = sorted(set(options) - _OPTIONS)
    if unknown:
        raise _unreadable(
            f"the mail server URL has an unknown option {unknown[0]!r}",
            hint="known options: " + ", ".join(sorted(_OPTIONS)),
        )
    changes: dict[str, Any] = {}
    try:
        if "connections" in options:
            changes["connections"] = _within(options["connections"], 1, 100)
            changes["is_near"] = False
        for name in ("timeout", "answer_timeout", "retry_for"):
            if name in options:
                changes[name] = _seconds(options[name])
    except ValueError as error:
        raise _unreadable(f"an option of the mail server URL cannot be used: {error}") from error
    for name in ("helo", "sender", "cafile"):
        if options.get(name):
            if any(ord(letter) < 33 or ord(letter) == 127 for letter in options[name]):
                raise _unreadable(f"the option {name!r} of the mail server URL has a control sign")
            changes[name] = options[name]
    return replace(server, **changes)


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0.05 <= seconds <= 10_000_000:
        raise ValueError(f"{text} is not between 0.05 and 10,000,000 seconds")
    return seconds


def _within(text: str, low: int, high: int) -> int:
    number = int(text)
    if not low <= number <= high:
        raise ValueError(f"{number} is not between {low} and {high}")
    return number


def is_loopback(host: str) -> bool:
    """Whether the host is this machine by its very name; a name is not looked up."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _unreadable(message: str, hint: str = "for example smtp://127.0.0.1:2525") -> Unreadable:
    return Unreadable("smtp_url", message, hint=hint)
