"""A feed is asked only when it is on; what comes, what does not, and what is odd is all told."""

from __future__ import annotations

import contextlib
import gzip
import json
import socket
import threading
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

import pytest

from holdfast.config.worker import ask_authorities
from holdfast.connectors.web.feed import ask
from holdfast.decision.announcements.actions import add_feed, feeds, switch_feed
from holdfast.decision.announcements.jobs import fetch_feed, look_at_feeds
from holdfast.decision.announcements.models import Announcement, Feed
from holdfast.decision.announcements.queries import due_feeds
from holdfast.decision.announcements.rules import ask_since, next_try
from holdfast.ground.journal.models import Entry
from holdfast.kit.actors import SYSTEM, Actor
from holdfast.kit.announcements import Ask, Heard, Unreachable
from holdfast.kit.refusals import Forbidden, NotPermitted, Unreadable

NOW = datetime(2026, 4, 14, 8, 5, tzinfo=UTC)
LEAD = Actor("person:1", "Lea Lead", frozenset({"lead"}), 1)
AGENT = Actor("person:2", "Al Agent", frozenset({"agent"}), 2)


def feed_xml(*days: str) -> bytes:
    items = "".join(
        f"<item><title>Warmo {n} heater</title><guid>g{n}</guid><link>https://e.org/{n}</link>"
        f"<pubDate>{day}</pubDate><description>burns</description></item>"
        for n, day in enumerate(days)
    )
    return f'<rss version="2.0"><channel><title>t</title>{items}</channel></rss>'.encode()


NEW = feed_xml("Thu, 02 Apr 2026 10:00:00 GMT", "Fri, 03 Apr 2026 10:00:00 GMT")
OLD = feed_xml("Mon, 02 Feb 2015 10:00:00 GMT")


class Authority(BaseHTTPRequestHandler):
    """Answers as it is told to; keeps what it was asked."""

    says: ClassVar[dict[str, Any]] = {}
    asked: ClassVar[list[dict[str, str]]] = []

    def do_GET(self) -> None:
        self.asked.append(dict(self.headers))
        says = self.says
        if "raw" in says:
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                self.wfile.write(says["raw"])
            return
        time.sleep(says.get("wait", 0))
        if says.get("etag") and self.headers.get("If-None-Match") == says["etag"]:
            self.send_response(304)
            self.end_headers()
            return
        body = says.get("body", b"")
        self.send_response(says.get("status", 200))
        for name, value in says.get("headers", {}).items():
            self.send_header(name, value)
        if says.get("etag"):
            self.send_header("ETag", says["etag"])
        self.send_header("Content-Length", str(says.get("length", len(body))))
        self.end_headers()
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # who asked went away
            self.wfile.write(body)

    def log_message(self, *_: object) -> None: ...


@pytest.fixture(scope="module")
def authority() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Authority)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/feed.xml"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def says(authority: str) -> dict[str, Any]:
    Authority.says = {}
    Authority.asked = []
    return Authority.says


near = partial(ask, inside={"127.0.0.1"}, within=2.0)


@pytest.fixture
def feed(db: None, authority: str, says: dict[str, Any]) -> Feed:
    made = add_feed(source="rss", authority="UK OPSS", url=authority, by=LEAD, now=NOW)
    return switch_feed(feed=made, is_on=True, by=LEAD, now=NOW)


def fetch(feed: Feed, now: datetime = NOW) -> Feed:
    fetch_feed(feed=feed, transport=near, by=SYSTEM, now=now)
    feed.refresh_from_db()
    return feed


def test_nothing_is_asked_before_somebody_switches_a_feed_on(
    db: None, authority: str, says: dict[str, Any]
) -> None:
    feed = add_feed(source="rss", authority="UK OPSS", url=authority, by=LEAD, now=NOW)
    assert look_at_feeds(transport=near, by=SYSTEM) == 0
    with pytest.raises(Forbidden, match="off"):
        fetch_feed(feed=feed, transport=near, by=LEAD, now=NOW)
    with pytest.raises(NotPermitted):
        switch_feed(feed=feed, is_on=True, by=AGENT, now=NOW)
    assert Authority.asked == []


def test_a_drill_asks_nobody(feed: Feed, settings: Any) -> None:
    settings.FEED_TRANSPORT = ""
    ask_authorities()
    with pytest.raises(Forbidden, match="drill"):
        fetch_feed(feed=feed, transport=None, by=LEAD, now=NOW)
    assert Authority.asked == []


