"""Facts about notices: drafted, edited, approved, printed.

`language`, `languages` and `texts` name a text: its language, and behind a colon its law where that
is not the recall's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from holdfast.ground.journal.events import Fact


@dataclass(frozen=True)
class NoticeDrafted(Fact):
    """A version of the notice was written from scope and decision, of library sentences."""

    words: ClassVar[str] = "Notice v{version} drafted in {languages}"
    version: int
    languages: tuple[str, ...]
    library_version: int
    texts: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class NoticeTextEdited(Fact):
    """Somebody changed the words of one language; an approval of the old words no longer counts."""

    words: ClassVar[str] = "Notice v{version}, {language}: {fields} changed"
    version: int
    language: str
    fields: tuple[str, ...]
    sha256_before: str
    sha256: str
    was_approved: bool


@dataclass(frozen=True)
class NoticePhotoSet(Fact):
    """The product's photo was set, changed or taken out; approvals without it no longer count."""

    words: ClassVar[str] = "Notice v{version}: photo {photo_sha256}, {languages}"
    version: int
    photo_sha256: str
    languages: tuple[str, ...]
    texts: tuple[tuple[str, str], ...]
    were_approved: tuple[str, ...]


@dataclass(frozen=True)
class NoticeTextApproved(Fact):
    """A person approved exactly these words in one language."""

    words: ClassVar[str] = "Notice v{version}, {language}: approved"
    version: int
    language: str
    sha256: str
    editor: str
    is_alone: bool
    library_status: str
    warnings: int


@dataclass(frozen=True)
class NoticeApprovalWithdrawn(Fact):
    """An approval was taken back; what waits is not sent."""

    words: ClassVar[str] = "Notice v{version}, {language}: approval withdrawn. {reason}"
    version: int
    language: str
    sha256: str
    reason: str


@dataclass(frozen=True)
class NoticeFileAsked(Fact):
    """Somebody had the worker write letters, a mail merge, message files or a page."""

    words: ClassVar[str] = "{form} asked for"
    form: str
    job: int


@dataclass(frozen=True)
class NoticeFileStopped(Fact):
    """Somebody stopped a file while it was being written; nothing of it is kept."""

    words: ClassVar[str] = "{form} stopped while being written"
    form: str
    job: int


@dataclass(frozen=True)
class NoticesPrinted(Fact):
    """Letters, a mail merge, messages as files or a page left the house as a file."""

    words: ClassVar[str] = "{form} written for {people} people, notice v{version}"
    version: int
    form: str
    people: int
    languages: tuple[str, ...]
    texts: tuple[tuple[str, str], ...]
    file_sha256: str
