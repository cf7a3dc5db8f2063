"""`--dry-run` for commands that only change rows: they run in full, and nothing of it is kept."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from holdfast.doors.cli.answer import Answer
from holdfast.kit.refusals import Unreadable

# Commands with files or sends of their own have a --dry-run of their own.
REHEARSED = (
    "recall decide",
    "recall class",
    "recall hold",
    "recall clock",
    "recall duty",
    "recall fact",
    "recall filing",
    "recall letter",
    "law confirm",
    "recall close",
    "recall reopen",
    "recall withdraw",
    "recall notice",
    "recall remedies",
    "recall bounces",
    "people add",
    "evidence erase",
    "import mentions",
    "import rejected",
    "watch not-ours",
    "watch reopen",
    "watch score",
    "watch alarm",
    "watch investigate",
    "watch investigation",
    "watch open-recall",
    "watch budget",
    "watch photographs",
)

# What these name is a file on disk, which no transaction takes back.
WRITES_FILES = {
    "recall filing": ("export", "preview", "receipt"),
    "recall letter": ("file",),
    "watch investigation": ("evidence",),
    "import mentions": ("rejects",),
    "import rejected": ("csv",),
    "watch photographs": ("out",),
}


def offer(top: argparse.ArgumentParser) -> None:
    """Add `--dry-run` to every command of the list."""
    for words, command in commands(top):
        if words in REHEARSED:
            command.add_argument(
                "--dry-run", dest="rehearse", action="store_true", help="do it, keep nothing of it"
            )


def commands(
    parser: argparse.ArgumentParser, words: str = ""
) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """Every command that can be run, with its words."""
    groups = [a for a in parser._actions if isinstance(a, argparse._SubParsersAction)]
    if not groups:
        yield words, parser
    for group in groups:
        for word, child in group.choices.items():
            yield from commands(child, f"{words} {word}".strip())


def rehearse(options: argparse.Namespace) -> Answer:
    """Run the command inside a transaction that is rolled back."""
    from django.db import transaction

    _refuse_files(options)
    with transaction.atomic():
        answer: Answer = options.run(options)
        transaction.set_rollback(True)
    answer.data["dry_run"] = True
    answer.text = f"{answer.text}\nNothing of this was kept: --dry-run.".lstrip()
    return answer


def _refuse_files(options: argparse.Namespace) -> None:
    words = f"{options.command} {getattr(options, 'verb', '')}".strip()
    named = [name for name in WRITES_FILES.get(words, ()) if getattr(options, name, None)]
    if named:
        raise Unreadable(
            "not_rehearsed",
            f"--dry-run keeps nothing, and --{named[0]} keeps a file.",
            hint=f"Leave --{named[0]} out to see what the rest would do.",
        )
