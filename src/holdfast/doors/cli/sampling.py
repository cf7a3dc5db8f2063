"""Acceptance sampling on the command line: how many to take and how many may fail; no database."""

from __future__ import annotations

import argparse

from holdfast.doors.cli.answer import Answer

EXAMPLE = "example:  holdfast sampling plan --lot-size 1200 --aql 1.0 --level II"
CURVE = (0.95, 0.5, 0.1)  # probabilities of acceptance that are told with a plan


def add(commands: argparse._SubParsersAction, common: argparse.ArgumentParser) -> None:  # type: ignore[type-arg]
    """Add `sampling plan`."""
    group = commands.add_parser(
        "sampling", help="how many of a lot to look at, and how many may fail"
    )
    verbs = group.add_subparsers(dest="verb", metavar="WHAT", required=True)
    plan = verbs.add_parser(
        "plan", parents=[common], help="the sampling plan of one lot", epilog=EXAMPLE
    )
    plan.add_argument("--lot-size", type=int, required=True, metavar="N", help="items in the lot")
    plan.add_argument(
        "--aql", required=True, help="%% nonconforming, 0.010 to 10; above, nonconformities per 100"
    )
    plan.add_argument("--level", default="II", help="I, II, III, S-1 to S-4; II if nothing is said")
    plan.add_argument(
        "--severity", default="normal", help="normal, tightened or reduced, by the switching rules"
    )
    plan.add_argument("--looked-at", type=int, metavar="N", help="judge a sample of so many")
    plan.add_argument("--found", type=int, metavar="N", help="with so many nonconforming")
    plan.set_defaults(run=_plan, needs_database=False)


def _plan(options: argparse.Namespace) -> Answer:
    from holdfast.kit.refusals import Unreadable
    from holdfast.kit.sampling.curves import acceptance, quality_accepted, worst_outgoing
    from holdfast.kit.sampling.plans import sampling_plan

    if (options.looked_at is None) != (options.found is None):
        raise Unreadable(
            "usage", "A sample needs both its numbers.", hint="--looked-at 80 --found 2"
        )
    plan = sampling_plan(options.lot_size, options.aql, options.level, options.severity)
    at_aql = acceptance(plan, float(plan.aql) / 100)
    worst, _ = worst_outgoing(plan)
    curve = [(one, quality_accepted(plan, one)) for one in CURVE]
    data: dict[str, object] = {
        **plan.as_json(),
        "accepted_at_aql": round(at_aql, 4),
        "curve": [{"accepted": p, "per_hundred": round(100 * q, 3)} for p, q in curve],
        "average_outgoing_limit_per_hundred": round(100 * worst, 3),
    }
    what = "nonconformities in 100 items" if plan.is_per_hundred else "% nonconforming"
    lines = [
        plan.sentence,
        f"Code letter {plan.letter}"
        + (
            f", plan of letter {plan.plan_letter} (arrow)"
            if plan.plan_letter != plan.letter
            else ""
        )
        + f"; {plan.severity} inspection, level {plan.level}, AQL {plan.aql}.",
        f"A process at the AQL is accepted {at_aql:.0%} of the time; "
        + ", ".join(f"{p:.0%} at {100 * q:.2g} {what}" for p, q in curve)
        + ".",
        f"[{data['source']}; {data['confidence']}] {data['confidence_note']}".strip(),
    ]
    code = 0
    if options.found is not None:
        code = _judged(options, plan, data, lines)
    return Answer(data, "\n".join(lines), code)


def _judged(
    options: argparse.Namespace, plan: object, data: dict[str, object], lines: list[str]
) -> int:
    from holdfast.kit.sampling.intervals import lot_interval
    from holdfast.kit.sampling.plans import Plan
    from holdfast.kit.sampling.switching import judge

    assert isinstance(plan, Plan)
    verdict = judge(plan, options.looked_at, options.found)
    data["verdict"] = "accepted" if verdict.is_accepted else "rejected"
    data["next_lot_normal"] = verdict.is_between
    words = f"{options.found} of {options.looked_at}: the lot is {data['verdict']}."
    if not plan.is_per_hundred:
        fewest, most = lot_interval(options.found, options.looked_at, plan.lot_size)
        data["nonconforming_in_lot"] = {"fewest": fewest, "most": most, "sure": 0.95}
        words += f" The lot holds between {fewest} and {most} nonconforming (95 %)."
    if verdict.is_between:
        words += " The next lot is inspected normally."
    lines.insert(0, words)
    return 0 if verdict.is_accepted else 1
