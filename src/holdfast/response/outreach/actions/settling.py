"""A person's word on messages that were unclear twice."""

from __future__ import annotations

from datetime import datetime

from holdfast.ground.outbox.actions import settle_ambiguous
from holdfast.ground.outbox.models import Message
from holdfast.kit.actors import Actor
from holdfast.response.outreach.policies import require_sending


def settle_unclear(
    *, message: Message, decision: str, reason: str, by: Actor, now: datetime
) -> Message:
    """`accepted` if somebody knows that it arrived, else `failed`: then it is told another way."""
    require_sending(by)
    return settle_ambiguous(message=message, decision=decision, reason=reason, by=by, now=now)
