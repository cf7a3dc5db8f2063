"""The trace on the command line: who got it, and where it came from."""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from holdfast.doors.cli.answer import Answer
from holdfast.kit.refusals import Unreadable

if TYPE_CHECKING:
    from holdfast.kit.trace.backward import Origins

KEY = "lot:…, container:…, line:…, order:…, sku:…, supplier:…, or the bare name where it is clear"


def add(commands: argparse._SubParsersAction, common: argparse.ArgumentParser) -> None:  # type: ignore[type-arg]
    """Add `trace forward`, `trace back` and `trace publish`."""
    group = commands.add_parser(
        "trace",
        help="who got it, and where it came from",
        epilog="example:  holdfast trace forward lot:B17",
    )
    verbs = group.add_subparsers(dest="verb", metavar="VERB", required=True)
    commands.trace_verbs = verbs  # type: ignore[attr-defined]
    forward = verbs.add_parser(
        "forward",
        parents=[common],
        help="from a lot to every order line and person it reached",
        epilog="example:  holdfast trace forward lot:B17 --csv reached.csv",
    )
    back = verbs.add_parser(
        "back",
        parents=[common],
        help="from an order line to the lots that may be behind it",
        epilog="example:  holdfast trace back line:1001-1 --json",
    )
    for verb, run in ((forward, _forward), (back, _back)):
        option = verb.add_argument
        option("key", metavar="KEY", help=KEY)
        option("--at", default="", metavar="T", help="only what had happened by then")
        option("--known-at", default="", metavar="T", help="only what had been received by then")
        option("--steps", type=int, metavar="N", help="at most so many transformations away")
        option("--csv", type=Path, metavar="FILE.csv", help="write every row")
        option("--parquet", type=Path, metavar="FILE.parquet", help="write every row")
        verb.set_defaults(run=run)
    forward.add_argument(
        "--no-reference", action="store_true", help="do not ask the second, independent search"
    )
    publish = verbs.add_parser(
        "publish",
        parents=[common],
        help="build what answers traces now, and not at the first question",
        epilog="example:  holdfast trace publish",
    )
    publish.set_defaults(run=_publish)


def _publish(options: argparse.Namespace) -> Answer:
    from holdfast.doors.cli.acting import actor, now
    from holdfast.supply.traceability.actions import publish_trace
    from holdfast.supply.traceability.queries import trace_facts

    started = time.perf_counter()
    was_built = publish_trace(by=actor(options), now=now())
    seconds = round(time.perf_counter() - started, 3)
    facts = trace_facts()
    data = {**facts, "built": was_built, "seconds": seconds}
    words = f"Built over {facts['events']:,} events in {seconds:.1f} s."
    return Answer(data, words if was_built else "Nothing has come in since it was built.")


def _forward(options: argparse.Namespace) -> Answer:
    from holdfast.kit.trace import sheet
    from holdfast.supply.traceability.queries import trace_forward

    started = time.perf_counter()
    at, known_at = _asked(options)
    fed()
    answer, reach = trace_forward(
        options.key,
        at=at,
        known_at=known_at,
        steps=options.steps,
        with_reference=not options.no_reference,
    )
    if options.csv:
        answer["rows"] = sheet.write_csv(options.csv, sheet.tables(reach))
    if options.parquet:
        answer["rows"] = sheet.write_parquet(options.parquet, sheet.tables(reach))
    answer["wall_ms"] = round(1000 * (time.perf_counter() - started), 1)
    is_doubted = answer["certificate"]["agrees"] is False
    return Answer(answer, "\n".join(_told_forward(answer)), 1 if is_doubted else 0)


def _back(options: argparse.Namespace) -> Answer:
    from holdfast.kit.trace import sheet
    from holdfast.supply.traceability.queries import trace_back

    started = time.perf_counter()
    at, known_at = _asked(options)
    fed()
    answer, found = trace_back(options.key, at=at, known_at=known_at, steps=options.steps)
    if options.csv:
        sheet.write_csv(options.csv, _origin_rows(found))
    if options.parquet:
        sheet.write_parquet(options.parquet, _origin_rows(found))
    answer["wall_ms"] = round(1000 * (time.perf_counter() - started), 1)
    return Answer(answer, "\n".join(_told_back(answer)))


