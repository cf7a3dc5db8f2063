"""Kinds of files whose rows a room above keeps: how their rows are read, and who stores them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from holdfast.kit.actors import Actor
from holdfast.supply.imports.cells import Rejects
from holdfast.supply.imports.reading import Reading


class Keeper(Protocol):
    """Reads and keeps one kind; `store` runs inside the transaction of the import.

    `rows` gives a tuple a sound row and rejects the others, what lies after `now` too where that
    cannot be. `store` is an action: it asks who may
    and records what it did. It answers how many of the rows were new; the others are merged.
    """

    def rows(
        self, reading: Reading, reject: Rejects, *, now: datetime
    ) -> Iterator[tuple[object, ...]]: ...

    def store(self, rows: Sequence[tuple[object, ...]], *, by: Actor, now: datetime) -> int: ...


@lru_cache(maxsize=1)
def keepers() -> dict[str, Keeper]:
    """The keepers of `settings.IMPORT_KEEPERS`, by kind."""
    named: dict[str, str] = import_string(settings.IMPORT_KEEPERS)
    return {kind: import_string(path)() for kind, path in named.items()}
