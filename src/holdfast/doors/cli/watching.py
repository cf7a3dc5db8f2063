"""Authorities' recalls on the command line: bring them in, fetch feeds, look at matches."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from holdfast.doors.cli.answer import Answer

if TYPE_CHECKING:
    from holdfast.decision.announcements.actions import Taken
    from holdfast.decision.announcements.models import CatalogueMatch
    from holdfast.decision.announcements.queries import FeedLine

MOST_SHOWN = 1_000


def add(commands: argparse._SubParsersAction, common: argparse.ArgumentParser) -> None:  # type: ignore[type-arg]
    """Add `import announcements` and `watch` with its verbs."""
    _add_import(commands.import_verbs, common)  # type: ignore[attr-defined]
    group = commands.add_parser("watch", help="alarms, investigations, authorities' recalls")
    verbs = group.add_subparsers(dest="verb", metavar="WHAT", required=True)
    commands.watch_verbs = verbs  # type: ignore[attr-defined]
    feeds = verbs.add_parser(
        "feeds",
        parents=[common],
        help="the feeds, what they last said; switch one on or off",
        epilog="example:  holdfast watch feeds --on cpsc",
    )
    option = feeds.add_argument
    option("--on", metavar="FEED", help="read it from now on; nothing is fetched before")
    option("--off", metavar="FEED", help="read it no longer")
    option("--every", type=int, default=0, metavar="HOURS", help="how often")
    option("--url", default="", help="the address, for rss, atom, cap, csv and tables")
    option("--authority", default="", metavar="NAME", help="whose it is, for rss, cap and csv")
    feeds.set_defaults(run=_feeds)
    fetch = verbs.add_parser(
        "fetch",
        parents=[common],
        help="ask the feeds that are on, or one of them, now",
        epilog="example:  holdfast watch fetch cpsc",
    )
    fetch.add_argument("feed", nargs="?", default="", metavar="FEED")
    fetch.set_defaults(run=_fetch)
    matches = verbs.add_parser(
        "matches",
        parents=[common],
        help="own products that an announcement may mean: stop, or look",
        epilog="example:  holdfast watch matches --json",
    )
    matches.add_argument(
        "--state",
        choices=("open", "stopped", "not_ours", "withdrawn"),
        default="open",
        help="what was decided",
    )
    matches.set_defaults(run=_matches)
    refuse = verbs.add_parser(
        "not-ours",
        parents=[common],
        help="say that a match is not ours, with the reason",
        epilog="example:  holdfast watch not-ours 12 --because 'another model'",
    )
    refuse.add_argument("match", type=int, metavar="MATCH")
    refuse.add_argument("--because", required=True, metavar="WORDS")
    refuse.set_defaults(run=_refuse)
    reopen = verbs.add_parser(
        "reopen",
        parents=[common],
        help="take back what was said about a match",
        epilog="example:  holdfast watch reopen 12",
    )
    reopen.add_argument("match", type=int, metavar="MATCH")
    reopen.set_defaults(run=_reopen)


def _add_import(verbs: Any, common: argparse.ArgumentParser) -> None:
    verb = verbs.add_parser(
        "announcements",
        parents=[common],
        help="bring in what an authority announced: a recorded answer, a download, a table",
        epilog="example:  holdfast import announcements cpsc.json --from cpsc",
    )
    option = verb.add_argument
    option("file", metavar="FILE", help="JSON, JSON lines, XML, RSS, CAP, CSV; .gz and .zst too")
    option("--from", dest="source", required=True, metavar="SOURCE", help="openfda, cpsc, rss, …")
    option("--authority", default="", metavar="NAME", help="whose it is, for rss, cap and csv")
    option("--rejects", metavar="FILE.csv", help="write the records that could not be read")
    option("--dry-run", action="store_true", help="do everything but keep nothing")
    verb.set_defaults(run=_import)


def _import(options: argparse.Namespace) -> Answer:
    from holdfast.decision.announcements.actions import import_announcements
    from holdfast.doors.cli.acting import actor, now
    from holdfast.supply.imports.rejects import write_rejects

    if options.rejects:
        write_rejects(options.rejects, ())
    taken = import_announcements(
        path=options.file,
        source=options.source,
        authority=options.authority,
        by=actor(options),
        now=now(),
        is_rehearsal=options.dry_run,
    )
    if options.rejects:
        write_rejects(options.rejects, [_Unread(one) for one in taken.rejected])
    data = taken.as_json()
    if options.dry_run:
        data["dry_run"] = True
    return Answer(data, _taken(options, taken), 1 if taken.rejected else 0)


class _Unread:
    """A record that could not be read, as a rejected row."""

    line, column, reason = 0, "", "not readable as a recall"

    def __init__(self, found: object) -> None:
        self.raw = str(found)[:2000]


def _taken(options: argparse.Namespace, taken: Taken) -> str:
    lines = [
        f"{taken.rows:,} records: {taken.new:,} new, {taken.changed:,} changed, "
        f"{taken.known:,} as before, {len(taken.rejected):,} not readable."
    ]
    if taken.joined:
        lines.append(f"{taken.joined:,} are the same recall as one of another authority.")
    if taken.ended.withdrawn or taken.ended.superseded:
        lines.append(
            f"{taken.ended.withdrawn:,} earlier ones were withdrawn by the authority, "
            f"{taken.ended.superseded:,} replaced: holdfast watch matches --state withdrawn"
        )
    lines += [f"  {one.sentence}" for one in taken.drift[:20]]
    if len(taken.drift) > 20:
        lines.append(f"  … and {len(taken.drift) - 20:,} more (--json has all)")
    if options.dry_run:
        lines.append("Nothing was stored: this was a rehearsal (--dry-run).")
    else:
        lines.append("Next: holdfast watch matches")
    return "\n".join(lines)


def _feeds(options: argparse.Namespace) -> Answer:
    from holdfast.decision.announcements.queries import feed_lines

    if options.on or options.off:
        _switch(options)
    lines = feed_lines()
    data = [_feed_data(one) for one in lines]
    text = [_feed_words(one) for one in lines]
    return Answer({"feeds": data}, "\n".join(text))


def _switch(options: argparse.Namespace) -> None:
    from holdfast.decision.announcements.actions import add_feed, switch_feed
    from holdfast.decision.announcements.queries import feed_of
    from holdfast.decision.announcements.sources import source_named
    from holdfast.doors.cli.acting import actor, now

    by, at = actor(options), now()
    if options.off:
        switch_feed(feed=feed_of(options.off), is_on=False, by=by, now=at)
    if options.on:
        key, _, number = options.on.partition(":")
        if number or (source_named(key).needs_address and not options.url):
            feed = feed_of(options.on)
        else:
            feed = add_feed(source=key, authority=options.authority, url=options.url, by=by, now=at)
        switch_feed(feed=feed, is_on=True, every_hours=options.every, by=by, now=at)


def _feed_data(line: FeedLine) -> dict[str, object]:
    feed = line.feed
    return {
        "feed": line.name,
        "name": line.source.name,
        "authority": feed.authority if feed else line.source.authority,
        "url": feed.url if feed else "",
        "on": bool(feed and feed.is_on),
        "every_hours": feed.every_hours if feed else line.source.hours,
        "announcements": line.announcements,
        "tried_at": feed.tried_at if feed else None,
        "heard_at": feed.heard_at if feed else None,
        "next_at": feed.next_at if feed else None,
        "failures": feed.failures if feed else 0,
        "said": feed.last_words if feed else "",
        "drift": [one["sentence"] for one in feed.drift] if feed else [],
        "needs_keys": list(line.missing_keys),
        "unknown": line.source.unknown,
    }


def _feed_words(line: FeedLine) -> str:
    feed = line.feed
    state = "on " if feed and feed.is_on else "off"
    said = f"{line.announcements:,} announcements"
    if feed and feed.heard_at:
        said += f"; last heard {feed.heard_at:%Y-%m-%d %H:%M} UTC: {feed.last_words}"
    elif feed and feed.last_words:
        said += f"; never heard: {feed.last_words}"
    words = [f"{state} {line.name:12} {line.source.name}: {said}"]
    if feed and feed.failures:
        words.append(f"    failed {feed.failures} times in a row: {feed.last_words}")
    words += [f"    {one['sentence']}" for one in (feed.drift if feed else [])[:5]]
    return "\n".join(words)


def _fetch(options: argparse.Namespace) -> Answer:
    from django.conf import settings
    from django.utils.module_loading import import_string

    from holdfast.decision.announcements.jobs import fetch_feed
    from holdfast.decision.announcements.models import Feed
    from holdfast.decision.announcements.queries import feed_of
    from holdfast.doors.cli.acting import actor, now

    by = actor(options)
    feeds = [feed_of(options.feed)] if options.feed else list(Feed.objects.filter(is_on=True))
    transport = import_string(settings.FEED_TRANSPORT) if settings.FEED_TRANSPORT else None
    data, text, failed = [], [], False
    for feed in feeds:
        said = fetch_feed(feed=feed, transport=transport, by=by, now=now())
        feed.refresh_from_db()
        failed |= bool(feed.failures)
        data.append({"feed": feed.source, "authority": feed.authority, "said": said,
                     "failures": feed.failures, "drift": feed.drift})  # fmt: skip
        text.append(f"{feed.authority}: {said or 'somebody else asks just now'}")
        text += [f"  {one['sentence']}" for one in feed.drift[:10]]
    if not feeds:
        text = ["No feed is on, so nothing was asked.", "Next: holdfast watch feeds --on cpsc"]
    return Answer({"fetched": data}, "\n".join(text), 1 if failed else 0)


def _matches(options: argparse.Namespace) -> Answer:
    from holdfast.decision.announcements.models import Announcement
    from holdfast.decision.announcements.queries import match_counts, open_matches

    found = open_matches(options.state)
    shown = list(found[:MOST_SHOWN])
    waiting = Announcement.objects.filter(needs_matching=True).count()
    data = {
        "counts": match_counts(),
        "announcements": Announcement.objects.count(),
        "not_matched_yet": waiting,
        "matches": [_match_data(one) for one in shown],
        "left_out": max(0, found.count() - len(shown)),
    }
    text = [_match_words(one) for one in shown[:20]]
    if not shown:
        text = [
            f"No visible match among {data['announcements']:,} announcements. "
            "That does not mean that a product is safe."
        ]
    if waiting:
        text.append(f"{waiting:,} announcements are still to be matched.")
    return Answer(data, "\n".join(text))


def _match_data(match: CatalogueMatch) -> dict[str, object]:
    row, product = match.announcement, match.product
    return {
        "match": match.pk,
        "answer": match.answer,
        "score": float(match.score),
        "reason": match.reason,
        "state": match.state,
        "because": match.because,
        "recall": match.recall_ref,
        "product": {"sku": product.code, "title": product.title, "gtin": product.gtin},
        "announcement": {
            "id": row.pk,
            "authority": row.authority,
            "number": row.number,
            "title": row.title,
            "published_on": row.published_on,
            "hazard": row.hazard,
            "hazards": row.hazards,
            "url": row.url,
            "withdrawn_by": row.ended_by.number if row.ended_by and row.is_withdrawn else None,
            "superseded_by": row.ended_by.number if row.ended_by and not row.is_withdrawn else None,
        },
    }


def _match_words(match: CatalogueMatch) -> str:
    row = match.announcement
    day = f", {row.published_on:%Y-%m-%d}" if row.published_on else ""
    gone = "".join(f"\n    {match.because}" for _ in (1,) if match.state == "withdrawn")
    return (
        f"{match.answer:8} no. {match.pk}: {match.product.code} {match.product.title[:60]}\n"
        f"    {row}{day}: {row.title[:100]}\n    {match.reason}{gone}"
    )


def _refuse(options: argparse.Namespace) -> Answer:
    from holdfast.decision.announcements.actions import refuse_match
    from holdfast.decision.announcements.queries import match_numbered
    from holdfast.doors.cli.acting import actor, now

    match = refuse_match(
        match=match_numbered(options.match), because=options.because, by=actor(options), now=now()
    )
    return Answer(_match_data(match), f"Match no. {match.pk} is not ours: {match.because}")


def _reopen(options: argparse.Namespace) -> Answer:
    from holdfast.decision.announcements.actions import reopen_match
    from holdfast.decision.announcements.queries import match_numbered
    from holdfast.doors.cli.acting import actor, now

    match = reopen_match(match=match_numbered(options.match), by=actor(options), now=now())
    return Answer(_match_data(match), f"Match no. {match.pk} is open again.")
