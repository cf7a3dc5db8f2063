"""A recall as the back-test needs it: when, whose, and against which hazards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from holdfast.kit.signals.hazard_reading import read_hazards
from holdfast.kit.signals.makers import NamesInRecalls, maker_key, recall_words

TRUE_WITHIN_DAYS = 1_095


@dataclass(frozen=True, slots=True)
class KnownRecall:
    """One recall; `hazards` empty where its text names none, `words` what names its firm."""

    id: str
    announced_on: date
    hazards: frozenset[str]
    title: str = ""
    words: str = ""


def recall_from(told: Mapping[str, Any]) -> KnownRecall:
    """A recall out of a record with the fields of CPSC's list: id, date, title, products, hazard.

    Raises:
        ValueError: the day cannot be read.
    """
    title = str(told.get("title") or "")
    named = told.get("products") or ()
    products = [named] if isinstance(named, str) else [str(one) for one in named]
    said = f"{title}. {told.get('hazard') or ''}"
    return KnownRecall(
        id=str(told.get("id") or told.get("recall_number") or title),
        announced_on=date.fromisoformat(str(told["date"])[:10]),
        hazards=frozenset(read_hazards(said, "en", goods="products", briefly=True).hazards),
        title=title,
        words=recall_words(title, products),
    )


class RecallList:
    """Recalls by maker, brand and product."""

    def __init__(self, recalls: Iterable[KnownRecall]) -> None:
        self.by_id = {one.id: one for one in recalls}
        self._names = NamesInRecalls({key: one.words for key, one in self.by_id.items()})
        self._found: dict[str, tuple[KnownRecall, ...]] = {}

    def of(self, *names: str) -> tuple[KnownRecall, ...]:
        """Recalls that name one of these makers or brands, oldest first."""
        ids: dict[str, KnownRecall] = {}
        for name in names:
            ids.update((one.id, one) for one in self._of(maker_key(name)))
        return tuple(sorted(ids.values(), key=lambda one: (one.announced_on, one.id)))

    def _of(self, key: str) -> tuple[KnownRecall, ...]:
        if key not in self._found:
            self._found[key] = tuple(self.by_id[one] for one in sorted(self._names.found(key)))
        return self._found[key]
