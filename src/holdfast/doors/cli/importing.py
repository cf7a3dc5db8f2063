"""Bringing data in on the command line."""

from __future__ import annotations

import argparse
import os
import sys
import time
from contextlib import nullcontext

from holdfast.doors.cli.answer import Answer
from holdfast.kit.refusals import Unreadable

MOST_SHOWN = 1_000  # with --json; a CSV holds all
OF_TABLES = (
    *("map", "set", "mapping", "source", "format", "dates", "decimal", "encoding", "separator"),
    *("sheet", "rejects"),
)
KINDS = {
    "orders": "order lines: Shopify, WooCommerce, Amazon, or any table",
    "products": "products",
    "customers": "customers and how to reach them",
    "suppliers": "suppliers",
    "consignees": "consignees: distributors and retailers",
    "receipts": "receipts: lot, sku, site, received_at, depleted_at, quantity, supplier",
    "stock": "stock on hand",
    "inspections": "incoming inspections: how many of a lot were looked at, how many failed",
    "tests": "laboratory tests: what, limit, value, passed",
    "complaints": "complaints, returns, reviews: SaferProducts.gov, MAUDE, Amazon, any table, mails"
    " (.eml, .mbox, a folder; HOLDFAST_COMPLAINT_MAILS=DIR has a worker look there every minute)",
}
EXAMPLES = {
    "orders": "holdfast import orders orders_export.csv",
    "products": "holdfast import products products_export.csv",
    "customers": "holdfast import customers customers.xlsx --source shop",
    "suppliers": "holdfast import suppliers suppliers.csv",
    "consignees": "holdfast import consignees retailers.csv --map consignee='Account no.'",
    "receipts": "holdfast import receipts receipts.csv",
    "stock": "holdfast import stock stock.csv --set site=main",
    "inspections": "holdfast import inspections incoming.csv --set aql=1.0 --set level=II",
    "tests": "holdfast import tests lab.csv --set laboratory='Lab North'",
    "complaints": "holdfast import complaints returns.csv --set kind=return",
}


def add(commands: argparse._SubParsersAction, common: argparse.ArgumentParser) -> None:  # type: ignore[type-arg]
    """Add `import` with one verb for each kind of file."""
    group = commands.add_parser("import", help="bring data in")
    verbs = group.add_subparsers(dest="verb", metavar="WHAT", required=True)
    commands.import_verbs = verbs  # type: ignore[attr-defined]
    for kind, words in KINDS.items():
        verb = verbs.add_parser(
            kind, parents=[common], help=f"bring in {words}", epilog=f"example:  {EXAMPLES[kind]}"
        )
        _options(verb)
        verb.set_defaults(run=_import, kind=kind)
    unmatched = verbs.add_parser(
        "unmatched",
        parents=[common],
        help="returns that match no earlier line of their customer; they reduce nothing",
        epilog="example:  holdfast import unmatched --csv returns.csv",
    )
    unmatched.add_argument("--csv", metavar="FILE.csv", help="write every one of them")
    unmatched.set_defaults(run=_unmatched)
    rejected = verbs.add_parser(
        "rejected",
        parents=[common],
        help="mails of customers that could not be taken in; they wait until somebody attends",
        epilog="example:  holdfast import rejected --set-aside 12 13 --reason 'advertising'",
    )
    rejected.add_argument("--csv", metavar="FILE.csv", help="write every one of them")
    rejected.add_argument(
        "--set-aside", nargs="+", default=[], metavar="ID", help="those need nothing more"
    )
    rejected.add_argument("--reason", default="", help="why; it is kept in the journal")
    rejected.set_defaults(run=_rejected)
    simulate = verbs.add_parser(
        "simulate",
        parents=[common],
        help="invent lots, receipts and addresses on top of real orders, marked as simulated",
        epilog="example:  holdfast import simulate --seed 7",
    )
    simulate.add_argument("--seed", type=int, default=1, help="the same seed, the same history")
    simulate.add_argument("--dry-run", action="store_true", help="say what would be invented")
    simulate.set_defaults(run=_simulate)


