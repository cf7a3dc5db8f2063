"""Facts about what people say in public; whose words and which stay outside the journal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from holdfast.ground.journal.events import Fact


@dataclass(frozen=True)
class MentionsRecorded(Fact):
    """Posts came in from one source; texts and authors stay outside, their number is kept."""

    words: ClassVar[str] = (
        "{rows} posts from {source}: {imported} new, {merged} seen before or copies, "
        "{rejected} rejected"
    )
    source: str
    rows: int
    imported: int
    merged: int
    rejected: int
    tags: dict[str, int]


@dataclass(frozen=True)
class MentionSettled(Fact):
    """Somebody dealt with a mention: answered, corrected, ignored, or taken in as a complaint."""

    words: ClassVar[str] = "Mention no. {mention}: {state}. {reason}"
    mention: int
    state: str
    reason: str
    text_sha256: str
    reply_sha256: str


@dataclass(frozen=True)
class MentionReopened(Fact):
    """What was done with a mention was taken back; it waits again."""

    words: ClassVar[str] = "Mention no. {mention} waits again; it was {was}"
    mention: int
    was: str


@dataclass(frozen=True)
class MentionErased(Fact):
    """The words and the author of a mention were erased; its tags and counts stay."""

    words: ClassVar[str] = "Mention no. {mention}: words and author erased"
    mention: int


@dataclass(frozen=True)
class MentionSourceAdded(Fact):
    """A source of posts was added; one that asks another machine is off until switched on."""

    words: ClassVar[str] = "Source of posts no. {source} added: {kind} {title}"
    source: int
    kind: str
    title: str


@dataclass(frozen=True)
class MentionSourceSwitched(Fact):
    """A source was switched on or off."""

    words: ClassVar[str] = "Source of posts no. {source}: {state}"
    source: int
    state: str


@dataclass(frozen=True)
class MentionSourceFailed(Fact):
    """A source did not answer, or with nothing that can be read; told when it begins."""

    words: ClassVar[str] = (
        "Source of posts no. {source} failed: {why}. Last success: {last_success}"
    )
    source: int
    why: str
    last_success: str


@dataclass(frozen=True)
class CorrectionDrafted(Fact):
    """A page that states a fact was drafted from approved notice texts."""

    words: ClassVar[str] = "Correction no. {number} drafted in {languages}, about: {about}"
    number: int
    about: str
    languages: tuple[str, ...]
    texts: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class CorrectionApproved(Fact):
    """A person approved exactly these words of a correction in one language; it is public."""

    words: ClassVar[str] = "Correction no. {number}, {language}: approved"
    number: int
    language: str
    sha256: str
    editor: str
    is_alone: bool


@dataclass(frozen=True)
class CorrectionWithdrawn(Fact):
    """A correction is public no more."""

    words: ClassVar[str] = "Correction no. {number} withdrawn. {reason}"
    number: int
    reason: str