def fed() -> None:
    """What the shop knows is part of the trace, and may have changed since it was asked last."""
    from holdfast.doors.cli.acting import now
    from holdfast.kit.actors import SYSTEM
    from holdfast.supply.traceability.actions import feed_shop

    feed_shop(by=SYSTEM, now=now())


def _origin_rows(found: Origins) -> Iterator[Any]:
    import pyarrow as pa

    columns = ("lot", "certainty", "generations", "path")
    kinds = (pa.string(), pa.string(), pa.int64(), pa.string())
    values = [
        pa.array([_plain(getattr(one, column)) for one in found.origins], kind)
        for column, kind in zip(columns, kinds, strict=True)
    ]
    yield pa.table(values, names=list(columns))


def _plain(value: Any) -> Any:
    return value if isinstance(value, int) else str(value)


def _asked(options: argparse.Namespace) -> tuple[datetime | None, datetime | None]:
    if options.steps is not None and options.steps < 0:
        raise Unreadable("bad_steps", "--steps cannot be less than 0.")
    for path in (options.csv, options.parquet):
        if path is not None and not path.resolve().parent.is_dir():
            raise Unreadable("no_folder", f"There is no folder for {path}.", file=str(path))
    return moment(options.at, "--at"), moment(options.known_at, "--known-at")


def moment(written: str, option: str) -> datetime | None:
    """A time with a zone, or a day of the shop: its end, so that the day is in."""
    if not written:
        return None
    try:
        found = datetime.fromisoformat(written)
    except ValueError:
        raise Unreadable(
            "bad_time",
            f"{option} “{written[:40]}” is no time.",
            hint="Write 2026-03-09, or 2026-03-09T14:00:00+01:00.",
        ) from None
    if found.tzinfo is not None:
        return found.astimezone(UTC)
    from holdfast.ground.access.queries import organisation

    if len(written) <= 10:
        found = found.replace(hour=23, minute=59, second=59, microsecond=999_999)
    return found.replace(tzinfo=ZoneInfo(organisation().zone)).astimezone(UTC)


def _told_forward(answer: dict[str, Any]) -> list[str]:
    lines = [
        f"{answer['key']} reached {answer['lines']:,} order lines of {answer['customers']:,} "
        f"customers, {answer['quantity']:,} units, through {answer['lots']:,} lots and "
        f"{answer['logistic_units']:,} logistic units.",
        f"{'':18}{'lines':>12}{'customers':>12}{'units':>14}",
    ]
    for certainty, count in answer["by_certainty"].items():
        label = certainty.replace("_", " ")
        lines.append(
            f"{label:18}{count['lines']:>12,}{count['customers']:>12,}{count['quantity']:>14,}"
        )
    lines += [f"Look: {flag['count']:,} {flag['words']}." for flag in answer["flags"]]
    sealed = answer["certificate"]
    if sealed["agrees"] is None:
        lines.append("A second, independent search was not asked.")
    elif sealed["agrees"]:
        lines.append("A second, independent search over the raw rows finds the same lines.")
    else:
        lines.append("STOP: a second, independent search over the raw rows finds other lines.")
    lines.append(f"{answer['milliseconds']:,.1f} ms over {sealed['events']:,} events.")
    return lines


def _told_back(answer: dict[str, Any]) -> list[str]:
    lines = [f"{answer['key']} may come from {answer['candidates']:,} lots."]
    for one in answer["origins"][:40]:
        label = one["certainty"].replace("_", " ")
        lines.append(f"  {one['generations']:>3}  {label:16} {one['path']}")
    if answer["lots"] > 40:
        lines.append(f"  and {answer['lots'] - 40:,} more: --csv FILE.csv lists them all.")
    if answer["suppliers"]:
        lines.append(f"Suppliers: {', '.join(answer['suppliers'][:20])}")
    if answer["sites"]:
        lines.append(f"Sites: {', '.join(answer['sites'][:20])}")
    lines += [f"Look: {flag['count']:,} {flag['words']}." for flag in answer["flags"]]
    return lines
