"""`recall bounces`: what mail servers reported later about messages they had taken."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from holdfast.doors.cli.answer import Answer


def add(commands: argparse._SubParsersAction, common: argparse.ArgumentParser) -> None:  # type: ignore[type-arg]
    """Add `recall bounces`."""
    verb = commands.recall_verbs.add_parser(  # type: ignore[attr-defined]
        "bounces",
        parents=[common],
        help="take in messages that came back",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="FILE is one mail (.eml), a mailbox (mbox) or a folder of them, Maildir too.\n"
        "Nothing in it is changed, and taking it in again changes nothing more. Exit 1 when\n"
        "some mails were no report, or about no message of ours: listed, they change nothing.\n"
        "HOLDFAST_BOUNCES=DIR has a worker look into a folder every minute.\n"
        "example:  holdfast recall bounces returned.mbox",
    )
    verb.add_argument("file", metavar="FILE", help="a mail, a mailbox, or a folder")
    verb.set_defaults(run=_bounces)


def _bounces(options: argparse.Namespace) -> Answer:
    from holdfast.doors.cli import acting
    from holdfast.response.outreach.postbox import take_in

    found = take_in(Path(options.file), by=acting.actor(options), now=acting.now())
    data = found.as_json()
    return Answer(data, _words(data), 1 if data["unmatched"] or data["not_reports"] else 0)


def _words(data: dict[str, Any]) -> str:
    lines = [
        f"{data['mails']} mails, {data['reports']} reports: {data['failed']} messages came back,"
        f" {data['delayed']} delayed, {data['delivered']} delivered, {data['known']} known before,"
        f" {data['unmatched']} about no message of ours; {data['not_reports']} mails were no report"
    ]
    lines += [f"  {one['file']}, mail {one['mail']}: {one['why']}" for one in data["listed"]]
    if data["left_out"]:
        lines.append(f"  and {data['left_out']} more")
    return "\n".join(lines)