def _options(verb: argparse.ArgumentParser) -> None:
    add = verb.add_argument
    add("file", metavar="FILE", help="CSV, TSV or XLSX; .gz and .zst are read directly")
    add("--map", action="append", default=[], metavar="FIELD=COLUMN", help="which column it is")
    add("--set", action="append", default=[], metavar="FIELD=VALUE", help="a value for every row")
    add("--mapping", metavar="FILE.json", help="the mapping that --json printed, as a file")
    add("--source", default="", metavar="NAME", help="which shop the rows come from")
    add("--format", default="", metavar="NAME", help="shopify, woocommerce, amazon or csv")
    add("--dates", choices=("dmy", "mdy"), default="", help="how 03/04/2024 is meant")
    add("--decimal", choices=(".", ","), default="", help="the decimal sign")
    add("--encoding", default="", help="instead of the one found")
    add("--separator", default="", help="instead of the one found: , ; | or tab")
    add("--sheet", default="", help="the sheet of a workbook")
    add("--rejects", metavar="FILE.csv", help="write the rejected rows with their reasons")
    add("--dry-run", action="store_true", help="do everything but keep nothing")


def _import(options: argparse.Namespace) -> Answer:
    if options.kind == "complaints":
        from holdfast.decision.intake.postbox import is_mail

        if is_mail(options.file) or os.path.isdir(options.file):
            return _mails(options)
    return _table(options)


def _mails(options: argparse.Namespace) -> Answer:
    from pathlib import Path

    from django.db import transaction

    from holdfast.decision.intake.postbox import take_in
    from holdfast.doors.cli.acting import actor, now

    named = [f"--{name}" for name in OF_TABLES if getattr(options, name)]
    if named:
        raise Unreadable(
            "usage",
            f"{options.file} is read as mail, where {', '.join(named)} means nothing.",
            hint="Leave it out; --dry-run works for mails too.",
        )
    with transaction.atomic() if options.dry_run else nullcontext():
        done = take_in(Path(options.file), by=actor(options), now=now())
        if options.dry_run:
            transaction.set_rollback(True)
    lines = [
        f"{done.rows:,} mails: {done.imported:,} imported, {done.merged:,} merged, "
        f"{done.rejected:,} rejected."
    ]
    lines += [
        f"  {one['file']}{', mail ' + str(one['line']) if one['line'] else ''}: {one['reason']}"
        for one in done.rejects[:10]
    ]
    if done.rejected > 10:
        lines.append(f"  … and {done.rejected - 10:,} more")
    data = done.as_json()
    if options.dry_run:
        data["dry_run"] = True
        lines.append("Nothing was stored: this was a rehearsal (--dry-run).")
    elif done.rejected:
        lines.append("Next: holdfast import rejected, where they wait for somebody.")
    return Answer(data, "\n".join(lines), 1 if done.rejected else 0)


def _table(options: argparse.Namespace) -> Answer:
    from holdfast.doors.cli.acting import actor, now
    from holdfast.supply.imports.actions import bring_in
    from holdfast.supply.imports.mapping import parse_mapping, parse_pairs
    from holdfast.supply.imports.reading import Wishes
    from holdfast.supply.imports.rejects import write_rejects

    columns: dict[str, str] = {}
    values: dict[str, str] = {}
    if options.mapping:
        columns, values = parse_mapping(options.kind, _text(options.mapping), options.mapping)
    maps = parse_pairs(options.kind, options.map, "--map")
    sets = parse_pairs(options.kind, options.set, "--set")
    columns = {name: c for name, c in columns.items() if name not in sets} | maps
    values = {name: v for name, v in values.items() if name not in maps} | sets
    wishes = Wishes(
        maps=columns,
        sets=values,
        format=options.format,
        source=options.source,
        dates=options.dates,
        decimal=options.decimal,
        encoding=options.encoding,
        separator=options.separator,
        sheet=options.sheet,
    )
    by = actor(options)
    if options.rejects:
        # Refused now rather than after the import: exit 2 promises that nothing has changed.
        write_rejects(options.rejects, ())
    bar = Bar()
    try:
        outcome = bring_in(
            path=options.file,
            kind=options.kind,
            wishes=wishes,
            by=by,
            now=now(),
            is_rehearsal=options.dry_run,
            watch=bar.show,
        )
    finally:
        bar.end()
    if options.rejects:
        write_rejects(options.rejects, outcome.rejects)
    data = outcome.as_json()
    if options.dry_run:
        data["dry_run"] = True
    data["rejects"] = [
        {"line": one.line, "column": one.column, "reason": one.reason}
        for one in outcome.rejects[:100]
    ]
    return Answer(data, _told(options, outcome), 1 if outcome.rejected else 0)


