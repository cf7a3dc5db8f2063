"""A receiving mail server for tests and benchmarks: counts messages, misbehaves on command.

Run it as a script (`python tests/smtp_sink.py --port 0 --log FILE`) or in a thread (`Sink`). It is
no part of the product. The log has one line for each complete message: time, recipient, Message-ID,
answer, bytes.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import os
import random
import sys
import threading
import time
from collections import Counter, defaultdict
from dataclasses import asdict, dataclass, field


@dataclass
class Manner:
    """How the server behaves; rates are per message or connection, drawn from `seed`."""

    pipelining: bool = True
    eight_bit: bool = True
    utf8: bool = False
    size: int = 0
    greeting: str = "220 sink ready"
    multiline: bool = False
    enhanced: bool = True
    seed: int = 1
    refuse_connects: int = 0
    messages_per_connection: int = 0
    drop_after_accept: float = 0.0
    drop_before_answer: float = 0.0
    drop_in_text: float = 0.0
    silent_after_text: float = 0.0
    busy_at_mail: float = 0.0
    busy_at_rcpt: float = 0.0
    busy_after_text: float = 0.0
    full_after_text: float = 0.0
    refuse_sender: bool = False
    ask_text_always: bool = False
    drip: float = 0.0
    answer_after: float = 0.0
    permanent: list[str] = field(default_factory=list)
    transient_once: list[str] = field(default_factory=list)
    keep_text: bool = False


class Ledger:
    """What was received, in memory and (when a file is given) on disk, one write a message."""

    def __init__(self, path: str | None = None) -> None:
        self.lock = threading.Lock()
        self.accepted: list[tuple[str, str]] = []
        self.copies: Counter[tuple[str, str]] = Counter()
        self.answered: Counter[tuple[str, str]] = Counter()
        self.texts: dict[str, list[bytes]] = defaultdict(list)
        self.first_data = 0.0
        self.last_answer = 0.0
        self.connections = 0
        self.bytes = 0
        self.smallest = 1 << 60
        self.digests: set[bytes] = set()
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600) if path else None

    def complete(self, recipient: str, text: bytes, answer: str, *, keep: bool) -> None:
        """One complete message (its final dot arrived), whatever is answered to it."""
        start = text.find(b"Message-ID: ")
        message_id = text[start + 12 : text.find(b"\r\n", start)].decode() if start >= 0 else ""
        self.bytes += len(text)
        self.smallest = min(self.smallest, len(text))
        digest = hashlib.sha256(text).digest()
        self.digests.add(digest)
        if answer.startswith("2"):
            self.copies[recipient, message_id] += 1
        if keep:
            self.texts[recipient].append(text)
        if self._file is not None:
            line = f"{time.time():.6f}\t{recipient}\t{message_id}\t{answer}\t{len(text)}\n"
            os.write(self._file, line.encode())


class Session(asyncio.Protocol):
    """One connection."""

    def __init__(self, sink: Sink) -> None:
        self.sink, self.manner = sink, sink.manner
        self.buffer = b""
        self.in_text = False
        self.is_waiting = False
        self.mail_open = False
        self.recipients: list[str] = []
        self.count = 0
        self.out: list[bytes] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.sink.ledger.connections += 1
        if self.sink.refused < self.manner.refuse_connects:
            self.sink.refused += 1
            self._say("421 4.3.2 too busy, come back later")
            self._push()
            transport.close()
            return
        self._say(self.manner.greeting)
        self._push()

    def _say(self, words: str) -> None:
        if not self.manner.enhanced and len(words) > 10 and words[5:6] == ".":
            words = words[:4] + words.split(" ", 2)[-1]
        if self.manner.multiline and words[3:4] == " " and words[:3] != "354":
            words = f"{words[:3]}-first line\r\n{words}"
        self.out.append(words.encode() + b"\r\n")

    def _push(self) -> None:
        if not self.out:
            return
        data, self.out = b"".join(self.out), []
        if self.manner.drip:
            asyncio.get_running_loop().create_task(self._drip(data))
        else:
            self.transport.write(data)

    async def _drip(self, data: bytes) -> None:
        for byte in data:
            await asyncio.sleep(self.manner.drip)
            self.transport.write(bytes([byte]))

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while not self.is_waiting:
            if self.in_text:
                if self.buffer.startswith(b".\r\n"):
                    text, self.buffer = b"", self.buffer[3:]
                else:
                    end = self.buffer.find(b"\r\n.\r\n")
                    if end < 0:
                        break
                    text, self.buffer = self.buffer[: end + 2], self.buffer[end + 5 :]
                self.in_text = False
                if not self._text(text):
                    return
                continue
            end = self.buffer.find(b"\r\n")
            if end < 0:
                break
            line, self.buffer = self.buffer[:end], self.buffer[end + 2 :]
            if not self._command(line):
                return
        self._push()

    def _drop(self, *, push: bool) -> bool:
        if push:
            self._push()
            self.transport.close()
        else:
            self.out.clear()
            self.transport.abort()
        return False

    def _command(self, line: bytes) -> bool:
        verb = line[:4].upper()
        manner, draw = self.manner, self.sink.random.random
        if verb == b"MAIL":
            if manner.refuse_sender:
                self._say("550 5.7.1 sender not allowed here")
            elif self.mail_open:
                self._say("503 5.5.1 nested MAIL")
            elif manner.messages_per_connection and self.count >= manner.messages_per_connection:
                self._say("421 4.7.0 enough for one connection")
                return self._drop(push=True)
            elif manner.busy_at_mail and draw() < manner.busy_at_mail:
                self._say("451 4.3.0 busy")
            else:
                self.mail_open, self.recipients = True, []
                self._say("250 2.1.0 ok")
        elif verb == b"RCPT":
            self._rcpt(line)
        elif verb == b"DATA":
            if not self.sink.ledger.first_data:
                self.sink.ledger.first_data = time.perf_counter()
            if self.mail_open and (self.recipients or manner.ask_text_always):
                self.in_text = True
                self._say("354 go on")
            else:
                self._say("554 5.5.1 no valid recipients")
        elif verb in (b"EHLO", b"HELO"):
            self._ehlo()
        elif verb == b"RSET":
            self.mail_open, self.recipients = False, []
            self._say("250 2.0.0 ok")
        elif verb == b"QUIT":
            self._say("221 2.0.0 bye")
            return self._drop(push=True)
        else:
            self._say("500 5.5.2 what?")
        return True

    def _rcpt(self, line: bytes) -> None:
        address = line[line.find(b"<") + 1 : line.rfind(b">")].decode("utf-8", "replace")
        local = address.partition("@")[0]
        if not self.mail_open:
            self._say("503 5.5.1 MAIL first")
        elif local in self.manner.permanent or local.startswith("nobody"):
            self._say("550 5.1.1 no such mailbox")
        elif local in self.manner.transient_once and local not in self.sink.greylisted:
            self.sink.greylisted.add(local)
            self._say("451 4.7.1 greylisted")
        elif self.manner.busy_at_rcpt and self.sink.random.random() < self.manner.busy_at_rcpt:
            self._say("429 4.7.0 slow down")
        else:
            self.recipients.append(address)
            self._say("250 2.1.5 ok")

    def _ehlo(self) -> None:
        manner = self.manner
        words = ["sink"]
        if manner.pipelining:
            words.append("PIPELINING")
        if manner.eight_bit:
            words.append("8BITMIME")
        if manner.utf8:
            words.append("SMTPUTF8")
        if manner.size:
            words.append(f"SIZE {manner.size}")
        for word in words[:-1]:
            self.out.append(f"250-{word}\r\n".encode())
        self.out.append(f"250 {words[-1]}\r\n".encode())

    def _text(self, text: bytes) -> bool:
        """The final dot arrived: the message is complete, and only now may it be accepted."""
        manner, draw, ledger = self.manner, self.sink.random.random, self.sink.ledger
        recipients, self.recipients, self.mail_open = self.recipients, [], False
        if not recipients:
            self._say("554 5.5.1 no valid recipients")
            return True
        answer = "250 2.0.0 queued"
        if manner.drop_in_text and draw() < manner.drop_in_text:
            return self._drop(push=False)
        if manner.busy_after_text and draw() < manner.busy_after_text:
            answer = "451 4.3.0 try again"
        elif manner.full_after_text and draw() < manner.full_after_text:
            answer = "552 5.2.2 mailbox full"
        for recipient in recipients:
            ledger.complete(recipient, text, answer, keep=manner.keep_text)
        if answer.startswith("2"):
            if manner.drop_before_answer and draw() < manner.drop_before_answer:
                return self._drop(push=False)
            if manner.silent_after_text and draw() < manner.silent_after_text:
                self.is_waiting = True
                return False
        self.count += 1
        ledger.last_answer = time.perf_counter()
        if manner.answer_after:
            loop = asyncio.get_running_loop()
            loop.call_later(manner.answer_after, self._late, answer)
            self.is_waiting = True
            return False
        self._say(answer)
        if answer.startswith("2"):
            for recipient in recipients:
                ledger.answered[recipient, ""] += 1
            if manner.drop_after_accept and draw() < manner.drop_after_accept:
                return self._drop(push=True)
        return True

    def _late(self, answer: str) -> None:
        self.is_waiting = False
        self._say(answer)
        self.data_received(b"")


class Sink:
    """The server in a thread of its own; use as a context manager."""

    def __init__(
        self, manner: Manner | None = None, *, log: str | None = None, port: int = 0
    ) -> None:
        self.manner = manner or Manner()
        self.ledger = Ledger(log)
        self.random = random.Random(self.manner.seed)
        self.greylisted: set[str] = set()
        self.refused = 0
        self.port = port
        self.tls = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ready = threading.Event()

    async def serve(self) -> asyncio.AbstractServer:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(
            lambda: Session(self), "127.0.0.1", self.port, backlog=200, ssl=self.tls
        )
        self.port = server.sockets[0].getsockname()[1]
        return server

    def __enter__(self) -> Sink:
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        assert self._loop is not None
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        assert not self._thread.is_alive(), "the server did not end"

    def _run(self) -> None:
        self._loop = loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
        server = loop.run_until_complete(self.serve())
        self._ready.set()
        loop.run_forever()
        server.close()
        # Left pending, they would be complained of whenever the collector finds them, in the middle
        # of another test: under Python 3.11 that breaks a module that is being compiled just then.
        pending = asyncio.all_tasks(loop)
        for task in pending:
            task.cancel()
        loop.run_until_complete(asyncio.gather(*pending, return_exceptions=True))
        loop.close()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"


def main() -> None:
    """Serve until standard input closes; then print what was counted as one JSON object."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--log")
    parser.add_argument("--manner", default="{}")
    options = parser.parse_args()
    sink = Sink(Manner(**json.loads(options.manner)), log=options.log, port=options.port)

    async def run() -> None:
        await sink.serve()
        print(json.dumps({"port": sink.port, "manner": asdict(sink.manner)}), flush=True)
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)

    asyncio.run(run())
    ledger = sink.ledger
    seconds = ledger.last_answer - ledger.first_data
    messages = sum(ledger.copies.values())
    result = {
        "messages": messages,
        "distinct": len(ledger.copies),
        "distinct_texts": len(ledger.digests),
        "recipients": len({recipient for recipient, _ in ledger.copies}),
        "most_copies": max(ledger.copies.values(), default=0),
        "seconds": round(seconds, 4),
        "per_second": round(messages / seconds, 1) if seconds > 0 else None,
        "smallest_bytes": ledger.smallest if messages else 0,
        "connections": ledger.connections,
    }
    print(json.dumps(result), flush=True)


if __name__ == "__main__":
    main()
