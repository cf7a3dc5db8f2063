"""Backup and restore on the command line."""

from __future__ import annotations

import argparse
from pathlib import Path

from holdfast.doors.cli.answer import Answer


def add(commands: argparse._SubParsersAction, common: argparse.ArgumentParser) -> None:  # type: ignore[type-arg]
    """Add `backup` and `restore`."""
    backup = commands.add_parser(
        "backup",
        parents=[common],
        help="copy this instance into one file while it is in use",
        epilog="example:  holdfast backup holdfast.backup",
    )
    backup.add_argument("file", type=Path, metavar="FILE")
    backup.set_defaults(run=_backup)
    restore = commands.add_parser(
        "restore",
        parents=[common],
        help="unpack a backup into a new home; it sends nothing until it is confirmed",
        epilog="example:  holdfast restore holdfast.backup --to restored",
    )
    restore.add_argument("file", type=Path, metavar="FILE")
    restore.add_argument("--to", type=Path, required=True, metavar="DIR", help="the new home")
    restore.set_defaults(run=_restore, needs_database=False)


def _backup(options: argparse.Namespace) -> Answer:
    from django.conf import settings
    from django.db import connection

    from holdfast.doors.cli.acting import actor
    from holdfast.ground.access.permissions import require
    from holdfast.ground.evidence.backups import back_up
    from holdfast.kit.refusals import Unreadable

    require(actor(options), "settings.change")
    if connection.vendor != "sqlite":
        raise Unreadable(
            "not_embedded",
            "This instance keeps its tables in PostgreSQL, which has its own backups.",
            hint="Use pg_dump or pg_basebackup for the tables, and copy the home folder with "
            "files/, trace/ and *.key, without instance.json.",
        )
    connection.ensure_connection()
    done = back_up(home=settings.HOME, live=connection.connection, out=options.file)
    text = (
        f"{done['out']}: {done['bytes']} bytes, journal of {done['journal']['entries']} entries, "
        f"root {done['journal']['root']}\n"
        "It holds personal data and the keys of personal links: keep it as such."
    )
    return Answer(done, text)


def _restore(options: argparse.Namespace) -> Answer:
    from holdfast.ground.evidence.backups import restore

    done = restore(backup=options.file, to=options.to)
    text = (
        f"{done['home']}: restored, journal of {done['journal']['entries']} entries. "
        "It sends nothing until somebody confirms that it replaces the original."
    )
    return Answer(done, text)
