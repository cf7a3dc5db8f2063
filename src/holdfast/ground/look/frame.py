"""What stands around every staff page: bar, strip, tabs, foot; plain values, filled by the door."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class Link:
    """One word of the navigation; `count` is shown beside it when it asks for something."""

    label: str
    url: str
    current: bool = False
    count: str = ""


@dataclass(frozen=True)
class Cell:
    """One fact of the strip: what it is, the figure, out of what, a quiet note, where it leads."""

    key: str
    value: str
    of: str = ""
    note: str = ""
    left: float | None = None
    danger: bool = False
    url: str = ""


@dataclass(frozen=True)
class Strip:
    """The same line on every page of one recall: name, hazard, state, then four facts."""

    kind: str
    state: str
    code: str
    name: str
    hazard: str
    facts: str
    cells: tuple[Cell, ...]
    drill: bool = False
    label: str = ""


@dataclass(frozen=True)
class Frame:
    """All of it; pages without a recall have no strip and no tabs."""

    nav: tuple[Link, ...] = ()
    strip: Strip | None = None
    tabs: tuple[Link, ...] = ()
    foot: str = ""
    theme: str = ""
    drill: bool = False
    search_url: str = ""
    theme_url: str = ""
    language_url: str = ""
    languages: tuple[tuple[str, str], ...] = field(default_factory=tuple)
    account: tuple[Link, ...] = ()
    sign_out_url: str = ""
    as_of: datetime | None = None
