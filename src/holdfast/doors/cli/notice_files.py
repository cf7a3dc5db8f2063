"""The print room of `recall notify`: letters, a mail-merge table, .eml files, one page."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from holdfast.doors.cli.answer import Answer
from holdfast.kit.refusals import Unreadable


def add_files(commands: Any) -> None:
    """`recall notify` writes files too; the flags are added where its own are."""
    verb = commands.recall_verbs.choices.get("notify")
    if verb is None:
        return
    files = verb.add_argument_group("files instead of, or beside, a mail server")
    files.add_argument("--letters", metavar="FILE.pdf", help="print-ready letters, one sheet each")
    files.add_argument("--paper", choices=("a4", "letter"), default="a4")
    files.add_argument(
        "--letters-to",
        choices=("all", "without-email"),
        default="all",
        help="everybody with a postal address (default), or those no e-mail reaches",
    )
    files.add_argument("--merge", metavar="FILE.csv", help="a table for a mail merge")
    files.add_argument("--eml", metavar="FILE.zip", help="one message file a person")
    files.add_argument("--page", metavar="FILE.html", help="the notice as one page to upload")
    files.add_argument(
        "--page-law", metavar="REGIME", default="", help="its law, if not the own one"
    )
    send = verb.get_default("run")
    verb.set_defaults(run=lambda options: _files_and_send(options, send))


def _files_and_send(options: argparse.Namespace, send: Callable[..., Answer]) -> Answer:
    """Write the files that are asked for, then let `notify` do or tell the rest."""
    asked = {
        form: getattr(options, form)
        for form in ("letters", "merge", "eml", "page")
        if getattr(options, form)
    }
    if not asked:
        return send(options)
    files = {} if options.dry_run else _write_files(options, asked)
    answer = send(options)
    answer.data["files"] = files
    answer.text = "\n".join(
        [answer.text, *(f"{form}: {one['people']} in {one['file']}" for form, one in files.items())]
    ).strip()
    return answer


def _write_files(options: argparse.Namespace, asked: dict[str, str]) -> dict[str, Any]:
    from django.conf import settings

    from holdfast.decision.recalls.queries import recall_named
    from holdfast.doors.cli import acting
    from holdfast.response.notices.actions import write_notice_file

    by, now = acting.actor(options), acting.now()
    recall = recall_named(options.recall)
    for name in asked.values():
        if not Path(name).resolve().parent.is_dir():
            raise Unreadable("no_folder", f"There is no folder for “{name}”.", file=name)
    files: dict[str, Any] = {}
    for form, name in asked.items():
        made = write_notice_file(
            recall=recall,
            form=form,
            key=settings.LINK_KEY,
            public_url=settings.PUBLIC_URL,
            paper=options.paper,
            only_without_email=options.letters_to == "without-email",
            law=options.page_law,
            by=by,
            now=now,
        )
        Path(name).write_bytes(made.content)
        files[form] = {"file": name, "people": made.people, "sha256": made.sha256}
        files[form]["remarks"] = list(made.remarks)
        if form == "letters":
            files[form]["paper"] = options.paper
    return files
