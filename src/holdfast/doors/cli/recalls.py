"""Recalls: open, scope, decide, hold, status, close, and check on the command line."""

from __future__ import annotations

import argparse


def add(commands: argparse._SubParsersAction, common: argparse.ArgumentParser) -> None:  # type: ignore[type-arg]
    """Add this group's commands."""
