"""Asks an authority one question: bounded in time and size, and never inside our own network."""

from __future__ import annotations

import http.client
import socket
import ssl
import time
import zlib
from collections.abc import Collection
from urllib.parse import urljoin, urlsplit

from holdfast import __version__
from holdfast.connectors.web.addresses import is_public
from holdfast.kit.announcements import Ask, Heard, Unreachable

MOST_BYTES = 64 * 1024 * 1024
"""Of one answer, packed or unpacked."""
MOST_REDIRECTS = 3
CONNECT_WITHIN, ANSWER_WITHIN = 10.0, 120.0
BITE = 64 * 1024
MOVED = (301, 302, 303, 307, 308)


def ask(
    question: Ask,
    *,
    inside: Collection[str] = (),
    within: float = ANSWER_WITHIN,
    most: int = MOST_BYTES,
) -> Heard:
    """What the authority answers. `inside` are hosts of our own network that may be asked anyway.

    Raises `Unreachable`: no connection, too slow, too large, cut off, or an address that is not
    public, also after a redirect. Keys in the headers go to the first host only.
    """
    url, ends = question.url, time.monotonic() + within
    first = urlsplit(url).netloc
    for _ in range(MOST_REDIRECTS + 1):
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise Unreachable(f"{url[:200]} is no web address")
        headers = dict(question.headers) if parts.netloc == first else {}
        try:
            status, found, body = _once(question, url, headers, inside, ends, most)
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise Unreachable(_words(error)) from error
        location = found.get("Location", "")
        if status in MOVED and location and not question.body:
            url = urljoin(url, location)
            if parts.scheme == "https" and urlsplit(url).scheme != "https":
                raise Unreachable("sends us on to an address without encryption")
            continue
        return Heard(
            status=status,
            body=body,
            etag=found.get("ETag", ""),
            last_modified=found.get("Last-Modified", ""),
            content_type=found.get("Content-Type", ""),
        )
    raise Unreachable("sends us on without end")


def _once(
    question: Ask,
    url: str,
    headers: dict[str, str],
    inside: Collection[str],
    ends: float,
    most: int,
) -> tuple[int, http.client.HTTPMessage, bytes]:
    parts = urlsplit(url)
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    sock = socket.create_connection((host, port), timeout=min(CONNECT_WITHIN, _left(ends)))
    try:
        if host not in inside and not is_public(sock.getpeername()[0]):
            raise Unreachable("the address lies inside our own network, so it was not asked")
        if parts.scheme == "https":
            sock = ssl.create_default_context().wrap_socket(sock, server_hostname=host)
        connection = http.client.HTTPConnection(host, port)
        connection.sock = sock
        sock.settimeout(_left(ends))
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request(
            "POST" if question.body else "GET",
            path,
            body=question.body or None,
            headers={
                "User-Agent": f"Holdfast/{__version__} (product recalls)",
                "Accept-Encoding": "gzip",
                **headers,
            },
        )
        answer = connection.getresponse()
        body = _body(answer, sock, ends, most) if answer.status == 200 else b""
        return answer.status, answer.headers, body
    finally:
        sock.close()


def _body(answer: http.client.HTTPResponse, sock: socket.socket, ends: float, most: int) -> bytes:
    """All of it, unpacked. Raises ValueError where it is cut off, damaged or too large."""
    unpack = zlib.decompressobj(31) if answer.headers.get("Content-Encoding") == "gzip" else None
    pieces, size, told = [], 0, 0
    while not answer.isclosed():
        sock.settimeout(_left(ends))
        bite = answer.read(BITE)
        if not bite:
            break
        told += len(bite)
        if unpack is not None:
            try:
                bite = unpack.decompress(bite, most + 1 - size)
            except zlib.error as error:
                raise ValueError("a damaged gzip answer") from error
        size += len(bite)
        if size > most or told > most:
            raise ValueError(f"an answer of more than {most // (1024 * 1024)} MB")
        pieces.append(bite)
    if answer.length or (unpack is not None and not unpack.eof):
        raise ValueError("an answer that was cut off")
    return b"".join(pieces)


def _left(ends: float) -> float:
    left = ends - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _words(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, http.client.IncompleteRead):
        return "an answer that was cut off"
    if isinstance(error, ssl.SSLError):
        return f"no secure connection ({error.reason or type(error).__name__})"
    if isinstance(error, ValueError) and str(error):
        return str(error)
    return f"no answer ({type(error).__name__})"
