"""E-mail as the outbox knows it: a fleet of lines to the server that HOLDFAST_SMTP_URL names."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Sequence
from typing import Any

from holdfast.connectors.smtp.envelopes import Envelope, Settled
from holdfast.connectors.smtp.fleet import Fleet
from holdfast.connectors.smtp.fleet import Recorder as FleetRecorder
from holdfast.connectors.smtp.greeting import greet
from holdfast.connectors.smtp.handshake import CannotOpen
from holdfast.connectors.smtp.server import Server, parse_server
from holdfast.ground.outbox.carriers import CannotCarry, WayOut
from holdfast.kit.refusals import Forbidden, Unreadable


def configured_server() -> Server | None:
    """The mail server of this instance, or None where none is named."""
    url = os.environ.get("HOLDFAST_SMTP_URL", "").strip()
    return parse_server(url) if url else None


class SmtpCarrier:
    """The adapter of the channel `email`."""

    def __init__(self, *, sender: str, recorder: FleetRecorder | None) -> None:
        server = configured_server()
        if server is None:
            raise Forbidden(
                "no_mail_server",
                "No mail server is named, so nothing can be sent.",
                hint="Set HOLDFAST_SMTP_URL=smtp://host:port, or export letters, .eml files "
                "or a mail-merge table instead.",
            )
        self.server = server
        self.sender = server.sender or sender
        self.retry_for = server.retry_for
        self._fleet = Fleet(server, recorder=recorder)

    @staticmethod
    def way_out(*, ask: bool) -> WayOut:
        """Whether a server is named, can be understood, and (with `ask`) lets us in."""
        try:
            server = configured_server()
        except Unreadable as unreadable:
            return WayOut(False, f"{unreadable.message} ({unreadable.hint})")
        if server is None:
            return WayOut(False, "none is named")
        return greet(server) if ask else WayOut(True, str(server), is_asked=False)

    @property
    def trouble(self) -> str | None:
        return self._fleet.trouble

    @property
    def down_for(self) -> float:
        since = self._fleet.down_since
        return 0.0 if since is None else time.monotonic() - since

    def put(self, parcels: Iterable[tuple[Any, str, bytes]]) -> None:
        sender = self.sender
        self._fleet.put(Envelope(key, sender, address, data) for key, address, data in parcels)

    def turn(self, timeout: float) -> Sequence[Settled]:
        try:
            return self._fleet.turn(timeout)
        except CannotOpen as error:
            raise CannotCarry(error.reason) from error

    def take_back(self) -> list[Any]:
        return [envelope.key for envelope in self._fleet.take_back()]

    def close(self) -> None:
        self._fleet.close()
