"""What recurs, on the command line: patterns with their chance, and what carries a component."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from holdfast.doors.cli.answer import Answer

MOST_SHOWN = 1_000


def add(commands: argparse._SubParsersAction, common: argparse.ArgumentParser) -> None:  # type: ignore[type-arg]
    """Add `patterns`."""
    verb = commands.add_parser(
        "patterns",
        parents=[common],
        help="what recurs across suppliers, components, sites, products and time",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="Each question has an exact chance, and q is corrected for all that were asked:\n"
        "q at most 0.05 holds. --component KEY lists every product that carries a lot or a\n"
        "product code, with units and open recalls.\n"
        "example:  holdfast patterns --months 12 --json",
    )
    verb.add_argument("--months", type=int, default=12, metavar="N", help="how far to look back")
    verb.add_argument("--component", default="", metavar="KEY", help="lot:…, sku:… or a word")
    verb.set_defaults(run=_patterns)


def _patterns(options: argparse.Namespace) -> Answer:
    if options.component:
        return _component(options.component)
    from holdfast.doors.cli.acting import now
    from holdfast.insight.patterns.queries import look
    from holdfast.kit.recurrence.saying import sentence
    from holdfast.kit.refusals import Unreadable

    if not 1 <= options.months <= 240:
        raise Unreadable("bad_months", "--months takes 1 to 240.")
    found = look(now=now(), months=options.months)
    answers = found.answers
    counted = [one for one in answers.patterns if one.count]
    rows = [
        {**asdict(one), "holds": one.holds, "sentence": sentence(one, answers.asked)}
        for one in counted[:MOST_SHOWN]
    ]
    held = [sentence(one, answers.asked) for one in answers.held]
    data: dict[str, object] = {
        "since": found.since.date().isoformat(),
        "counted": found.counted,
        "asked": answers.asked,
        "unanswerable": answers.unanswerable,
        "held": len(held),
        "patterns": rows,
        "left_out": len(counted) - len(rows),
        "fixes": [
            {**asdict(fix), "expected": round(fix.expected, 3), "p": fix.p, "q": pattern.q}
            for fix, pattern in found.fixes
        ],
        "notes": list(found.notes),
    }
    lines = [
        f"{answers.asked:,} questions asked, {answers.unanswerable:,} more have too little data "
        "to show anything."
    ]
    lines += [f"  {words}" for words in held] or ["  Nothing stands out beyond chance."]
    lines += [f"  {note}" for note in found.notes]
    return Answer(data, "\n".join(lines))


def _component(key: str) -> Answer:
    from holdfast.insight.patterns.queries import carriers

    found = carriers(key)
    products = [
        {
            "product": one.product,
            "title": one.title,
            "lots": list(one.lots),
            "units": float(one.units),
            "units_without_lot": float(one.unwritten),
            "open_recalls": list(one.recalls),
        }
        for one in found.products
    ]
    data: dict[str, object] = {
        "component": found.key,
        "own_lots": list(found.own),
        "lots_made_of_it": found.into,
        "products": products,
    }
    lines = [f"{len(found.own):,} lots of it; it went into {found.into:,} more."]
    for one in found.products:
        recalls = f", open: {', '.join(one.recalls)}" if one.recalls else ""
        lines.append(
            f"  {one.product}: {len(one.lots)} lots, {one.units.normalize():f} units sold"
            f" (and {one.unwritten.normalize():f} without a lot){recalls}"
        )
    return Answer(data, "\n".join(lines))
