"""One open connection: what was said, what is still to be answered, and what a broken wire means.

The pipelined order is that of RFC 2920: sender, recipient and DATA leave together, and so does the
text of one message with the commands of the next. Without the announcement every command waits.
"""

from __future__ import annotations

import contextlib
import email
import email.policy
import socket
import ssl
from collections import deque
from enum import IntEnum
from typing import TYPE_CHECKING, Protocol

from holdfast.connectors.smtp.envelopes import (
    Envelope,
    Outcome,
    envelope_address,
    wire_content,
)
from holdfast.connectors.smtp.replies import NotSmtp, Reply, ReplyReader

if TYPE_CHECKING:
    from holdfast.connectors.smtp.handshake import Features
    from holdfast.connectors.smtp.server import Server

_WAIT = (BlockingIOError, InterruptedError, ssl.SSLWantReadError, ssl.SSLWantWriteError)
_READ = 65_536


class Asked(IntEnum):
    """What the next reply on a line answers."""

    MAIL = 1
    RCPT = 2
    DATA = 3
    CONTENT = 4
    VOID = 5
    RSET = 6


class Dispatcher(Protocol):
    """What a line needs from the fleet that it belongs to."""

    def take(self) -> Envelope | None: ...
    def begin(self, envelope: Envelope) -> None: ...
    def before_send(self) -> None: ...
    def settle(self, envelope: Envelope, outcome: Outcome, code: int, reply: str) -> None: ...
    def give_back(self, envelope: Envelope, reason: str) -> None: ...
    def sender_answered(self, reply: Reply, *, is_refused: bool) -> None: ...


