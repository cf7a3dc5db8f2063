"""Where an authority's recalls are read: addresses, pages, how often, and what is not known."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from email.utils import parsedate_to_datetime

from holdfast.kit.announcements.shape import Shape

LONGEST_PATIENCE = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Ask:
    """One question to an authority; with a body it is a POST."""

    url: str
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    page: int = 0


@dataclass(frozen=True, slots=True)
class Heard:
    """What came back; 304 means: as before. Both marks go into the next question."""

    status: int
    body: bytes = b""
    etag: str = ""
    last_modified: str = ""
    content_type: str = ""
    retry_after: str = ""


class Unreachable(Exception):
    """Nothing came, or not all of it; the message says what, in words for people.

    `retry_after` is what the authority said of when to ask again.
    """

    def __init__(self, words: str, retry_after: str = "") -> None:
        super().__init__(words)
        self.retry_after = retry_after


Transport = Callable[[Ask], Heard]
"""Asks one question. Raises `Unreachable`."""


def retry_at(said: str, *, now: datetime) -> datetime | None:
    """When an authority wants to be asked again (Retry-After: seconds, or a date), within a day."""
    try:
        if said.isdecimal():
            return now + min(LONGEST_PATIENCE, timedelta(seconds=int(said[:9])))
        return min(now + LONGEST_PATIENCE, parsedate_to_datetime(said))
    except (ValueError, TypeError, OverflowError):
        return None


def one_page(ask: Ask, records: int) -> Ask | None:
    """For answers that come whole."""
    return None


@dataclass(frozen=True)
class Source:
    """One authority's way of telling; `shapes` are the forms its answers have, the newest first.

    `first` gives the questions for what was published from a day to today; `following` the next
    page after one that held so many records. At most `most_pages` are asked in one run. `keys` are
    headers whose values the operator has to bring. Without `first` the operator has to name the
    address, without `authority` also whose it is.
    `read_from` says where the form was read, `unknown` what nobody could tell us.
    """

    key: str
    name: str
    authority: str
    shapes: tuple[Shape, ...]
    read_from: str
    unknown: str = ""
    hours: int = 6
    first: Callable[[date, date], tuple[Ask, ...]] | None = None
    following: Callable[[Ask, int], Ask | None] = one_page
    most_pages: int = 20
    overlap_days: int = 30
    keys: tuple[str, ...] = ()
    cut_at: int = 0
    """An answer of so many records may lack some, since no more are given at once."""
    nothing_found: int = 0
    """The HTTP status by which this authority says that nothing fits, if it has one."""

    @property
    def is_general(self) -> bool:
        """Whether it may be anybody's, so that somebody has to say whose it is."""
        return not self.authority

    @property
    def needs_address(self) -> bool:
        """Whether the operator has to name where it is read."""
        return self.first is None
