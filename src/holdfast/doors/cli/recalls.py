"""Recalls: open, scope, decide, hold, status, close, and check on the command line."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from holdfast.doors.cli.answer import Answer
from holdfast.doors.cli.risk import scenario_words
from holdfast.kit.refusals import Unreadable

Verbs = Any


def add(commands: argparse._SubParsersAction, common: argparse.ArgumentParser) -> None:  # type: ignore[type-arg]
    """Add the group `recall`; other groups hang their verbs on `commands.recall_verbs`."""
    group = commands.add_parser("recall", help="run a recall: open, scope, decide, hold, …")
    verbs = group.add_subparsers(dest="verb", metavar="VERB", required=True)
    commands.recall_verbs = verbs  # type: ignore[attr-defined]
    _open_words(verbs, common)
    _scope_words(verbs, common)
    _decide_words(verbs, common)
    _class_words(verbs, common)
    _hold_words(verbs, common)
    status = _verb(verbs, common, "status", "where a recall stands", "R-2026-001", _status)
    status.add_argument("--timeline", action="store_true", help="what was known and done when")
    close = _verb(
        verbs, common, "close", "close a recall", 'R-2026-001 --reason "residual risk low"', _close
    )
    close.add_argument("--reason", default="", help="why, where units stay unaccounted for")
    _verb(verbs, common, "list", "list recalls", "", _list, with_recall=False)
    for name, words, run in (
        ("reopen", "make a closed recall live again", _reopen),
        ("withdraw", "end a recall before anybody was told", _withdraw),
    ):
        verb = _verb(verbs, common, name, words, 'R-2026-001 --reason "…"', run)
        verb.add_argument("--reason", default="")
    check = commands.add_parser(
        "check",
        parents=[common],
        help="is this unit recalled?",
        epilog="example:  holdfast check B17 --product VL-10K",
    )
    check.add_argument(
        "code",
        metavar="CODE",
        nargs="?",
        help="lot, serial, GTIN, SSCC, GS1 element string, Digital Link, EPC URN",
    )
    check.add_argument(
        "--photo", metavar="FILE", help="a picture (PNG, JPEG, WebP) of barcodes; - reads it"
    )
    check.add_argument("--product", default="", help="the product, where the code is a lot only")
    check.set_defaults(run=_check)


def _verb(
    verbs: Verbs,
    common: argparse.ArgumentParser,
    name: str,
    words: str,
    example: str,
    run: Callable[[argparse.Namespace], Answer],
    *,
    with_recall: bool = True,
) -> argparse.ArgumentParser:
    verb: argparse.ArgumentParser = verbs.add_parser(
        name,
        parents=[common],
        help=words,
        epilog=f"example:  holdfast recall {name} {example}".rstrip(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    if with_recall:
        verb.add_argument("recall", metavar="R", help="its short id: R-2026-001")
    verb.set_defaults(run=run)
    return verb


def _open_words(verbs: Verbs, common: argparse.ArgumentParser) -> None:
    example = "--product VL-10K --lot B17 --mechanism overheats --outcome fire"
    verb = _verb(verbs, common, "open", "open a recall", example, _open, with_recall=False)
    verb.add_argument("--product", action="append", default=[], metavar="CODE")
    verb.add_argument("--lot", action="append", default=[])
    verb.add_argument("--mechanism", default="", help="what goes wrong: overheats")
    verb.add_argument("--outcome", default="", help="what can happen to a person: fire")
    verb.add_argument("--outcome-words", default="", help="in words, with --outcome other")
    verb.add_argument("--title", default="")
    verb.add_argument(
        "--mail", metavar="FILE", help="the supplier's e-mail, text or .eml; - reads it"
    )
    verb.add_argument("--known-at", metavar="TIME", help="when you first knew; ISO with zone")
    verb.add_argument(
        "--regime",
        default="eu_gpsr",
        help="the law of its notice: eu_gpsr (default), us_cpsc_consumer, … ; a wrong id lists all",
    )
    verb.add_argument("--dry-run", action="store_true", help="show what is read, open nothing")


def _scope_words(verbs: Verbs, common: argparse.ArgumentParser) -> None:
    example = "R-2026-001 --product VL-10K --lot B17 --confirm"
    verb = _verb(verbs, common, "scope", "which units, which people", example, _scope)
    for name, words in (
        ("product", "a product code, whatever its letter case"),
        ("variant", "only this variant of the products"),
        ("lot", "an affected lot"),
        ("supplier", "all lots received from this supplier"),
        ("receipt", "the lots of this receipt: its number, LOT@SITE or its day"),
        ("site", "shipped from here"),
        ("market", "country sold to, two letters"),
        ("serial", "only units with these serial numbers, FROM..TO or one"),
    ):
        verb.add_argument(f"--{name}", action="append", default=[], help=f"{words}; repeatable")
    verb.add_argument("--shipped", metavar="FROM..TO", help="days, both included; either end open")
    verb.add_argument(
        "--arrived",
        action="append",
        default=[],
        metavar="LOT=FROM..TO",
        help="a lot no file records: the day it came and the day it was used up (open: LOT=FROM..)",
    )
    verb.add_argument("--rationale", default="", help="why this scope")
    verb.add_argument("--confirm", action="store_true", help="make this version count")
    verb.add_argument("--refuse", metavar="REASON", help="turn the proposed version down")
    verb.add_argument("--dry-run", action="store_true", help="work it out, store nothing")
    verb.add_argument("--lines", metavar="FILE.csv", help="write every line with its certainty")


def _decide_words(verbs: Verbs, common: argparse.ArgumentParser) -> None:
    example = (
        "R-2026-001 --severity 4 --probability 1/1000 --remedy refund --remedy replacement "
        '--reason "3 of 600 cells burned" --sign'
    )
    verb = _verb(verbs, common, "decide", "judge the risk, record and sign", example, _decide)
    verb.add_argument("--severity", help="1 minor … 4 life-threatening")
    verb.add_argument("--probability", help="over the life of one unit: 1/1000")
    scenario_words(verb)
    verb.add_argument("--method", default="", help="the grid; see: holdfast risk list")
    verb.add_argument("--measure", action="append", default=[], help="stop_sale, stop_use, recall…")
    verb.add_argument("--remedy", action="append", default=[], help="refund, replacement, repair…")
    verb.add_argument("--reason", default="")
    verb.add_argument("--evidence", action="append", default=[], metavar="FILE|SHA256")
    verb.add_argument("--sign", action="store_true", help="sign what is proposed")
    verb.add_argument("--dissent", metavar="WORDS", help="disagree, kept word for word")


def _class_words(verbs: Verbs, common: argparse.ArgumentParser) -> None:
    example = (
        "R-2026-001 --method fda_recall_class --set II --authority FDA --on 2026-11-20 "
        "--reference Z-0142-2027"
    )
    verb = _verb(verbs, common, "class", "our own class, and the authority's", example, _class)
    verb.add_argument("--method", default="", help="see: holdfast risk list")
    verb.add_argument(
        "--fact",
        action="append",
        default=[],
        metavar="NAME=ANSWER",
        help="work out our own class from these",
    )
    its = verb.add_argument_group("the class an authority set")
    its.add_argument("--set", metavar="CLASS", dest="set_class", help="as it was set: II")
    its.add_argument("--authority", default="", help="who set it; else the method's own")
    its.add_argument("--on", metavar="DAY", help="when: 2026-11-20")
    its.add_argument("--reference", default="", help="its number, or its letter")


def _hold_words(verbs: Verbs, common: argparse.ArgumentParser) -> None:
    example = 'R-2026-001 --channel shop --proof "listing off, order 1 refused"'
    verb = _verb(verbs, common, "hold", "stop the sale, place by place", example, _hold)
    verb.add_argument("--list", action="store_true", help="list the places, change nothing")
    for kind in ("channel", "warehouse", "transit", "consignee"):
        verb.add_argument(f"--{kind}", action="append", default=[], metavar="NAME")
    verb.add_argument("--all", action="store_true", help="every place that is still open")
    verb.add_argument("--proof", default="", metavar="TEXT|FILE", help="what shows it")
    verb.add_argument("--stopped", metavar="TEXT", help="the same as --proof")
    verb.add_argument("--failed", metavar="REASON", help="it could not be stopped, or moves again")
    verb.add_argument("--not-needed", metavar="REASON", help="nothing affected is there")
    verb.add_argument("--owner", default="", help="who stops it")


def _open(options: argparse.Namespace) -> Answer:
    from holdfast.doors.cli.acting import actor, now
    from holdfast.doors.cli.recall_answers import opened

    text = _read(options.mail) if options.mail else b""
    return opened(options, text, by=actor(options), now=now())


def _scope(options: argparse.Namespace) -> Answer:
    from holdfast.doors.cli.acting import actor, now
    from holdfast.doors.cli.recall_scoping import scoped

    return scoped(options, by=actor(options), now=now())


def _decide(options: argparse.Namespace) -> Answer:
    from holdfast.doors.cli.acting import actor, now
    from holdfast.doors.cli.recall_deciding import decided

    return decided(options, by=actor(options), now=now())


def _class(options: argparse.Namespace) -> Answer:
    from holdfast.doors.cli.acting import actor, now
    from holdfast.doors.cli.recall_classing import classed

    return classed(options, by=actor(options), now=now())


def _hold(options: argparse.Namespace) -> Answer:
    from holdfast.doors.cli.acting import actor, now
    from holdfast.doors.cli.recall_deciding import held

    return held(options, by=actor(options), now=now())


def _status(options: argparse.Namespace) -> Answer:
    from holdfast.doors.cli.acting import actor, now
    from holdfast.doors.cli.recall_answers import standing

    return standing(options, by=actor(options), now=now())


def _close(options: argparse.Namespace) -> Answer:
    from holdfast.doors.cli.acting import actor, now
    from holdfast.doors.cli.recall_answers import closed

    return closed(options, by=actor(options), now=now())


def _reopen(options: argparse.Namespace) -> Answer:
    from holdfast.decision.recalls.actions import reopen_recall
    from holdfast.decision.recalls.queries import recall_named
    from holdfast.doors.cli.acting import actor, now

    recall = reopen_recall(
        recall=recall_named(options.recall), reason=options.reason, by=actor(options), now=now()
    )
    return Answer({"recall": recall.ref, "state": recall.state}, f"{recall.ref} is live again.")


def _withdraw(options: argparse.Namespace) -> Answer:
    from holdfast.decision.recalls.actions import withdraw_recall
    from holdfast.decision.recalls.queries import recall_named
    from holdfast.doors.cli.acting import actor, now

    recall = withdraw_recall(
        recall=recall_named(options.recall), reason=options.reason, by=actor(options), now=now()
    )
    return Answer({"recall": recall.ref, "state": recall.state}, f"{recall.ref} is withdrawn.")


def _list(options: argparse.Namespace) -> Answer:
    from holdfast.decision.recalls.models import Recall

    rows = [
        {
            "recall": recall.ref,
            "title": recall.title,
            "state": recall.state,
            "outcome": recall.outcome,
            "opened_at": recall.opened_at.isoformat(),
        }
        for recall in Recall.objects.order_by("-opened_at", "-pk")
    ]
    lines = [f"{row['recall']}  {row['state']:9}  {row['title']}" for row in rows]
    return Answer({"recalls": rows}, "\n".join(lines) or "No recalls.")


def _check(options: argparse.Namespace) -> Answer:
    from holdfast.decision.recalls.queries import snapshot

    if (options.code is None) == (options.photo is None):
        raise Unreadable(
            "code_missing",
            "Name one code, or a picture with --photo.",
            hint="Example: holdfast check B17, or holdfast check --photo label.jpg",
        )
    if options.photo is not None:
        return _check_photo(options)
    found = snapshot().check(options.code, options.product, _held())
    return Answer(found.as_json(), _in_words(found))


def _held() -> Any:
    """What lies in a logistic unit at this moment, by the trace."""
    from holdfast.doors.cli.acting import now
    from holdfast.supply.traceability.queries import lots_held

    return lots_held(now())


def _check_photo(options: argparse.Namespace) -> Answer:
    from holdfast.decision.recalls.queries import snapshot
    from holdfast.kit.identifiers.check_photo import check_codes
    from holdfast.kit.identifiers.photo import LIMITS, read_photo

    picture = _read(options.photo, most=LIMITS.most_bytes, what="PNG, JPEG or WebP picture")
    shown = check_codes(snapshot(), read_photo(picture), options.product, _held())
    lines = [_in_words(shown.answer)]
    lines += [f"  {one.symbol} {one.text!r}: {_in_words(one.answer)}" for one in shown.codes]
    return Answer(shown.as_json(), "\n".join(lines))


def _in_words(found: Any) -> str:
    said = found.answer.replace("_", " ").capitalize()
    where = f" ({', '.join(found.recalls)})" if found.recalls else ""
    return f"{said}{where}. {found.why}"


MOST_MAIL = 10_000_000


def _read(name: str, *, most: int = MOST_MAIL, what: str = "text or .eml file") -> bytes:
    if name == "-":
        return sys.stdin.buffer.read(most + 1)
    try:
        with Path(name).open("rb") as file:
            return file.read(most + 1)
    except OSError as error:
        raise Unreadable(
            "photo_unreadable" if "picture" in what else "mail_unreadable",
            f"{name} cannot be read: {error.strerror}.",
            hint=f"Name a {what}, or - to read from standard input.",
            file=name,
        ) from error
