"""The facts of a recall that start clocks: each its own time, zone, place and person."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from holdfast.kit.refusals import Unreadable

# What happened, in the words a screen asks with.
STARTS: dict[str, str] = {
    "first_information": "The first information was received",
    "capable_employee_knew": "The first employee able to see what it means knew",
    "officer_knew": "The responsible officer knew",
    "reportable_information": "There was reason to believe that a report is due",
    "investigation_started": "The investigation began",
    "determination": "The firm determined that there is a defect, hazard or violation",
    "decision": "The firm decided to act",
    "initiation": "The recall or correction began",
    "action_taken": "Action was taken",
    "incident_known": "The firm knew of an incident",
    "injury_known": "The firm knew of an injury or death",
}
# What happened later or elsewhere, and starts clocks of its own.
FOLLOWING: dict[str, str] = {
    "authority_notified": "The report went to this authority",
    "authority_requested": "The authority asked",
    "authority_ordered": "The authority ordered",
    "notice_received": "A notice about the product was received",
    "new_information": "New information on a reported case was received",
    "summary_published": "The authority published its summary",
    "consumers_notified": "Telling the owners began",
    "foreign_action_known": "The firm knew of an action abroad",
    "measure_available": "A measure that corrects it was available",
    "third_action_settled": "The third civil action was settled or decided",
    "plan_ended": "The period of the recall plan ended",
    "recall_completed": "The recall was completed",
    "previous_simulation": "The last practice recall took place",
    "quarter_ended": "The quarter ended",
}
NAMES: dict[str, str] = {**STARTS, **FOLLOWING}
# Facts that cannot come before the ones named with them.
_ORDER = (
    ("first_information", "capable_employee_knew"),
    ("capable_employee_knew", "officer_knew"),
    ("first_information", "reportable_information"),
    ("first_information", "investigation_started"),
    ("first_information", "determination"),
    ("investigation_started", "determination"),
    ("decision", "initiation"),
    ("initiation", "recall_completed"),
)
_DATE_ONLY = re.compile(r"^\d{4}-\d{2}-\d{2}$")


@dataclass(frozen=True, slots=True)
class ClockFact:
    """One fact that starts clocks. `country` says where it happened, empty if it holds everywhere.

    `regime` binds it to one regime (a report to one authority, an order of one authority).
    """

    name: str
    at: datetime  # with an offset
    country: str = ""
    regime: str = ""
    known_by: str = ""
    source: str = ""


def parse_fact(text: str) -> ClockFact:
    """`NAME=INSTANT`, `NAME@COUNTRY=INSTANT` or `REGIME.NAME=INSTANT`; the instant has an offset.

    >>> parse_fact("decision@DE=2026-11-20T09:00:00+01:00").country
    'DE'
    """
    left, sign, written = text.partition("=")
    if not sign:
        raise Unreadable(
            "bad_fact",
            f"“{text[:80]}” is no fact.",
            hint="Write NAME=TIME, for example first_information=2026-11-20T22:15:00-05:00.",
        )
    name, _, country = left.strip().partition("@")
    regime, dot, bare = name.partition(".")
    if not dot:
        regime, bare = "", name
    if bare not in NAMES:
        raise Unreadable(
            "unknown_fact",
            f"No clock counts from “{bare[:60]}”.",
            hint="Facts that start clocks: " + ", ".join(NAMES) + ".",
        )
    return ClockFact(bare, parse_instant(written, bare), country.strip().upper(), regime)


def parse_instant(text: str, name: str) -> datetime:
    """An ISO instant with its offset; a bare date or a time without a zone is refused."""
    written = text.strip()
    try:
        at = datetime.fromisoformat(written)
    except ValueError as error:
        raise Unreadable(
            "bad_time",
            f"The time of {name}, “{written[:60]}”, cannot be read.",
            hint="Write an ISO time with its offset: 2026-11-20T22:15:00-05:00.",
        ) from error
    if at.utcoffset() is None:
        what = "a day without a time" if _DATE_ONLY.match(written) else "a time without a zone"
        raise Unreadable(
            "time_without_zone",
            f"The time of {name}, “{written[:60]}”, is {what}: the day could be another one.",
            hint=f"Add the offset of the place it happened, for example {_with_offset(written)}.",
        )
    return at


def _with_offset(written: str) -> str:
    return f"{written}T09:00:00+01:00" if _DATE_ONLY.match(written) else f"{written}+01:00"


def doubts(facts: tuple[ClockFact, ...], *, now: datetime) -> list[str]:
    """What is odd about the facts themselves: in the future, or in an order that cannot be."""
    found = [
        f"{fact.name} lies in the future ({fact.at.isoformat()}): check the day and the zone."
        for fact in facts
        if fact.at > now + timedelta(minutes=5)
    ]
    for earlier, later in _ORDER:
        for first in (fact for fact in facts if fact.name == earlier):
            for second in (fact for fact in facts if fact.name == later):
                if second.at < first.at and first.country == second.country:
                    found.append(
                        f"{later} ({second.at.isoformat()}) lies before {earlier} "
                        f"({first.at.isoformat()}): one of the two is wrong."
                    )
    names: dict[tuple[str, str, str], datetime] = {}
    for fact in facts:
        key = (fact.name, fact.country, fact.regime)
        if names.setdefault(key, fact.at) != fact.at:
            found.append(
                f"{fact.name} is given twice with different times; the earlier one counts."
            )
    return found