def test_a_feed_that_wants_a_key_or_an_address_says_so(db: None) -> None:
    keyed = add_feed(source="fda_ires", by=LEAD, now=NOW)
    with pytest.raises(Forbidden, match="Authorization-Key"):
        switch_feed(feed=keyed, is_on=True, by=LEAD, now=NOW)
    with pytest.raises(Unreadable, match="address"):
        add_feed(source="rss", authority="X", url="file:///etc/passwd", by=LEAD, now=NOW)


def test_what_is_new_comes_in_and_the_next_question_is_conditional(
    feed: Feed, says: dict[str, Any]
) -> None:
    says.update(body=NEW, etag='"v1"')
    fetch(feed)
    assert (feed.failures, feed.newest, Announcement.objects.count()) == (0, date(2026, 4, 3), 2)
    assert feed.next_at == NOW + timedelta(hours=6)
    assert {row.authority for row in Announcement.objects.all()} == {"UK OPSS"}
    entries = Entry.objects.count()
    Feed.objects.update(marks={**feed.marks, "https://gov.example/?day=1": {"etag": "old"}})
    fetch(feed, NOW + timedelta(hours=6))
    assert [one["etag"] for one in feed.marks.values()] == ['"v1"'], "of this run alone"
    assert Authority.asked[-1]["If-None-Match"] == '"v1"'
    assert feed.last_words == "nothing new"
    assert feed.heard_at == NOW + timedelta(hours=6)
    assert Entry.objects.count() == entries  # 304: nothing changed, so nothing is told
    says.update(etag='"v2"')
    fetch(feed, NOW + timedelta(hours=12))
    assert Entry.objects.count() == entries  # the same again under another mark


BROKEN: list[tuple[dict[str, Any], str]] = [
    ({"status": 500}, "answered 500"),
    ({"status": 403, "body": b"no"}, "answered 403"),
    ({"body": b"<!doctype html><html>busy</html>"}, "a page of HTML"),
    ({"body": gzip.compress(NEW)[:40], "headers": {"Content-Encoding": "gzip"}}, "cut off"),
    ({"body": b"\x1f\x8bnonsense", "headers": {"Content-Encoding": "gzip"}}, "damaged"),
    ({"body": NEW[:90], "length": 5000}, "cut off"),
    ({"status": 302, "headers": {"Location": "http://127.0.0.2:9/"}}, "inside our own network"),
    ({"status": 302, "headers": {"Location": "file:///etc/passwd"}}, "no web address"),
    ({"status": 302, "headers": {"Location": "http://[::1"}}, "Invalid IPv6"),
    ({"status": 304}, "was not asked whether"),
    ({"body": b"{}"}, "broken XML"),
]


@pytest.mark.parametrize(("answer", "words"), BROKEN)
def test_what_does_not_come_is_told_and_tried_again_later(
    feed: Feed, says: dict[str, Any], answer: dict[str, Any], words: str
) -> None:
    says.update(answer)
    fetch(feed)
    if "127.0.0.2" in str(answer):  # nobody listens there, which is as good
        assert feed.failures == 1
    else:
        assert words in feed.last_words
    assert (feed.heard_at, feed.failures, feed.claimed_until) == (None, 1, None)
    assert feed.next_at == NOW + timedelta(minutes=15)
    assert Entry.objects.filter(kind="FeedFailed").count() == 1
    assert not Announcement.objects.exists()


def test_a_slow_or_too_large_answer_ends(authority: str, says: dict[str, Any]) -> None:
    says.update(wait=0.5)
    with pytest.raises(Unreachable, match="in time"):
        ask(Ask(authority), inside={"127.0.0.1"}, within=0.1)
    says.update(wait=0, body=gzip.compress(b"x" * 100_000), headers={"Content-Encoding": "gzip"})
    with pytest.raises(Unreachable, match="more than"):
        ask(Ask(authority), inside={"127.0.0.1"}, most=50_000)
    asked = len(Authority.asked)
    with pytest.raises(Unreachable, match="inside our own network"):
        ask(Ask(authority))
    assert len(Authority.asked) == asked


