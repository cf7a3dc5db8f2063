"""Posts out of what people hand us: a table, mails, a pasted text, a webhook's JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

from holdfast.kit.announcements.xmlitems import BadXml, as_record, local, named, read_root
from holdfast.kit.bounces.mailbox import mails
from holdfast.kit.reading import open_letter
from holdfast.kit.reading.letter import words_of_html
from holdfast.kit.refusals import Unreadable
from holdfast.kit.tables import DateReader, NumberReader, Table, open_table, survey_styles
from holdfast.response.answers.rules import LONGEST_TEXT, Post

COLUMNS: dict[str, tuple[str, ...]] = {
    "text": (
        *("text", "post", "message", "body", "content", "comment", "mention", "snippet"),
        *("beitrag", "kommentar", "nachricht", "texte", "commentaire", "texto", "comentario"),
    ),
    "title": ("title", "headline", "subject", "titel", "betreff", "titre", "título"),
    "url": ("url", "link", "permalink", "address", "adresse", "enlace", "lien"),
    "author": ("author", "user", "username", "handle", "account", "name", "autor", "auteur"),
    "said_at": (
        *("said_at", "date", "time", "published", "created_at", "created", "posted", "timestamp"),
        *("published_at", "datum", "zeit", "fecha", "heure"),
    ),
    "audience": ("audience", "reach", "followers", "views", "impressions", "reichweite"),
    "language": ("language", "lang", "sprache", "langue", "idioma"),
    "id": ("id", "post_id", "guid", "message_id"),
}
ENTRY_TEXTS = ("encoded", "content", "description", "summary")
ENTRY_TIMES = ("pubDate", "published", "updated", "date")
MOST_ROWS = 200_000
MOST_POSTS = 1_000  # of one delivery
MAIL_ENDINGS = {".eml", ".mbox"}
_HEADER = re.compile(rb"\A(From |[A-Za-z][A-Za-z0-9-]*:)")


@dataclass
class Opened:
    """Posts with their places, rows that are none with the reason, and how it was read."""

    kind: str
    posts: list[tuple[int, Post]] = field(default_factory=list)
    rejects: list[tuple[int, str, str]] = field(default_factory=list)
    reading: dict[str, object] = field(default_factory=dict)


def open_posts(
    path: str, *, zone: tzinfo, maps: Mapping[str, str] | None = None, dates: str = ""
) -> Opened:
    """Read a file: `.eml` and `.mbox` as mails, anything else as a table.

    Raises `Unreadable` where it is neither, or names no column with the text.
    """
    try:
        with open(path, "rb") as file:
            head = file.read(2_000)
            if Path(path).suffix.casefold() in MAIL_ENDINGS and _HEADER.match(head):
                file.seek(0)
                found = Opened("mail")
                for number, raw in enumerate(mails(file), start=1):
                    if number > MOST_ROWS:
                        raise _too_many(path, "mails")
                    found.posts.append((number, mail_post(raw)))
                return found
    except OSError as error:
        raise Unreadable(
            "file_unreadable", f"{path} cannot be read: {error.strerror or error}.", file=path
        ) from None
    return _table(open_table(path, score=_score), zone, dict(maps or {}), dates)


def _too_many(path: str, what: str) -> Unreadable:
    return Unreadable(
        "too_many_rows",
        f"{path} has more than {MOST_ROWS:,} {what}.",
        file=path,
        hint="Split it; each part is taken in on its own.",
    )


def mail_post(raw: bytes) -> Post:
    """A mail that was sent on to us: its subject and text; HTML is reduced to its words."""
    letter = open_letter(raw)
    text = "\n".join(part for part in (letter.subject, letter.text.strip()) if part)
    said_at = letter.sent_at
    if said_at is not None and said_at.tzinfo is None:
        said_at = said_at.replace(tzinfo=UTC)
    found = re.search(rb"(?im)^message-id:\s*(<[^<>\s]{3,200}>)", raw[:20_000])
    key = found.group(1).decode("ascii", "replace") if found else ""
    return Post(text[: 2 * LONGEST_TEXT], author=letter.sender, said_at=said_at, key=key)


def feed_posts(body: bytes) -> list[tuple[int, Post]]:
    """The entries of an RSS or Atom feed. Raises `BadXml` where it is none, or has too many."""
    root = read_root(body)
    entries = named(root, "item") or named(root, "entry")
    if not entries and local(root) not in ("rss", "feed", "RDF"):
        raise BadXml(f"“{local(root)[:40]}” is no feed: RSS or Atom is read")
    if len(entries) > MOST_ROWS:
        raise BadXml(f"it has {len(entries):,} entries, and at most {MOST_ROWS:,} are read")
    return [(number, _entry(one)) for number, one in enumerate(entries, start=1)]


def _entry(element: Element) -> Post:
    told = as_record(element)
    title = words_of_html(_said(told.get("title")))
    body = next((_said(told[name]) for name in ENTRY_TEXTS if told.get(name)), "")
    text = "\n".join(part for part in (title, words_of_html(body[: 20 * LONGEST_TEXT])) if part)
    url = _link(told.get("link"))
    return Post(
        text,
        url,
        _said(told.get("creator")) or _said(told.get("author")),
        _told_at(next((_said(told[name]) for name in ENTRY_TIMES if told.get(name)), "")),
        key=(_said(told.get("guid")) or _said(told.get("id")) or url)[:500],
    )


def _said(value: Any) -> str:
    """The words of an element: its text, that of the first of several, or its name in Atom."""
    if isinstance(value, list):
        return _said(value[0]) if value else ""
    if isinstance(value, dict):
        return _said(value.get("name", value.get("#text", "")))
    return value if isinstance(value, str) else ""


def _link(value: Any) -> str:
    links = value if isinstance(value, list) else [value]
    for one in links:
        if isinstance(one, dict) and one.get("@rel", "alternate") == "alternate":
            return str(one.get("@href") or one.get("#text") or "")
    return _said(value)


def _told_at(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return DateReader("", UTC).read(text) if text else None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def delivered_posts(body: bytes) -> list[tuple[int, Post]]:
    """A webhook's JSON: one object or a list, each with `text` and, if known, the other fields."""
    try:
        given = json.loads(body.decode("utf-8"))
    except (UnicodeDecodeError, ValueError, RecursionError):
        raise Unreadable(
            "not_json", "The delivery is no JSON in UTF-8.", hint='{"text": "…", "url": "…"}'
        ) from None
    rows = given if isinstance(given, list) else [given]
    if len(rows) > MOST_POSTS or not all(isinstance(row, dict) for row in rows):
        raise Unreadable(
            "bad_delivery",
            f"A delivery is one object, or a list of at most {MOST_POSTS} of them.",
        )
    return [(number, _given(row)) for number, row in enumerate(rows, start=1)]


