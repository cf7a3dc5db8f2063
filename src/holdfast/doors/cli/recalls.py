"""Recalls: open, scope, decide, hold, status, close, and check on the command line."""

from __future__ import annotations

import argparse


def add(commands: argparse._SubParsersAction, common: argparse.ArgumentParser) -> None:  # type: ignore[type-arg]
    """Add the group `recall`; other groups hang their verbs on `commands.recall_verbs`."""
    group = commands.add_parser("recall", help="run a recall")
    verbs = group.add_subparsers(dest="verb", metavar="VERB", required=True)
    commands.recall_verbs = verbs  # type: ignore[attr-defined]
