"""The clocks of a recall on the command line: facts, and what the law asks about it."""

from __future__ import annotations

import argparse
from datetime import datetime
from typing import TYPE_CHECKING, Any

from holdfast.doors.cli.answer import Answer
from holdfast.kit.refusals import NotFound, Unreadable

if TYPE_CHECKING:
    from holdfast.decision.recalls.models import ClockStart, Recall
    from holdfast.kit.actors import Actor


def add(commands: argparse._SubParsersAction, common: argparse.ArgumentParser) -> None:  # type: ignore[type-arg]
    """Add `recall clock`."""
    verb = commands.recall_verbs.add_parser(  # type: ignore[attr-defined]
        "clock",
        parents=[common],
        help="when was it known, decided, begun: the facts that legal clocks count from",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="Facts: NAME=TIME, NAME@COUNTRY=TIME or REGIME.NAME=TIME; a time has its offset.\n"
        "Exit 1: a fact is in doubt, or the law cannot be asked yet.\n"
        "example:  holdfast recall clock R-2026-001 --category toys --role importer "
        "--fact capable_employee_knew=2026-11-20T22:15:00-05:00",
    )
    option = verb.add_argument
    verb.add_argument("recall", metavar="R", help="its short id: R-2026-001")
    option("--fact", action="append", default=[], metavar="NAME=TIME", help="when it was so")
    option("--zone", default="", help="the zone it was told in: America/New_York")
    option("--about", default="", metavar="WORDS", help="which accident, where there are several")
    option("--known-by", default="", metavar="WHO", help="who knew: a role or a person")
    option("--source", default="", help="what shows it: a letter, a call, a file")
    option("--withdraw", action="append", default=[], metavar="NAME", help="take a fact back")
    option("--reason", default="", help="why it is taken back")
    option("--category", action="append", default=[], metavar="NAME", help="what it is: toys, food")
    option(
        "--role", action="append", default=[], metavar="[CC=]ROLE", help="what we are; per country"
    )
    option(
        "--sold-in", action="append", default=[], metavar="DE,US", help="countries beside the scope"
    )
    verb.set_defaults(run=_clock)


def _clock(options: argparse.Namespace) -> Answer:
    from django.db import transaction

    from holdfast.decision.recalls.queries import recall_named
    from holdfast.doors.cli.acting import actor, now

    recall, by, at = recall_named(options.recall), actor(options), now()
    with transaction.atomic():  # all of one command or nothing
        _profile(options, recall, by, at)
        for name in options.withdraw:
            _withdraw(recall, name, options, by, at)
        for text in options.fact:
            _record(recall, text, options, by, at)
    return _answer(recall, at)


def _profile(options: argparse.Namespace, recall: Recall, by: Actor, at: datetime) -> None:
    from holdfast.decision.recalls.actions import set_legal_profile
    from holdfast.kit.regimes.roles import roles_of

    if not (options.category or options.role or options.sold_in):
        return
    set_legal_profile(
        recall=recall,
        categories=_listed(options.category) if options.category else None,
        sold_in=_listed(options.sold_in) if options.sold_in else None,
        roles=roles_of(_listed(options.role)) if options.role else None,
        by=by,
        now=at,
    )


def _listed(given: list[str]) -> list[str]:
    return [word.strip() for text in given for word in text.split(",") if word.strip()]


def _record(
    recall: Recall, text: str, options: argparse.Namespace, by: Actor, at: datetime
) -> None:
    from holdfast.decision.recalls.actions import record_clock_start
    from holdfast.kit.regimes.clock_facts import parse_fact
    from holdfast.kit.regimes.reading import regime
    from holdfast.kit.regimes.told_times import told_zone

    fact = parse_fact(text)
    if fact.regime:
        regime(fact.regime, fact.at.date())  # refuses one that was not in force then
    moment = fact.at.astimezone(told_zone(options.zone)) if options.zone else fact.at
    record_clock_start(
        recall=recall,
        fact=fact.name,
        at=moment,
        zone=options.zone,
        country=fact.country,
        regime=fact.regime,
        occurrence=options.about,
        known_by=options.known_by,
        source=options.source,
        by=by,
        now=at,
    )


def _withdraw(
    recall: Recall, text: str, options: argparse.Namespace, by: Actor, at: datetime
) -> None:
    from holdfast.decision.recalls.actions import withdraw_clock_start
    from holdfast.decision.recalls.queries import clock_starts

    left, _sign, country = text.strip().partition("@")
    regime, dot, name = left.partition(".")
    regime, name = (regime, name) if dot else ("", left)
    found = [
        one
        for one in clock_starts(recall)
        if (one.fact, one.country, one.regime) == (name, country.upper(), regime)
        and (not options.about or one.occurrence == options.about)
    ]
    if not found:
        raise NotFound(
            "no_fact",
            f"{recall.ref} has no fact “{text[:60]}” that counts.",
            hint=f"See what there is: holdfast recall clock {recall.ref}.",
        )
    if len(found) > 1:
        named = ", ".join(f"--about “{one.occurrence}”" for one in found)
        raise Unreadable("which_fact", f"“{text[:60]}” is there {len(found)} times.", hint=named)
    withdraw_clock_start(clock_start=found[0], reason=options.reason, by=by, now=at)


def _answer(recall: Recall, at: datetime) -> Answer:
    from holdfast.decision.recalls.queries import (
        clock_starts,
        countries_of_sale,
        facts_by_occurrence,
        legal_question,
        profile_of,
    )
    from holdfast.kit.regimes.clock_facts import NAMES, doubts

    starts = clock_starts(recall)
    odd = [d for facts in facts_by_occurrence(recall).values() for d in doubts(facts, now=at)]
    _question, missing = legal_question(recall)
    profile = profile_of(recall)
    data: dict[str, Any] = {
        "recall": recall.ref,
        "facts": [fact_json(start) for start in starts],
        "categories": profile.categories if profile else [],
        "roles": profile.roles if profile else {},
        "sold_in": list(countries_of_sale(recall)),
        "missing": missing,
        "warnings": odd,
    }
    lines = [
        f"{one['at']}  {NAMES[str(one['fact'])]}{_about(one)}"
        for one in (fact_json(start) for start in starts)
    ]
    lines += [f"Check: {doubt}" for doubt in odd]
    if missing:
        lines.append(
            f"The law cannot be asked yet: {', '.join(missing)} missing. "
            "Add --category, --role, --sold-in."
        )
    return Answer(data, "\n".join(lines) or "No facts yet.", 1 if odd or missing else 0)


def fact_json(start: ClockStart) -> dict[str, object]:
    """A stored fact: its time in the zone it was told in."""
    from holdfast.decision.recalls.queries.clocks import clock_fact

    return {
        "fact": start.fact,
        "at": clock_fact(start).at.isoformat(timespec="seconds"),
        "zone": start.zone,
        "country": start.country or None,
        "regime": start.regime or None,
        "about": start.occurrence or None,
        "known_by": start.known_by or None,
        "source": start.source or None,
        "recorded_by": start.recorded_by,
        "recorded_at": start.recorded_at.isoformat(),
    }


def _about(one: dict[str, object]) -> str:
    said = [str(one[key]) for key in ("country", "regime", "about") if one[key]]
    return f" ({', '.join(said)})" if said else ""
