"""Which earlier complaint a report repeats, and the sentence that says why."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from holdfast.decision.intake.models import Complaint, TextMark
from holdfast.decision.intake.rules.likeness import ENOUGH, alike, marks, phrases

NEAR = timedelta(days=14)  # the same person about the same product: one incident
ALIKE_WITHIN = timedelta(days=365)
MOST_COMPARED = 20  # candidates of one text; a flood has thousands, and the first ones decide
NUMBER_LETTERS = 6  # shorter report numbers are the same by chance
MOST_HELD = 2_000  # earlier complaints that one question brings, the newest
READ = (  # of an earlier complaint; of its other fields half have to be unpacked
    "channel", "source", "source_id", "title", "text", "happened_at", "received_at", "known_at",
    "urgency", "harm", "fingerprint", "voice", "product_id", "maker",
)  # fmt: skip
ASKED = 400  # keys in one question, below SQLite's limit of variables


@dataclass(frozen=True, slots=True)
class Repeats:
    """The complaint that is repeated, and why that is so."""

    of: Complaint
    why: str


class Earlier:
    """The complaints a run of new ones may repeat: those stored, and those of the run before it."""

    def __init__(self) -> None:
        self._by_print: dict[str, list[Complaint]] = defaultdict(list)
        self._by_voice: dict[str, list[Complaint]] = defaultdict(list)
        self._by_number: dict[str, list[Complaint]] = defaultdict(list)
        self._by_mark: dict[int, list[Complaint]] = defaultdict(list)
        self._phrases: dict[int, frozenset[int]] = {}

    def look_up(self, new: list[Complaint], found: list[frozenset[int]]) -> None:
        """Ask the database once for everything that these may repeat."""
        wanted: set[int] = set()
        stored = Complaint.objects.filter(duplicate_of=None)
        for field, values in (
            ("fingerprint__in", {one.fingerprint for one in new if one.fingerprint}),
            ("voice__in", {one.voice for one in new if one.voice}),
            ("source_id__in", {one.source_id for one in new if _tells(one.source_id)}),
        ):
            listed = sorted(values)
            for at in range(0, len(listed), ASKED):
                asked = stored.filter(Q(**{field: listed[at : at + ASKED]}))
                wanted.update(asked.order_by("-pk").values_list("pk", flat=True)[:MOST_HELD])
        numbers = sorted({mark for one in found for mark in marks(one)})
        held: dict[int, list[int]] = defaultdict(list)
        for at in range(0, len(numbers), ASKED):
            rows = TextMark.objects.filter(mark__in=numbers[at : at + ASKED])
            for mark, key in rows.order_by("pk").values_list("mark", "complaint_id"):
                if len(held[mark]) < MOST_COMPARED:
                    held[mark].append(key)
                    wanted.add(key)
        known: dict[int, Complaint] = {}
        listed_keys = sorted(wanted)
        for at in range(0, len(listed_keys), ASKED):
            known.update(stored.only(*READ).in_bulk(listed_keys[at : at + ASKED]))
        for one in known.values():
            self._hold(one)
        for mark, keys in held.items():
            self._by_mark[mark] += [known[key] for key in keys if key in known]

    def add(self, one: Complaint, found: frozenset[int]) -> None:
        """A new complaint that later ones may repeat."""
        self._hold(one)
        self._phrases[id(one)] = found
        for mark in marks(found):
            if len(self._by_mark[mark]) < MOST_COMPARED:
                self._by_mark[mark].append(one)

    def repeats(self, new: Complaint, found: frozenset[int]) -> Repeats | None:
        """What `new` repeats, if anything; a more urgent report never hides behind another."""
        for one in self._by_number.get(new.source_id, ()) if _tells(new.source_id) else ():
            if one is not new and not _contradicts(new, one):
                return _told(new, one, f"Both carry the report number {new.source_id}.")
        for one in self._by_print.get(new.fingerprint, ()) if new.fingerprint else ():
            if one is not new and _may_be_same(new, one):
                return _told(new, one, "Both say the same, word for word.")
        for mark in marks(found):
            for one in self._by_mark.get(mark, ()):
                if one is new or not _may_be_same(new, one):
                    continue
                share = alike(found, self._phrases_of(one))
                if share >= ENOUGH and abs(new.received_at - one.received_at) <= ALIKE_WITHIN:
                    return _told(new, one, f"{share:.0%} of their phrases are the same.")
        for one in self._by_voice.get(new.voice, ()) if new.voice else ():
            if one is new or not (new.product_id and new.product_id == one.product_id):
                continue
            apart = abs(_day(new) - _day(one))
            if apart <= NEAR and new.urgency >= one.urgency and new.channel != one.channel:
                days = f"{apart.days} days apart" if apart.days else "on the same day"
                return _told(new, one, f"The same person about the same product, {days}.")
        return None

    def _hold(self, one: Complaint) -> None:
        if one.fingerprint:
            self._by_print[one.fingerprint].append(one)
        if one.voice:
            self._by_voice[one.voice].append(one)
        if _tells(one.source_id):
            self._by_number[one.source_id].append(one)

    def _phrases_of(self, one: Complaint) -> frozenset[int]:
        known = self._phrases.get(id(one))
        if known is None:
            known = self._phrases[id(one)] = phrases(f"{one.title}\n{one.text}")
        return known


def _told(new: Complaint, one: Complaint, why: str) -> Repeats | None:
    is_worse = new.urgency < one.urgency or (new.harm or 0) > (one.harm or 0)
    return None if is_worse else Repeats(one, why)


def _contradicts(new: Complaint, one: Complaint) -> bool:
    """Two desks count from one: the same number of another product or person is another report."""
    return bool(
        (new.product_id and one.product_id and new.product_id != one.product_id)
        or (new.source != one.source and new.voice and one.voice and new.voice != one.voice)
    )


def _may_be_same(new: Complaint, one: Complaint) -> bool:
    """The same words about two products are two complaints."""
    return new.product_id == one.product_id and new.maker == one.maker


def _day(one: Complaint) -> datetime:
    return one.happened_at or one.received_at


def _tells(number: str) -> bool:
    return len(number) >= NUMBER_LETTERS and any(letter.isdigit() for letter in number)
