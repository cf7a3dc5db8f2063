"""Posts come in once, copies count, floods are one mention, and nothing they hold does harm."""

from __future__ import annotations

import random
from datetime import UTC, timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from holdfast.ground.journal.models import Entry
from holdfast.kit.listening.ranking import rank
from holdfast.kit.refusals import Forbidden, Unreadable
from holdfast.response.answers.actions import (
    add_mention_source,
    answer_mention,
    erase_mention,
    hearing,
    ignore_mention,
    note_source_answer,
    reopen_mention,
    take_in_posts,
)
from holdfast.response.answers.models import Mention, MentionSource, Sighting
from holdfast.response.answers.opening import delivered_posts, mail_post, open_posts
from holdfast.response.answers.queries import counts, mentions
from holdfast.response.answers.rules import Post, is_signed, named_in, signature
from tests.response.conftest import LEAD, NOW, Small

FLOOD = "RT @u{n}: The recall is a hoax, keep using it! https://t.example/{n}"


@pytest.fixture
def source(db: None) -> MentionSource:
    return add_mention_source(kind="file", title="posts", by=LEAD, now=NOW)


def rows(*posts: Post) -> list[tuple[int, Post]]:
    return list(enumerate(posts, start=1))


def test_the_same_text_a_thousand_times_is_one_mention_with_a_count(
    source: MentionSource, small: Small
) -> None:
    posts = rows(*(Post(FLOOD.format(n=n), url=f"https://x.example/{n}") for n in range(300)))
    done = take_in_posts(posts=posts, source=source, by=LEAD, now=NOW)
    assert (done.rows, done.imported, done.merged, done.rejected) == (300, 1, 299, 0)
    flood = Mention.objects.get()
    assert flood.copies == 300
    assert [one["tag"] for one in flood.tags] == ["wrong_advice"]
    again = take_in_posts(posts=posts, source=source, by=LEAD, now=NOW + timedelta(hours=1))
    assert (again.imported, again.merged) == (0, 300)
    assert Mention.objects.get().copies == 300
    told = Entry.objects.filter(kind="MentionsRecorded")
    assert told.count() == 2
    assert "hoax" not in "".join(told.values_list("payload", flat=True))

    injury = Post("My VL-10K burned my daughter, we are in the hospital", audience=10)
    more = rows(injury, Post(""), Post("x", said_at=NOW + timedelta(days=3)))
    done = take_in_posts(posts=more, source=source, by=LEAD, now=NOW)
    assert (done.imported, done.rejected) == (1, 2)
    assert [place for place, _column, _reason in done.rejects] == [2, 3]
    first = done.new[0]
    assert first.recall == small.recall
    assert mentions().first() == flood  # three hundred copies of a wrong advice reach further
    assert counts()[0] == 2
    assert counts()[1]["injury"] == counts()[1]["wrong_advice"] == 1
    assert [one.pk for one in mentions(tag="injury")] == [first.pk]


def somewhat(seed: int) -> list[Post]:
    """Copies, near copies, the same place twice, and what nobody said before."""
    chance = random.Random(seed)
    said = ("It burned my hand", "it burned my hand!", "A scam, do not click", "I love it, {n}")
    places = ("", "", *(f"https://x.example/{n}" for n in range(6)))
    return [
        Post(
            chance.choice(said).format(n=chance.randrange(3)),
            url=chance.choice(places),
            audience=chance.randrange(900),
        )
        for _ in range(60)
    ]


def kept(source: MentionSource, posts: list[Post]) -> list[object]:
    """Everything that stands there after two deliveries; then as if there had been none."""
    found: list[object] = []
    with transaction.atomic():
        for part, later in ((posts[:40], 0), (posts[20:], 1)):
            at = NOW + timedelta(hours=later)
            done = take_in_posts(posts=rows(*part), source=source, by=LEAD, now=at)
            found.append((done.rows, done.imported, done.merged, [one.text for one in done.new]))
        told = Mention.objects.order_by("pk")
        found += told.values_list(
            "fingerprint", "text", "url", "copies", "audience", "rank", "earlier", "last_seen_at"
        )
        seen = Sighting.objects.order_by("key")
        found += seen.values_list("key", "mention__fingerprint", "url", "seen_at")
        transaction.set_rollback(True)
    return found