class Line:
    """One connection after the handshake; it never blocks."""

    def __init__(
        self, sock: socket.socket, features: Features, server: Server, fleet: Dispatcher, now: float
    ) -> None:
        sock.setblocking(False)
        with contextlib.suppress(OSError):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sock, self.features, self.server, self.fleet = sock, features, server, fleet
        self.is_tls = isinstance(sock, ssl.SSLSocket)
        self.asked: deque[tuple[Asked, Envelope | None]] = deque()
        self.out = bytearray()
        self.queued = 0
        self.handed = 0
        self.offered = 0
        self.delivered = 0
        self.deadline = now + server.timeout
        self.is_closing = False
        self.is_broken = False
        self.needs_reset = False
        self._reader = ReplyReader()

    @property
    def is_idle(self) -> bool:
        """Whether it can take a message now."""
        return not self.asked and not self.is_closing and not self.is_broken

    @property
    def is_waiting_to_write(self) -> bool:
        """Whether bytes are left that the kernel did not take."""
        return bool(self.out) and not self.is_broken

    def is_late(self, now: float) -> bool:
        """Whether an answer is overdue; an idle line is never late."""
        return now > self.deadline and (bool(self.asked) or self.is_broken or self.is_closing)

    # --- out ---------------------------------------------------------------------------------

    def offer(self, envelope: Envelope, now: float) -> None:
        """Give an idle line its next message."""
        self._start(envelope)
        self._set_deadline(now)

    def _start(self, envelope: Envelope) -> None:
        """With pipelining the whole envelope leaves in one piece, else command by command."""
        mail = self._mail_command(envelope)
        if mail is None:
            return
        envelope.refusal, envelope.dot_at, envelope.is_returnable = None, -1, False
        if self.needs_reset:
            self.needs_reset = False
            self._say(b"RSET\r\n", Asked.RSET, None)
        self._say(mail, Asked.MAIL, envelope)
        if self.features.pipelining:
            self._say(_rcpt_command(envelope), Asked.RCPT, envelope)
            self._say(b"DATA\r\n", Asked.DATA, envelope)

    def _mail_command(self, envelope: Envelope) -> bytes | None:
        """The MAIL command for this server, or None after settling what it can never take."""
        features = self.features
        sender, sender_utf8 = envelope_address(envelope.sender)
        _, recipient_utf8 = envelope_address(envelope.recipient)
        if not features.eight_bit and not envelope.data.isascii():
            envelope.data = seven_bit(envelope.data)
        if features.size and len(envelope.data) > features.size:
            words = f"not handed over: the server takes at most {features.size} bytes"
            self.fleet.settle(envelope, Outcome.PERMANENT, 0, words)
            return None
        if (sender_utf8 or recipient_utf8) and not features.utf8:
            words = "not handed over: the server takes no address with letters outside ASCII"
            self.fleet.settle(envelope, Outcome.PERMANENT, 0, words)
            return None
        command = b"MAIL FROM:<%b>" % sender
        if features.size:
            command += b" SIZE=%d" % len(envelope.data)
        if features.eight_bit and not envelope.data.isascii():
            command += b" BODY=8BITMIME"
        if sender_utf8 or recipient_utf8:
            command += b" SMTPUTF8"
        return command + b"\r\n"

    def _say(self, words: bytes, asked: Asked, envelope: Envelope | None) -> None:
        self.out += words
        self.queued += len(words)
        self.asked.append((asked, envelope))

    def _content(self, envelope: Envelope) -> None:
        self.fleet.begin(envelope)
        self.out += envelope.data
        self.queued += len(envelope.data)
        envelope.dot_at = self.queued
        self._say(b".\r\n", Asked.CONTENT, envelope)
        if self.features.pipelining and not self.is_closing:
            following = self.fleet.take()
            if following is not None:
                self._start(following)

    def flush(self) -> None:
        """Hand as much as the kernel takes; a broken wire is left for the reading side to judge."""
        if not self.out or self.is_broken:
            return
        self.fleet.before_send()
        try:
            while self.out:
                count = self.sock.send(self.out)
                self.handed += count
                del self.out[:count]
        except _WAIT:
            if self.is_tls:
                self.offered = self.handed + len(self.out)
        except OSError:
            # An encrypted record may have left in part; what was offered counts as gone.
            if self.is_tls:
                self.offered = self.handed + len(self.out)
            self.is_broken = True
            self.out.clear()

    # --- in ----------------------------------------------------------------------------------

    def read(self, now: float) -> str | None:
        """Take what has arrived; the reason when the line is at its end, else None."""
        while True:
            try:
                data = self.sock.recv(_READ)
            except _WAIT:
                return None
            except OSError as error:
                return f"the connection broke: {error}"
            if not data:
                return "the server closed the connection"
            try:
                for reply in self._reader.feed(data):
                    self._hear(reply)
            except NotSmtp as error:
                return str(error)
            self._set_deadline(now)
            if self.is_closing and not self.asked:
                return "the server ended the session"
            if not self.is_tls:
                return None

    def _set_deadline(self, now: float) -> None:
        if not self.asked:
            return
        awaits_content = self.asked[0][0] is Asked.CONTENT
        patience = self.server.answer_timeout if awaits_content else self.server.timeout
        self.deadline = now + patience

    def _hear(self, reply: Reply) -> None:
        if reply.code == 421:
            self.is_closing = True
        if not self.asked:
            if reply.code == 421:
                return
            raise NotSmtp(f"an answer to no question: {reply.text}")
        asked, envelope = self.asked.popleft()
        if (reply.code // 100 == 3) != (asked is Asked.DATA) and reply.code < 400:
            self.asked.appendleft((asked, envelope))
            raise NotSmtp(f"an answer out of step: {reply.text}")
        if envelope is None:
            if asked is Asked.RSET and reply.code >= 400:
                self.is_closing = True
        elif asked is Asked.MAIL:
            self._heard_mail(envelope, reply)
        elif asked is Asked.RCPT:
            self._heard_rcpt(envelope, reply)
        elif asked is Asked.DATA:
            self._heard_data(envelope, reply)
        else:
            self._heard_content(envelope, reply)
        while not self.asked and not self.is_closing:
            following = self.fleet.take()
            if following is None:
                break
            self._start(following)

    def _heard_mail(self, envelope: Envelope, reply: Reply) -> None:
        is_welcome = reply.code < 300
        blames_sender = reply.code >= 500 and not _is_about_the_text(reply)
        self.fleet.sender_answered(reply, is_refused=blames_sender)
        if not is_welcome:
            is_limit = reply.code == 421 and self.delivered > 0
            envelope.is_returnable = blames_sender or is_limit
            self._refuse(envelope, reply)
            if not self.features.pipelining:
                self._settle_refusal(envelope)
        elif not self.features.pipelining:
            self._say(_rcpt_command(envelope), Asked.RCPT, envelope)

    def _heard_rcpt(self, envelope: Envelope, reply: Reply) -> None:
        if reply.code >= 300:
            self._refuse(envelope, reply)
            if not self.features.pipelining:
                self.needs_reset = True
                self._settle_refusal(envelope)
        elif not self.features.pipelining:
            self._say(b"DATA\r\n", Asked.DATA, envelope)

    def _heard_data(self, envelope: Envelope, reply: Reply) -> None:
        if envelope.refusal is None and reply.code == 354:
            self._content(envelope)
            return
        self._refuse(envelope, reply)
        if reply.code == 354:
            # RFC 2920: a server may ask for text though no recipient stands; an empty one ends it.
            self._say(b".\r\n", Asked.VOID, None)
        else:
            self.needs_reset = True
        self._settle_refusal(envelope)

    def _heard_content(self, envelope: Envelope, reply: Reply) -> None:
        if reply.code < 300:
            self.delivered += 1
            self.fleet.settle(envelope, Outcome.ACCEPTED, reply.code, reply.text)
        else:
            self._refuse(envelope, reply)
            self._settle_refusal(envelope)

    @staticmethod
    def _refuse(envelope: Envelope, reply: Reply) -> None:
        """The first refusal is the reason; those that follow from it say nothing new."""
        if envelope.refusal is None:
            code = reply.code if reply.code >= 400 else 451
            envelope.refusal = (code, reply.text)

    def _settle_refusal(self, envelope: Envelope) -> None:
        code, text = envelope.refusal or (451, "")
        if envelope.is_returnable:
            self.fleet.give_back(envelope, text)
            return
        outcome = Outcome.TRANSIENT if code < 500 else Outcome.PERMANENT
        self.fleet.settle(envelope, outcome, code, text)

    # --- the end -----------------------------------------------------------------------------

    def lost(self, reason: str) -> None:
        """Close and say for every message on this line what is known about it."""
        handed = max(self.handed, self.offered)
        waiting = list(self.asked)
        self.asked.clear()
        self.is_closing = True
        with contextlib.suppress(OSError):
            self.sock.close()
        seen: set[int] = set()
        for asked, envelope in waiting:
            if envelope is None or id(envelope) in seen:
                continue
            seen.add(id(envelope))
            if envelope.refusal is not None:
                self._settle_refusal(envelope)
            elif asked is Asked.CONTENT and handed > envelope.dot_at:
                self.fleet.settle(envelope, Outcome.UNKNOWN, 0, f"no answer: {reason}")
            else:
                self.fleet.give_back(envelope, reason)

    def quit(self) -> None:
        """Part politely when nothing is open, then close."""
        with contextlib.suppress(OSError, ValueError):
            if self.is_idle and not self.out:
                self.sock.send(b"QUIT\r\n")
        with contextlib.suppress(OSError):
            self.sock.close()


def _rcpt_command(envelope: Envelope) -> bytes:
    return b"RCPT TO:<%b>\r\n" % envelope_address(envelope.recipient)[0]


def _is_about_the_text(reply: Reply) -> bool:
    """A refusal at MAIL that speaks of this message (size, content), not of the sender."""
    return reply.code == 552 or reply.enhanced.startswith(("5.3.4", "5.6."))


def seven_bit(wire: bytes) -> bytes:
    """The same message in seven bits, for a server without 8BITMIME; slow, and rare."""
    plain = wire.replace(b"\r\n..", b"\r\n.")
    message = email.message_from_bytes(plain, policy=email.policy.SMTP)
    return wire_content(message.as_bytes(policy=email.policy.SMTP.clone(cte_type="7bit")))
