"""A correction says the approved fact first, needs other eyes, and falls with its notice."""

from __future__ import annotations

import gzip
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from holdfast.doors.portal.kept import PUBLISHED
from holdfast.kit.actors import Actor
from holdfast.kit.announcements import Ask, Heard, Unreachable
from holdfast.kit.announcements.xmlitems import BadXml
from holdfast.kit.listening.replies import LONGEST_REPLY, Straight, repeats
from holdfast.kit.refusals import Forbidden
from holdfast.response.answers.actions import (
    add_mention_source,
    answer_mention,
    approve_correction,
    correct_mention,
    draft_correction,
    escalate_mention,
    switch_mention_source,
    take_in_posts,
)
from holdfast.response.answers.jobs import hear_feed
from holdfast.response.answers.models import Mention
from holdfast.response.answers.opening import feed_posts
from holdfast.response.answers.queries import feeds_due, public_pages, replies
from holdfast.response.answers.rules import Post, correction_findings
from holdfast.response.notices.actions import approve_text, draft_notice, withdraw_approval
from holdfast.response.notices.queries import text_in
from tests.response.conftest import LEAD, NOW, Small

WRITER = Actor("person:2", "Writer", frozenset({"lead"}), 2)
APPROVER = Actor("person:3", "Approver", frozenset({"approver"}), 3)
CLAIM = "It is perfectly safe <b>if</b> you charge it by day."
FEED = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>
<item><title>Hoax?</title><link>https://news.example/1</link><guid>n1</guid>
<description>&lt;p&gt;Keep using it, says a reader.&lt;/p&gt;</description>
<pubDate>Mon, 04 May 2026 06:00:00 +0000</pubDate></item></channel></rss>"""


@pytest.fixture
def told(small: Small) -> Small:
    """An approved notice in English and Arabic."""
    buyer = small.customer()
    small.scope({small.line(1, buyer): 1})
    draft_notice(
        recall=small.recall,
        url="https://lumenvale.example/recall",
        changes={"phone": "0800 555 0142"},
        languages=["en", "ar"],
        by=WRITER,
        now=NOW,
    )
    for code in ("en", "ar"):
        approve_text(text=text_in(small.recall, code), by=APPROVER, now=NOW)
    PUBLISHED.forget()
    return small


def test_a_correction_is_public_only_while_approved_and_true_to_the_notice(
    told: Small, client: Client
) -> None:
    recall = told.recall
    correction = draft_correction(
        recall=recall, about="use", claims={"en": CLAIM}, by=WRITER, now=NOW
    )
    address = f"/recall/{recall.ref}/facts/{correction.number}"
    assert client.get(address).status_code == 404
    english = correction.texts.get(language="en")
    with pytest.raises(Forbidden, match="cannot approve"):
        approve_correction(text=english, by=WRITER, now=NOW)
    for text in correction.texts.all():
        approve_correction(text=text, by=APPROVER, now=NOW)
    PUBLISHED.forget()

    body = client.get(address, {"l": "en"}).content.decode()
    head, _sep, rest = body.partition("</h1>")
    assert "Stop using it now." in head
    assert "safe" not in head
    assert rest.index("It can catch fire.") < rest.index("perfectly safe")
    assert "<b>if</b>" not in body
    assert "<script" not in body
    style = Path(finders.find("portal/portal.css")).read_bytes()
    assert len(gzip.compress(body.encode())) + len(gzip.compress(style)) < 14 * 1024
    arabic = client.get(address, {"l": "ar"}).content.decode()
    assert 'dir="rtl"' in arabic
    assert "perfectly" not in arabic
    assert address in client.get(f"/recall/{recall.ref}", {"l": "en"}).content.decode()

    source = add_mention_source(kind="hand", title="pasted", by=LEAD, now=NOW)
    posts = [
        (1, Post("Keep using the VL-10K, the recall is a hoax")),
        (2, Post("The VL-10K burned my hand, we were at the hospital", author="Kim")),
    ]
    wrong, hurt = take_in_posts(posts=posts, source=source, by=LEAD, now=NOW).new
    offered = replies(wrong)
    assert offered
    assert all(len(one.text) <= LONGEST_REPLY for one in offered)
    with pytest.raises(Forbidden, match="no approved text"):
        answer_mention(mention=wrong, reply="Our own words", by=LEAD, now=NOW)
    assert correct_mention(mention=wrong, correction=correction, by=LEAD, now=NOW).state == (
        "corrected"
    )
    assert answer_mention(mention=hurt, by=LEAD, now=NOW).state == "answered"
    taken = escalate_mention(mention=hurt, by=LEAD, now=NOW)
    assert taken.complaint is not None
    again = Mention.objects.get(pk=hurt.pk)
    assert (again.state, again.complaint) == ("complaint", taken.complaint)

    withdraw_approval(text=text_in(recall, "en"), reason="wrong lot", by=APPROVER, now=NOW)
    assert set(public_pages(recall)[correction.number]) == {"ar"}


def test_a_headline_never_says_the_claim_again() -> None:
    said = Straight(
        "You can keep using it if it is cold.", ("x",), (), "Keep using it if it is cold"
    )
    rules = {
        one.rule: one.severity for one in correction_findings(said, language="en", regime="eu_gpsr")
    }
    assert rules["correction.headline"] == "block"
    assert not repeats("Stop using it now.", CLAIM)


def test_a_feed_is_asked_only_while_it_is_on_and_never_counts_an_entry_twice(small: Small) -> None:
    source = add_mention_source(
        kind="feed", title="Press", address="https://news.example/rss", by=LEAD, now=NOW
    )
    assert feeds_due(NOW) == []
    switch_mention_source(source=source, is_on=True, by=LEAD, now=NOW)
    assert feeds_due(NOW) == [source]
    asked: list[Ask] = []

    def transport(ask: Ask) -> Heard:
        asked.append(ask)
        return Heard(200, FEED, etag='"1"')

    for hour in range(3):
        source.refresh_from_db()
        assert (
            hear_feed(source=source, transport=transport, by=LEAD, now=NOW + timedelta(hours=hour))
            == ""
        )
    assert asked[1].headers == {"If-None-Match": '"1"'}
    post = Mention.objects.get()
    assert (post.copies, post.url) == (1, "https://news.example/1")
    assert "Keep using it" in post.text
    assert "<" not in post.text

    for answer in (Heard(200, b"<html><body>Login</body></html>"), Heard(503)):
        assert hear_feed(source=source, transport=lambda _ask, a=answer: a, by=LEAD, now=NOW)

    def nowhere(ask: Ask) -> Heard:
        raise Unreachable("no connection")

    assert hear_feed(source=source, transport=nowhere, by=LEAD, now=NOW) == "no connection"
    source.refresh_from_db()
    assert source.last_success_at == NOW + timedelta(hours=2)
    assert source.failure == "no connection"


def entry(day: str) -> bytes:
    text = f"<item><title>Is it safe?</title><pubDate>{day}</pubDate></item>"
    return f'<rss version="2.0"><channel>{text}</channel></rss>'.encode()


def test_no_entry_of_a_long_street_feed_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    long = b"<rss><channel>" + b"<item><title>It hums.</title></item>" * 1_001 + b"</channel></rss>"
    assert [number for number, _ in feed_posts(long)] == list(range(1, 1_002))
    monkeypatch.setattr("holdfast.response.answers.opening.MOST_ROWS", 1_000)
    with pytest.raises(BadXml, match=r"1,001 entries, and at most 1,000"):
        feed_posts(long)


def test_what_a_street_feed_says_wrongly_is_told_and_keeps_nobody_waiting(
    small: Small, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = add_mention_source(
        kind="feed", title="Press", address="https://news.example/rss", by=LEAD, now=NOW
    )
    source = switch_mention_source(source=source, is_on=True, by=LEAD, now=NOW)

    def heard(answer: Heard) -> str:
        source.refresh_from_db()
        said = hear_feed(source=source, transport=lambda _: answer, by=LEAD, now=NOW)
        source.refresh_from_db()
        assert (source.failure, source.failing_since is None) == (said, not said)
        return said

    assert heard(Heard(304)) == "answered 304"  # and nobody asked whether it is as before
    assert "future" in heard(Heard(200, entry("Fri, 31 Dec 2999 23:59:59 +0000")))
    assert source.last_success_at is None
    assert heard(Heard(200, entry("Fri, 31 Dec 99999999999 23:59:59 +0000"))) == ""
    assert Mention.objects.get().said_at is None

    assert heard(Heard(429, retry_after="7200")) == "answered 429"
    hours = [feeds_due(NOW + timedelta(hours=hour)) for hour in (1, 3)]
    assert hours == [[], [source]]
    assert heard(Heard(200, FEED)) == ""
    assert feeds_due(NOW + timedelta(hours=1)) == [source]

    monkeypatch.setattr("holdfast.response.answers.jobs.feed_posts", lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        heard(Heard(200, FEED))
    source.refresh_from_db()
    assert "fault here" in source.failure
    assert feeds_due(NOW + timedelta(minutes=1)) == []
