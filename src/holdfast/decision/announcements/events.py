"""Facts about authorities' recalls, their feeds, and what they may mean for us."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from holdfast.ground.journal.events import Fact


@dataclass(frozen=True)
class FeedAdded(Fact):
    """A feed can be read from now on; it is off."""

    words: ClassVar[str] = "The feed of {authority} was added; it is off"
    feed: int
    source: str
    authority: str
    url: str


@dataclass(frozen=True)
class FeedSwitched(Fact):
    """A feed was switched on or off, or given another pace."""

    words: ClassVar[str] = "The feed of {authority} is {said}"
    feed: int
    authority: str
    is_on: bool
    every_hours: int
    said: str


@dataclass(frozen=True)
class FeedAsked(Fact):
    """Somebody wants to know now what an authority has to say."""

    words: ClassVar[str] = "{authority} is asked now"
    feed: int
    authority: str


@dataclass(frozen=True)
class FeedAnswered(Fact):
    """An authority answered something new: read or not, it is told."""

    words: ClassVar[str] = "{authority} answered: {said}"
    feed: int
    authority: str
    said: str
    sha256: str


@dataclass(frozen=True)
class FeedFailed(Fact):
    """Nothing came from an authority, or nothing that can be read."""

    words: ClassVar[str] = "Nothing came from {authority}, {failures} times in a row: {said}"
    feed: int
    authority: str
    said: str
    failures: int


@dataclass(frozen=True)
class FeedDrifted(Fact):
    """An answer was not as answers used to be."""

    words: ClassVar[str] = "{authority} answers otherwise than before: {said}"
    feed: int
    authority: str
    said: tuple[str, ...]


@dataclass(frozen=True)
class AnnouncementsImported(Fact):
    """Authorities' recalls came in, from a feed or from a file."""

    words: ClassVar[str] = (
        "{rows} records from {source}: {new} new, {changed} changed, {known} as before, "
        "{rejected} not readable"
    )
    source: str
    name_of_file: str
    sha256: str
    rows: int
    new: int
    changed: int
    known: int
    rejected: int
    drift: tuple[str, ...]


@dataclass(frozen=True)
class AnnouncementsEnded(Fact):
    """Authorities took back or replaced what they had announced; what it meant for us is marked."""

    words: ClassVar[str] = (
        "{withdrawn} announcements were withdrawn by their authority and {superseded} replaced; "
        "{matches} open pairs with our products are marked so"
    )
    withdrawn: int
    superseded: int
    matches: int
    which: tuple[str, ...]


@dataclass(frozen=True)
class PhotographAdded(Fact):
    """A picture of a product or an announcement is there to be read."""

    words: ClassVar[str] = "A photograph of {of} was added ({origin})"
    photograph: int
    of: str
    origin: str
    sha256: str


@dataclass(frozen=True)
class PhotographsScanned(Fact):
    """Text was looked for in photographs; what was read joins what is matched."""

    words: ClassVar[str] = (
        "{photographs} photographs were read, {with_text} of them say something; words: {has_words}"
    )
    photographs: int
    with_text: int
    has_words: bool


@dataclass(frozen=True)
class PhotographDropped(Fact):
    """A photograph was taken out, and with it what was read in it."""

    words: ClassVar[str] = "A photograph of {of} was taken out"
    photograph: int
    of: str
    sha256: str


@dataclass(frozen=True)
class CatalogueMatched(Fact):
    """Announcements were set against the own products."""

    words: ClassVar[str] = (
        "{announcements} announcements were set against {products} products: {found} pairs are "
        "new, {suppress} of them to stop at once; {gone} are seen no longer"
    )
    catalogue: str
    announcements: int
    products: int
    found: int
    suppress: int
    gone: int
    reopened: int


@dataclass(frozen=True)
class MatchDecided(Fact):
    """A person said what a match is."""

    words: ClassVar[str] = "{announcement} and {product}: {said}"
    match: int
    announcement: str
    product: str
    state: str
    said: str
    recall: str


@dataclass(frozen=True)
class MatchReopened(Fact):
    """What a person said about a match was taken back."""

    words: ClassVar[str] = "{announcement} and {product}: open again"
    match: int
    announcement: str
    product: str


@dataclass(frozen=True)
class AnnouncementsJoined(Fact):
    """Announcements of several authorities are held to be one recall."""

    words: ClassVar[str] = "{count} pairs of announcements are held to be one recall each"
    count: int
    pairs: tuple[str, ...]


@dataclass(frozen=True)
class AnnouncementsParted(Fact):
    """Two announcements are two recalls after all, or one again."""

    words: ClassVar[str] = "{first} and {second}: {said}"
    first: str
    second: str
    said: str
