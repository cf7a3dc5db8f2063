"""A recall in two countries with facts stated, for the tests of filings."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from holdfast.kit.actors import Actor
from holdfast.kit.filings.catalogue import catalogue, parse_name
from holdfast.response.filings.actions import draft_filing, state_fact
from holdfast.response.filings.models import Filing
from holdfast.response.filings.queries import Desk
from holdfast.response.units.models import UnitGroup, UnitMovement
from tests.response.conftest import NOW, Small

LEAD = Actor("person:1", "Lea Lead", frozenset({"lead"}), 1)
SECOND = Actor("person:2", "Abo Approver", frozenset({"approver"}), 2)
AGENT = Actor("person:3", "Ada Agent", frozenset({"agent"}), 3)
LATER = NOW + timedelta(hours=3)

SAMPLES: dict[str, str] = {
    "number": "0",
    "date": "2026-04-14",
    "money": "39.00 EUR",
    "list": "none",
    "choice": "consumer",
    "table": "SP,0,0",
    "photo": "0" * 64,
}
#: Limits of other numbers, so that nothing contradicts itself by the samples alone.
PLENTY = {"units_made": "100000", "accounts": "100", "accounts_told": "50"}


def sold(small: Small, **units: int) -> None:
    """A confirmed scope with units per country, in the ledger as not answered."""
    lines = {small.line(n, small.customer(), market=country): n for country, n in units.items()}
    version = small.scope(lines)
    version.settled_at = NOW
    version.save()
    for line, number in lines.items():
        UnitGroup.objects.create(
            recall=small.recall, level="consumer", place=f"line:{line.pk}", line=line,
            certainty="confirmed", state="no_answer", quantity=Decimal(number), since=NOW,
        )  # fmt: skip
        moved(small, f"line:{line.pk}", "", "no_answer", number, NOW, kind="scope")


def moved(
    small: Small, place: str, source: str, target: str, units: int, at: datetime, *,
    level: str = "consumer", kind: str = "payment",
) -> None:  # fmt: skip
    UnitMovement.objects.create(
        recall=small.recall, level=level, place=place, from_state=source, to_state=target,
        quantity=Decimal(units), kind=kind, evidence="test", by="person:1", at=at,
    )  # fmt: skip


def state(small: Small, *, at: datetime = LATER, source: str = "test", **facts: str) -> None:
    """Several facts at once; DE__units_sold stands for units_sold@DE."""
    for name, value in facts.items():
        place, sign, key = name.rpartition("__")
        named = f"{key}@{place.replace('__', '/')}" if sign else name
        state_fact(
            recall=small.recall,
            name=named,
            value=value,
            as_of=at,
            source=source,
            by=LEAD,
            now=LATER,
        )


def draft(small: Small, form: str, country: str = "US", **more: Any) -> Filing:
    more.setdefault("now", LATER)
    return draft_filing(recall=small.recall, form=form, country=country, by=LEAD, **more)


def complete(small: Small, filing: Filing, *, at: datetime | None = None) -> Filing:
    """Say something for everything that is missing."""
    for one in Desk(small.recall, LATER).filled(filing).missing:
        for want in one.wants:
            key = want.partition("@")[0]
            fact = parse_name(want)[0] if key in catalogue() else one.field.own
            value = (one.field.choices or (SAMPLES.get(fact.kind, f"{key} in words"),))[0]
            value = PLENTY.get(key, value)
            state_fact(
                recall=small.recall, name=want, value=value, as_of=filing.cut_off, source="test",
                filing=filing, by=LEAD, now=at or max(LATER, filing.cut_off),
            )  # fmt: skip
    return filing
