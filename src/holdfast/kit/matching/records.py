"""Recalls and catalogues of any columns as records: what is a title, a brand, a model, a code."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from holdfast.kit.matching.words import folded
from holdfast.kit.refusals import Unreadable
from holdfast.kit.tables import delimited, open_table
from holdfast.kit.tables.opening import DEFAULT_LIMITS, ByteSource, magic, packing

_LETTERS = re.compile(r"[^a-z0-9]+")
_NUMERIC = re.compile(r"[\s\d.,:;/€$£¥%+-]*")
_NO_WORDS = (
    "price", "cost", "currency", "quantity", "units", "date", "time", "year", "url", "link",
    "image", "photo", "address", "street", "city", "state", "province", "postal", "zip", "phone",
    "email",
    "contact", "hazard", "risk", "reason", "remed", "injur", "incident", "measure", "distribution",
    "status", "classification", "voluntary", "mandated", "notification", "retailer", "country",
    "soldat", "inconjunction", "eventid", "stock", "weight", "openfda", "unii", "language",
)  # fmt: skip
"""What such a column says is no property by which a product is known again."""
_CODE = {"gtin", "upc", "ean", "barcode", "asin", "isbn", "codeinfo", "jan"}
_BRAND = ("brand", "manufacturer", "maker", "company", "firm", "importer", "vendor", "trademark")
_MODEL = ("model", "mpn", "typenumber", "partnumber", "articlenumber", "itemnumber")
_TITLE = {
    "title", "name", "product", "producttitle", "productname", "productsname", "itemname",
    "heading", "subject", "productdescription", "item", "designation",
}  # fmt: skip
_ID = ("id", "recallnumber", "recallid", "number", "reference", "alertnumber")


@dataclass(frozen=True, slots=True)
class Record:
    """One recall or one product, as far as it can be matched; `codes`: what code columns hold."""

    id: str
    title: str = ""
    brand: str = ""
    model: str = ""
    rest: str = ""
    codes: str = ""

    @property
    def text(self) -> str:
        """Everything in which a code may stand."""
        return "\n".join(part for part in (self.title, self.model, self.rest) if part)


def role_of(column: str) -> str:
    """`title`, `brand`, `model`, `codes`, `rest`, or nothing for what is not read.

    >>> [role_of(name) for name in ("Product Name", "manufacturer", "UPC", "price", "description")]
    ['title', 'brand', 'codes', '', 'rest']
    """
    name = _LETTERS.sub("", folded(column))
    last = _LETTERS.sub("", folded(column.rsplit("/", 1)[-1]))
    if last.rstrip("s") in _CODE or name.rstrip("s") in _CODE:
        return "codes"
    if any(word in name for word in _NO_WORDS):
        return ""
    if any(word in name for word in _BRAND):
        return "brand"
    if any(word in name for word in _MODEL):
        return "model"
    return "title" if name in _TITLE or last in _TITLE else "rest"


def record_of(key: str, cells: Mapping[str, str], roles: Mapping[str, str]) -> Record:
    """A row, its cells gathered by the role of their columns."""
    parts: dict[str, list[str]] = {}
    for column, cell in cells.items():
        role = roles[column]
        if cell and role and (role in ("codes", "model") or not _NUMERIC.fullmatch(cell)):
            parts.setdefault(role, []).append(cell)
    return Record(key, **{role: "\n".join(texts) for role, texts in parts.items()})


def read_records(path: str | os.PathLike[str]) -> Iterator[Record]:
    """The rows of a table (first column: the id) or of a file with one JSON object a line.

    Raises `Unreadable` for a file that is neither, and for an id that is empty or comes twice.
    """
    name = os.fspath(path)
    first = name.removesuffix(".gz").removesuffix(".zst")
    rows = _of_lines(name) if first.endswith((".jsonl", ".ndjson")) else _of_table(name)
    seen: set[str] = set()
    for line, record in rows:
        if not record.id:
            raise Unreadable(
                "id_missing", f"{name}: line {line} has no id.", file=name, line=line,
                hint="The first column is the id of the record.",
            )  # fmt: skip
        if record.id in seen:
            raise Unreadable(
                "id_twice", f"{name}: the id {record.id} comes a second time.", file=name,
                line=line, hint="Each record has an id of its own.",
            )  # fmt: skip
        seen.add(record.id)
        yield record


def _of_table(path: str) -> Iterator[tuple[int, Record]]:
    table = open_table(path)
    _id, *columns = table.columns
    roles = _with_title({column: role_of(column) for column in columns})
    for line, cells in table.rows():
        if not any(cells):
            continue
        rest = dict(zip(columns, cells[1:], strict=False))
        yield line, record_of(cells[0].strip(), rest, roles)


def _with_title(roles: dict[str, str]) -> dict[str, str]:
    """Where no column is called a title, the first that is read at all is one."""
    if "title" not in roles.values():
        for column, role in roles.items():
            if role == "rest":
                return {**roles, column: "title"}
    return roles


def _of_lines(path: str) -> Iterator[tuple[int, Record]]:
    source = ByteSource(path, packing(magic(path)), DEFAULT_LIMITS)
    for line, text in enumerate(delimited.text_lines(source, "utf-8"), 1):
        if not text.strip():
            continue
        try:
            item = json.loads(text)
        except (ValueError, RecursionError):
            item = None
        if not isinstance(item, dict):
            raise Unreadable(
                "not_json", f"{path}: line {line} is no JSON object.", file=path, line=line,
                hint="One object a line, as the recording of the authority has them.",
            )  # fmt: skip
        flat: dict[str, str] = {}
        _flatten(item, "", flat)
        yield line, _of_object(item, flat)


def _of_object(item: Mapping[str, object], flat: Mapping[str, str]) -> Record:
    by_name = {_LETTERS.sub("", folded(key)): str(value) for key, value in item.items()}
    key = next((by_name[name] for name in _ID if by_name.get(name)), "")
    if not key:
        key = str(next(iter(item.values()), ""))
    roles = _with_title({path: role_of(path) for path in flat})
    return record_of(key.strip(), flat, roles)


def _flatten(item: object, path: str, into: dict[str, str]) -> None:
    """Nested values under `Products/Name`; those of a list one below the other."""
    if isinstance(item, dict):
        for key, value in item.items():
            _flatten(value, f"{path}/{key}" if path else str(key), into)
    elif isinstance(item, list):
        for value in item:
            _flatten(value, path, into)
    elif item not in (None, "", True, False):
        into[path] = f"{into[path]}\n{item}" if path in into else str(item)
