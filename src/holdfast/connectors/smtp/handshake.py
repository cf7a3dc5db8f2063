"""From a server's address to an open, greeted, encrypted and signed-in connection."""

from __future__ import annotations

import base64
import contextlib
import socket
import ssl
import time
from dataclasses import dataclass

from holdfast.connectors.smtp.replies import NotSmtp, Reply, ReplyReader
from holdfast.connectors.smtp.server import Server


@dataclass(frozen=True, slots=True)
class Features:
    """What the server announced after the last EHLO."""

    pipelining: bool = False
    eight_bit: bool = False
    utf8: bool = False
    size: int = 0


class CannotOpen(Exception):
    """No usable connection: `lasting` when waiting cannot help (password, certificate).

    `busy` where a mail server answered that it has no time now.
    """

    def __init__(self, reason: str, *, lasting: bool = False, busy: bool = False) -> None:
        super().__init__(reason)
        self.reason, self.lasting, self.busy = reason, lasting, busy


def open_connection(server: Server) -> tuple[socket.socket, Features]:
    """Connect, greet, encrypt and sign in; blocking, so callers run it in a thread.

    The whole handshake has one deadline, so a server that drips its words gains no time by it.
    """
    talk = None
    try:
        talk = _Talk(server)
        features = _shake_hands(talk, server)
        sock, talk.sock = talk.sock, None
        assert sock is not None
        return sock, features
    except ssl.SSLCertVerificationError as error:
        raise CannotOpen(
            f"the certificate of {server.host} is not valid: {error.verify_message}", lasting=True
        ) from error
    except (OSError, NotSmtp, ValueError) as error:
        raise CannotOpen(f"no connection to {server}: {error}") from error
    finally:
        if talk is not None and talk.sock is not None:
            with contextlib.suppress(OSError):
                talk.sock.close()


class _Talk:
    """Question and answer on a blocking socket until the deadline."""

    def __init__(self, server: Server) -> None:
        self._late = time.monotonic() + server.timeout
        self._host = server.host
        self._context = server.tls_context() if server.security != "plain" else None
        self._reader = ReplyReader()
        self._replies: list[Reply] = []
        self.sock: socket.socket | None = socket.create_connection(
            (server.host, server.port), timeout=server.timeout
        )

    def hear(self) -> Reply:
        assert self.sock is not None
        while not self._replies:
            self.sock.settimeout(self._left())
            data = self.sock.recv(4096)
            if not data:
                raise NotSmtp("the server closed the connection during the greeting")
            self._replies += self._reader.feed(data)
        return self._replies.pop(0)

    def ask(self, words: bytes) -> Reply:
        assert self.sock is not None
        self.sock.settimeout(self._left())
        self.sock.sendall(words + b"\r\n")
        return self.hear()

    def encrypt(self) -> None:
        """Words that came in clear after the agreement would be a stranger's: they end it."""
        assert self.sock is not None
        assert self._context is not None
        if self._replies or self._reader.has_rest:
            raise NotSmtp("words in clear after the agreement to encrypt")
        self.sock.settimeout(self._left())
        self.sock = self._context.wrap_socket(self.sock, server_hostname=self._host)

    def _left(self) -> float:
        left = self._late - time.monotonic()
        if left <= 0:
            raise NotSmtp("the greeting took too long")
        return left


def _shake_hands(talk: _Talk, server: Server) -> Features:
    if server.security == "tls":
        talk.encrypt()
    greeting = talk.hear()
    if 400 <= greeting.code < 500:
        raise CannotOpen(f"no connection to {server}: it greeted with {greeting.text}", busy=True)
    if greeting.code != 220:
        raise NotSmtp(f"the server greeted with {greeting.text}")
    features, words = _introduce(talk, server)
    if server.security == "starttls":
        if "STARTTLS" not in words:
            raise CannotOpen("the server offers no STARTTLS", lasting=True)
        agreed = talk.ask(b"STARTTLS")
        if agreed.code != 220:
            raise NotSmtp(f"the server answered STARTTLS with {agreed.text}")
        talk.encrypt()
        features, words = _introduce(talk, server)
    if server.user is not None:
        _sign_in(talk, server, words.get("AUTH", "").upper().split())
    return features


def _introduce(talk: _Talk, server: Server) -> tuple[Features, dict[str, str]]:
    reply = talk.ask(b"EHLO " + server.helo.encode("idna"))
    if reply.code >= 500:
        reply = talk.ask(b"HELO " + server.helo.encode("idna"))
        if reply.code == 250:
            return Features(), {}
    if reply.code != 250:
        raise NotSmtp(f"the server answered EHLO with {reply.text}")
    words = {}
    for line in reply.lines[1:]:
        name, _, rest = line.decode("ascii", "replace").replace("=", " ").partition(" ")
        words[name.upper()] = rest.strip()
    size = words.get("SIZE", "")
    features = Features(
        pipelining="PIPELINING" in words,
        eight_bit="8BITMIME" in words,
        utf8="SMTPUTF8" in words,
        size=int(size) if size.isdigit() else 0,
    )
    return features, words


def _sign_in(talk: _Talk, server: Server, ways: list[str]) -> None:
    user, password = (server.user or "").encode(), (server.password or "").encode()
    if "PLAIN" in ways:
        secret = base64.b64encode(b"\0" + user + b"\0" + password)
        reply = talk.ask(b"AUTH PLAIN " + secret)
    elif "LOGIN" in ways:
        reply = talk.ask(b"AUTH LOGIN")
        for word in (user, password):
            if reply.code != 334:
                break
            reply = talk.ask(base64.b64encode(word))
    else:
        offered = ", ".join(ways) or "none"
        raise CannotOpen(f"no way to sign in that we know; offered: {offered}", lasting=True)
    if reply.code != 235:
        raise CannotOpen(
            f"the server does not accept the user name or password: {reply.text}",
            lasting=reply.code >= 500,
        )
