"""The feeds of authorities: what each last said, what is odd, its switch, and “ask now”."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from holdfast.decision.announcements.actions import add_feed, ask_feed, switch_feed
from holdfast.decision.announcements.models import Announcement, Feed
from holdfast.decision.announcements.queries import FeedLine, feed_lines
from holdfast.decision.announcements.sources import every_source
from holdfast.doors.desk.pages import now, page, said
from holdfast.doors.desk.policy import policy
from holdfast.ground.access.permissions import may
from holdfast.ground.look.templatetags.look import since
from holdfast.kit.quantities import whole_number
from holdfast.kit.refusals import NotFound, Refusal

# What needs a person stands first.
ORDER = {"failed": 0, "warn": 1, "ok": 2, "open": 2, "none": 3}


@policy("recall.view")
def feeds(request: HttpRequest) -> HttpResponse:
    """Every feed there is; a POST adds one, switches one, or asks one now."""
    refusal = None
    if request.method == "POST":
        try:
            said(request, _write(request))
            return redirect("watch_feeds")
        except Refusal as refused:
            refusal = refused
    at = now()
    rows = sorted((_row(line, at) for line in feed_lines()), key=lambda row: ORDER[row["mark"]])
    context = {
        "rows": rows,
        "on": sum(row["is_on"] for row in rows),
        "odd": sum(row["mark"] in ("failed", "warn") for row in rows),
        "general": [one for one in every_source().values() if one.needs_address],
        "heard": Announcement.objects.count(),
        "may_switch": may(request.actor, "feed.switch"),  # type: ignore[attr-defined]
        "may_ask": may(request.actor, "import.run"),  # type: ignore[attr-defined]
        "typed": request.POST if refusal else {},
    }
    return page(request, "desk/watch_feeds.html", context, nav="watch", refusal=refusal)


def _row(line: FeedLine, at: datetime) -> dict[str, Any]:
    feed = line.feed
    is_on = bool(feed and feed.is_on)
    mark, words = _state(feed, at)
    return {
        "line": line,
        "feed": feed,
        "is_on": is_on,
        "authority": feed.authority if feed else line.source.authority or line.source.name,
        "hours": feed.every_hours if feed else line.source.hours,
        "mark": mark,
        "state": words,
        "needs_key": bool(line.missing_keys),
    }


def _state(feed: Feed | None, at: datetime) -> tuple[str, str]:
    """A sign and a sentence: when it was last heard, or that it is silent."""
    if feed is None or (not feed.is_on and not feed.heard_at):
        return "none", _("off; nothing was ever asked")
    heard = (
        _("last heard %(ago)s") % {"ago": since(feed.heard_at, at)}
        if feed.heard_at
        else _("never heard")
    )
    if not feed.is_on:
        return "none", _("off; %(heard)s") % {"heard": heard}
    if feed.failures:
        times = ngettext(
            "%(n)s attempt failed", "%(n)s attempts in a row failed", feed.failures
        ) % {"n": feed.failures}
        return "failed", f"{times}; {heard}"
    if feed.drift:
        return "warn", _("answers otherwise than before; %(heard)s") % {"heard": heard}
    return ("ok", heard) if feed.heard_at else ("open", _("on; not asked yet"))


def _write(request: HttpRequest) -> str:
    given, by, at = request.POST, request.actor, now()  # type: ignore[attr-defined]
    step, hours = given.get("step", ""), given.get("hours", "")
    every = min(whole_number(hours), 99_999)
    if step in ("add", "on"):
        number = given.get("feed", "")
        feed = (
            _feed(number)
            if number
            else add_feed(
                source=given.get("source", ""),
                authority=given.get("authority", ""),
                url=given.get("url", ""),
                every_hours=every,
                by=by,
                now=at,
            )
        )
        if step == "add":
            return _("The feed of %(name)s is on the list. It is off.") % {"name": feed}
        switch_feed(feed=feed, is_on=True, every_hours=every, by=by, now=at)
        return _("%(name)s is on. The worker asks within a minute.") % {"name": feed}
    feed = _feed(given.get("feed", ""))
    if step == "off":
        switch_feed(feed=feed, is_on=False, by=by, now=at)
        return _("%(name)s is off. Nothing more is asked.") % {"name": feed}
    ask_feed(feed=feed, by=by, now=at)
    return _("%(name)s is asked now; look again in a moment.") % {"name": feed}


def _feed(number: str) -> Feed:
    found = Feed.objects.filter(pk=whole_number(number)).first()
    if found is None:
        raise NotFound("no_feed", _("There is no such feed."))
    return found