@pytest.mark.parametrize("most", [10_000, 3])
def test_many_at_once_are_kept_as_one_by_one(
    source: MentionSource, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(hearing, "MOST_SIGHTINGS", most)
    monkeypatch.setattr(hearing, "TOGETHER", 25)
    worlds = [somewhat(seed) for seed in range(4)]
    together = [kept(source, posts) for posts in worlds]

    def come_between(*_: object) -> None:
        raise IntegrityError

    monkeypatch.setattr(hearing._Intake, "take_all", come_between)
    for posts, found in zip(worlds, together, strict=True):
        assert kept(source, posts) == found


def test_three_hundred_posts_take_a_handful_of_questions(
    source: MentionSource, django_assert_max_num_queries
) -> None:
    posts = rows(*(Post(f"Number {n} of them says it hums.") for n in range(300)))
    with django_assert_max_num_queries(25):
        take_in_posts(posts=posts, source=source, by=LEAD, now=NOW)


def test_what_was_done_can_be_undone_and_words_can_be_erased(
    source: MentionSource, small: Small
) -> None:
    done = take_in_posts(
        posts=rows(Post("Is the VL-10K affected? Write me: kim@example.org", author="@kim")),
        source=source,
        by=LEAD,
        now=NOW,
    )
    mention = done.new[0]
    with pytest.raises(Forbidden):  # nothing is approved, so there is nothing to answer with
        answer_mention(mention=mention, by=LEAD, now=NOW)
    assert ignore_mention(mention=mention, by=LEAD, now=NOW).state == "ignored"
    assert reopen_mention(mention=mention, by=LEAD, now=NOW).state == "open"
    erase_mention(mention=mention, by=LEAD, now=NOW)
    gone = Mention.objects.get(pk=mention.pk)
    assert (gone.text, gone.author, gone.state) == ("", "", "ignored")
    payloads = "".join(Entry.objects.values_list("payload", flat=True))
    assert "kim" not in payloads


@pytest.mark.parametrize("one_by_one", [False, True])
def test_one_post_that_two_sources_tell_of_is_one_copy(
    source: MentionSource, one_by_one: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if one_by_one:

        def clash(*_: object) -> None:
            raise IntegrityError

        monkeypatch.setattr(hearing._Intake, "take_all", clash)
    hook = add_mention_source(kind="webhook", title="listener", salt="s", by=LEAD, now=NOW)
    words, place = "Is the kettle safe?", "https://e.org/p/1"
    post = Post(words, place, key="guid-1")
    take_in_posts(posts=rows(post), source=source, by=LEAD, now=NOW)
    for _ in range(2):
        told = Post(words, place, audience=1000, key="7")
        take_in_posts(posts=rows(told), source=hook, by=LEAD, now=NOW)
    mention = Mention.objects.get()
    assert (mention.copies, mention.audience) == (1, 1000)
    assert mention.rank == rank(["question"], copies=1, audience=1000, earlier=0).hundredths
    elsewhere = Post(words, "https://e.org/p/2", key="8")
    take_in_posts(posts=rows(elsewhere), source=hook, by=LEAD, now=NOW)
    assert Mention.objects.get().copies == 2


def test_a_failing_source_shows_its_last_success_and_is_told_once(source: MentionSource) -> None:
    note_source_answer(source=source, by=LEAD, now=NOW)
    for hour in range(1, 4):
        note_source_answer(
            source=source, failure="HTML, no feed", by=LEAD, now=NOW + timedelta(hours=hour)
        )
    source.refresh_from_db()
    assert (source.last_success_at, source.failing_since) == (NOW, NOW + timedelta(hours=1))
    assert Entry.objects.filter(kind="MentionSourceFailed").count() == 1


def test_files_and_mails_are_read_and_hostile_ones_do_nothing(tmp_path: Path) -> None:
    table = tmp_path / "p.csv"
    table.write_text(
        "Beitrag;Autor;Datum;Link\n"
        "<script>alert(1)</script> weiter benutzen;a;27.11.2026;javascript:alert(1)\n"
        ";;;\n"
        ";b;27.11.2026;\n"
        "gut;c;40.11.2026;\n"
    )
    found = open_posts(str(table), zone=UTC, dates="dmy")
    assert [line for line, _post in found.posts] == [2]
    assert [(line, column) for line, column, _why in found.rejects] == [(4, "text"), (5, "said_at")]
    assert found.posts[0][1].clean().url == ""
    table.write_text("a;b\n1;2\n")
    with pytest.raises(Unreadable, match="text of the posts"):
        open_posts(str(table), zone=UTC)
    mail = b"From: a@b.example\nSubject: Hoax\nMessage-ID: <1@b>\nContent-Type: text/html\n\n"
    post = mail_post(mail + b"<p>it is <b>safe</b><script>x()</script>" + b"<i>" * 200_000)
    assert (post.text.split(), post.key) == (["Hoax", "it", "is", "safe"], "<1@b>")
    half = delivered_posts(b'{"text": "a \\ud800 b", "id": "\\ud800", "author": "\\udfff"}')[0][1]
    assert half.clean() == Post("a ? b", author="?", key="?")
    assert Post("a " * 5_000).clean().text.endswith("a […]")
    for body in (b"[" * 100_000, b"\xff", b'"x"', b"[1]", b"[" + b"{}," * 1_000 + b"{}]"):
        with pytest.raises(Unreadable):
            delivered_posts(body)


def test_a_delivery_counts_only_with_its_signature_and_soon() -> None:
    body, moment = b'{"text": "x"}', str(int(NOW.timestamp()))
    signed = signature(b"secret", moment, body)
    assert is_signed(b"secret", moment, body, f"sha256={signed}", NOW)
    assert not is_signed(b"other", moment, body, signed, NOW)
    assert not is_signed(b"secret", moment, body + b" ", signed, NOW)
    assert not is_signed(b"secret", moment, body, signed, NOW + timedelta(minutes=6))
    assert not is_signed(b"secret", "²", body, signed, NOW)


def test_a_recall_is_named_only_where_one_alone_fits() -> None:
    names = {"R-1": ("VL-10K", "Power bank"), "R-2": ("TH-3", "Power bank mini")}
    assert named_in("my vl-10k got hot", names) == "R-1"
    assert named_in("the power bank mini", names) == ""
    assert named_in("nothing", names) == ""
