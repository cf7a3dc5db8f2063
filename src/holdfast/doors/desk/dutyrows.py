"""Duties as rows of a table: the end in words first, then whose clock, whose law, whose task."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from holdfast.doors.desk.legal_words import country_name, fact_words, left
from holdfast.doors.desk.names import names_of
from holdfast.doors.desk.strip import wall_clocks
from holdfast.doors.desk.words import ROLES
from holdfast.kit.regimes.duties import Duty
from holdfast.kit.regimes.law import Source
from holdfast.kit.regimes.told_times import told_zone
from holdfast.response.duties.lifecycle import OPEN
from holdfast.response.duties.models import CounselConfirmation, DutyClock
from holdfast.response.duties.queries import confirmation_for, kit_duty
from holdfast.response.duties.queries.law import current_digest
from holdfast.response.duties.rules import FIRST


@dataclass(frozen=True)
class Row:
    """One duty for a reader; `tone` is hz, wn or nothing."""

    clock: DutyClock
    duty: Duty | None
    url: str
    law_url: str
    where: str
    due: str
    tone: str
    moment: str
    kind: str  # law, latest, own, none
    started: str
    start_words: str
    owner: str
    state: str
    mark: str
    asks: list[str] = field(default_factory=list)
    confirmed: CounselConfirmation | None = None
    is_changed: bool = False
    places: tuple[tuple[str, str], ...] = ()  # every country of a merged row, with its own page
    references: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        return self.clock.state in OPEN

    @property
    def is_overdue(self) -> bool:
        return self.is_open and self.tone == "hz" and self.mark == "failed"

    @property
    def is_unsure(self) -> bool:
        """Is the law of this row still to be confirmed by counsel?"""
        sure = self.duty is not None and self.duty.obligation.confidence == "verified"
        return not sure and self.confirmed is None

    @property
    def source(self) -> Source | None:
        """The first source with an address, primary ones first."""
        if self.duty is None:
            return None
        linked = [one for one in self.duty.regime.sources if one.url]
        return min(linked, key=lambda one: one.kind != "primary", default=None)


def rows_of(
    clocks: Sequence[DutyClock], known: list[CounselConfirmation], *, now: datetime
) -> list[Row]:
    """A row for each, in the same order; people's names are looked up once."""
    people = names_of([c.owner for c in clocks if c.owner.startswith("person:")])
    return [_row(clock, known, people, now) for clock in clocks]


def merged(rows: Sequence[Row]) -> list[Row]:
    """One duty that is due, or was done, at one moment in several countries is one row."""
    found: dict[tuple[object, ...], list[Row]] = {}
    for row in rows:
        clock = row.clock
        when = clock.settled_at if clock.settled_at else clock.acts_by
        key = (clock.regime, clock.obligation, clock.occurrence, clock.state, when, row.owner)
        # Without a moment nothing says that two countries are one task.
        found.setdefault(key if when else (*key, clock.country), []).append(row)
    return [_joined(group) for group in found.values()]


def _joined(group: list[Row]) -> Row:
    first = group[0]
    references = tuple(dict.fromkeys(row.clock.reference for row in group if row.clock.reference))
    if len(group) == 1:
        return replace(first, references=references)
    about = f" · {first.clock.occurrence}" if first.clock.occurrence else ""
    places = tuple((country_name(row.clock.country), row.url) for row in group)
    where = ", ".join(name for name, _url in places) + about
    return replace(
        first,
        where=where,
        places=places,
        references=references,
        is_changed=any(row.is_changed for row in group),
    )


def _row(
    clock: DutyClock, known: list[CounselConfirmation], people: dict[str, str], now: datetime
) -> Row:
    duty = kit_duty(clock)
    due, tone, mark = _due(clock, now)
    about = f" · {clock.occurrence}" if clock.occurrence else ""
    regime = duty.regime if duty else None
    law = reverse("law_regime", args=[clock.regime]) if regime else ""
    return Row(
        clock=clock,
        duty=duty,
        url=reverse("recall_duty", args=[clock.recall.ref, clock.pk]),
        law_url=f"{law}#{clock.obligation}" if law else "",
        where=country_name(clock.country) + about,
        due=due,
        tone=tone,
        moment=wall_clocks(clock.acts_by, clock.zone) if clock.acts_by else "",
        kind=_kind(clock),
        started=_started(clock),
        start_words=fact_words(clock.start_fact) if clock.start_fact else "",
        owner=str(people.get(clock.owner) or ROLES.get(clock.owner, clock.owner) or "–"),
        state=state_words(clock),
        mark=mark,
        asks=[fact_words(name) for name in clock.missing],
        confirmed=confirmation_for(known, regime, clock.obligation) if regime else None,
        is_changed=regime is None or current_digest(regime, clock.obligation) != clock.law,
    )


def _due(clock: DutyClock, now: datetime) -> tuple[str, str, str]:
    """How long, its colour and the mark of the state."""
    if clock.state == "met":
        return _("done"), "", "ok"
    if clock.state == "not_applicable":
        return _("does not apply"), "", "none"
    if clock.acts_by is None:
        return "–", "", "none" if clock.state == "waiting" else "open"
    span = left(clock.acts_by, now)
    if clock.acts_by <= now:
        return _("%(span)s late") % {"span": span}, "hz", "failed"
    tone = "wn" if clock.acts_by - now <= FIRST else ""
    return _("in %(span)s") % {"span": span}, tone, "warn" if tone else "open"


def _kind(clock: DutyClock) -> str:
    if clock.acts_by is None:
        return "none"
    if clock.acts_by == clock.due_at:
        return "law"
    return "latest" if clock.acts_by == clock.at_latest else "own"


def _started(clock: DutyClock) -> str:
    if clock.started_at is None:
        return ""
    there = timezone.localtime(clock.started_at, told_zone(clock.start_zone or "UTC"))
    return formats.date_format(there, "D j M Y, H:i")


def state_words(clock: DutyClock) -> str:
    """Where a duty stands, in words."""
    words: dict[str, Any] = {
        "waiting": _("waits for a fact"),
        "running": _("running") if clock.acts_by else _("open, no date laid down"),
        "met": _("done"),
        "not_applicable": _("does not apply"),
        "superseded": _("fell away"),
    }
    return str(words[clock.state])
