"""Reads the command line, runs one command, and turns refusals into exit codes."""

from __future__ import annotations

import argparse
import importlib
import json
import os
import re
import sys
import traceback
from collections.abc import Callable, Sequence
from datetime import date, time
from decimal import Decimal
from functools import cache
from typing import Any, NoReturn

from holdfast import __version__
from holdfast.doors.cli import rehearsing
from holdfast.kit.refusals import Refusal, Unreadable

# One module a command group; each has `add(commands, common)`.
GROUPS = (
    "serving",
    "demo",
    "importing",
    "importing_events",
    "importing_epcis",
    "watching",
    "watching_alarms",
    "watching_investigations",
    "watching_photographs",
    "mentions",
    "patterns",
    "tracing",
    "trace_exporting",
    "tracking",
    "recalls",
    "risk",
    "sampling",
    "recall_clocks",
    "recall_duties",
    "notify",
    "bounces",
    "notices",
    "units",
    "evidence",
    "backups",
    "drills",
    "duties",
    "law",
    "filings",
    "people",
    "doctor",
    "benching",
    "benching_signals",
    "benching_match",
)


_PARTS = re.compile(r"-?\d+\.\d+")


class Parser(argparse.ArgumentParser):
    """An argument parser that refuses as Holdfast refuses."""

    def error(self, message: str) -> NoReturn:
        raise Unreadable("usage", message, hint=f"Try `{self.prog} --help`.")


@cache
def parser() -> Parser:
    """The whole command line; cheap to build, since groups import heavy things only when run."""
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--json", action="store_true", help="print exactly one JSON object")
    common.add_argument("--home", metavar="DIR", help="the folder with all state")
    common.add_argument("--as", dest="person", metavar="PERSON", help="who acts: e-mail or name")
    top = Parser(
        prog="holdfast",
        description="Product recalls from the first alarm to the last unit accounted for.",
        epilog="example:  holdfast demo",
    )
    top.add_argument("--version", action="version", version=f"holdfast {__version__}")
    top.add_argument("--home", metavar="DIR", dest="top_home", help="the folder with all state")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", parser_class=Parser)
    for group in GROUPS:
        importlib.import_module(f"holdfast.doors.cli.{group}").add(commands, common)
    rehearsing.offer(top)
    _lend_examples(top)
    return top


def _lend_examples(node: argparse.ArgumentParser) -> str:
    """A group without an example of its own shows the first short one of its commands."""
    groups = [one for one in node._actions if isinstance(one, argparse._SubParsersAction)]
    below = [_lend_examples(child) for group in groups for child in group.choices.values()]
    found = re.search(r"example:\s+holdfast .*", node.epilog or "")
    if found:
        return found.group()
    short = next((one for one in below if one and not one.endswith((" ", "\\"))), "")
    if groups and not node.epilog:
        node.epilog = short or None
        node.formatter_class = argparse.RawDescriptionHelpFormatter
    return short


def run(argv: Sequence[str], *, start: Callable[[], None]) -> int:
    """Run one command; the exit code is that of `contracts.md`. `start` wakes the house."""
    wants_json = "--json" in argv
    try:
        return _run(argv, wants_json, start)
    except Refusal as refusal:
        return _refuse(refusal, wants_json)
    except KeyboardInterrupt:
        return _refuse(
            _Interrupted("interrupted", "Interrupted; nothing half-done is kept."), wants_json
        )
    except SystemExit as leave:
        return int(leave.code or 0) if not isinstance(leave.code, str) else 2
    except Exception as error:  # a bug: say so, keep the traceback for the report
        if wants_json:
            _print_json(
                {
                    "error": {
                        "code": "bug",
                        "message": repr(error),
                        "file": None,
                        "line": None,
                        "column": None,
                        "hint": "This is a fault in Holdfast; please report it.",
                    }
                }
            )
        traceback.print_exc()
        return 70


def settle() -> None:
    """Do what follows from what a command did; doors know it only by its name in the settings."""
    from django.conf import settings
    from django.utils.module_loading import import_string

    import_string(settings.AFTER_COMMAND)()


class _Interrupted(Refusal):
    exit_code = 130


def _run(argv: Sequence[str], wants_json: bool, start: Callable[[], None]) -> int:
    top = parser()
    options = top.parse_args(argv)
    folder = getattr(options, "home", None) or options.top_home
    if not folder and "HOLDFAST_HOME" not in os.environ and hasattr(options, "folder_in_home"):
        folder = os.path.join(os.path.expanduser("~"), ".holdfast", options.folder_in_home)
    if folder:
        os.environ["HOLDFAST_HOME"] = folder
    if not options.command or not hasattr(options, "run"):
        top.print_help(sys.stderr if wants_json else sys.stdout)
        return 2 if wants_json or options.command else 0
    if getattr(options, "needs_database", True):
        start()
    if getattr(options, "rehearse", False):
        answer = rehearsing.rehearse(options)
    else:
        answer = options.run(options)
        if getattr(options, "needs_database", True):
            settle()
    if wants_json:
        _print_json(answer.data if answer.entries is None else answer.entries)
    elif answer.text:
        _say(answer.text)
    return answer.exit_code


def _refuse(refusal: Refusal, wants_json: bool) -> int:
    if wants_json:
        _print_json({"error": refusal.as_json()})
    where = ":".join(str(p) for p in (refusal.file, refusal.line, refusal.column) if p)
    lines = [f"holdfast: {where + ': ' if where else ''}{refusal.message}"]
    if refusal.hint:
        lines.append(f"  {refusal.hint}")
    print("\n".join(lines), file=sys.stderr)
    return refusal.exit_code


def _print_json(data: dict[str, object] | list[dict[str, object]]) -> None:
    told = _counted(data)
    _say(json.dumps(told, ensure_ascii=False, default=_spelled, allow_nan=False))


def _spelled(value: object) -> object:
    """What JSON has no form of: quantities as numbers, times as ISO 8601, the rest in words."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value.isoformat() if isinstance(value, date | time) else str(value)


def _counted(value: Any, name: str = "") -> Any:
    """Units are numbers, also where a part of one was sold: the journal keeps these as text."""
    if isinstance(value, dict):
        return {key: _counted(one, str(key)) for key, one in value.items()}
    if isinstance(value, list):
        return [_counted(one, name) for one in value]
    if isinstance(value, str) and name.startswith("units") and _PARTS.fullmatch(value):
        return float(value)
    return value


def _say(words: str) -> None:
    """Print; whoever read from us may have left (`| head`), which changes nothing we did."""
    try:
        print(words, flush=True)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
