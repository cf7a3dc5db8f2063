"""Complaints about a kettle, believable and invented, told day by day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from holdfast.decision.intake.actions import take_in_complaint
from holdfast.decision.intake.models import Complaint
from holdfast.decision.intake.rules.told import Told
from holdfast.decision.investigations.actions import Scored, score_product
from tests.decision.conftest import LEAD, NOW

BURNING = (
    "Smoke came out of the base after ten minutes, I pulled the plug.",
    "It started smoking while my son was in the kitchen, then there was a small flame.",
    "The handle of the kettle melted and it smelled of burning plastic all evening.",
    "Sparks from the switch, and the socket turned black. I am not using it again.",
    "Caught fire on the worktop. My hand is burned and I had to see a doctor.",
    "The plug got so hot that it left a scorched mark on the wall.",
    "It overheated and the lid melted. We threw water on it because of the smoke.",
    "There were flames from underneath when I switched it on this morning.",
    "Burning smell, then smoke from the bottom. I want my money back.",
    "The kettle caught fire last night, the curtain was burning, nobody was hurt.",
)


def burning(number: int, at: datetime, *, lot: str = "B17", **more: object) -> Told:
    """One of ten people whose kettle got too hot, received at that moment."""
    values: dict[str, object] = {
        "text": BURNING[number % len(BURNING)],
        "product": "KETTLE",
        "lot": lot,
        "email": f"person{number}@example.org",
        "received_at": at,
        **more,
    }
    return Told(**values)  # type: ignore[arg-type]


def tell(tolds: Sequence[Told]) -> list[tuple[Complaint, Scored]]:
    """Take each in and score it at once, as the worker does."""
    done = []
    for told in tolds:
        at = told.received_at or NOW
        complaint = take_in_complaint(told=told, by=LEAD, now=at)
        done.append((complaint, score_product(complaint=complaint, by=LEAD, now=at)))
    return done


def ten(begin: datetime = NOW, every: float = 3.0, **more: object) -> list[Told]:
    """Ten complaints, one every three days."""
    return [burning(n, begin + timedelta(days=every * n), **more) for n in range(10)]
