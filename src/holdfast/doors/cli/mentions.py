"""What people say in public, on the command line: taking it in, and what to look at first."""

from __future__ import annotations

import argparse

from holdfast.doors.cli.answer import Answer

MOST_SHOWN = 1_000
SHOWN = 40


def add(commands: argparse._SubParsersAction, common: argparse.ArgumentParser) -> None:  # type: ignore[type-arg]
    """Add `import mentions` and `mentions`."""
    verb = commands.import_verbs.add_parser(  # type: ignore[attr-defined]
        "mentions",
        parents=[common],
        help="bring in posts and articles: a table, or mails (.eml, .mbox)",
        epilog="example:  holdfast import mentions posts.csv --map text=Beitrag",
    )
    verb.add_argument("file", metavar="FILE", help="CSV, TSV, XLSX, .eml or .mbox")
    verb.add_argument("--map", action="append", default=[], metavar="FIELD=COLUMN")
    verb.add_argument("--dates", choices=("dmy", "mdy"), default="", help="how 03/04/2026 is meant")
    verb.add_argument("--source", default="", metavar="NAME", help="whose posts these are")
    verb.add_argument("--recall", default="", metavar="R", help="the recall they are about")
    verb.add_argument("--rejects", metavar="FILE.csv", help="write the rejected rows with reasons")
    verb.set_defaults(run=_import)
    listing = commands.add_parser(
        "mentions",
        parents=[common],
        help="what people say in public, ranked by harm, reach and novelty",
        epilog="example:  holdfast mentions --tag injury --json",
    )
    listing.add_argument("--tag", default="", metavar="TAG", help="only these")
    listing.add_argument("--state", default="open", help="open, answered, corrected, ignored …")
    listing.add_argument("--recall", default="", metavar="R", help="only about this recall")
    listing.set_defaults(run=_list)


def _import(options: argparse.Namespace) -> Answer:
    from zoneinfo import ZoneInfo

    from holdfast.decision.recalls.queries.recalls import recall_named
    from holdfast.doors.cli.acting import actor, now
    from holdfast.ground.access.queries import organisation
    from holdfast.kit.refusals import Unreadable
    from holdfast.response.answers.actions import Outcome, add_mention_source, take_in_posts
    from holdfast.response.answers.opening import COLUMNS, open_posts
    from holdfast.supply.imports.rejects import write_rejects

    by, at = actor(options), now()
    pairs = [pair.partition("=") for pair in options.map]
    bad = [name for name, _sign, column in pairs if name not in COLUMNS or not column]
    if bad:
        raise Unreadable("bad_map", f"--map {bad[0][:40]}: no such field.", hint=", ".join(COLUMNS))
    recall = recall_named(options.recall) if options.recall else None
    maps = {name: column for name, _sign, column in pairs}
    zone = ZoneInfo(organisation().zone or "UTC")
    opened = open_posts(options.file, zone=zone, maps=maps, dates=options.dates)
    if options.rejects:
        write_rejects(options.rejects, ())
    kind = "mail" if opened.kind == "mail" else "file"
    source = add_mention_source(kind=kind, title=options.source or kind, by=by, now=at)
    outcome = Outcome()
    for line, column, reason in opened.rejects:
        outcome.reject(line, column, reason)
    take_in_posts(posts=opened.posts, source=source, recall=recall, outcome=outcome, by=by, now=at)
    rejects = sorted(outcome.rejects)
    if options.rejects:
        write_rejects(options.rejects, [_Rejected(*one) for one in rejects])
    data = {
        **outcome.as_json(),
        **opened.reading,
        "rejects": [
            {"line": line, "column": column, "reason": reason}
            for line, column, reason in rejects[:100]
        ],
    }
    lines = [
        f"{outcome.rows:,} rows: {outcome.imported:,} imported, {outcome.merged:,} merged, "
        f"{outcome.rejected:,} rejected."
    ]
    lines += [f"  line {line}: {reason}" for line, _column, reason in rejects[:10]]
    lines.append("Next: holdfast mentions")
    return Answer(data, "\n".join(lines), 1 if outcome.rejected else 0)


class _Rejected:
    raw = ""

    def __init__(self, line: int, column: str, reason: str) -> None:
        self.line, self.column, self.reason = line, column, reason


def _list(options: argparse.Namespace) -> Answer:
    from holdfast.decision.recalls.queries.recalls import recall_named
    from holdfast.kit.listening.reading import tags as every_tag
    from holdfast.kit.refusals import Unreadable
    from holdfast.response.answers.lifecycle import OPEN, SETTLED
    from holdfast.response.answers.queries import counts, mentions, rank_of

    for said, known, what in (
        (options.tag, [one.key for one in every_tag()], "tag"),
        (options.state, [OPEN, *SETTLED], "state"),
    ):
        if said and said not in known:
            raise Unreadable(
                f"unknown_{what}", f"No {what} is called “{said[:40]}”.", hint=", ".join(known)
            )
    recall = recall_named(options.recall) if options.recall else None
    found = mentions(state=options.state, tag=options.tag, recall=recall)
    total, tags = counts(state=options.state)
    rows: list[dict[str, object]] = []
    lines = [f"{total:,} {options.state}, by harm × reach × novelty:"]
    for one in found[:MOST_SHOWN]:
        rank = rank_of(one)
        keys = [tag["tag"] for tag in one.tags]
        rows.append(
            {
                "mention": one.pk,
                "text": one.text,
                "url": one.url,
                "language": one.language,
                "tags": one.tags,
                "hazards": one.hazards,
                "copies": one.copies,
                "rank": {
                    "score": round(rank.score, 2),
                    "harm": rank.harm,
                    "reach": round(rank.reach, 2),
                    "novelty": round(rank.novelty, 2),
                },
                "recall": one.recall.ref if one.recall else None,
                "state": one.state,
            }
        )
        text = " ".join(one.text.split())[:90]
        lines.append(f"  {rank.score:6.1f}  {one.pk:>5}  {', '.join(keys) or '–':24} {text}")
    data: dict[str, object] = {
        "state": options.state,
        "mentions": rows,
        "left_out": max(0, found.count() - len(rows)),
        "total": total,
        "tags": tags,
    }
    if len(lines) > SHOWN:
        lines[SHOWN:] = [f"  … and {len(lines) - SHOWN:,} more (--json)"]
    return Answer(data, "\n".join(lines))
