"""Rows of a file of complaints as what they told, whatever the file calls its columns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from holdfast.decision.intake.rules.told import KINDS, OUTSIDE, Told, says_something
from holdfast.kit.signals.goods import FAMILIES, kinds_of_goods
from holdfast.kit.signals.history import HARM
from holdfast.kit.tables import country_code, tidy_identifier
from holdfast.supply.imports.cells import Fault, Readers, Rejects, clean_rows, picker, too_long
from holdfast.supply.imports.fields import FIELDS, squeezed
from holdfast.supply.imports.reading import Reading

SAID = {  # words for harm beside those of SaferProducts.gov
    **HARM,
    **dict.fromkeys(("malfunction", "no", "none", "nein", "non", "keine", "0", "false"), 0),
    **dict.fromkeys(("injury", "yes", "ja", "oui", "minor", "leicht", "1", "true"), 1),
    **dict.fromkeys(("moderate", "serious", "mittel", "2"), 2),
    **dict.fromkeys(("severe", "schwer", "hospital", "hospitalisation", "hospitalization", "3"), 3),
    **dict.fromkeys(("fatal", "tod", "todesfall", "4"), 4),
}
UNSAID = frozenset(
    ("", "-", "–", "?", "*", "n/a", "na", "unknown", "unbekannt", "k.a.", "inconnu", "other",
     "not applicable", "no answer provided", "not reported")
)  # fmt: skip
KIND_WORDS = {
    "return": ("return", "retour", "rma", "rueckgabe", "ruckgabe", "devolucion"),
    "review": ("review", "bewertung", "avis", "resena", "rating", "stars"),
    "chargeback": ("chargeback", "dispute", "ruckbuchung", "rueckbuchung"),
    "warranty_claim": ("warranty", "garantie", "gewaehrleistung", "gewahrleistung", "garantia"),
    "injury": ("injury", "verletzung", "unfall", "accident"),
}
_NOT = re.compile(
    r"(?:no|not|none|keine?n?r?|nicht|ohne|without|sans|aucune?|sin|ningun[ao]?)\b", re.I
)
_HURT = re.compile(
    r"injur|hurt|wound|burn|hospital|doctor|verletz|verbrann|verbrüh|wunde|krankenh|arzt|ärzt"
    r"|bless|brûl|hôpital|médecin|herid|quemad|médico",
    re.IGNORECASE,
)
_MORE = re.compile(r"[,;:/(–-]")
_STARS = re.compile(r"(\d)(?:[.,]\d+)?")
SIZED = ("product", "gtin", "lot", "serial", "order", "source_id", "email", "phone", "name")


def told_rows(reading: Reading, reject: Rejects) -> Iterator[Told]:
    """What each sound row told; a row that says nothing, or not when, is rejected.

    A day that only adds something (happened, published, passed on) and cannot be read is noted.
    """
    names = FIELDS["complaints"]
    pick, extra = picker(reading, names)
    readers = Readers(reading)
    usual = _usual_kind(reading)
    columns = reading.columns.columns
    for line, row in clean_rows(reading, reject):
        row.extend(extra)
        cells = dict(zip(names, (str(cell) for cell in pick(row)), strict=True))
        try:
            yield _told(cells, line, readers, reading, usual)
        except Fault as fault:
            del row[len(reading.table.columns) :]
            reject(line, columns.get(fault.name, fault.name), str(fault), row)


def _told(cells: dict[str, str], line: int, readers: Readers, reading: Reading, usual: str) -> Told:
    text, title, reason = (cells[name].strip() for name in ("text", "title", "reason"))
    notes: list[str] = []
    harm, unread = _harm(cells["harm"])
    if unread:
        notes.append(f"What it says of harm is no word known here: “{unread[:80]}”.")
        text = f"{text}\n{unread}".strip()
    kind = _kind(cells["kind"], usual)
    is_told = harm is not None or kind == "injury"
    if not any(map(says_something, (text, title, reason))) and not is_told:
        raise Fault("text", "it says nothing: no text, no reason, nothing of an injury")
    if reason and reason.casefold() not in text.casefold():
        text = f"{reason}: {text}" if text else reason
    name = cells["name"].strip() or f"{cells['first_name']} {cells['last_name']}".strip()
    received = _unix(cells["received_unix"])
    received = received or _moment(readers, cells["received_at"], "received_at")
    sized = {field: " ".join(cells[field].split()) for field in SIZED}
    sized["gtin"] = sized["gtin"].lstrip("'")[:40]
    for field in ("product", "lot", "serial", "order"):
        sized[field] = tidy_identifier(sized[field])
    for field in SIZED:
        if field != "gtin":
            too_long(field, sized[field])
    source = reading.source
    return Told(
        text=text,
        title=title,
        kind=kind,
        channel="import",
        source=source if source != "csv" else "",
        source_id=sized["source_id"],
        received_at=received,
        happened_at=_noted(readers, cells, "happened_at", notes),
        published_at=_noted(readers, cells, "published_at", notes)
        or (received if source in OUTSIDE else None),
        sent_at=_noted(readers, cells, "sent_at", notes),
        product=sized["product"],
        product_name=" ".join(cells["product_name"].split())[:300],
        brand=cells["brand"].strip()[:200],
        model=cells["model"].strip()[:200],
        maker=cells["maker"].strip()[:200],
        gtin=sized["gtin"],
        lot=sized["lot"],
        serial=sized["serial"],
        order=sized["order"],
        category=" ".join(cells["category"].split())[:120],
        harm=harm,
        stars=_stars(cells["stars"]),
        country=country_code(cells["country"]),
        language=cells["language"].strip()[:12],
        goods=cells["goods"] if cells["goods"] in (*FAMILIES, *kinds_of_goods()) else "",
        name=name[:200],
        email=sized["email"],
        phone=sized["phone"],
        line=line,
        notes=tuple(notes),
    )


def _usual_kind(reading: Reading) -> str:
    """What the rows are where no column says it: by what the file calls its columns."""
    there = " ".join(squeezed(column) for column in reading.columns.columns.values())
    return next((kind for kind in ("chargeback", "warranty_claim", "return", "review")
                 if any(word in there for word in KIND_WORDS[kind])), "complaint")  # fmt: skip


def _kind(said: str, usual: str) -> str:
    name = said.strip().lower().replace(" ", "_").replace("-", "_")
    if name in KINDS:
        return name
    plain = squeezed(said)
    found = (kind for kind, words in KIND_WORDS.items() if any(word in plain for word in words))
    return next(found, usual)


def _harm(cell: str) -> tuple[int | None, str]:
    """What a cell says of harm, and what of it nobody knows to read: that joins the text.

    “Yes, hospital” is a yes with more to it; “no, but hospital” is no clear no.

    >>> _harm("Ja, am Finger"), _harm("no, but a burn"), _harm("none"), _harm("n/a")
    ((1, 'Ja, am Finger'), (None, 'no, but a burn'), (0, ''), (None, ''))
    >>> _harm("Verletzung am Finger"), _harm("perhaps")
    ((1, 'Verletzung am Finger'), (None, 'perhaps'))
    """
    said = " ".join(cell.split())
    whole = SAID.get(said.casefold())
    if whole is not None or said.casefold() in UNSAID:
        return whole, ""
    first = _MORE.split(said.casefold(), maxsplit=1)[0].strip()
    known = SAID.get(first) or None
    if known is None and _HURT.search(said) and not _NOT.match(said):
        known = 1
    return known, said


def _moment(readers: Readers, text: str, name: str) -> datetime | None:
    told = readers.moment(text, name)
    return datetime.fromisoformat(told).replace(tzinfo=UTC) if told else None


def _noted(readers: Readers, cells: dict[str, str], name: str, notes: list[str]) -> datetime | None:
    try:
        return _moment(readers, cells[name], name)
    except Fault as fault:
        notes.append(f"{name}: {fault}")
        return None


def _unix(text: str) -> datetime | None:
    """Seconds since 1970, as research files have them."""
    said = text.strip()
    if not said:
        return None
    try:
        at = datetime.fromtimestamp(float(said), UTC)
    except (OverflowError, OSError, ValueError):
        raise Fault("received_unix", f"no seconds since 1970: {said[:40]!r}") from None
    if not 1990 <= at.year < 2200:
        raise Fault("received_unix", f"no seconds since 1970: {said[:40]!r}")
    return at


def _stars(text: str) -> int | None:
    found = _STARS.match(text.strip())
    return int(found.group(1)) if found and int(found.group(1)) <= 5 else None
