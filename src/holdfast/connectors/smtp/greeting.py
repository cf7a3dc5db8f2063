"""Whether a mail server lets us in: greeted and signed in as for sending, then left again."""

from __future__ import annotations

import contextlib
from dataclasses import replace

from holdfast.connectors.smtp.handshake import CannotOpen, open_connection
from holdfast.connectors.smtp.server import Server
from holdfast.ground.outbox.carriers import WayOut

WITHIN = 8.0
"""Seconds for the whole greeting: somebody waits for the answer."""


def greet(server: Server) -> WayOut:
    """Connect, EHLO, encrypt and sign in as the URL says, and say goodbye; nothing is sent."""
    try:
        line, _ = open_connection(replace(server, timeout=min(server.timeout, WITHIN)))
    except CannotOpen as error:
        if error.busy:  # a mail server for sure; the sender tries again until it has time
            return WayOut(True, f"{error.reason}; messages wait for it")
        words = error.reason if str(server) in error.reason else f"{server}: {error.reason}"
        return WayOut(False, words, may_come=not error.lasting)
    with contextlib.suppress(OSError):
        line.sendall(b"QUIT\r\n")
    line.close()
    return WayOut(True, f"{server} greeted us")
