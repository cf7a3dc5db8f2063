"""Reports and folders made up for the tests of signals."""

from __future__ import annotations

import csv
import json
from datetime import date, timedelta
from pathlib import Path

from holdfast.kit.signals.history import MAKER
from holdfast.kit.signals.report import Report

START = date(2020, 1, 1)


def report(
    number: int, day: int, hazard: str = "fire", maker: str = "acme", **more: object
) -> Report:
    """Report `number` on a day counted from 2020-01-01; published thirty days later."""
    on = START + timedelta(days=day)
    values: dict[str, object] = {
        "id": f"R{number:05}",
        "stream": "complaints",
        "maker": maker,
        "product": "1310",
        "hazards": (hazard,) if hazard else (),
        "reported_on": on,
        "published_on": on + timedelta(days=30),
        "harm": 1,
        "maker_name": maker.title(),
        "product_name": "Kettle",
        **more,
    }
    return Report(**values)  # type: ignore[arg-type]


COLUMNS = (
    *("Report No.", "Report Date", "Publication Date", "Product Type", "Product Code", MAKER),
    *("Brand", "Incident Description", "(Primary) Victim Severity"),
)


def complaints(path: Path, rows: list[tuple[str, date, str, str]]) -> None:
    """A file of complaints: number, day, maker, text."""
    with path.open("w", newline="") as file:
        out = csv.writer(file)
        out.writerow(COLUMNS)
        for number, on, maker, text in rows:
            shown = f"{on.month}/{on.day}/{on.year}"
            later = on + timedelta(days=25)
            published = f"{later.month}/{later.day}/{later.year}"
            out.writerow(
                [
                    number,
                    shown,
                    published,
                    "Kettles (77)",
                    "77",
                    maker,
                    "",
                    text,
                    "Incident, No Injury",
                ]
            )


def recalls(path: Path, told: list[dict[str, object]]) -> None:
    """A file of recalls."""
    path.write_text("".join(json.dumps(one) + "\n" for one in told))
