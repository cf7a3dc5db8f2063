"""Who acts: a person, a named system actor, or nobody."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Actor:
    """`key` is what the journal keeps ("person:3", "system:worker"); `name` is for screens only.

    `alone` is true when the organisation is declared to be one person: the only case in which
    somebody may approve their own proposal, and it is recorded as such.
    """

    key: str
    name: str
    roles: frozenset[str] = field(default_factory=frozenset)
    person_id: int | None = None
    alone: bool = False

    @property
    def is_somebody(self) -> bool:
        return self.key != "nobody"


NOBODY = Actor("nobody", "nobody")
SYSTEM = Actor("system:worker", "Holdfast", frozenset({"system"}))
PUBLIC = Actor("public", "a consumer", frozenset({"public"}))