def _given(row: Mapping[str, Any]) -> Post:
    def say(name: str) -> str:
        value = row.get(name)
        return value if isinstance(value, str) else ""

    audience = row.get("audience")
    return Post(
        say("text"),
        say("url"),
        say("author"),
        _moment(say("said_at")),
        audience if isinstance(audience, int) and not isinstance(audience, bool) else 0,
        say("language"),
        say("id")[:200],
    )


def _moment(text: str) -> datetime | None:
    return DateReader("", UTC).read(text) if text else None


def _score(cells: list[str]) -> int:
    known = {word for words in COLUMNS.values() for word in words}
    return sum(_key(cell) in known for cell in cells)


def _key(name: str) -> str:
    return re.sub(r"[\s-]+", "_", name.strip().casefold())


def _mapping(table: Table, maps: dict[str, str]) -> dict[str, int]:
    """Which column holds what: as told, else by name; refused where none holds the text."""
    by_name = {_key(name): at for at, name in reversed(list(enumerate(table.columns)))}
    found: dict[str, int] = {}
    for name, words in COLUMNS.items():
        wanted = [_key(maps[name])] if name in maps else list(words)
        at = next((by_name[word] for word in wanted if word in by_name), None)
        if at is not None:
            found[name] = at
        elif name in maps:
            raise Unreadable(
                "no_column",
                f"{table.path} has no column “{maps[name]}”.",
                file=table.path,
                hint=f"It has: {', '.join(table.columns[:20])}.",
            )
    if "text" not in found:
        raise Unreadable(
            "column_missing",
            f"No column of {table.path} holds the text of the posts.",
            file=table.path,
            line=table.header_line,
            column="text",
            hint=f"Say which: --map text=COLUMN. It has: {', '.join(table.columns[:20])}.",
        )
    return found


def _table(table: Table, zone: tzinfo, maps: dict[str, str], dates: str) -> Opened:
    columns = _mapping(table, maps)
    at_date = [columns["said_at"]] if "said_at" in columns else []
    styles = survey_styles(table.rows(), at_date, [], separator=table.separator)
    if styles.ambiguous and not dates:
        raise Unreadable(
            "ambiguous_dates",
            f"“{styles.ambiguous_text}” may be two days, and no row of {table.path} tells which.",
            file=table.path,
            line=styles.ambiguous_line,
            hint="Add --dates dmy or --dates mdy.",
        )
    reader = DateReader(dates or styles.date_order, zone)
    found = Opened("table")
    found.reading = {
        "mapping": {name: table.columns[at] for name, at in columns.items()},
        "encoding": table.encoding,
        "separator": table.separator or None,
        "date_order": dates or styles.date_order or None,
    }
    for number, (line, cells) in enumerate(table.rows()):
        if number >= MOST_ROWS:
            raise _too_many(table.path, "rows")
        _row(found, line, cells, columns, reader, len(table.columns))
    return found


def _row(
    found: Opened,
    line: int,
    cells: list[str],
    columns: Mapping[str, int],
    reader: DateReader,
    width: int,
) -> None:
    def cell(name: str) -> str:
        at = columns.get(name, len(cells))
        return cells[at].strip() if at < len(cells) else ""

    if not any(text.strip() for text in cells):
        return
    fault = _fault(cells, cell("said_at"), reader, width)
    text = "\n".join(part for part in (cell("title"), cell("text")) if part)
    if not fault and not text:
        fault = ("text", "The post has no text.")
    if fault:
        found.rejects.append((line, *fault))
        return
    number = NumberReader().read(cell("audience").replace(",", ""))
    post = Post(
        text[: 2 * LONGEST_TEXT],
        cell("url"),
        cell("author"),
        reader.read(cell("said_at")) if cell("said_at") else None,
        int(number) if number is not None else 0,
        cell("language"),
        cell("id"),
    )
    found.posts.append((line, post))


def _fault(
    cells: list[str], said_at: str, reader: DateReader, width: int
) -> tuple[str, str] | None:
    if any("\x00" in text for text in cells):
        return "", "The row holds a NUL character."
    if len(cells) > width:
        return "", f"The row has {len(cells)} fields; the header names {width}."
    if said_at and reader.read(said_at) is None:
        return "said_at", f"“{said_at[:40]}” is no date."
    return None
