"""Recalls and catalogues of any columns as records: what is a title, a brand, a model, a code.

Columns are known by their English name and by what shops call them in German, French, Spanish,
Italian, Dutch, Polish, Portuguese, Czech and Swedish; other text is part of a description.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from holdfast.kit.matching.words import folded
from holdfast.kit.refusals import Unreadable
from holdfast.kit.tables import delimited, open_table
from holdfast.kit.tables.opening import DEFAULT_LIMITS, ByteSource, magic, packing

_LETTERS = re.compile(r"[^a-z0-9]+")
_EXPONENT = re.compile(r"(?<![\w.,])(\d)[.,](\d{6,13})[Ee]\+?(\d{1,2})(?!\w)")
_THOUSANDS = re.compile(r"(?<![\w.,])\d{1,3}(?:,\d{3}){3,4}(?![\w.,])")
_DOTTED = re.compile(r"(?<![\w.,])\d{1,7}(?:\.\d{1,7}){2,4}(?![\w.,])")
_NUMERIC = re.compile(r"[\s\d.,:;/€$£¥%+-]*")
_NO_WORDS = (
    "price", "cost", "currency", "quantity", "units", "date", "time", "year", "url", "link",
    "image", "photo", "address", "street", "city", "state", "province", "postal", "zip", "phone",
    "email",
    "contact", "hazard", "risk", "reason", "remed", "injur", "incident", "measure", "distribution",
    "status", "classification", "voluntary", "mandated", "notification", "retailer", "country",
    "soldat", "inconjunction", "eventid", "stock", "weight", "openfda", "unii", "language",
    "preis", "prix", "precio", "prezzo", "prijs", "datum", "fecha", "bestand", "menge", "gewicht",
    "poids", "waehrung", "wahrung", "moneda", "devise", "bild", "foto", "imagen", "immagin",
)  # fmt: skip
"""What such a column says is no property by which a product is known again."""
_PHOTO = {"phototext", "imagetext", "picturetext", "ocrtext"}
_CODE = {"gtin", "upc", "ean", "barcode", "asin", "isbn", "codeinfo", "jan", "upccode"}
_CODE_IN = re.compile(
    r"gtin|(?:code|kod|codigo)ean|ean(?:code|kod|nummer|nr|8$|13$)|barcode|strichcode|codebarre|"
    r"codigo(?:de)?barra|codiceabarre|kodkreskowy|streepjescode|streckkod|carovykod|upc[ae]$"
)
_BRAND = (
    "brand", "manufacturer", "maker", "company", "firm", "importer", "vendor", "trademark",
    "hersteller", "fabricant", "fabrikant", "produttore", "producent", "vyrobce", "tillverkare",
)  # fmt: skip
_BRAND_IS = {"marke", "marque", "marca", "merk", "marka", "znacka", "varumarke", "markenname"}
_MODEL = (
    "model", "mpn", "typenumber", "partnumber", "articlenumber", "itemnumber", "typenbezeichnung",
)  # fmt: skip
_TITLE = {
    "title", "name", "product", "producttitle", "productname", "productsname", "itemname",
    "heading", "subject", "productdescription", "item", "designation",
    "bezeichnung", "artikelbezeichnung", "produktbezeichnung", "produktname", "artikelname",
    "titel", "titre", "libelle", "nom", "nomduproduit", "nombre", "nombredelproducto", "titulo",
    "denominacion", "nome", "nomeprodotto", "nomedoproduto", "titolo", "naam", "productnaam",
    "nazwa", "nazwaproduktu", "nazev", "nazevproduktu", "namn", "produktnamn",
}  # fmt: skip
_ID = ("id", "recallnumber", "recallid", "alertnumber", "number", "reference")


@dataclass(frozen=True, slots=True)
class Record:
    """One recall or one product, as far as it can be matched; `codes`: what code columns hold.

    `photo` is what was read in pictures of it. It is no part of `text`: a reader of pictures errs.
    """

    id: str
    title: str = ""
    brand: str = ""
    model: str = ""
    rest: str = ""
    codes: str = ""
    photo: str = ""

    @property
    def text(self) -> str:
        """Everything in which a code may stand."""
        return "\n".join(part for part in (self.title, self.model, self.rest) if part)


def role_of(column: str) -> str:
    """`title`, `brand`, `model`, `codes`, `photo`, `rest`, or nothing for what is not read.

    >>> [role_of(name) for name in ("Product Name", "manufacturer", "UPC", "price", "description")]
    ['title', 'brand', 'codes', '', 'rest']
    """
    name = _LETTERS.sub("", folded(column))
    last = _LETTERS.sub("", folded(column.rsplit("/", 1)[-1]))
    if {last.rstrip("s"), name.rstrip("s")} & _CODE or _CODE_IN.search(last):
        return "codes"
    if name in _PHOTO:
        return "photo"
    if any(word in name for word in _NO_WORDS):
        return ""
    if last in _BRAND_IS or any(word in name for word in _BRAND):
        return "brand"
    if any(word in name for word in _MODEL):
        return "model"
    return "title" if {name, last, last.removesuffix("s")} & _TITLE else "rest"


def record_of(key: str, cells: Mapping[str, str], roles: Mapping[str, str]) -> Record:
    """A row, its cells gathered by the role of their columns."""
    parts: dict[str, list[str]] = {}
    for column, cell in cells.items():
        role = roles[column]
        if cell and role and (role in ("codes", "model") or not _NUMERIC.fullmatch(cell)):
            parts.setdefault(role, []).append(cell)
    if "codes" in parts:
        parts["codes"] = [_undressed(text) for text in parts["codes"]]
    return Record(key, **{role: "\n".join(texts) for role, texts in parts.items()})


def _undressed(codes: str) -> str:
    """Codes without what a spreadsheet put into them as into any number, or a printer as dots."""
    whole = _THOUSANDS.sub(lambda found: found.group().replace(",", ""), codes)
    whole = _DOTTED.sub(lambda found: found.group().replace(".", "-"), whole)
    return _EXPONENT.sub(_written_out, whole)


def _written_out(number: re.Match[str]) -> str:
    """A code that a spreadsheet shows as `7.0670005759E+10`, where it still has all its digits."""
    whole, part, power = number.group(1), number.group(2), int(number.group(3))
    return whole + part.ljust(power, "0") if len(part) in (power, power - 1) else number.group()


def read_records(path: str | os.PathLike[str]) -> Iterator[Record]:
    """The rows of a table or of a file with one JSON object a line, perhaps packed.

    A table's first column is the id, but in a file named `recalls` a column that is called the
    recall's or the alert's number is. A row without one is known by its line. Several rows may
    have the same id, as a recall of several products has them. Raises `Unreadable`.
    """
    name = os.fspath(path)
    first = name.removesuffix(".gz").removesuffix(".zst")
    rows = _of_lines(name) if first.endswith((".jsonl", ".ndjson")) else _of_table(name)
    return (record if record.id else replace(record, id=f"line {line}") for line, record in rows)


def _of_table(path: str) -> Iterator[tuple[int, Record]]:
    table = open_table(path)
    at = _id_column(path, table.columns)
    known = table.columns[at]
    roles = {column: role_of(column) if column != known else "" for column in table.columns}
    roles = _with_title(roles)
    for line, cells in table.rows():
        if any(cells):
            key = cells[at].strip() if len(cells) > at else ""
            yield line, record_of(key, dict(zip(table.columns, cells, strict=False)), roles)


def _id_column(path: str, columns: Sequence[str]) -> int:
    names = [_LETTERS.sub("", folded(column)) for column in columns]
    if os.path.basename(path).startswith("recalls") and names[0] != "id":
        return next((names.index(name) for name in _ID if name in names), 0)
    return 0


def _with_title(roles: dict[str, str]) -> dict[str, str]:
    """Where no column is called a title, the first that is read at all is one."""
    if "title" not in roles.values():
        for column, role in roles.items():
            if role == "rest":
                return {**roles, column: "title"}
    return roles


def _of_lines(path: str) -> Iterator[tuple[int, Record]]:
    for line, text in _lines(path):
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


def _lines(path: str) -> Iterator[tuple[int, str]]:
    """Each line with its number, in UTF-8 or in the UTF-16 that its first two bytes announce."""
    packed = packing(magic(path))
    head = next(iter(ByteSource(path, packed, DEFAULT_LIMITS).chunks()), b"")[:2]
    encoding = "utf-16" if head in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    lines = delimited.text_lines(ByteSource(path, packed, DEFAULT_LIMITS), encoding)
    try:
        yield from enumerate(lines, 1)
    except UnicodeDecodeError as error:
        raise Unreadable(
            "not_json", f"{path} cannot be read as {encoding}.", file=path,
            hint="JSON is written in UTF-8; save the file so.",
        ) from error  # fmt: skip


def _of_object(item: Mapping[str, object], flat: Mapping[str, str]) -> Record:
    by_name = {_LETTERS.sub("", folded(key)): str(value) for key, value in item.items()}
    key = next((by_name[name] for name in _ID if by_name.get(name)), "")
    if not key:
        key = str(next(iter(item.values()), ""))
    ids = {path for path in flat if _LETTERS.sub("", folded(path)) in _ID}
    roles = _with_title({path: "" if path in ids else role_of(path) for path in flat})
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
