"""What counsel confirmed of the law's data, as it read on that day."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction

from holdfast.ground.journal.actions import record
from holdfast.kit.actors import Actor
from holdfast.kit.refusals import NotFound, Unreadable
from holdfast.kit.regimes.law import MATTERS
from holdfast.kit.regimes.reading import regime as regime_named
from holdfast.response.duties.events import LawConfirmationWithdrawn, LawConfirmed
from holdfast.response.duties.models import CounselConfirmation
from holdfast.response.duties.policies import may_confirm_law
from holdfast.response.duties.queries.law import current_digest


@transaction.atomic
def confirm_law(
    *,
    regime: str,
    obligation: str = "",
    matter: str = "",
    confirmed_by: str,
    confirmed_on: date,
    source: str,
    value_read: str,
    by: Actor,
    now: datetime,
) -> CounselConfirmation:
    """Keep who confirmed which statement on which day, the source they read, and what it says.

    It holds for the words the data has now: when they change, it counts no more and says so.
    """
    may_confirm_law(by)
    law = regime_named(regime)
    digest = current_digest(law, obligation, matter)
    if bool(obligation) == bool(matter) or not digest:
        named = ", ".join(
            [*(one.id for one in law.obligations), *(m for m in MATTERS if m in law.statements)]
        )
        raise NotFound(
            "no_statement",
            f"{law.id} says nothing of “{(obligation or matter)[:60]}”.",
            hint=f"It has: {named}.",
        )
    words = {
        "who confirmed it": confirmed_by,
        "the source that was read": source,
        "what it says": value_read,
    }
    for what, text in words.items():
        if not text.strip():
            raise Unreadable(
                "confirmation_incomplete",
                f"A confirmation needs {what}.",
                hint="Name, day, source and the value as it was read.",
            )
    if confirmed_on > (now + timedelta(days=1)).date():
        raise Unreadable("in_the_future", f"{confirmed_on.isoformat()} lies in the future.")
    kept = CounselConfirmation.objects.create(
        regime=law.id,
        obligation=obligation,
        matter=matter,
        confirmed_by=_short(confirmed_by, 200),
        confirmed_on=confirmed_on,
        source=_short(source, 500),
        value_read=_short(value_read, 2000),
        law=digest,
        recorded_by=by.key,
        recorded_at=now,
    )
    fact = LawConfirmed(
        statement=_statement(kept),
        on=confirmed_on.isoformat(),
        source=kept.source,
        value=kept.value_read,
        law=digest,
    )
    record(fact, by=by, now=now)
    return kept


@transaction.atomic
def withdraw_law_confirmation(
    *, confirmation: CounselConfirmation, by: Actor, now: datetime
) -> CounselConfirmation:
    """A confirmation that was a mistake counts no more; its row stays."""
    may_confirm_law(by)
    kept = CounselConfirmation.objects.select_for_update().get(pk=confirmation.pk)
    if kept.withdrawn_at is None:
        kept.withdrawn_at, kept.withdrawn_by = now, by.key
        kept.save(update_fields=["withdrawn_at", "withdrawn_by"])
        record(LawConfirmationWithdrawn(statement=_statement(kept)), by=by, now=now)
    return kept


def _statement(kept: CounselConfirmation) -> str:
    return f"{kept.regime}.{kept.obligation or kept.matter}"


def _short(text: str, most: int) -> str:
    return " ".join(text.split())[:most]
