"""Duties on the command line: who must be told what, by when; without a database."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from holdfast.doors.cli.answer import Answer
from holdfast.kit.refusals import Unreadable

if TYPE_CHECKING:
    from holdfast.kit.regimes.duties import Duties, Duty


def add(commands: argparse._SubParsersAction, common: argparse.ArgumentParser) -> None:  # type: ignore[type-arg]
    """Add `duties`."""
    verb = commands.add_parser(
        "duties",
        parents=[common],
        help="who must be told what, by when; with the source of every duty",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="Facts: NAME=TIME, NAME@COUNTRY=TIME or REGIME.NAME=TIME; a time has its offset.\n"
        "Exit 1: a country without data, a fact in doubt, or a fact that is missing.\n"
        "example:  holdfast duties --sold-in DE,US,JP --category toys --role importer "
        "--fact first_information=2026-11-20T22:15:00-05:00",
    )
    option = verb.add_argument
    option("--sold-in", action="append", default=[], metavar="DE,US", help="countries of sale")
    option("--category", action="append", default=[], metavar="NAME", help="what it is: toys, food")
    option(
        "--role", action="append", default=[], metavar="[CC=]ROLE", help="what we are; per country"
    )
    option("--fact", action="append", default=[], metavar="NAME=TIME", help="when something was so")
    verb.set_defaults(run=_duties, needs_database=False)


def _duties(options: argparse.Namespace) -> Answer:
    from holdfast.kit.regimes.answers import as_json
    from holdfast.kit.regimes.clock_facts import parse_fact
    from holdfast.kit.regimes.duties import Question, duties
    from holdfast.kit.regimes.places import category, place
    from holdfast.kit.regimes.roles import roles_of

    question = Question(
        sold_in=tuple(dict.fromkeys(place(one) for one in _listed(options.sold_in, "--sold-in"))),
        categories=tuple(category(one) for one in _listed(options.category, "--category")),
        roles=roles_of(_listed(options.role, "--role")),
        facts=tuple(parse_fact(one) for one in options.fact),
    )
    found = duties(question, now=datetime.now(UTC))
    is_open = bool(found.gaps or found.doubts)
    return Answer(text=_words(found), entries=as_json(found), exit_code=1 if is_open else 0)


def _listed(given: list[str], option: str) -> list[str]:
    words = [word.strip() for text in given for word in text.split(",") if word.strip()]
    if not words:
        raise Unreadable(
            "usage",
            f"{option} is missing: without it nobody can say which duties there are.",
            hint="For example: holdfast duties --sold-in DE,US --category toys --role importer.",
        )
    return words


def _words(found: Duties) -> str:
    lines = [_line(duty) for duty in found.duties]
    lines += [f"{gap.place.code}: {gap.why}" for gap in found.gaps]
    lines += [f"Check: {doubt}" for doubt in found.doubts]
    return "\n".join(lines)


def _line(duty: Duty) -> str:
    from holdfast.kit.regimes.answers import local_text

    head = f"{duty.place.code}  {duty.obligation.name}  ({duty.regime.id}.{duty.obligation.id})"
    if duty.due_at:
        when = f"due {local_text(duty.due_at, duty.zone)}"
    elif duty.missing:
        when = "say when: " + " or ".join(duty.missing)
        if duty.at_latest:
            when += f"; at the latest {local_text(duty.at_latest, duty.zone)}"
    elif duty.target_at:
        when = f"{duty.rule}; our own target {local_text(duty.target_at, duty.zone)}"
    else:
        when = duty.rule
    sure = "" if duty.obligation.confidence == "verified" else "  [to be confirmed by counsel]"
    return f"{head}\n    {when}\n    {duty.obligation.citation}{sure}"
