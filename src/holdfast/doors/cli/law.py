"""The law as the data has it, on the command line: what is known where, what counsel confirmed."""

from __future__ import annotations

import argparse
from datetime import UTC, date, datetime
from typing import Any

from holdfast.doors.cli.answer import Answer
from holdfast.kit.refusals import Unreadable


def add(commands: argparse._SubParsersAction, common: argparse.ArgumentParser) -> None:  # type: ignore[type-arg]
    """Add the group `law`."""
    group = commands.add_parser("law", help="what the data knows of the law, and what is confirmed")
    verbs = group.add_subparsers(dest="verb", metavar="VERB", required=True)
    cover = verbs.add_parser(
        "coverage",
        parents=[common],
        help="country × kind of product × matter, with what is missing shown as missing",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="Exit 1: a country has no law in the data for a kind of product.\n"
        "example:  holdfast law coverage --sold-in DE,US --category toys",
    )
    cover.add_argument("--sold-in", action="append", default=[], metavar="DE,US")
    cover.add_argument("--category", action="append", default=[], metavar="NAME")
    cover.set_defaults(run=_coverage, needs_database=False)
    confirm = verbs.add_parser(
        "confirm",
        parents=[common],
        help="record that counsel confirmed a statement of the data",
        epilog='example:  holdfast law confirm us_cpsc_consumer.s102_choking --by "R. Recht" '
        '--on 2026-11-20 --source "16 CFR 1117.4" --value "24 hours"',
    )
    confirm.add_argument("statement", metavar="REGIME.OBLIGATION|MATTER")
    confirm.add_argument("--by", default="", dest="counsel", help="who confirmed it")
    confirm.add_argument("--on", default="", metavar="DAY", help="on what day")
    confirm.add_argument("--source", default="", help="what they read")
    confirm.add_argument("--value", default="", help="what it says")
    confirm.set_defaults(run=_confirm)


def _coverage(options: argparse.Namespace) -> Answer:
    from holdfast.kit.regimes.coverage import coverage, known
    from holdfast.kit.regimes.places import category, place

    wanted = {place(one).code for one in _listed(options.sold_in)}
    kinds = {category(one).id for one in _listed(options.category)}
    cells: list[dict[str, Any]] = [
        {
            "country": cell.place.code,
            "category": cell.category.id,
            "laws": [
                {"regime": law.id, **{m: found.confidence for m, found in known(law).items()}}
                for law in cell.laws
            ],
            "is_missing": not cell.laws,
        }
        for cell in coverage(datetime.now(UTC).date())
        if (not wanted or cell.place.code in wanted) and (not kinds or cell.category.id in kinds)
    ]
    seen = {cell["country"] for cell in cells}
    cells += [
        {"country": code, "category": kind, "laws": [], "is_missing": True}
        for code in sorted(wanted - seen)
        for kind in sorted(kinds) or [""]
    ]
    gaps = [cell for cell in cells if cell["is_missing"]]
    lines = [
        f"{cell['country']}  {cell['category'] or 'anything'}: "
        + (
            "no law in the data, which does not mean no duty"
            if cell["is_missing"]
            else ", ".join(law["regime"] for law in cell["laws"])
        )
        for cell in cells
    ]
    data = {"cells": cells, "missing": len(gaps), "note": NOTE}
    return Answer(data, "\n".join([*lines, NOTE]), 1 if gaps else 0)


NOTE = "Holdfast helps you keep the law; it is not legal advice."


def _listed(given: list[str]) -> list[str]:
    return [word.strip() for text in given for word in text.split(",") if word.strip()]


def _confirm(options: argparse.Namespace) -> Answer:
    from holdfast.doors.cli.acting import actor, now
    from holdfast.kit.regimes.law import MATTERS
    from holdfast.response.duties.actions import confirm_law

    regime, _dot, what = options.statement.partition(".")
    is_matter = what in MATTERS
    kept = confirm_law(
        regime=regime,
        obligation="" if is_matter else what,
        matter=what if is_matter else "",
        confirmed_by=options.counsel,
        confirmed_on=_day(options.on),
        source=options.source,
        value_read=options.value,
        by=actor(options),
        now=now(),
    )
    data = {
        "statement": options.statement,
        "on": kept.confirmed_on.isoformat(),
        "source": kept.source,
        "value_read": kept.value_read,
    }
    return Answer(data, f"{options.statement} is confirmed as of {kept.confirmed_on.isoformat()}.")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise Unreadable(
            "bad_day", f"“{text[:40]}” is no day.", hint="Write it as 2026-11-20."
        ) from error