def test_what_drips_ends_with_the_whole_question_and_nobody_inside_is_knocked_at(
    authority: str, says: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as inside:
        port = inside.getsockname()[1]
        for host in ("127.0.0.1", "2130706433", "localhost"):
            with pytest.raises(Unreachable, match="inside our own network"):
                ask(Ask(f"http://{host}:{port}/"))
        inside.setblocking(False)
        with pytest.raises(BlockingIOError):
            inside.accept()
    clock = iter(range(10**6))
    monkeypatch.setattr("holdfast.connectors.web.feed.time.monotonic", lambda: next(clock))
    says.update(raw=b"HTTP/1.1 200 OK\r\nX-Drip: " + b"y" * 10**6)
    with pytest.raises(Unreachable, match="in time"):
        ask(Ask(authority), inside={"127.0.0.1"}, within=5)


def test_gzip_of_several_members_is_read_to_its_end(authority: str, says: dict[str, Any]) -> None:
    packed = gzip.compress(NEW[:90]) + gzip.compress(NEW[90:])
    for end, is_whole in ((b"", True), (b"\0" * 9, True), (gzip.compress(NEW)[:30], False)):
        says.update(body=packed + end, headers={"Content-Encoding": "gzip"})
        if is_whole:
            assert near(Ask(authority)).body == NEW
        else:
            with pytest.raises(Unreachable, match="cut off"):
                near(Ask(authority))


@pytest.mark.parametrize(
    ("said", "waits"),
    [
        ("3600", timedelta(hours=1)),
        ("5", timedelta(minutes=15)),
        ("99999999999999", timedelta(days=1)),
        ("Tue, 14 Apr 2026 10:05:00 GMT", timedelta(hours=2)),
        ("Tue, 14 Apr 2026 10:05:00", timedelta(minutes=15)),
        ("soon", timedelta(minutes=15)),
    ],
)
def test_when_to_ask_again_is_heeded_within_a_day(
    feed: Feed, says: dict[str, Any], said: str, waits: timedelta
) -> None:
    says.update(status=429, headers={"Retry-After": said})
    fetch(feed)
    assert (feed.last_words, feed.next_at) == ("answered 429", NOW + waits)


def recall(number: str = "26-1", **more: object) -> dict[str, object]:
    fields = dict.fromkeys(("Title", "Description"), "Warmo heater")
    whole = {"RecallID": 1, "RecallNumber": number, "RecallDate": "2026-04-02T00:00:00", **fields}
    return {**whole, "Products": [], "Hazards": [], **more}


ODD: list[tuple[bytes, str, int]] = [
    (json.dumps([recall(**{"a\0b": 1})]).encode(), "unknown_field", 1),
    (json.dumps([recall(**{"\ud800": 1})]).encode(), "unknown_field", 1),
    (json.dumps([recall(**{f"f{n}": 1 for n in range(99)})]).encode(), "unknown_field", 1),
    (json.dumps([recall(**{"z" * 10**6: 1})]).encode(), "unknown_field", 1),
    (json.dumps([recall(RecallDate="2126-04-02")]).encode(), "date_ahead", 1),
    (json.dumps([recall(Title="~")]).replace("~", "\xe9").encode("cp1252"), "unreadable_text", 1),
    (json.dumps([recall(Title="Caf\xe9")], ensure_ascii=False).encode("utf-16"), "", 1),
    (json.dumps([recall(Units=0)]).replace(": 0", ": " + "7" * 5000).encode(), "unknown_field", 1),
    (json.dumps([recall("26-1"), recall("26-2")], indent=1).encode()[:-9], "", 0),
    (f"[\n{json.dumps(recall())},\n{json.dumps(recall())}\n".encode(), "", 0),
    (b'{"a\\u0000b": 1}', "", 0),
]  # fmt: skip


@pytest.mark.parametrize(("body", "kind", "stored"), ODD)
def test_an_odd_record_is_told_once_and_silences_nothing(
    db: None, body: bytes, kind: str, stored: int
) -> None:
    feed = add_feed(source="cpsc", by=LEAD, now=NOW)
    feed = switch_feed(feed=feed, is_on=True, by=LEAD, now=NOW)
    for _ in range(2):
        fetch_feed(feed=feed, transport=lambda _: Heard(200, body), by=SYSTEM, now=NOW)
    feed.refresh_from_db()
    assert feed.claimed_until is None
    assert {one["kind"] for one in feed.drift} == {kind} - {""}
    assert Entry.objects.filter(kind="FeedDrifted").count() == bool(kind)
    assert (feed.failures, bool(feed.heard_at)) == ((0, True) if stored else (2, False))
    assert Announcement.objects.count() == stored
    assert "feed-" not in feed.last_words, "the name of a file of ours says nothing to anybody"
    assert len(json.dumps(feed.drift)) < 20_000
    good = json.dumps([recall("26-9")]).encode()
    fetch_feed(feed=feed, transport=lambda _: Heard(200, good), by=SYSTEM, now=NOW)
    feed.refresh_from_db()
    assert (feed.drift, feed.newest) == ([], date(2026, 4, 2))


def test_what_was_not_read_whole_is_asked_for_again_in_full(
    feed: Feed, says: dict[str, Any]
) -> None:
    for body in (NEW.replace(b"<guid>g1</guid><link>https://e.org/1</link>", b""), feed_xml()):
        says.update(body=body, etag='"v1"')
        fetch(feed)
        assert feed.drift
        assert feed.marks == {}
    assert feed.heard_at == NOW
    says.update(body=feed_xml(), etag='"v2"')
    fetch(feed, NOW + timedelta(hours=1))
    assert feed.heard_at == NOW, "an empty list is no success"


def test_a_fault_of_ours_while_storing_is_told_too(
    feed: Feed, says: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    says.update(body=NEW)
    monkeypatch.setattr(feeds, "take_in", lambda **_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        fetch(feed)
    feed.refresh_from_db()
    assert (feed.failures, feed.claimed_until) == (1, None)
    assert "fault here" in feed.last_words


def test_a_key_goes_to_the_first_host_only(authority: str, says: dict[str, Any]) -> None:
    elsewhere = authority.replace("127.0.0.1", "localhost")
    says.update(status=302, headers={"Location": elsewhere})
    with pytest.raises(Unreachable, match="without end"):
        ask(Ask(authority, headers={"X-Key": "k"}), inside={"127.0.0.1", "localhost"})
    assert [one.get("X-Key") for one in Authority.asked] == ["k", None, None, None]


def test_an_empty_list_and_a_list_that_goes_back_in_time_are_told(
    feed: Feed, says: dict[str, Any]
) -> None:
    says.update(body=NEW)
    fetch(feed)
    says.update(body=feed_xml())
    fetch(feed)
    assert [one["kind"] for one in feed.drift] == ["empty"]
    says.update(body=OLD)
    fetch(feed)
    assert [one["kind"] for one in feed.drift] == ["went_back"]
    assert feed.newest == date(2026, 4, 3)
    assert Entry.objects.filter(kind="FeedDrifted").count() == 2
    fetch(feed)
    assert Entry.objects.filter(kind="FeedDrifted").count() == 2  # the same again is no news
    says.update(body=NEW)
    fetch(feed)
    assert feed.drift == []


def test_pages_are_read_to_the_end_and_an_endless_list_stores_nothing(db: None) -> None:
    feed = add_feed(source="opss", by=LEAD, now=NOW)
    feed = switch_feed(feed=feed, is_on=True, by=LEAD, now=NOW)
    asked: list[str] = []

    def gov(question: Ask, *, last: int) -> Heard:
        asked.append(question.url)
        page = len(asked)
        rows = [
            {"title": f"Product Recall: T{page}-{n} ({2600 + page}-{1000 + n})", "link": f"/x/{n}",
             "public_timestamp": "2026-04-02T10:00:00Z"}
            for n in range(200 if page < last else 3)
        ]  # fmt: skip
        body = json.dumps({"results": rows, "total": 9, "start": 0}).encode()
        return Heard(200, body)

    fetch_feed(feed=feed, transport=partial(gov, last=3), by=SYSTEM, now=NOW)
    assert [url.rpartition("=")[2] for url in asked] == ["0", "200", "400"]
    assert Announcement.objects.count() == 403
    fetch_feed(feed=feed, transport=partial(gov, last=10**6), by=SYSTEM, now=NOW)
    feed.refresh_from_db()
    assert "pages" in feed.last_words
    assert Announcement.objects.count() == 403


def test_two_workers_do_not_ask_the_same_feed(feed: Feed, says: dict[str, Any]) -> None:
    Feed.objects.update(claimed_until=NOW + timedelta(minutes=1))
    assert fetch_feed(feed=feed, transport=near, by=SYSTEM, now=NOW) == ""
    assert due_feeds(now=NOW) == []
    assert due_feeds(now=NOW + timedelta(minutes=2)) == [feed]


def test_waiting_grows_and_ends_at_a_day() -> None:
    waits = [next_try(now=NOW, every_hours=6, failures=n) - NOW for n in (0, 1, 2, 3, 8, 60)]
    minutes = [wait.total_seconds() / 60 for wait in waits]
    assert minutes == [360, 15, 30, 60, 1440, 1440]
    today = date(2026, 4, 14)
    assert ask_since(newest=date(2999, 1, 1), overlap_days=30, today=today) == date(2026, 3, 15)
