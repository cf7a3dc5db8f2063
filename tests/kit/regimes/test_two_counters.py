"""Two counters of legal periods, written apart, give the same end in 10,000 cases."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.kit.regimes.calendars import calendar
from holdfast.kit.regimes.clock_facts import ClockFact
from holdfast.kit.regimes.counting import end_of
from holdfast.kit.regimes.duties import Question, duties, period_of
from holdfast.kit.regimes.places import category, place
from holdfast.kit.regimes.reading import regime_of
from holdfast.kit.regimes.zones import zone
from tests.kit.regimes import second_counter

pytestmark = pytest.mark.once

SOAK = bool(os.environ.get("HOLDFAST_SOAK"))
OF_THE_LAW = 10_000
MADE_UP = 10_000 if SOAK else 2_000
FIRST, LAST = datetime(1995, 1, 1, tzinfo=UTC), datetime(2060, 1, 1, tzinfo=UTC)
LATER = datetime(2090, 1, 1, tzinfo=UTC)
OFFSETS = [0, 60, 120, -300, -240, -480, 540, 330, 345, -210, 660, 840, -720]

Data = dict[str, Any]
PLACES: dict[str, Data] = second_counter.read(second_counter.LAW / "places.yaml")


def laws() -> Iterator[Data]:
    for path in sorted((second_counter.LAW / "law").glob("*/*.yaml")):
        if path.name != "cases.yaml":
            yield second_counter.read(path)


def countries(law: Data) -> list[str]:
    """Where a law holds, found without the product's help."""
    where = law["jurisdiction"]
    inside = [code for code, row in PLACES.items() if code == where or where in row["unions"]]
    found = [*inside, *law.get("also_in", [])]
    return [code for code in found if code not in law.get("not_in", []) and code != "EU"]


COUNTED = [
    (law, duty)
    for law in laws()
    for duty in law["obligations"]
    if duty["deadline"]["unit"] in second_counter.COUNTED and duty["deadline"]["from"]
]


@cache
def changes(zone_name: str) -> list[datetime]:
    """Days shortly before the clocks of a zone change, one for each change."""
    local, found, day = zone(zone_name), [], FIRST
    while day < LAST:
        following = day + timedelta(days=3)
        if day.astimezone(local).utcoffset() != following.astimezone(local).utcoffset():
            found.append(day)
        day = following
    return found or [FIRST]


def a_start(chance: Random, zone_name: str, first: datetime) -> datetime:
    """An instant in some offset: anywhere, about midnight, a change of the clocks or New Year."""
    span = int((LAST - first).total_seconds())
    at = first + timedelta(seconds=chance.randrange(span))
    kind = chance.randrange(4)
    if kind == 1:
        midnight = at.astimezone(zone(zone_name)).replace(hour=0, minute=0, second=0)
        at = midnight.astimezone(UTC) + timedelta(seconds=chance.randint(-2, 2))
    elif kind == 2:
        about = [day for day in changes(zone_name) if day >= first] or [first]
        at = chance.choice(about) + timedelta(minutes=chance.randint(-1440, 4 * 1440))
    elif kind == 3:
        at = at.replace(month=12, day=20) + timedelta(days=chance.randint(0, 16))
    return max(at, first).astimezone(timezone(timedelta(minutes=chance.choice(OFFSETS))))


def in_force_from(law: Data) -> datetime:
    day = law["valid_from"]
    if day is None:
        return FIRST
    # A day more, so that the law holds in every offset.
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1)


def first_counter(law: Data, duty: Data, fact: str, start: datetime, country: str) -> datetime:
    question = Question(
        sold_in=(place(country),),
        categories=(category((duty.get("categories") or law["categories"])[0]),),
        roles={"": frozenset(duty["who"][:1])},
        facts=(ClockFact(fact, start),),
    )
    answer = duties(question, now=LATER).duties
    key = (law["id"], duty["id"], country)
    found = next(one for one in answer if one.key == key)
    assert found.due_at is not None
    return found.due_at


def differs(law: Data, duty: Data, fact: str, start: datetime, country: str) -> str:
    """What the two say where they do not agree."""
    one = first_counter(law, duty, fact, start, country)
    other = second_counter.due(law, duty, start, PLACES[country])
    # As written, so that the offset is compared too.
    if other is not None and one.isoformat() == other.isoformat():
        return ""
    return f"{law['id']}.{duty['id']} {country} {fact}={start.isoformat()}: {one} or {other}"


