"""The journal in words, a page at a time: what people read on the Evidence page and in packages."""

from __future__ import annotations

import importlib
import importlib.util
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.apps import apps
from django.utils.translation import get_language_bidi, gettext, pgettext

from holdfast.ground.journal.events import Fact, kinds
from holdfast.ground.journal.models import Entry

MOST = 200
# Fields that hold a word of a list; what people wrote in the others is told as they wrote it.
LISTED = frozenset(
    {"answer", "bearing", "channel", "decision", "direction", "form", "from_state", "hazards"}
    | {"how", "kind", "kinds", "level", "measures", "options", "outcome", "owner", "probability"}
    | {"proof", "remedies", "remedy", "role", "roles", "severity", "shape", "source", "state"}
    | {"step", "to_state", "verdict", "was"}
)
APART, TOGETHER = "\u2068", "\u2069"


@dataclass(frozen=True)
class Told:
    """One entry for a reader."""

    index: int
    at: str
    kind: str
    by: str
    subject: str
    words: str
    leaf: str
    fields: Mapping[str, Any] = field(default_factory=dict)

    @property
    def here(self) -> str:
        """Its words in the reader's language."""
        return tell_here(self.kind, self.fields)


@dataclass(frozen=True)
class Page:
    """Some entries; `older` is the `before` of the page that follows, or nothing at the end."""

    entries: Sequence[Told]
    older: int | None


def tell(kind: str, payload: Mapping[str, Any]) -> str:
    """A fact as a sentence; a fact of another version of Holdfast by its name and fields.

    The sentence is English everywhere: packages hold it, and rules quote it.
    """
    fact = _known().get(kind)
    if fact is not None and fact.words:
        return " ".join(fact.words.format_map(_Slots(payload)).split())
    return f"{kind}: " + ", ".join(f"{name} {_said(value)}" for name, value in payload.items())


def tell_here(kind: str, payload: Mapping[str, Any]) -> str:
    """The same in the reader's language, for screens only; what people wrote stays as it is."""
    fact = _known().get(kind)
    if fact is None or not fact.words:
        return tell(kind, payload)
    said = " ".join(gettext(fact.words).format_map(_SlotsHere(payload)).split())
    return said.replace(" ,", ",").replace(" ،", "،")  # a slot may be empty


def page(
    *,
    subject: str | None = None,
    kind: str = "",
    by: str = "",
    since: str = "",
    until: str = "",
    before: int | None = None,
    most: int = 50,
) -> Page:
    """Entries, newest first, below index `before`; every filter that is given holds.

    `subject` is a recall's short id, "" for what belongs to no recall, None for everything.
    `since` and `until` are days or times in UTC as the journal writes them ("2026-03-02").
    """
    if any("\0" in given for given in (subject or "", kind, by, since, until)):
        return Page([], None)  # no entry holds one, and PostgreSQL would not even look
    found = Entry.objects.order_by("-index")
    if subject is not None:
        found = found.filter(subject=subject)
    if kind:
        found = found.filter(kind=kind)
    if by:
        found = found.filter(by=by)
    if since:
        found = found.filter(at__gte=since)
    if until:
        found = found.filter(at__lt=until + "~")  # the whole of the last day or minute
    if before is not None:
        found = found.filter(index__lt=before)
    most = max(1, min(most, MOST))
    rows = list(found[: most + 1])
    older = rows[most - 1].index if len(rows) > most else None
    return Page([told(entry) for entry in rows[:most]], older)


def place(text: str) -> int | None:
    """The index that an address asks for; nothing where it is no number an entry could have."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def told(entry: Entry) -> Told:
    """One entry for a reader."""
    return Told(
        entry.index,
        entry.at,
        entry.kind,
        entry.by,
        entry.subject,
        tell(entry.kind, entry.fields),
        entry.leaf,
        entry.fields,
    )


def tell_line(index: int, at: str, by: str, kind: str, payload: str) -> str:
    """One line of text about one entry, as packages hold it."""
    return f"{index}  {at}  {by}  {tell(kind, json.loads(payload))}\n"


def kinds_of(subject: str | None = None) -> list[str]:
    """The kinds of facts that there are, to filter by."""
    found = Entry.objects.all() if subject is None else Entry.objects.filter(subject=subject)
    return sorted(found.order_by().values_list("kind", flat=True).distinct())


@cache
def _known() -> dict[str, type[Fact]]:
    """Every fact of every room; a room's facts exist only once its `events` was imported."""
    for room in apps.get_app_configs():
        name = f"{room.name}.events"
        if room.name.startswith("holdfast.") and importlib.util.find_spec(name):
            importlib.import_module(name)
    return kinds()


class _Slots(dict[str, Any]):
    """Fields as they are said, each only when the sentence asks for it."""

    def __getitem__(self, key: str) -> str:
        return _said(super().__getitem__(key)) if key in self else f"({key} was not recorded)"


class _SlotsHere(dict[str, Any]):
    """The same in the reader's language; beside letters that run the other way each is set apart.

    A lot or an address would otherwise change places with the words around it.
    """

    def __getitem__(self, key: str) -> str:
        if key not in self:
            return gettext("(%(field)s was not recorded)") % {"field": key}
        value = super().__getitem__(key)
        if key == "what" and "fact" in self:  # the name of a fact that clocks count from
            value = gettext(str(value))
        text = _said_here(value, key in LISTED)
        return f"{APART}{text}{TOGETHER}" if text and get_language_bidi() else text


def _said_here(value: object, is_listed: bool) -> str:
    if isinstance(value, list | tuple):
        return gettext(", ").join(_said_here(each, is_listed) for each in value)
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    text = _said(value)
    return pgettext("journal word", text) if is_listed and text else text


def _said(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(_said(each) for each in value)
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)
