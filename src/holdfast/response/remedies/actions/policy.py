"""Setting which remedies a recall offers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from holdfast.decision.recalls.models import Recall
from holdfast.ground.journal.actions import record
from holdfast.kit.actors import Actor
from holdfast.response.remedies.events import RemediesSet
from holdfast.response.remedies.models import RemedyPolicy
from holdfast.response.remedies.policies import require_remedy_setting
from holdfast.response.remedies.queries import DEFAULT_DAYS
from holdfast.response.remedies.rules import Terms, ask_terms


@transaction.atomic
def set_remedies(
    *,
    recall: Recall,
    options: Sequence[str],
    by: Actor,
    now: datetime,
    within_days: Mapping[str, int] | None = None,
    proof: str = "declaration",
    exception_reason: str = "",
    effort_reason: str = "",
    replacement: str = "",
) -> RemedyPolicy:
    """Offer these remedies; refused where the law or a person could not live with them."""
    require_remedy_setting(by)
    days = {o: (within_days or {}).get(o) or DEFAULT_DAYS.get(o, 0) for o in options}
    terms = Terms(tuple(options), days, proof, exception_reason, effort_reason)
    ease = ask_terms(terms, is_eu=recall.profile.startswith("eu"), outcome=recall.outcome)
    policy, _made = RemedyPolicy.objects.update_or_create(
        recall=recall,
        defaults={
            "options": list(options),
            "within_days": days,
            "proof": proof,
            "exception_reason": exception_reason,
            "effort_reason": effort_reason,
            "replacement": replacement,
            "ease": ease.letter,
            "set_by": by.key,
            "set_at": now,
        },
    )
    record(
        RemediesSet(list(options), days, proof, ease.letter, exception_reason, effort_reason),
        by=by,
        now=now,
        subject=recall.ref,
    )
    return policy
