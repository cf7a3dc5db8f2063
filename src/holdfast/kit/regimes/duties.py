"""Which duties follow from where it was sold, what it is, who we are and what happened when."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

from holdfast.kit.regimes.calendars import Calendar, calendar
from holdfast.kit.regimes.clock_facts import ClockFact, doubts
from holdfast.kit.regimes.counting import End, Period, end_of
from holdfast.kit.regimes.coverage import covers
from holdfast.kit.regimes.house_targets import house_targets
from holdfast.kit.regimes.law import Bound, Obligation, Regime
from holdfast.kit.regimes.places import Category, Place
from holdfast.kit.regimes.reading import regimes, versions
from holdfast.kit.regimes.sentences import rule
from holdfast.kit.regimes.zones import VERSION as ZONES
from holdfast.kit.regimes.zones import zone

_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: countries of sale, categories, our roles, and the facts known by `now`.

    `roles` maps a country code to our roles there; the key "" holds for all other countries.
    """

    sold_in: tuple[Place, ...]
    categories: tuple[Category, ...]
    roles: dict[str, frozenset[str]]
    facts: tuple[ClockFact, ...] = ()
    targets: dict[str, Period] = field(default_factory=house_targets)

    def roles_in(self, place: Place) -> frozenset[str]:
        """Our roles in one country."""
        return self.roles.get(place.code, self.roles.get("", frozenset()))

    @property
    def kinds(self) -> frozenset[str]:
        """The categories with all wider ones."""
        return frozenset(kind for one in self.categories for kind in one.kinds)


@dataclass(frozen=True, slots=True)
class Duty:
    """One duty in one country, with its clock. Times are in the authority's zone.

    `due_at` is empty where the law gives no number or where a fact in `missing` starts the clock;
    then `at_latest` may bound it, and `target_at` is our own limit, no law.
    """

    regime: Regime
    obligation: Obligation
    place: Place
    zone: str
    calendar: str
    started_by: ClockFact | None
    due_at: datetime | None
    missing: tuple[str, ...] = ()
    at_latest: datetime | None = None
    rolls_to: datetime | None = None
    target_at: datetime | None = None
    opened_by: str = ""
    warnings: tuple[str, ...] = ()
    versions: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        """Regime, obligation, country: unique among the duties of one question."""
        return self.regime.id, self.obligation.id, self.place.code

    @property
    def acts_by(self) -> datetime | None:
        """The instant to act by: the law's, else what bounds it, else our own target."""
        return self.due_at or self.at_latest or self.target_at

    @property
    def rule(self) -> str:
        """How the time is counted, in one sentence."""
        return rule(self.obligation, self.regime.counting)


@dataclass(frozen=True, slots=True)
class Gap:
    """A country where the data holds no law for this; that is not the same as no duty."""

    place: Place
    why: str


@dataclass(frozen=True, slots=True)
class Duties:
    """All duties soonest first, where nothing is known, and what is odd about the facts."""

    duties: tuple[Duty, ...]
    gaps: tuple[Gap, ...]
    doubts: tuple[str, ...]


def duties(question: Question, *, now: datetime) -> Duties:
    """Every duty of the question's roles in its countries by the law of the day of the facts."""
    day = _day_of_law(question.facts, now)
    found: list[Duty] = []
    gaps: list[Gap] = []
    for place in question.sold_in:
        here = [one for one in regimes(day) if covers(one, place, question.kinds)]
        mine = [
            _duty(regime, obligation, place, question)
            for regime in here
            for obligation in regime.obligations
            if _concerns(obligation, question.roles_in(place), question.kinds)
        ]
        found += mine
        if not mine:
            gaps.append(Gap(place, _why_nothing(place, here, question, day)))
    ordered = sorted(found, key=lambda one: (one.acts_by or _NEVER, bool(one.missing), one.key))
    return Duties(tuple(ordered), tuple(gaps), tuple(doubts(question.facts, now=now)))


def _day_of_law(facts: tuple[ClockFact, ...], now: datetime) -> date:
    # The law of the day the clocks start; a fact in the future may be a planned step.
    return max([fact.at for fact in facts], default=now).astimezone(UTC).date()


def _concerns(obligation: Obligation, roles: frozenset[str], kinds: frozenset[str]) -> bool:
    if obligation.categories and not kinds & set(obligation.categories):
        return False
    return bool(roles & set(obligation.who))


def _why_nothing(place: Place, here: list[Regime], question: Question, day: date) -> str:
    if here:
        return (
            f"The law of {place.code} is in the data, but no duty of this role: "
            f"{', '.join(one.id for one in here)}. Check the role."
        )
    named = ", ".join(one.id for one in question.categories)
    expired = [one for one in versions() if covers(one, place, question.kinds)]
    if expired:
        return (
            f"On {day.isoformat()} no law of {place.code} for {named} was in force in the data: "
            + "; ".join(_validity(one) for one in expired)
            + ". Check the day of the facts, and which law came before."
        )
    return (
        f"No law of {place.code} for {named} is in the data. That does not mean that there is no "
        "duty: ask the authority or counsel there."
    )


def _validity(law: Regime) -> str:
    first = law.valid_from.isoformat() if law.valid_from else "the beginning"
    last = law.valid_to.isoformat() if law.valid_to else "further notice"
    return f"{law.id} applies from {first} to {last}"


