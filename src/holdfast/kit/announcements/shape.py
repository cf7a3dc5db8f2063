"""How one authority's answer looks: which fields it has, which it must have, and what they mean."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from holdfast.kit.announcements.announcement import PublishedRecall

Item = Mapping[str, object]
_TAGS = re.compile(r"<[^<>]{0,2000}>")
_DAY = re.compile(r"(\d{4})[-\u2010/]?(\d{2})[-\u2010/]?(\d{2})(?!\d)")


@dataclass(frozen=True)
class Shape:
    """One form of answer. Fields of records inside a record are written `Products/Name`.

    `under` is the field of the answer in which the records stand, empty where the answer is the
    list itself; `around` are the other fields beside it. `known` may end in `/*`. `items` takes
    answers apart that are neither JSON nor a table with a head; it raises ValueError where it is
    given something else. `fleeting` fields differ from answer to answer and are no change. A `*` in
    `known` says that any field may come. `has_references` where one record may replace or take back
    another.
    """

    name: str
    authority: str
    required: frozenset[str]
    known: frozenset[str]
    build: Callable[[Item], PublishedRecall]
    under: str = ""
    around: frozenset[str] = frozenset()
    items: Callable[[bytes], list[Item]] | None = None
    fleeting: frozenset[str] = frozenset()
    has_references: bool = False

    def unknown(self, item: Item) -> Iterator[str]:
        """Fields of a record that nobody has told us about."""
        for path in paths(item) if "*" not in self.known else ():
            first = path.partition("/")[0]
            if not {path, f"{first}/*"} & (self.known | self.required):
                yield path

    def missing(self, item: Item) -> Iterator[str]:
        """Fields that have to be there and are not; an empty one is there."""
        return (name for name in sorted(self.required) if name not in item)


def paths(item: Item) -> Iterator[str]:
    """The fields of a record and of the records in it, two levels deep; each once."""
    found: dict[str, None] = {}
    for name, value in item.items():
        inner = value if isinstance(value, list) else [value]
        records = [part for part in inner if isinstance(part, Mapping)]
        if not records:
            found[name] = None
        for part in records:
            found.update(dict.fromkeys(f"{name}/{key}" for key in part))
    return iter(found)


def text(item: Item, name: str) -> str:
    """A field as trimmed text; nothing where it is absent or null."""
    value = item.get(name)
    return "" if value is None or isinstance(value, (list, Mapping)) else str(value).strip()


def texts(item: Item, name: str, inner: str = "") -> tuple[str, ...]:
    """The texts of a list field, or of one field of each record in it; empty ones left out."""
    value = item.get(name)
    parts = value if isinstance(value, list) else []
    found = [text(part, inner) if isinstance(part, Mapping) else str(part) for part in parts]
    return tuple(one.strip() for one in found if one and one.strip())


def clean(written: str) -> str:
    """Text out of a field that holds HTML: no tags, no entities, single blanks.

    >>> clean("<p>Do <b>not</b> eat&nbsp;it.</p>")
    'Do not eat it.'
    """
    return " ".join(html.unescape(_TAGS.sub(" ", written)).replace("\u200b", "").split())


def day(written: str) -> date | None:
    """The day at the start of a text with the year first; None where it is none.

    >>> day("2016-12-20T00:00:00"), day("20120620"), day("20121399")
    (datetime.date(2016, 12, 20), datetime.date(2012, 6, 20), None)
    """
    found = _DAY.match(written)
    if found is None:
        return None
    try:
        return date(*(int(part) for part in found.groups()))
    except ValueError:
        return None