def test_both_counters_give_one_end_for_every_duty_of_every_law() -> None:
    chance = Random(4)
    found = []
    for number in range(OF_THE_LAW):
        law, duty = COUNTED[number % len(COUNTED)]
        country = chance.choice(countries(law))
        fact = chance.choice(duty["deadline"]["from"])
        zone_name = law["authority"].get("zone") or PLACES[country]["zone"]
        start = a_start(chance, zone_name, in_force_from(law))
        found.append(differs(law, duty, fact, start, country))
    assert [one for one in found if one] == []


CONFIDENCES = ["verified", "recalled", "unknown"]
# Weekends elsewhere in the week, weekends that moved, Saturdays worked instead, provinces.
SOMEWHERE = ["DE", "FR", "US", "CA", "BR", "AU", "NZ", "JP", "KR", "CN", "IL", "AE", "SA", "XI"]
NO_PLAIN_SATURDAY = ["CN", "KR", "IL", "AE", "SA"]


def a_law(chance: Random, country: str) -> tuple[Data, Data]:
    """A regime with one duty, counted in any way the schema allows."""
    counting: Data = {"text": "made up", "confidence": chance.choice(CONFIDENCES)}
    deadline: Data = {"unit": chance.choice(second_counter.COUNTED), "from": ["decision"]}
    most = {"hours": 120, "calendar_days": 60, "working_days": 30, "months": 24}
    deadline["value"] = chance.choice([0, 1, 2, chance.randint(0, most[deadline["unit"]])])
    for part in (counting, deadline):
        if chance.random() < 0.4:
            part["first_day"] = chance.choice(["excluded", "counted"])
        if chance.random() < 0.4:
            part["hours_skip_non_working_days"] = chance.random() < 0.7
        if chance.random() < 0.4:
            part["roll_over"] = {"confidence": chance.choice(CONFIDENCES)}
            if chance.random() < 0.5 and country not in NO_PLAIN_SATURDAY:
                part["roll_over"]["saturdays"] = chance.random() < 0.5
    if deadline["value"] == 0 and chance.random() < 0.5:
        deadline["before"] = True
    elif chance.random() < 0.3:
        unit = chance.choice(["hours", "calendar_days", "working_days"])
        value = chance.randint(1, most[unit])
        confidence = chance.choice(CONFIDENCES)
        deadline["stricter"] = {"value": value, "unit": unit, "confidence": confidence}
    duty = {
        "id": "duty",
        "name": "A duty",
        "who": ["importer"],
        "when": "always",
        "deadline": deadline,
        "file_at": "nobody",
        "citation": "none",
        "confidence": chance.choice(CONFIDENCES),
    }
    law = {
        "id": "made_up",
        "name": "Made up",
        "jurisdiction": country,
        "valid_from": None,
        "valid_to": None,
        "reference": ["none"],
        "categories": ["toys"],
        "authority": {"name": "Nobody"},
        "counting": counting,
        "obligations": [duty],
        "sources": [],
        "confidence": "unknown",
    }
    return law, duty


def differs_made_up(chance: Random) -> str:
    country = chance.choice(SOMEWHERE)
    law, duty = a_law(chance, country)
    start = a_start(chance, PLACES[country]["zone"], FIRST)
    regime = regime_of(law)
    period = period_of(regime, regime.obligations[0])
    row = PLACES[country]
    one = end_of(start, period, zone(row["zone"]), calendar(row["calendar"])).at
    other = second_counter.due(law, duty, start, row)
    if other is not None and one.isoformat() == other.isoformat():
        return ""
    rules = f"{law['counting']} {duty['deadline']} {duty['confidence']}"
    return f"{country} {start.isoformat()}: {one} or {other} by {rules}"


def test_both_counters_give_one_end_for_periods_made_up() -> None:
    chance = Random(1115)
    found = [differs_made_up(chance) for _ in range(MADE_UP)]
    assert [one for one in found if one] == []


@given(st.randoms(use_true_random=False))
def test_both_counters_give_one_end_for_any_period(chance: Random) -> None:
    assert differs_made_up(chance) == ""
