"""What authorities and auditors ask of the trace: the FDA's spreadsheet, the balance of a lot."""

from __future__ import annotations

import argparse
import time
from datetime import date
from pathlib import Path
from typing import Any

from holdfast.doors.cli.answer import Answer
from holdfast.kit.refusals import Unreadable


def add(commands: argparse._SubParsersAction, common: argparse.ArgumentParser) -> None:  # type: ignore[type-arg]
    """Add `trace fsma204` and `trace balance` beside `trace forward` and `trace back`."""
    verbs = commands.trace_verbs  # type: ignore[attr-defined]
    fsma = verbs.add_parser(
        "fsma204",
        parents=[common],
        help="the sortable spreadsheet of 21 CFR 1.1455(c) for products and a period",
        epilog="example:  holdfast trace fsma204 --product SALAD --from 2026-01-01 "
        "--to 2026-03-31 --out salad.xlsx",
    )
    fsma.add_argument("--product", action="append", required=True, metavar="SKU")
    fsma.add_argument("--from", dest="first", required=True, metavar="DAY")
    fsma.add_argument("--to", dest="last", required=True, metavar="DAY", help="included")
    fsma.add_argument(
        "--out", type=Path, required=True, metavar="FILE.xlsx", help="or a folder for CSV files"
    )
    fsma.set_defaults(run=_fsma)
    balance = verbs.add_parser(
        "balance",
        parents=[common],
        help="made = used + on hand + shipped + returned + destroyed + unknown, lot by lot",
        epilog="example:  holdfast trace balance B17",
    )
    balance.add_argument("lots", nargs="+", metavar="LOT")
    balance.set_defaults(run=_balance)


def _fsma(options: argparse.Namespace) -> Answer:
    from holdfast.insight.exports.fsma204 import find_tracking_events, write_folder, write_workbook

    began = time.perf_counter()
    asked: dict[str, Any] = {
        "products": options.product,
        "first": _day(options.first, "--from"),
        "last": _day(options.last, "--to"),
    }
    if not options.out.resolve().parent.is_dir():
        raise Unreadable("no_folder", f"There is no folder for {options.out}.")
    _fed()
    found = find_tracking_events(**asked)
    if options.out.suffix.lower() == ".xlsx":
        write_workbook(options.out, found, **asked)
        files = [options.out.name]
    else:
        files = write_folder(options.out, found, **asked)
    counts = {name.lower(): len(rows) for name, rows in found.rows.items()}
    missing = found.missing()
    data = {
        "lots": found.lots,
        "rows": counts,
        "missing": {name.lower(): columns for name, columns in missing.items()},
        "files": files,
        "seconds": round(time.perf_counter() - began, 2),
    }
    said = [f"{found.lots:,} lots: " + ", ".join(f"{n:,} {name}" for name, n in counts.items())]
    for name, columns in missing.items():
        said += [f"  {name}: {column} not recorded in {n:,}" for column, n in columns.items()]
    return Answer(data, "\n".join([*said, f"Written: {options.out}"]))


def _balance(options: argparse.Namespace) -> Answer:
    from holdfast.insight.measures.balance import lot_balances
    from holdfast.kit.quantities import plain

    _fed()
    found = lot_balances(options.lots)
    parts = ("made", "used", "on_hand", "shipped", "returned", "destroyed", "unknown")
    rows, text = [], []
    for one in found:
        values = {part: getattr(one, part) for part in parts}
        said = {part: None if value is None else plain(value) for part, value in values.items()}
        rows.append({"lot": one.lot, **said, "gaps": list(one.gaps)})
        made = "an unknown number" if said["made"] is None else said["made"]
        rest = "not known" if said["unknown"] is None else said["unknown"]
        text.append(
            f"{one.lot}: {made} made; {said['used']} used, {said['on_hand']} on hand, "
            f"{said['shipped']} shipped, {said['returned']} returned, "
            f"{said['destroyed']} destroyed; unaccounted for: {rest}"
        )
        text += [f"  {gap.replace('_', ' ')}" for gap in one.gaps]
    return Answer({"lots": rows}, "\n".join(text), 1 if any(one.gaps for one in found) else 0)


def _fed() -> None:
    """Hand the trace what the shop has sold and received since."""
    from holdfast.doors.cli.acting import now
    from holdfast.kit.actors import SYSTEM
    from holdfast.supply.traceability.actions import feed_shop

    feed_shop(by=SYSTEM, now=now())


def _day(written: str, option: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise Unreadable(
            "bad_dates", f"{option} “{written[:40]}” is not a day.", hint="Write 2026-03-31."
        ) from None
