"""The worker's look at the feeds: ask those that are due, page by page, and keep what came.

The network is reached through the transport that is handed in, and outside of any transaction. In
a drill there is none, so nothing is asked.
"""

from __future__ import annotations

import hashlib
import tempfile
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings

from holdfast.decision.announcements.actions import fail_feed, hear_feed, read_photographs
from holdfast.decision.announcements.actions.feeds import claim_feed
from holdfast.decision.announcements.actions.picturing import keep_fetched
from holdfast.decision.announcements.models import Feed
from holdfast.decision.announcements.queries import due_feeds, photographs_to_fetch
from holdfast.decision.announcements.rules import ask_since
from holdfast.decision.announcements.sources import source_named
from holdfast.kit.actors import Actor
from holdfast.kit.announcements import (
    Ask,
    FeedAnswer,
    Heard,
    Source,
    Transport,
    Unreachable,
    read_best,
)
from holdfast.kit.announcements.answers import joined
from holdfast.kit.announcements.source import retry_at
from holdfast.kit.refusals import Forbidden

MOST_ON_ONE_LOOK = 3
MOST_FETCHED, LONGEST_FETCH = 10, 60.0
"""Pictures at one look, and the seconds after which no further one is asked for."""
LONGEST_RUN = 600.0
"""Seconds for all pages of one feed; half of the time for which it is claimed."""
Marks = dict[str, dict[str, str]]


def look_at_feeds(*, transport: Transport | None, by: Actor) -> int:
    """Ask the feeds whose time has come, three at most before other work has its turn."""
    if transport is None:
        return 0
    now = datetime.now(UTC)
    due = due_feeds(now=now)[:MOST_ON_ONE_LOOK]
    return sum(fetch_feed(feed=feed, transport=transport, by=by, now=now) != "" for feed in due)


def look_at_photographs(*, transport: Transport | None, by: Actor) -> int:
    """Fetch pictures that feeds named while they are on, and read what waits; how many were read.

    Without a way out (in a drill) only those that are here are read.
    """
    ends = time.monotonic() + LONGEST_FETCH
    for row in photographs_to_fetch()[:MOST_FETCHED] if transport is not None else ():
        if transport is None or time.monotonic() > ends:
            break
        now = datetime.now(UTC)
        try:
            heard = transport(Ask(row.url))
            words = "" if heard.status == 200 and heard.body else f"answered {heard.status}"
            keep_fetched(
                photograph=row, data=b"" if words else heard.body, words=words, by=by, now=now
            )
        except Unreachable as why:
            keep_fetched(photograph=row, words=str(why), by=by, now=now)
    return read_photographs(by=by, now=datetime.now(UTC))


def fetch_feed(*, feed: Feed, transport: Transport | None, by: Actor, now: datetime) -> str:
    """Ask one feed; what came in words. Empty where somebody else asks just now.

    Raises `Forbidden` for a feed that is off, and in a drill.
    """
    if transport is None:
        raise Forbidden("drill_sends_nothing", "A drill asks nobody: it has no way out.")
    if not feed.is_on:
        raise Forbidden(
            "feed_off",
            f"The feed of {feed.authority} is off; nothing is fetched.",
            hint="Switch it on first.",
        )
    if not claim_feed(feed=feed, by=by, now=now):
        return ""
    source = source_named(feed.source)
    marks: Marks = {}
    try:
        answer, sha256 = _ask_all(feed, source, transport, marks, now)
        hear_feed(feed=feed, answer=answer, marks=marks, sha256=sha256, by=by, now=now)
    except Unreachable as why:
        again = retry_at(why.retry_after, now=now)
        return fail_feed(feed=feed, words=str(why), not_before=again, by=by, now=now).last_words
    except Exception as error:  # a fault of ours must not leave the feed claimed and silent
        fail_feed(feed=feed, words=f"fault here: {error!r}", by=by, now=now)
        raise
    feed.refresh_from_db()
    return feed.last_words


def _ask_all(
    feed: Feed, source: Source, transport: Transport, marks: Marks, now: datetime
) -> tuple[FeedAnswer | None, str]:
    """Every page as one answer, or None where all said that nothing is new."""
    since = ask_since(newest=feed.newest, overlap_days=source.overlap_days, today=now.date())
    asks = source.first(since, now.date()) if source.first else (Ask(feed.url),)
    found: list[FeedAnswer] = []
    sign, ends = hashlib.sha256(), time.monotonic() + LONGEST_RUN
    for start in asks:
        ask: Ask | None = start
        for _page in range(source.most_pages):
            if ask is None:
                break
            if time.monotonic() > ends:
                raise Unreachable("took longer than ten minutes; nothing was stored")
            heard = _ask(ask, feed, source, transport)
            if heard.status == 304:
                marks[ask.url] = feed.marks.get(ask.url, {})
                break
            sign.update(heard.body)
            if heard.status == source.nothing_found:
                found.append(FeedAnswer(source.shapes[0].name))
                break
            answer = _read(heard, source, now)
            found.append(answer)
            # What was not read whole is not asked for by its mark: it would never come again.
            if (heard.etag or heard.last_modified) and answer.rows and not answer.unread:
                marks[ask.url] = {"etag": heard.etag, "last_modified": heard.last_modified}
            ask = source.following(ask, answer.rows)
        else:
            if ask is not None:
                raise Unreachable(f"more than {source.most_pages} pages; nothing was stored")
    if not found:
        return None, ""
    whole = joined(
        found, source.shapes[0], newest=feed.newest, today=now.date(), cut_at=source.cut_at
    )
    return whole, sign.hexdigest()


def _ask(ask: Ask, feed: Feed, source: Source, transport: Transport) -> Heard:
    known: Mapping[str, str] = feed.marks.get(ask.url, {})
    headers = {name: settings.FEED_KEYS.get(name, "") for name in source.keys}
    if known.get("etag"):
        headers["If-None-Match"] = known["etag"]
    if known.get("last_modified"):
        headers["If-Modified-Since"] = known["last_modified"]
    heard = transport(replace(ask, headers={**ask.headers, **headers}))
    if heard.status == 304 and not known:
        raise Unreachable("answered 304, as before, and was not asked whether it is as before")
    if heard.status not in (200, 304, source.nothing_found):
        raise Unreachable(f"answered {heard.status}", heard.retry_after)
    return heard


def _read(heard: Heard, source: Source, now: datetime) -> FeedAnswer:
    """Through a file of the home, as everything that is read. No data at all is a failure."""
    with tempfile.NamedTemporaryFile(dir=settings.HOME, prefix="feed-") as file:
        file.write(heard.body)
        file.flush()
        answer = read_best(Path(file.name), source.shapes, today=now.date())
    for one in answer.drift:
        if one.kind == "not_data":
            raise Unreachable(one.sentence.replace(file.name, "the answer"))
    return answer
