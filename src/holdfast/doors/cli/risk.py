"""Published risk methods and decision trees on the command line; no database, no home needed."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from holdfast.doors.cli.answer import Answer
from holdfast.kit.refusals import Unreadable

EXAMPLES = """examples:
  holdfast risk list --market DE --market US
  holdfast risk eu_safety_gate_risk_grid --scenario "Charged overnight | severity: 4 |
      1/200: a cell fails | 1/4: somebody is near | 1/10: smoke threatens a life"
  holdfast risk eu_safety_gate_risk_grid --presume electrical_defect
  holdfast risk fda_recall_class --fact left_control=yes --fact violation=yes
  holdfast risk fda_effectiveness_levels --level C --consignees 488
  holdfast risk tree recall_or_not --fact left_control=yes --fact risk=serious"""
MOST_BYTES = 1_000_000


def add(commands: argparse._SubParsersAction, common: argparse.ArgumentParser) -> None:  # type: ignore[type-arg]
    """Add `risk METHOD`, `risk tree NAME` and `risk list`."""
    verb = commands.add_parser(
        "risk",
        parents=[common],
        help="judge a risk by a published method; follow a decision tree",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="Exit 0 an answer, 1 unknown or a fact is missing.\n" + EXAMPLES,
    )
    verb.add_argument("method", metavar="METHOD", help="a method, or: list, tree")
    verb.add_argument("name", metavar="NAME", nargs="?", help="the decision tree; see: risk list")
    verb.add_argument("--market", action="append", default=[], help="with list: two letters")
    verb.add_argument("--severity", help="1 minor … 4 life-threatening, for one scenario")
    verb.add_argument("--probability", help="over the life of one unit: 1/1000")
    scenario_words(verb)
    verb.add_argument(
        "--fact", action="append", default=[], metavar="NAME=ANSWER", help="yes, no, unknown, …"
    )
    verb.add_argument("--level", default="", help="effectiveness level A to E")
    verb.add_argument("--consignees", type=int, metavar="N")
    verb.add_argument("--depth", default="", help="wholesale, retail or consumer, with --tier")
    verb.add_argument("--tier", action="append", default=[], metavar="TIER=N")
    verb.add_argument("--share", help="of level B, or that may be missed: 25%%")
    verb.add_argument("--sure", help="certainty of finding a missed one: 95%%")
    verb.set_defaults(run=_risk, needs_database=False)


def scenario_words(verb: argparse.ArgumentParser) -> None:
    """The words that carry scenarios and grounds of presumption."""
    verb.add_argument(
        "--scenario",
        action="append",
        default=[],
        metavar="TEXT",
        help="words | severity: 4 | 1/200: step [what it rests on] | …; repeatable",
    )
    verb.add_argument("--scenarios", metavar="FILE.json", help="a list of scenarios")
    verb.add_argument(
        "--presume", action="append", default=[], metavar="GROUND", help="why it counts as serious"
    )


def _risk(options: argparse.Namespace) -> Answer:
    from holdfast.kit.risk.tree import tree

    if options.method == "list":
        return _list(options)
    if options.method == "tree":
        if not options.name:
            return _list(options)
        return told(tree(options.name).answer(pairs(options.fact, "--fact")).as_json())
    if options.name:
        raise Unreadable("usage", f"“{options.name}” follows no method.", hint="See: risk --help")
    return told(_assess(options))


def _assess(options: argparse.Namespace) -> dict[str, object]:
    from holdfast.kit.risk.methods import Asked, method_named
    from holdfast.kit.risk.probability import parse_probability

    def share(text: str | None) -> Fraction | None:
        return parse_probability(text) if text else None

    method = method_named(options.method)
    tiers = {name: _count(value) for name, value in pairs(options.tier, "--tier").items()}
    return method.answer(
        Asked(
            scenarios=scenarios_of(options),
            presumed=options.presume,
            facts=pairs(options.fact, "--fact"),
            consignees=options.consignees,
            level=options.level,
            depth=options.depth,
            tiers=tiers,
            share=share(options.share),
            sure=share(options.sure),
        )
    )


def scenarios_of(options: argparse.Namespace) -> list[Any]:
    """The scenarios the words name: one by --severity and --probability, else as written."""
    from holdfast.kit.risk.scenario import read_scenario, scenario_from

    if options.severity is not None or options.probability:
        if options.severity is None or not options.probability:
            raise Unreadable(
                "risk_needed",
                "The risk needs both --severity and --probability.",
                hint="--severity 4 --probability 1/1000",
            )
        words = " ".join(options.scenario).strip()
        return [
            scenario_from(
                {
                    "words": words,
                    "severity": options.severity,
                    "probability": options.probability,
                }
            )
        ]
    found = [read_scenario(text) for text in options.scenario]
    if options.scenarios:
        found += [scenario_from(one) for one in _file(options.scenarios)]
    return found


def _file(name: str) -> list[dict[str, object]]:
    try:
        with Path(name).open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise Unreadable(
            "file_unreadable", f"{name} cannot be read: {error.strerror}.", file=name
        ) from error
    if len(content) > MOST_BYTES:
        raise Unreadable("file_too_large", f"{name} is larger than 1 MB.", file=name)
    try:
        told_ = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise Unreadable("bad_json", f"{name} is no JSON: {error}.", file=name) from error
    if not isinstance(told_, list) or not all(isinstance(one, dict) for one in told_):
        raise Unreadable("bad_json", f"{name} is no list of scenarios.", file=name)
    return told_


def pairs(words: Sequence[str], flag: str) -> dict[str, str]:
    """`name=value` words as a mapping; a name given twice with two values is refused."""
    found: dict[str, str] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals or not name.strip():
            raise Unreadable("usage", f"“{word[:60]}” is no NAME=ANSWER.", hint=f"{flag} a=yes")
        if found.setdefault(name.strip(), value.strip()) != value.strip():
            raise Unreadable(
                "contradiction", f"“{name.strip()[:60]}” is given twice, with two answers."
            )
    return found


def told(data: dict[str, object]) -> Answer:
    """An answer with its path in words; exit 1 where it is unknown or a fact is missing."""
    lines = [str(data["sentence"])]
    path = data.get("path")
    for step in path if isinstance(path, list) else []:
        source = step["citation"] or "own rule"
        lines.append(f"  {step['words']}  [{source}; {step['confidence']}]")
    lines.append(f"[{data['legal_basis']}; {data['confidence']}]")
    if data.get("to_be_confirmed"):
        lines.append("To be confirmed by counsel. " + str(data.get("confidence_note", "")))
    return Answer(data, "\n".join(lines), 0 if data.get("answer") is not None else 1)


def _list(options: argparse.Namespace) -> Answer:
    from holdfast.kit.risk.methods import for_markets, methods
    from holdfast.kit.risk.presumption import QUESTIONS
    from holdfast.kit.risk.tree import tree, tree_names

    markets = {
        market: [one.name for one in found] for market, found in for_markets(options.market).items()
    }
    trees = [tree(name) for name in tree_names()]
    data: dict[str, object] = {
        "methods": [one.as_json() for one in methods().values()],
        "markets": markets,
        "trees": [
            {
                "tree": one.name,
                "title": one.title,
                "facts": {
                    fact.name: {"question": fact.asks, "answers": list(fact.answers)}
                    for fact in one.facts.values()
                },
            }
            for one in trees
        ],
        "presumption": [{"ground": one.key, "question": one.asks} for one in QUESTIONS],
    }
    lines = [f"{one.name:36} {one.title} ({one.goods})" for one in methods().values()]
    lines += [f"tree {one.name:31} {one.title}" for one in trees]
    lines += [
        f"{market}: {', '.join(found) or 'no published method known here'}"
        for market, found in markets.items()
    ]
    return Answer(data, "\n".join(lines))


def _count(text: str) -> int:
    if not text.isdecimal():
        raise Unreadable("bad_number", f"“{text[:40]}” is no number of consignees.")
    return int(text)
