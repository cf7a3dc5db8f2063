"""The worker's look at feeds of press and shop: only those that are on, outside any transaction."""

from __future__ import annotations

from datetime import UTC, datetime

from holdfast.kit.actors import Actor
from holdfast.kit.announcements import Ask, Transport, Unreachable
from holdfast.kit.announcements.source import retry_at
from holdfast.kit.announcements.xmlitems import BadXml
from holdfast.response.answers.actions import note_source_answer, take_in_posts
from holdfast.response.answers.models import MentionSource
from holdfast.response.answers.opening import feed_posts
from holdfast.response.answers.queries import feeds_due

MOST_ON_ONE_LOOK = 2


def look_at_street(*, transport: Transport | None, by: Actor) -> int:
    """Ask the feeds whose time has come; how many. Without a transport nobody is asked."""
    if transport is None:
        return 0
    due = feeds_due(datetime.now(UTC))[:MOST_ON_ONE_LOOK]
    for source in due:
        hear_feed(source=source, transport=transport, by=by, now=datetime.now(UTC))
    return len(due)


def hear_feed(*, source: MentionSource, transport: Transport, by: Actor, now: datetime) -> str:
    """Ask one feed and take its entries in; what went wrong, or nothing.

    The answer "as before" is a success without entries; an empty feed is one too.
    """
    marks = {name: str(source.memory.get(name, "")) for name in ("etag", "last_modified")}
    headers = {
        name: value
        for name, value in (
            ("If-None-Match", marks["etag"]),
            ("If-Modified-Since", marks["last_modified"]),
        )
        if value
    }
    try:
        heard = transport(Ask(source.address, headers=headers))
        if heard.status not in (200, 304) or (heard.status == 304 and not headers):
            raise Unreachable(f"answered {heard.status}", heard.retry_after)
        posts = feed_posts(heard.body) if heard.status == 200 else []
        done = take_in_posts(posts=posts, source=source, by=by, now=now) if posts else None
        if done and done.rejected == done.rows:
            raise Unreachable(f"none of {done.rows} entries can be taken in: {done.rejects[0][2]}")
    except (Unreachable, BadXml) as why:
        again = retry_at(getattr(why, "retry_after", ""), now=now)
        note_source_answer(source=source, failure=str(why), not_before=again, by=by, now=now)
        return str(why)
    except Exception as error:  # a fault of ours must not be silent, nor keep others waiting
        note_source_answer(source=source, failure=f"fault here: {error!r}", by=by, now=now)
        raise
    if heard.status == 200:
        marks = {"etag": heard.etag[:300], "last_modified": heard.last_modified[:100]}
    note_source_answer(source=source, memory=marks, by=by, now=now)
    return ""
