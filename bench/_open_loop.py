"""An open loop: requests leave at their time whether or not the last ones were answered.

A request's time counts from when it was due, so that a server which falls behind cannot hide it.
Bounded in count (rate × seconds) and in time (what is not answered soon after the end is an error).
"""

from __future__ import annotations

import asyncio
import statistics
import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit

CONNECTIONS = 64
PATIENCE = 10.0
"""Seconds after the last request was due until what is unanswered counts as an error."""


@dataclass
class Outcome:
    """What came back: milliseconds since each was due, and what went wrong."""

    asked: int
    seconds: float = 0.0
    milliseconds: list[float] = field(default_factory=list)
    errors: dict[str, int] = field(default_factory=dict)

    @property
    def failed(self) -> int:
        """Refused, broken, or not answered in time."""
        return self.asked - len(self.milliseconds)

    @property
    def rate(self) -> float:
        """Good answers a second, over the time until the last of them."""
        return len(self.milliseconds) / self.seconds if self.seconds else 0.0

    def at(self, percent: int) -> float:
        """The time that so many per cent stay below."""
        if len(self.milliseconds) < 2:
            return float("inf")
        return statistics.quantiles(self.milliseconds, n=100)[percent - 1]


@dataclass(frozen=True)
class Request:
    """One request as bytes, and a word that its answer must hold."""

    url: str
    raw: bytes
    holds: bytes = b""


def request(
    url: str, *, body: bytes = b"", headers: dict[str, str] | None = None, holds: bytes = b""
) -> Request:
    """A GET, or a POST where there is a body."""
    parts = urlsplit(url)
    verb = "POST" if body else "GET"
    lines = [f"{verb} {parts.path} HTTP/1.1", f"Host: {parts.netloc}", "Connection: keep-alive"]
    given = dict(headers or {})
    if body:
        given |= {
            "Content-Type": "application/x-www-form-urlencoded",
            "Content-Length": str(len(body)),
        }
    lines += [f"{name}: {value}" for name, value in given.items()]
    return Request(url, ("\r\n".join(lines) + "\r\n\r\n").encode() + body, holds)


def run(requests: list[Request], *, rate: float, seconds: float) -> Outcome:
    """Ask at a steady rate, the requests in turn."""
    return asyncio.run(_run(requests, rate, seconds))


async def _run(requests: list[Request], rate: float, seconds: float) -> Outcome:
    count = int(rate * seconds)
    outcome = Outcome(count)
    waiting: asyncio.Queue[tuple[float, Request]] = asyncio.Queue()
    began = time.perf_counter() + 0.2
    askers = [asyncio.create_task(_ask(waiting, outcome, began)) for _ in range(CONNECTIONS)]
    for number in range(count):
        due = began + number / rate
        late = due - time.perf_counter()
        if late > 0.001:
            await asyncio.sleep(late)
        waiting.put_nowait((due, requests[number % len(requests)]))
    try:
        await asyncio.wait_for(waiting.join(), PATIENCE)
    except TimeoutError:
        unanswered = count - len(outcome.milliseconds) - sum(outcome.errors.values())
        outcome.errors["not answered in time"] = unanswered
    for asker in askers:
        asker.cancel()
    await asyncio.gather(*askers, return_exceptions=True)
    return outcome


async def _ask(
    waiting: asyncio.Queue[tuple[float, Request]], outcome: Outcome, began: float
) -> None:
    """One connection, kept open; a broken one is opened anew for the next request."""
    pair: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
    while True:
        due, one = await waiting.get()
        try:
            if pair is None:
                parts = urlsplit(one.url)
                pair = await asyncio.open_connection(parts.hostname, parts.port)
            reader, writer = pair
            writer.write(one.raw)
            status, body = await _answer(reader)
            if status != 200 or one.holds not in body:
                _count(outcome, f"answered {status}" if status != 200 else "another answer")
            else:
                now = time.perf_counter()
                outcome.milliseconds.append((now - due) * 1000)
                outcome.seconds = max(outcome.seconds, now - began)
        except (OSError, asyncio.IncompleteReadError, ValueError) as error:
            _count(outcome, type(error).__name__)
            if pair is not None:
                pair[1].close()
            pair = None
        finally:
            waiting.task_done()


def _count(outcome: Outcome, what: str) -> None:
    outcome.errors[what] = outcome.errors.get(what, 0) + 1


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    status = int(head.split(b" ", 2)[1])
    if b"transfer-encoding: chunked" in head:
        body = b""
        while size := int(await reader.readuntil(b"\r\n"), 16):
            body += (await reader.readexactly(size + 2))[:-2]
        await reader.readexactly(2)
        return status, body
    found = head.partition(b"content-length:")[2].split(b"\r\n", 1)[0]
    return status, await reader.readexactly(int(found))