def _duty(regime: Regime, obligation: Obligation, place: Place, question: Question) -> Duty:
    zone_name = regime.authority.zone or place.zone or "Etc/UTC"
    calendar_id = regime.authority.calendar or place.calendar
    days_off = calendar(calendar_id)
    blank = Duty(
        regime=regime,
        obligation=obligation,
        place=place,
        zone=zone_name,
        calendar=calendar_id,
        started_by=None,
        due_at=None,
        versions=f"{days_off.version}; {ZONES}",
    )
    start, opened_by, warnings = _start(regime, obligation, place, question)
    if start is None:
        missing = obligation.deadline.starts if _needs_start(obligation) else ()
        latest = _latest(regime, obligation, place, question) if missing else None
        return replace(blank, missing=missing, at_latest=latest, warnings=warnings)
    opened = replace(blank, started_by=start, opened_by=opened_by, warnings=warnings)
    local = zone(zone_name)
    if obligation.deadline.is_counted:
        end = end_of(start.at, period_of(regime, obligation), local, days_off)
        return replace(
            opened,
            due_at=end.at,
            rolls_to=end.rolls_to,
            warnings=(*warnings, *_estimated(start.at, end, days_off, obligation)),
        )
    target = question.targets.get(obligation.deadline.unit)
    return replace(
        opened,
        target_at=end_of(start.at, target, local, days_off).at if target else None,
    )


def _needs_start(obligation: Obligation) -> bool:
    return bool(obligation.deadline.starts) and (
        obligation.deadline.is_counted
        or obligation.deadline.unit in ("immediate", "without_undue_delay")
    )


def _start(
    regime: Regime, obligation: Obligation, place: Place, question: Question
) -> tuple[ClockFact | None, str, tuple[str, ...]]:
    """The fact that starts the clock, why it does when it lies abroad, and what to ask about."""
    direct = [
        fact
        for fact in question.facts
        if fact.name in obligation.deadline.starts and _holds_for(fact, regime, place)
    ]
    abroad = [
        fact
        for fact in question.facts
        if fact.name in obligation.abroad and fact.country and fact.country not in _here(place)
    ]
    first = min([*direct, *abroad], key=lambda fact: fact.at, default=None)
    if first is not None:
        return first, obligation.abroad_text if first in abroad else "", ()
    elsewhere = [one for one in question.sold_in if one.code != place.code]
    unplaced = [fact for fact in question.facts if fact.name in obligation.abroad]
    if unplaced and elsewhere:
        named = f"{unplaced[0].name}@{elsewhere[0].code}=…"
        return None, "", (f"{obligation.abroad_text} Say where it was decided: {named}.",)
    return None, "", ()


def _holds_for(fact: ClockFact, regime: Regime, place: Place) -> bool:
    return fact.country in ("", *_here(place)) and fact.regime in ("", regime.id)


def _here(place: Place) -> tuple[str, ...]:
    return (place.code, *place.laws)


def period_of(regime: Regime, obligation: Obligation) -> Period:
    """The period of a duty with a number, counted as the duty says, else as its regime does."""
    deadline, counting = obligation.deadline, regime.counting
    assert deadline.value is not None
    skips = deadline.hours_skip_days_off
    first = deadline.counts_first_day
    period = Period(
        value=deadline.value,
        unit=deadline.unit,
        counts_first_day=counting.counts_first_day if first is None else first,
        hours_skip_days_off=counting.hours_skip_days_off if skips is None else skips,
        roll_over=deadline.roll_over or counting.roll_over,
        is_before=deadline.is_before,
    )
    if deadline.stricter_value is None:
        return period
    # Another reading of how long, not of how the law counts.
    other = replace(period, value=deadline.stricter_value, unit=deadline.stricter_unit)
    return replace(period, stricter=other)


def _latest(
    regime: Regime, obligation: Obligation, place: Place, question: Question
) -> datetime | None:
    """The last moment the duty can be due while nobody said when its clock started."""
    if not obligation.deadline.is_counted:
        return None
    bounds = [_bound(regime, bound, place, question) for bound in obligation.deadline.at_latest]
    start = min([one for one in bounds if one], default=None)
    if start is None:
        return None
    zone_name = regime.authority.zone or place.zone or "Etc/UTC"
    days_off = calendar(regime.authority.calendar or place.calendar)
    return end_of(start, period_of(regime, obligation), zone(zone_name), days_off).at


def _bound(regime: Regime, bound: Bound, place: Place, question: Question) -> datetime | None:
    if bound.after:
        return _duty(regime, regime.obligation(bound.after), place, question).due_at
    known = [
        fact.at
        for fact in question.facts
        if fact.name == bound.fact and _holds_for(fact, regime, place)
    ]
    if not known:
        return None
    zone_name = regime.authority.zone or place.zone or "Etc/UTC"
    days_off = calendar(regime.authority.calendar or place.calendar)
    period = Period(bound.value, bound.unit)
    return end_of(min(known), period, zone(zone_name), days_off).at


def _estimated(
    start: datetime, end: End, days_off: Calendar, obligation: Obligation
) -> tuple[str, ...]:
    if obligation.deadline.unit != "working_days":
        return ()
    found = days_off.doubts(start.date(), end.at.date())
    if not found:
        return ()
    return ("The calendar only estimates " + ", ".join(found) + "; the end may move by a day.",)
