"""What a page answers: one GET, no cookies, no other addresses than public ones and our own."""

from __future__ import annotations

import http.client
import socket
import ssl
from urllib.parse import urljoin, urlsplit

from holdfast.connectors.web.addresses import is_public
from holdfast.response.outreach.rules import Fetched

MOST_REDIRECTS = 3
MOST_BYTES = 200_000


def probe(url: str, own: str, timeout: float = 5.0) -> Fetched:
    """What came for `url` after its redirects, or why nothing did.

    The address that is really connected to must be public, unless the URL is on our own server
    `own`: a notice must not make us knock on the doors of the network we stand in.
    """
    for _ in range(MOST_REDIRECTS + 1):
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            return Fetched(url=url, why="is no web address")
        try:
            status, location, text = _get(url, own, timeout)
        except (OSError, http.client.HTTPException, ValueError) as error:
            return Fetched(url=url, why=f"does not answer ({type(error).__name__})")
        if status in (301, 302, 303, 307, 308) and location:
            url = urljoin(url, location)
            continue
        return Fetched(status, url, text)
    return Fetched(url=url, why="redirects without end")


def _get(url: str, own: str, timeout: float) -> tuple[int, str, str]:
    parts, mine = urlsplit(url), urlsplit(own)
    is_own = (parts.scheme, parts.hostname, parts.port) == (mine.scheme, mine.hostname, mine.port)
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    sock = socket.create_connection((host, port), timeout=timeout)
    try:
        if not is_own and not is_public(sock.getpeername()[0]):
            raise ValueError("an address inside our own network")
        if parts.scheme == "https":
            sock = ssl.create_default_context().wrap_socket(sock, server_hostname=host)
        connection = http.client.HTTPConnection(host, port, timeout=timeout)
        connection.sock = sock
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("GET", path, headers={"User-Agent": "Holdfast-link-check"})
        answer = connection.getresponse()
        text = answer.read(MOST_BYTES).decode("utf-8", "replace")
        return answer.status, answer.headers.get("Location", ""), text
    finally:
        sock.close()
