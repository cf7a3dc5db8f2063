"""The FDA's sortable spreadsheet: a sheet for each tracking event, with what is missing said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from holdfast.ground.access.queries import organisation
from holdfast.kit.refusals import NotFound, Unreadable
from holdfast.kit.sheets import csv_pieces, neutral
from holdfast.kit.trace import publishing
from holdfast.kit.trace.fsma204 import CITED, HEADS, TrackingEvents, tracking_events
from holdfast.supply.catalog.models import Product
from holdfast.supply.parties.models import Consignee, Site
from holdfast.supply.traceability.queries import trace_log

SHEET_ROWS = 1_000_000
"""Data rows of one sheet; a spreadsheet holds 1,048,576 with its head."""
WIDTH = 22


def find_tracking_events(products: Sequence[str], first: date, last: date) -> TrackingEvents:
    """The tracking events of some products between two days of the shop, both included."""
    if last < first:
        raise Unreadable(
            "bad_dates", "The last day lies before the first.", hint="Write --from, then --to."
        )
    zone = ZoneInfo(organisation().zone)
    since = datetime.combine(first, time.min, zone)
    until = datetime.combine(last + timedelta(days=1), time.min, zone)
    names, places = _names()
    with publishing.reading(trace_log()) as con:
        found = tracking_events(
            con,
            list(products),
            since=since,
            until=until,
            product=lambda code: names.get(code, code),
            site=lambda code: places.get(code, code),
        )
    if not found.lots:
        raise NotFound(
            "unknown_product",
            f"No receipt names {' or '.join(products)}, so no lot of it is known.",
            hint="Write the code as the receipts do: holdfast trace forward sku:…",
        )
    return found


def write_workbook(
    path: Path, found: TrackingEvents, *, products: Sequence[str], first: date, last: date
) -> None:
    """Write the sheets; moments are in UTC, and the first sheet says so."""
    from openpyxl import Workbook  # noqa: PLC0415 - only this export needs it
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415
    from openpyxl.styles import Font  # noqa: PLC0415

    book = Workbook(write_only=True)
    about = book.create_sheet("About")
    about.column_dimensions["A"].width = 44
    for said in about_rows(found, products=products, first=first, last=last):
        about.append([neutral(cell) for cell in said])
    for name, rows in found.rows.items():
        for part in range(max(1, -(-len(rows) // SHEET_ROWS))):
            sheet = book.create_sheet(name if not part else f"{name} {part + 1}")
            sheet.freeze_panes = "A2"
            head = []
            for place, title in enumerate(HEADS[name]):
                cell = WriteOnlyCell(sheet, title)
                cell.font = Font(bold=True)
                head.append(cell)
                sheet.column_dimensions[chr(65 + place)].width = WIDTH
            sheet.append(head)
            some = rows[part * SHEET_ROWS : (part + 1) * SHEET_ROWS]
            for row in some:
                sheet.append([_cell(cell) for cell in row])
            sheet.auto_filter.ref = f"A1:{chr(64 + len(head))}{len(some) + 1}"
    book.save(path)


def write_folder(
    folder: Path, found: TrackingEvents, *, products: Sequence[str], first: date, last: date
) -> list[str]:
    """The same as CSV files, one an event; names of the files written."""
    folder.mkdir(parents=True, exist_ok=True)
    sheets: list[tuple[str, Sequence[str], Any]] = [
        ("about", ("What", "Value"), about_rows(found, products=products, first=first, last=last))
    ]
    sheets += [(name.lower(), HEADS[name], rows) for name, rows in found.rows.items()]
    written = []
    for name, head, rows in sheets:
        path = folder / f"{name}.csv"
        with path.open("wb") as file:
            for piece in csv_pieces(head, (list(map(_text, row)) for row in rows)):
                file.write(piece)
        written.append(path.name)
    return written


def about_rows(
    found: TrackingEvents, *, products: Sequence[str], first: date, last: date
) -> list[tuple[str, str]]:
    """What this is, what it is of, and what is missing in it."""
    rows = [
        ("Sortable spreadsheet of traceability records", "21 CFR 1.1455(c)(3)(ii)"),
        ("Products", ", ".join(products)),
        ("Period, both days included", f"{first} to {last}, zone {organisation().zone}"),
        ("Moments in the sheets", "UTC"),
        ("Traceability lots", str(found.lots)),
    ]
    rows += [(f"{name} ({CITED[name]})", f"{len(held)} rows") for name, held in found.rows.items()]
    for name, columns in found.missing().items():
        rows += [
            (f"Not recorded: {name}, {column}", f"{count} of {len(found.rows[name])} rows")
            for column, count in columns.items()
        ]
    rows.append(("Sales to consumers", "not a critical tracking event; not listed"))
    return rows


def _names() -> tuple[dict[str, str], dict[str, str]]:
    names = {
        code: f"{title} ({code})" if title and title != code else code
        for code, title in Product.objects.values_list("code", "title")
    }
    places = {
        code: ", ".join(part for part in (name or code, country) if part)
        for code, name, country in Site.objects.values_list("code", "name", "country")
    }
    for code, name, address, country in Consignee.objects.values_list(
        "code", "name", "address", "country"
    ):
        lines = [name or code, *address.splitlines(), country]
        places[code] = ", ".join(part for part in lines if part)
    return names, places


def _cell(cell: object) -> object:
    return neutral(cell) if isinstance(cell, str) else cell


def _text(cell: object) -> object:
    return cell.replace(tzinfo=UTC).isoformat() if isinstance(cell, datetime) else cell
