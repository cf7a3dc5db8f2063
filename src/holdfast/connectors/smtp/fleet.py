"""Several connections in one event loop: messages in, settled attempts out."""

from __future__ import annotations

import contextlib
import queue
import selectors
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from typing import Protocol

from holdfast.connectors.smtp.envelopes import (
    Envelope,
    Outcome,
    Settled,
    UnusableAddress,
    envelope_address,
    wire_content,
)
from holdfast.connectors.smtp.handshake import CannotOpen, Features, open_connection
from holdfast.connectors.smtp.line import Line
from holdfast.connectors.smtp.replies import Reply
from holdfast.connectors.smtp.server import Server

_TRIES = 5
_LONGEST_WAIT = 30.0
_FIRST_WAIT = 0.1
_REFUSALS_IN_A_ROW = 10


class Recorder(Protocol):
    """Told what is about to be handed over and what was answered, before the next byte leaves."""

    def begin(self, key: object) -> None: ...
    def end(self, settled: Settled) -> None: ...
    def flush(self) -> None: ...


class NoRecorder:
    """Remembers nothing; for callers that keep no record of their own."""

    def begin(self, key: object) -> None: ...
    def end(self, settled: Settled) -> None: ...
    def flush(self) -> None: ...


class Fleet:
    """All connections to one server. Not thread-safe: one loop owns it and calls `turn`."""

    def __init__(
        self,
        server: Server,
        *,
        recorder: Recorder | None = None,
        clock: Callable[[], float] = time.monotonic,
        opener: Callable[[Server], tuple[socket.socket, Features]] = open_connection,
    ) -> None:
        self.server = server
        self.trouble: str | None = None
        self.down_since: float | None = None
        self._recorder: Recorder = recorder or NoRecorder()
        self._clock, self._opener = clock, opener
        self._queue: deque[Envelope] = deque()
        self._lines: set[Line] = set()
        self._settled: list[Settled] = []
        self._unsettled = 0
        self._opening = 0
        self._opened: queue.SimpleQueue[tuple[socket.socket, Features] | CannotOpen] = (
            queue.SimpleQueue()
        )
        self._failures = 0
        self._open_again_at = 0.0
        self._next_check = 0.0
        self._lasting: CannotOpen | None = None
        self._refused_senders = 0
        self._welcomed_sender = False
        self._selector = selectors.DefaultSelector()
        self._bell, self._ear = socket.socketpair()
        self._ear.setblocking(False)
        self._bell.setblocking(False)
        self._selector.register(self._ear, selectors.EVENT_READ, None)
        self._is_closed = False

    # --- for the caller ----------------------------------------------------------------------

    def put(self, envelopes: Iterable[Envelope]) -> None:
        """Queue messages; one that no server may be shown is settled at once."""
        for envelope in envelopes:
            self._unsettled += 1
            try:
                envelope_address(envelope.recipient)
                envelope_address(envelope.sender)
                if b"\0" in envelope.data:
                    raise UnusableAddress("the text holds a NUL byte")
            except UnusableAddress as error:
                self.settle(envelope, Outcome.PERMANENT, 0, f"not handed over: {error}")
                continue
            envelope.data = wire_content(envelope.data)
            self._queue.append(envelope)

    @property
    def unsettled(self) -> int:
        """How many messages were put and not yet given back by `turn`."""
        return self._unsettled + len(self._settled)

    @property
    def waiting(self) -> int:
        """How many have not been offered to the server yet."""
        return len(self._queue)

    def turn(self, timeout: float) -> list[Settled]:
        """Work for at most `timeout` seconds or until something is settled, and give that back.

        Raises CannotOpen when waiting cannot help: a wrong password, a bad certificate, a refused
        sender; what is queued can then be taken back.
        """
        now = self._clock()
        if self._lasting is not None and not any(line.asked for line in self._lines):
            raise self._lasting
        self._give_work(now)
        self._open_more(now)
        wait = 0.0 if self._settled else self._longest_sleep(now, timeout)
        for key, mask in self._selector.select(wait):
            line = key.data
            if line is None:
                self._welcome_opened()
            elif mask & selectors.EVENT_READ:
                self._read(line)
            else:
                self._flush(line)
        self._give_up_late_lines()
        self._recorder.flush()
        settled, self._settled = self._settled, []
        return settled

    def take_back(self) -> list[Envelope]:
        """Everything not yet offered to the server, removed from the queue."""
        back = list(self._queue)
        self._queue.clear()
        self._unsettled -= len(back)
        return back

    def close(self) -> None:
        """Part politely; whoever calls it first waits until nothing is unsettled."""
        if self._is_closed:
            return
        self._is_closed = True
        for line in self._lines:
            line.quit()
        self._lines.clear()
        self._selector.close()
        self._bell.close()
        self._ear.close()
        with contextlib.suppress(queue.Empty):
            while True:
                opened = self._opened.get_nowait()
                if isinstance(opened, tuple):
                    opened[0].close()

    # --- for the lines -----------------------------------------------------------------------

    def take(self) -> Envelope | None:
        """The next message to offer; none after a lasting refusal."""
        return self._queue.popleft() if self._queue and self._lasting is None else None

    def begin(self, envelope: Envelope) -> None:
        """Its text leaves with the next send."""
        self._recorder.begin(envelope.key)

    def before_send(self) -> None:
        """What was begun must be on record before the socket sees it."""
        self._recorder.flush()

    def settle(self, envelope: Envelope, outcome: Outcome, code: int, reply: str) -> None:
        """One attempt is over."""
        settled = Settled(envelope.key, outcome, code, reply)
        self._recorder.end(settled)
        self._unsettled -= 1
        self._settled.append(settled)
        if code:
            self._failures, self.trouble, self.down_since = 0, None, None

    def give_back(self, envelope: Envelope, reason: str) -> None:
        """Not accepted for certain: offered again, but not for ever, so that none blocks others."""
        envelope.tries += 1
        if envelope.tries < _TRIES:
            self._queue.append(envelope)
        elif envelope.is_returnable and envelope.refusal and envelope.refusal[0] >= 500:
            self.settle(envelope, Outcome.PERMANENT, envelope.refusal[0], reason)
        else:
            self.settle(envelope, Outcome.NOT_SENT, 0, reason)

    def sender_answered(self, reply: Reply, *, is_refused: bool) -> None:
        """A sender refused again and again is no fault of the recipients: stop instead."""
        if reply.code < 300:
            self._refused_senders, self._welcomed_sender = 0, True
        elif is_refused:
            self._refused_senders += 1
            if self._refused_senders >= (_REFUSALS_IN_A_ROW if self._welcomed_sender else 3):
                reason = f"the server refuses our sender address: {reply.text}"
                self._lasting = CannotOpen(reason, lasting=True)

    # --- connections -------------------------------------------------------------------------

    def _give_work(self, now: float) -> None:
        if not self._queue or self._lasting is not None:
            return
        for line in list(self._lines):
            while line.is_idle and self._queue:
                line.offer(self._queue.popleft(), now)
            self._flush(line)

    def _open_more(self, now: float) -> None:
        wanted = min(self._most_lines(), len(self._lines) + len(self._queue))
        # One connection first: whoever cannot answer one is not asked for eight at once.
        if not self._lines:
            wanted = min(wanted, 1)
        if now < self._open_again_at or self._lasting is not None:
            return
        while len(self._lines) + self._opening < wanted:
            self._opening += 1
            threading.Thread(target=self._open_one, name="smtp-open", daemon=True).start()

    def _most_lines(self) -> int:
        """Nearby and pipelined, two lines are as fast as many, and leave less unclear if killed."""
        most = self.server.connections
        if self.server.is_near and any(line.features.pipelining for line in self._lines):
            return min(most, 2)
        return most

    def _open_one(self) -> None:
        try:
            self._opened.put(self._opener(self.server))
        except CannotOpen as error:
            self._opened.put(error)
        except Exception as error:
            # A thread must not die without a word: the fleet would wait for it for ever.
            self._opened.put(CannotOpen(f"{type(error).__name__}: {error}"))
        with contextlib.suppress(OSError):
            self._bell.send(b"!")

    def _welcome_opened(self) -> None:
        with contextlib.suppress(OSError):
            self._ear.recv(4096)
        now = self._clock()
        with contextlib.suppress(queue.Empty):
            while True:
                opened = self._opened.get_nowait()
                self._opening -= 1
                if isinstance(opened, CannotOpen):
                    self._failed(opened, now)
                    continue
                line = Line(*opened, self.server, self, now)
                self._lines.add(line)
                self._selector.register(line.sock, selectors.EVENT_READ, line)
        self._give_work(now)

    def _failed(self, error: CannotOpen, now: float) -> None:
        self.trouble = error.reason
        if error.lasting:
            self._lasting = error
        self._failures += 1
        self._open_again_at = now + min(_LONGEST_WAIT, _FIRST_WAIT * 2 ** min(self._failures, 10))
        if not self._lines and self.down_since is None:
            self.down_since = now

    def _read(self, line: Line) -> None:
        ended = line.read(self._clock())
        if ended is not None:
            self._drop(line, ended)
            return
        self._flush(line)

    def _flush(self, line: Line) -> None:
        had_rest = line.is_waiting_to_write
        line.flush()
        if line.is_waiting_to_write != had_rest:
            both = selectors.EVENT_READ | selectors.EVENT_WRITE
            mask = both if line.is_waiting_to_write else selectors.EVENT_READ
            self._selector.modify(line.sock, mask, line)

    def _drop(self, line: Line, reason: str) -> None:
        self._lines.discard(line)
        self._selector.unregister(line.sock)
        is_fruitless = line.delivered == 0 and bool(line.asked)
        line.lost(reason)
        if is_fruitless:
            self._failed(CannotOpen(reason), self._clock())

    def _longest_sleep(self, now: float, timeout: float) -> float:
        if self._queue and not self._opening and now < self._open_again_at:
            timeout = min(timeout, self._open_again_at - now)
        return max(0.0, min(timeout, 0.1) if self._lines else timeout)

    def _give_up_late_lines(self) -> None:
        now = self._clock()
        if now < self._next_check:
            return
        self._next_check = now + 0.05
        for line in [line for line in self._lines if line.is_late(now)]:
            self._drop(line, "the server did not answer in time")
