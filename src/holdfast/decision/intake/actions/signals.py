"""Taking in what somebody told us."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.db import transaction

from holdfast.decision.intake.events import SignalRecorded
from holdfast.decision.intake.models import SafetySignal
from holdfast.decision.intake.policies import may_record_signal
from holdfast.ground.journal.actions import record
from holdfast.kit.actors import Actor
from holdfast.kit.reading import Letter, Reading

KEPT = ("product", "lot", "made", "shipped", "quantity", "mechanism")


@transaction.atomic
def record_signal(
    *,
    letter: Letter,
    reading: Reading,
    known_at: datetime | None = None,
    by: Actor,
    now: datetime,
) -> SafetySignal:
    """Keep a message with the facts read from it; people edit them when the recall is opened."""
    may_record_signal(by)
    signal = SafetySignal.objects.create(
        text=letter.text,
        sender=reading.first("sender")[:300],
        facts={
            "read": [fact.as_json() for fact in reading.facts],
            "questions": list(reading.questions),
            "subject": letter.subject,
        },
        known_at=known_at or now,
        recorded_at=now,
        recorded_by=by.key,
    )
    said = tuple(f"{fact.kind}: {fact.value}" for fact in reading.facts if fact.kind in KEPT)
    fact = SignalRecorded(
        signal=signal.pk,
        text_sha256=hashlib.sha256(letter.text.encode()).hexdigest(),
        read=said[:50],
        known_at=signal.known_at.isoformat(),
    )
    record(fact, by=by, now=now)
    return signal