def _unmatched(options: argparse.Namespace) -> Answer:
    from holdfast.supply.imports.queries import unmatched_returns
    from holdfast.supply.imports.returns import HEADER, unmatched_pieces, unmatched_row

    found = unmatched_returns()
    shown = [dict(zip(HEADER, unmatched_row(one), strict=True)) for one in found[:MOST_SHOWN]]
    data: dict[str, object] = {"unmatched": found.count(), "returns": shown, "csv": options.csv}
    if options.csv:
        try:
            with open(options.csv, "wb") as file:
                file.writelines(unmatched_pieces())
        except OSError as error:
            raise Unreadable(
                "not_writable",
                f"The returns cannot be written to {options.csv}: {error.strerror or error}.",
                file=options.csv,
                hint="Name a file in a folder you may write to.",
            ) from None
    lines = [f"{data['unmatched']:,} returns match no earlier line of their customer."]
    for one in shown[:20]:
        lines.append(f"  {one['order']:16} {one['sku']:16} {one['unmatched']:>8} unmatched")
    if options.csv:
        lines.append(f"All of them are in {options.csv}.")
    elif len(shown) > 20:
        lines.append("Next: the same command with --csv FILE.csv writes every one of them.")
    return Answer(data, "\n".join(lines))


def _rejected(options: argparse.Namespace) -> Answer:
    from django.conf import settings

    from holdfast.decision.intake.postbox import KIND
    from holdfast.doors.cli.acting import actor, now
    from holdfast.kit.quantities import whole_number
    from holdfast.supply.imports.actions import ASIDE, settle_rejects
    from holdfast.supply.imports.queries import waiting_rejects
    from holdfast.supply.imports.rejects import write_rejects

    waiting = waiting_rejects(KIND).select_related("run")
    aside = 0
    if options.set_aside:
        asked = dict.fromkeys(options.set_aside)
        chosen = list(waiting.filter(pk__in=[whole_number(one) for one in asked]))
        if gone := asked.keys() - {str(one.pk) for one in chosen}:
            raise Unreadable(
                "not_waiting",
                f"No rejected mail waits under {', '.join(sorted(gone))}; nothing was set aside.",
                hint="holdfast import rejected lists those that wait.",
            )
        aside = settle_rejects(
            rejects=chosen, how=ASIDE, why=options.reason, by=actor(options), now=now()
        )
    if options.csv:
        write_rejects(options.csv, waiting.iterator(chunk_size=2_000), of_files=True)
    shown = list(waiting[:MOST_SHOWN])
    rejects = [
        {
            "id": one.pk,
            "file": one.file or one.run.file_name,
            "line": one.line,
            "reason": one.reason,
            "urgent": one.is_urgent,
            "came_at": (one.came_at or one.run.started_at).isoformat(),
            "run": one.run_id,
        }
        for one in shown
    ]
    data: dict[str, object] = {
        "waiting": waiting.count(),
        "urgent": waiting.filter(is_urgent=True).count(),
        "set_aside": aside,
        "folder": settings.COMPLAINT_MAILS,
        "rejects": rejects,
        "csv": options.csv,
    }
    lines = [f"{aside:,} set aside."] if aside else []
    lines.append(f"{data['waiting']:,} mails could not be taken in and wait for somebody.")
    for one, row in zip(shown[:20], rejects, strict=False):
        harm = "  speaks of injury or fire" if one.is_urgent else ""
        place = f"{row['file']}, mail {one.line}" if one.line else row["file"]
        lines.append(f"  {one.pk}  {place}: {one.reason}{harm}")
    if options.csv:
        lines.append(f"All of them are in {options.csv}.")
    elif len(shown) > 20:
        lines.append("Next: the same command with --csv FILE.csv writes every one of them.")
    elif shown:
        lines.append(
            "Next: mend the file and bring it in again, type it in on the page of complaints, "
            "or --set-aside ID --reason WHY."
        )
    return Answer(data, "\n".join(lines))


def _text(path: str) -> str:
    try:
        with open(path, encoding="utf-8-sig") as file:
            return file.read(1_000_000)
    except (OSError, UnicodeDecodeError) as error:
        raise Unreadable(
            "mapping_unreadable",
            f"{path} cannot be read: {error}.",
            file=path,
            hint="Name a JSON file with field names and column names.",
        ) from None


