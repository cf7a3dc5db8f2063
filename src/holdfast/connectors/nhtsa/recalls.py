"""The flat file of the NHTSA: tab-separated without a head, one line a model of a campaign.

Lines of one campaign become one recall with its models. Source: the layout RCL.txt of May 2025.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date
from typing import Any

from holdfast.kit.announcements import (
    Ask,
    Firm,
    PublishedProduct,
    PublishedRecall,
    Shape,
    Source,
)
from holdfast.kit.announcements.shape import Item, day, text

FIELDS = (
    *("RECORD_ID", "CAMPNO", "MAKETXT", "MODELTXT", "YEARTXT", "MFGCAMPNO", "COMPNAME"),
    *("MFGNAME", "BGMAN", "ENDMAN", "RCLTYPECD", "POTAFF", "ODATE", "INFLUENCED_BY", "MFGTXT"),
    *("RCDATE", "DATEA", "RPNO", "FMVSS", "DESC_DEFECT", "CONEQUENCE_DEFECT"),
    *("CORRECTIVE_ACTION", "NOTES", "RCL_CMPT_ID", "MFR_COMP_NAME", "MFR_COMP_DESC"),
    *("MFR_COMP_PTNO", "DO_NOT_DRIVE", "PARK_OUTSIDE"),
)
OLDEST = 24  # fields in the oldest lines that are still in the file
OF_THE_MODEL = (
    *("RECORD_ID", "MAKETXT", "MODELTXT", "YEARTXT", "COMPNAME", "BGMAN", "ENDMAN", "POTAFF"),
    *("RCL_CMPT_ID", "MFR_COMP_NAME", "MFR_COMP_DESC", "MFR_COMP_PTNO"),
)
MOST_UNPACKED = 400 * 1024 * 1024


def campaigns(body: bytes) -> list[Item]:
    """The lines of a file, or of the first file in a ZIP, by campaign; a line that fits no layout
    stays a text. Raises ValueError for anything else.
    """
    found: dict[str, dict[str, Any]] = {}
    rest: list[Any] = []
    for line in _lines(body):
        cells = line.rstrip("\r\n").split("\t")
        if len(cells) < OLDEST or not cells[1].strip():
            rest.append(line[:2000])
            continue
        names = (*FIELDS, *(f"FIELD_{n + 1}" for n in range(len(FIELDS), len(cells))))
        row = {name: cell.strip() for name, cell in zip(names, cells, strict=False)}
        model = {name: row.pop(name, "") for name in OF_THE_MODEL}
        found.setdefault(row["CAMPNO"], {**row, "models": []})["models"].append(model)
    if not found:
        raise ValueError("no line with the fields of RCL.txt")
    return [*found.values(), *rest]


def _lines(body: bytes) -> Iterator[str]:
    if body[:2] == b"PK":
        try:
            with zipfile.ZipFile(io.BytesIO(body)) as archive:
                first = archive.infolist()[0]
                if first.file_size > MOST_UNPACKED:
                    raise ValueError("a ZIP that unpacks to more than 400 MB")
                body = archive.read(first)
        except (zipfile.BadZipFile, zlib.error, IndexError, EOFError, RuntimeError) as error:
            raise ValueError(f"a ZIP that cannot be read: {error}") from error
    if body.lstrip()[:1] in (b"<", b"{", b"["):
        raise ValueError("a page or JSON instead of a flat file")
    for line in io.BytesIO(body):
        if line.strip():
            try:
                yield line.decode("utf-8")
            except UnicodeDecodeError:
                yield line.decode("latin-1")


def _build(item: Item) -> PublishedRecall:
    models = [one for one in item["models"] if isinstance(one, dict)]  # type: ignore[attr-defined]
    part = text(models[0], "COMPNAME") if models else ""
    shown = dict.fromkeys(
        (text(one, "MAKETXT"), text(one, "MODELTXT"), _year(text(one, "YEARTXT"))) for one in models
    )
    parts = dict.fromkeys(text(one, "MFR_COMP_PTNO") for one in models)
    made = dict.fromkeys(_made(one) for one in models)
    return PublishedRecall(
        authority="US NHTSA",
        number=text(item, "CAMPNO"),
        title=f"{text(item, 'MFGTXT') or text(item, 'MFGNAME')}: {part}",
        published_on=day(text(item, "RCDATE")) or day(text(item, "DATEA")),
        hazard="\n".join((text(item, "CONEQUENCE_DEFECT"), text(item, "DESC_DEFECT"))),
        recall_class=text(item, "RCLTYPECD"),
        countries=("US",),
        products=tuple(
            PublishedProduct(" ".join(filter(None, (make, model, year))), brand=make, model=model)
            for make, model, year in shown
        ),
        lots=tuple(filter(None, (*made, *parts))),
        firms=(Firm(text(item, "MFGNAME"), "manufacturer"),),
        original=item,
    )


def _year(written: str) -> str:
    return "" if written == "9999" else written  # the layout's word for unknown


def _made(model: Item) -> str:
    start, end = text(model, "BGMAN"), text(model, "ENDMAN")
    return f"made {start} to {end}" if start or end else ""


SHAPE = Shape(
    name="NHTSA flat file",
    authority="US NHTSA",
    required=frozenset({"CAMPNO", "RCDATE", "MFGNAME", "DESC_DEFECT", "models"}),
    known=frozenset({*FIELDS, "models/*"}),
    build=_build,
    items=campaigns,
)


def _first(since: date, today: date) -> tuple[Ask, ...]:
    return (Ask("https://static.nhtsa.gov/odi/ffdd/rcl/FLAT_RCL_POST_2010.zip"),)


SOURCE = Source(
    key="nhtsa",
    name="NHTSA recalls since 2010",
    authority="US NHTSA",
    shapes=(SHAPE,),
    first=_first,
    hours=24,
    read_from="the layout RCL.txt of May 2025, the page of datasets of April 2026, and lines of "
    "an older file",
    unknown="The fields of the API (api.nhtsa.gov) are not written out in what we have; it also "
    "asks vehicle by vehicle. So the daily flat file is read whole. Whether it is UTF-8.",
)
