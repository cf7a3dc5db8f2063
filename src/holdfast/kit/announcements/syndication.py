"""RSS and Atom as records of one form; what else an entry carries stays beside it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from email.utils import parsedate_to_datetime
from typing import Any

from holdfast.kit.announcements.shape import Item, clean, day
from holdfast.kit.announcements.xmlitems import BadXml, as_record, local, named, read_root

KNOWN = frozenset(
    {
        *("kind", "title", "link", "link/*", "description", "pubDate", "guid", "guid/*", "author"),
        *("author/*", "category", "category/*", "comments", "enclosure", "enclosure/*", "source"),
        *("source/*", "creator", "date", "encoded", "id", "updated", "published", "summary"),
        *("summary/*", "content", "content/*", "title/*", "contributor", "contributor/*", "rights"),
        *("rights/*", "@lang", "@base", "@about", "#text"),
    }
)
"""Fields of RSS 2.0, of Atom (RFC 4287), and of the modules that are in use everywhere."""


def entries(body: bytes) -> list[Item]:
    """The items of RSS (0.9x, 1.0, 2.0) or the entries of Atom, with `kind`.

    Raises ValueError for anything else, be it HTML, other XML or broken.
    """
    root = read_root(body)
    kind = {"rss": "rss", "RDF": "rss", "feed": "atom"}.get(local(root), "")
    if not kind:
        raise BadXml(f"XML that is neither RSS nor Atom: {local(root)[:60]}")
    found = named(root, "entry" if kind == "atom" else "item")
    return [{"kind": kind, **as_record(one)} for one in found]


def words(item: Item, *names: str) -> str:
    """The first of these fields that holds text, without HTML; lists are joined."""
    for name in names:
        said = _words(item.get(name))
        if said:
            return clean(said)
    return ""


def link(item: Item) -> str:
    """The address of the page behind an entry."""
    found = item.get("link")
    for one in found if isinstance(found, list) else [found]:
        if isinstance(one, Mapping):
            if one.get("@rel", "alternate") == "alternate" and one.get("@href"):
                return str(one["@href"]).strip()
        elif isinstance(one, str) and one.strip():
            return one.strip()
    guid = words(item, "guid", "id")
    return guid if guid.startswith(("http://", "https://")) else ""


def published(item: Item) -> date | None:
    """The day of an entry: RFC 822 as in RSS, or ISO 8601 as in Atom; else None."""
    for name in ("published", "pubDate", "date", "updated"):
        written = words(item, name)
        if not written:
            continue
        found = day(written)
        if found is not None:
            return found
        try:
            return parsedate_to_datetime(written).date()
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    return None


def _words(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(filter(None, map(_words, value)))
    if isinstance(value, Mapping):
        return str(value.get("#text") or value.get("@term") or value.get("name") or "")
    return str(value or "")
