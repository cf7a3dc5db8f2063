"""Facts about people and the organisation."""

from dataclasses import dataclass
from typing import ClassVar

from holdfast.ground.journal.events import Fact


@dataclass(frozen=True)
class InstanceFounded(Fact):
    """The first entry of every journal."""

    words: ClassVar[str] = "This instance was founded as {shape}"
    shape: str


@dataclass(frozen=True)
class PersonAdded(Fact):
    """A person was added; the name stays outside the journal."""

    words: ClassVar[str] = "{person} was added as {roles}"
    person: str
    roles: tuple[str, ...]


@dataclass(frozen=True)
class RolesChanged(Fact):
    """A person's roles changed."""

    words: ClassVar[str] = "{person} now holds {roles}"
    person: str
    roles: tuple[str, ...]


@dataclass(frozen=True)
class PersonRemoved(Fact):
    """A person can no longer sign in."""

    words: ClassVar[str] = "{person} was removed"
    person: str


@dataclass(frozen=True)
class SettingsChanged(Fact):
    """Settings of the organisation changed."""

    words: ClassVar[str] = "Settings changed: {names}"
    names: tuple[str, ...]


@dataclass(frozen=True)
class ApiTokenIssued(Fact):
    """Another program may now do one thing; the secret is kept nowhere."""

    words: ClassVar[str] = "A token was made for program {program}: {scope}"
    program: int
    scope: str


@dataclass(frozen=True)
class ApiTokenRevoked(Fact):
    """A program's way in was closed."""

    words: ClassVar[str] = "The token of program {program} was revoked: {scope}"
    program: int
    scope: str