def _told(options: argparse.Namespace, outcome: object) -> str:
    from holdfast.supply.imports.actions import Outcome

    assert isinstance(outcome, Outcome)
    read = outcome.reading
    style = ", ".join(
        str(part)
        for part in (
            f"read as {read['format']}",
            read["encoding"],
            {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}.get(str(read["separator"])),
            f"dates {read['date_order']}" if read["date_order"] else None,
        )
        if part
    )
    lines = [
        (
            f"{outcome.rows:,} rows: {outcome.imported:,} imported, {outcome.merged:,} merged, "
            f"{outcome.rejected:,} rejected in {outcome.seconds:.1f} s ({style})."
        )
    ]
    mapping = read["mapping"]
    assert isinstance(mapping, dict)
    lines.append(
        "Columns: "
        + ", ".join(
            f"{name} = {column['value']!r}" if isinstance(column, dict) else f"{name} ← {column}"
            for name, column in mapping.items()
        )
    )
    notes = read["notes"]
    assert isinstance(notes, list)
    lines.extend(str(note) for note in notes)
    if outcome.unmatched_returns:
        lines.append(
            f"{outcome.unmatched_returns:,} returns match no earlier line of their customer "
            "and reduce nothing (holdfast import unmatched)."
        )
    for one in outcome.rejects[:10]:
        where = f" ({one.column})" if one.column else ""
        lines.append(f"  line {one.line}{where}: {one.reason}")
    if outcome.rejected > 10:
        lines.append(f"  … and {outcome.rejected - 10:,} more")
    if options.dry_run:
        lines.append("Nothing was stored: this was a rehearsal (--dry-run).")
    elif outcome.rejected and not options.rejects:
        lines.append("Next: the same command with --rejects FILE.csv lists every rejected row.")
    elif options.kind == "orders":
        lines.append("Next: holdfast recall open")
    return "\n".join(lines)


def _simulate(options: argparse.Namespace) -> Answer:
    from holdfast.doors.cli.acting import actor, now
    from holdfast.supply.imports.actions import simulate_history

    told = simulate_history(
        seed=options.seed, is_rehearsal=options.dry_run, by=actor(options), now=now()
    )
    text = (
        f"SIMULATED from seed {options.seed}, and marked so everywhere: {told['lots']:,} lots in "
        f"{told['receipts']:,} receipts, addresses of {told['customers']:,} customers. "
        "The orders under them are as imported."
    )
    return Answer(told, text)


class Bar:
    """Progress on standard error: a bar on a terminal, else a line for every ten per cent."""

    def __init__(self) -> None:
        self.started = time.monotonic()
        self.is_terminal = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
        self.is_plain = bool(os.environ.get("NO_COLOR"))
        self.tenth, self.drawn, self.rows = 0, 0.0, 0

    def show(self, share: float, rows: int) -> None:
        """Called with the share of the file read and the rows so far; -1 rows means all read."""
        now = time.monotonic()
        self.rows = rows if rows >= 0 else self.rows
        spent = max(now - self.started, 0.001)
        if self.is_terminal:
            if now - self.drawn >= 0.1 or rows < 0:
                self.drawn = now
                self._draw(share, spent, is_storing=rows < 0)
            return
        tenth = int(share * 10)
        if tenth > self.tenth and spent > 1:
            self.tenth = tenth
            print(
                f"{tenth * 10} % read, {self.rows / spent:,.0f} rows/s", file=sys.stderr, flush=True
            )

    def _draw(self, share: float, spent: float, *, is_storing: bool) -> None:
        if is_storing:
            words = "all rows read; storing them …"
        else:
            left = spent / share - spent if share > 0.01 else 0.0
            words = f"{share:4.0%}  {self.rows / spent:,.0f} rows/s  {left:,.0f} s left"
        filled = int(share * 30)
        done, rest = "█" * filled, "░" * (30 - filled)
        bar = f"{done}{rest}" if self.is_plain else f"\033[36m{done}\033[0m{rest}"
        print(f"\r{bar} {words}\033[K", end="", file=sys.stderr, flush=True)

    def end(self) -> None:
        """Clear the bar, so that the answer stands alone."""
        if self.is_terminal and self.drawn:
            print("\r\033[K", end="", file=sys.stderr, flush=True)
