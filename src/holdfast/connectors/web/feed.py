"""Asks an authority one question: bounded in time and size, and never inside our own network."""

from __future__ import annotations

import contextlib
import http.client
import io
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
LONGEST_MARK = 500


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
    try:
        return _followed(question, inside, time.monotonic() + within, most)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise Unreachable(_words(error)) from error


def _followed(question: Ask, inside: Collection[str], ends: float, most: int) -> Heard:
    url = question.url
    first = urlsplit(url).netloc
    for _ in range(MOST_REDIRECTS + 1):
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise Unreachable(f"{url[:200]} is no web address")
        headers = dict(question.headers) if parts.netloc == first else {}
        status, found, body = _once(question, url, headers, inside, ends, most)
        location = found.get("Location", "")
        if status in MOVED and location and not question.body:
            url = urljoin(url, location)
            if parts.scheme == "https" and urlsplit(url).scheme != "https":
                raise Unreachable("sends us on to an address without encryption")
            continue
        return Heard(
            status=status,
            body=body,
            etag=_mark(found, "ETag"),
            last_modified=_mark(found, "Last-Modified"),
            content_type=found.get("Content-Type", ""),
            retry_after=_mark(found, "Retry-After"),
        )
    raise Unreachable("sends us on without end")


def _mark(found: http.client.HTTPMessage, name: str) -> str:
    """A header that is kept and said again; one that no honest server sends is none."""
    said: str = found.get(name, "")
    return said if len(said) <= LONGEST_MARK and said.isprintable() else ""


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
    sock = _connected(host, port, inside, ends)
    try:
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
        answer = http.client.HTTPResponse(_Dripping(sock, ends))  # type: ignore[arg-type]
        answer.begin()
        body = _body(answer, most) if answer.status == 200 else b""
        return answer.status, answer.headers, body
    finally:
        sock.close()


def _connected(host: str, port: int, inside: Collection[str], ends: float) -> socket.socket:
    """To a public address of that name; nobody else is even knocked at."""
    found = [str(one[4][0]) for one in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    fits = [(one, port) for one in found if host in inside or is_public(one)]
    if not fits:
        raise Unreachable("the address lies inside our own network, so it was not asked")
    *others, last = fits
    for address in others:
        with contextlib.suppress(OSError):
            return socket.create_connection(address, timeout=min(CONNECT_WITHIN, _left(ends)))
    return socket.create_connection(last, timeout=min(CONNECT_WITHIN, _left(ends)))


class _Dripping(io.RawIOBase):
    """What a socket says; waiting ends with the whole question, however slowly it comes."""

    def __init__(self, sock: socket.socket, ends: float) -> None:
        self._sock, self._ends = sock, ends

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        self._sock.settimeout(_left(self._ends))
        return self._sock.recv_into(buffer)

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(self)


class _Members:
    """gzip of one member or several, perhaps filled up with zeros."""

    def __init__(self) -> None:
        self._one = zlib.decompressobj(31)

    @property
    def ended(self) -> bool:
        return self._one.eof

    def unpack(self, packed: bytes, most: int) -> bytes:
        pieces = []
        while packed and most > 0:
            if self._one.eof:
                packed = packed.lstrip(b"\0")
                if not packed:
                    break
                self._one = zlib.decompressobj(31)
            pieces.append(self._one.decompress(packed, most))
            most -= len(pieces[-1])
            packed = self._one.unused_data
        return b"".join(pieces)


def _body(answer: http.client.HTTPResponse, most: int) -> bytes:
    """All of it, unpacked. Raises ValueError where it is cut off, damaged or too large."""
    members = _Members() if answer.headers.get("Content-Encoding") == "gzip" else None
    pieces, size, told = [], 0, 0
    while not answer.isclosed():
        bite = answer.read(BITE)
        if not bite:
            break
        told += len(bite)
        if members is not None:
            try:
                bite = members.unpack(bite, most + 1 - size)
            except zlib.error as error:
                raise ValueError("a damaged gzip answer") from error
        size += len(bite)
        if size > most or told > most:
            raise ValueError(f"an answer of more than {most // (1024 * 1024)} MB")
        pieces.append(bite)
    if answer.length or (members is not None and not members.ended):
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
    if isinstance(error, socket.gaierror):
        return "no answer: its name was not found; the network may be down, or the address wrong"
    if isinstance(error, http.client.IncompleteRead):
        return "an answer that was cut off"
    if isinstance(error, ssl.SSLError):
        return f"no secure connection ({error.reason or type(error).__name__})"
    if isinstance(error, ValueError) and str(error):
        return str(error)
    return f"no answer ({type(error).__name__})"
