"""From a server's address to an open, greeted, encrypted and signed-in connection."""

from __future__ import annotations

import contextlib
import smtplib
import socket
import ssl
from dataclasses import dataclass

from holdfast.connectors.smtp.server import Server


@dataclass(frozen=True, slots=True)
class Features:
    """What the server announced after the last EHLO."""

    pipelining: bool = False
    eight_bit: bool = False
    utf8: bool = False
    size: int = 0


class CannotOpen(Exception):
    """No usable connection: `lasting` when waiting cannot help (password, certificate)."""

    def __init__(self, reason: str, *, lasting: bool = False) -> None:
        super().__init__(reason)
        self.reason, self.lasting = reason, lasting


def open_connection(server: Server) -> tuple[socket.socket, Features]:
    """Connect, greet, encrypt and sign in; blocking, so callers run it in a thread."""
    client: smtplib.SMTP | None = None
    try:
        client = _connected(server)
        sock = client.sock
        if sock is None:
            raise CannotOpen("the connection closed during the greeting")
        features = _features(client)
        client.sock = None
        if client.file is not None:
            client.file.close()
        return sock, features
    except ssl.SSLCertVerificationError as error:
        raise CannotOpen(
            f"the certificate of {server.host} is not valid: {error.verify_message}", lasting=True
        ) from error
    except smtplib.SMTPAuthenticationError as error:
        raise CannotOpen(
            f"the server does not accept the user name or password: {_words(error)}",
            lasting=500 <= error.smtp_code < 600,
        ) from error
    except smtplib.SMTPNotSupportedError as error:
        raise CannotOpen(f"the server offers no {error}", lasting=True) from error
    except smtplib.SMTPResponseException as error:
        raise CannotOpen(f"the server greeted with {_words(error)}") from error
    except (OSError, smtplib.SMTPException, ValueError) as error:
        raise CannotOpen(f"no connection to {server}: {error}") from error
    finally:
        if client is not None:
            with contextlib.suppress(Exception):
                client.close()


def _connected(server: Server) -> smtplib.SMTP:
    if server.security == "tls":
        client: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host,
            server.port,
            local_hostname=server.helo,
            timeout=server.timeout,
            context=server.tls_context(),
        )
    else:
        client = smtplib.SMTP(
            server.host, server.port, local_hostname=server.helo, timeout=server.timeout
        )
    client.ehlo_or_helo_if_needed()
    if server.security == "starttls":
        if not client.has_extn("starttls"):
            raise smtplib.SMTPNotSupportedError("STARTTLS")
        code, words = client.starttls(context=server.tls_context())
        if code != 220:
            raise smtplib.SMTPResponseException(code, words)
        client.ehlo_or_helo_if_needed()
    if server.user is not None:
        if not client.has_extn("auth"):
            raise smtplib.SMTPNotSupportedError("sign-in (AUTH)")
        client.login(server.user, server.password or "", initial_response_ok=True)
    return client


def _features(client: smtplib.SMTP) -> Features:
    size = client.esmtp_features.get("size", "").split()
    return Features(
        pipelining=client.has_extn("pipelining"),
        eight_bit=client.has_extn("8bitmime"),
        utf8=client.has_extn("smtputf8"),
        size=int(size[0]) if size and size[0].isdigit() else 0,
    )


def _words(error: smtplib.SMTPResponseException) -> str:
    words = error.smtp_error
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
    return f"{error.smtp_code} {' '.join(text.split())}"[:300]
