"""A frozen filing as files: PDF, CSV, XLSX, JSON, and a sheet to copy from by hand."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from holdfast.kit.filings.form import ORDERS, Form
from holdfast.kit.filings.frozen import fields_of
from holdfast.kit.refusals import Unreadable
from holdfast.kit.renderings.letter import fonts_for
from holdfast.kit.sheets import csv_pieces, neutral

TEMPLATE = Path(__file__).parent / "filing.typ"
FORMATS = ("pdf", "xlsx", "csv", "json", "sheet")
ENDINGS = {"pdf": "pdf", "xlsx": "xlsx", "csv": "csv", "json": "json", "sheet": "txt"}
TYPES = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "sheet": "text/plain; charset=utf-8",
}
NO_ADVICE = (
    "Made from facts this firm entered and recorded; no legal advice. Requirements marked "
    "“recalled” or “unknown” are to be confirmed by counsel."
)
HEAD = ("section", "field", "value", "requirement", "confidence")
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)


def render(
    content: Mapping[str, Any], form: Form, kind: str, *, sha256: str, at: datetime, is_final: bool
) -> bytes:
    """The file of one kind; the same input gives the same bytes.

    `at` is the time in the PDF's metadata. A filing that is not released says so on every page.
    """
    if kind not in FORMATS:
        raise Unreadable(
            "unknown_format",
            f"No file can be made as “{kind[:20]}”.",
            hint=f"One of: {', '.join(FORMATS)}.",
        )
    if kind == "pdf":
        return _pdf(content, form, sha256=sha256, at=at, is_final=is_final)
    if kind == "csv":
        return b"".join(csv_pieces(HEAD, _rows(content)))
    if kind == "xlsx":
        return _workbook(content)
    if kind == "json":
        return _json(content, form, sha256)
    return _sheet(content, form, is_final=is_final)


def file_name(content: Mapping[str, Any], kind: str) -> str:
    """`R-2026-001-us_cpsc.initial_report-US-v1.pdf`."""
    head = content["head"]
    parts = (head["recall"], content["form"], content["country"], f"v{head['version']}")
    return f"{'-'.join(str(part) for part in parts if part)}.{ENDINGS[kind]}"


def _rows(content: Mapping[str, Any]) -> list[tuple[str, ...]]:
    """One row a field; a table has one row more for each of its rows."""
    rows: list[tuple[str, ...]] = []
    for one in fields_of(content):
        said = "" if one["rows"] else one["text"]
        rows.append((one["section"], one["label"], said, one["source"], one["confidence"]))
        if one["rows"]:
            rows.append((one["section"], one["label"], " | ".join(one["head"]), "", ""))
            rows += [(one["section"], one["label"], " | ".join(row), "", "") for row in one["rows"]]
    return rows


def _pdf(
    content: Mapping[str, Any], form: Form, *, sha256: str, at: datetime, is_final: bool
) -> bytes:
    import typst  # noqa: PLC0415 - heavy, and only papers need it

    data = {
        "fonts": [*fonts_for("en")[0], *fonts_for("ar")[0]],
        "title": content["name"],
        "authority": content["authority"],
        "head": [[name, str(value)] for name, value in _head(content)],
        "banner": "" if is_final else "Not released. A preview; do not file.",
        "sections": [
            {
                "name": section["name"],
                "fields": _papers(section["fields"], is_final=is_final),
            }
            for section in content["sections"]
        ],
        "sha256": sha256,
        "notes": [] if is_final else _notes(form),
    }
    pdf = typst.compile(
        TEMPLATE.read_bytes(),
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        timestamp=int(at.timestamp()),
    )
    if not isinstance(pdf, bytes):
        raise TypeError("the typesetter gave no single PDF")
    return pdf


def _papers(fields: Sequence[Mapping[str, Any]], *, is_final: bool) -> list[dict[str, Any]]:
    """The fields as the template reads them; a source is printed where it changes."""
    found: list[dict[str, Any]] = []
    last = ""
    for one in fields:
        if is_final and one["state"] == "empty":
            continue
        found.append(
            {
                "label": one["label"],
                "text": one["text"] if not one["rows"] else "",
                "head": one["head"],
                "rows": one["rows"],
                "source": "" if one["source"] == last else one["source"],
                "missing": one["state"] == "missing",
            }
        )
        last = one["source"]
    return found


def _head(content: Mapping[str, Any]) -> list[tuple[str, object]]:
    head = content["head"]
    found = [
        ("Recall", head["recall"]),
        ("Country", content["country"]),
        ("Version", head["version"]),
        ("Facts as of", str(content["cut_off"])[:16].replace("T", " ") + " UTC"),
        ("Period", head.get("period", "")),
        ("Amends", head.get("amends", "")),
    ]
    return [(name, value) for name, value in found if value]


def _notes(form: Form) -> list[str]:
    """What whoever releases it should know; never on the paper that is filed."""
    notes = [f"Order of the fields: {ORDERS[form.order]}. {form.order_note}".strip()]
    notes += [text for text in (form.machine_note, form.note) if text]
    if form.unverified:
        count = len(form.unverified)
        notes.append(f"{count} of {len(form.fields)} requirements were not read in their text.")
    return [*notes, NO_ADVICE]


def _json(content: Mapping[str, Any], form: Form, sha256: str) -> bytes:
    """Our own shape: no authority here publishes one, and the file says so."""
    data = {
        "format": "holdfast-filing-1",
        "is_the_authoritys_format": False,
        "note": form.machine_note or "No format for machines was found published.",
        "no_legal_advice": NO_ADVICE,
        "sha256": sha256,
        "content": dict(content),
    }
    return (json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _sheet(content: Mapping[str, Any], form: Form, *, is_final: bool) -> bytes:
    """Plain text to copy from, field by field, in the order of the form or portal."""
    lines = [content["name"], content["authority"], f"File at: {form.file_at}"]
    lines += [f"{name}: {value}" for name, value in _head(content)]
    lines.append(f"Order of the fields: {ORDERS[form.order]}. {form.order_note}".strip())
    if not is_final:
        lines.append("NOT RELEASED: a preview, do not file.")
    number = 0
    for section in content["sections"]:
        lines += ["", f"== {section['name']} =="]
        for one in section["fields"]:
            number += 1
            missing = one["state"] == "missing"
            lines += ["", f"[{number}] {one['label']}" + (" (MISSING)" if missing else "")]
            if one["rows"]:
                lines += ["\t".join(one["head"]), *("\t".join(row) for row in one["rows"])]
            elif one["text"]:
                lines.append(one["text"])
    return ("\n".join([*lines, "", NO_ADVICE]) + "\n").encode()


def _workbook(content: Mapping[str, Any]) -> bytes:
    """An XLSX with the fields on the first sheet and each table on one of its own."""
    sheets: list[tuple[str, list[Sequence[str]]]] = [("Filing", [HEAD, *_rows(content)])]
    for one in fields_of(content):
        if one["rows"]:
            sheets.append((f"{len(sheets) + 1} {one['key']}", [one["head"], *one["rows"]]))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in _parts(sheets):
            archive.writestr(
                zipfile.ZipInfo(name, _ZIP_TIME), text, compress_type=zipfile.ZIP_DEFLATED
            )
    return out.getvalue()


_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def _parts(sheets: list[tuple[str, list[Sequence[str]]]]) -> list[tuple[str, str]]:
    numbers = range(1, len(sheets) + 1)
    base = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    kinds = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{base}.worksheet+xml"/>'
        for n in numbers
    )
    listed = "".join(
        f'<sheet name="{escape(name[:31], {chr(34): "&quot;"})}" sheetId="{n}" r:id="rId{n}"/>'
        for n, (name, _) in enumerate(sheets, 1)
    )
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{_LINKS}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in numbers
    )
    return [
        (
            "[Content_Types].xml",
            f'{_XML}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{base}.sheet.main+xml"/>'
            f"{kinds}</Types>",
        ),
        (
            "_rels/.rels",
            f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
            f'Type="{_LINKS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        ),
        (
            "xl/workbook.xml",
            f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_LINKS}">'
            f"<sheets>{listed}</sheets></workbook>",
        ),
        (
            "xl/_rels/workbook.xml.rels",
            f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>',
        ),
        *(
            (f"xl/worksheets/sheet{n}.xml", _worksheet(rows))
            for n, (_, rows) in enumerate(sheets, 1)
        ),
    ]


def _worksheet(rows: list[Sequence[str]]) -> str:
    body = "".join("<row>" + "".join(_cell(cell) for cell in row) + "</row>" for row in rows)
    return f'{_XML}<worksheet xmlns="{_MAIN}"><sheetData>{body}</sheetData></worksheet>'


def _cell(value: str) -> str:
    plain = value.replace(",", "")
    if plain.isdigit() and len(plain) < 16 and (plain == "0" or not plain.startswith("0")):
        return f"<c><v>{plain}</v></c>"
    clean = "".join(char for char in neutral(value) if char >= " " or char in "\n\t")
    return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(clean)}</t></is></c>'
