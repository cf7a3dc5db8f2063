"""What follows from a signed decision: its remedies are offered, unless some are already set."""

from __future__ import annotations

import json
from datetime import datetime

from holdfast.decision.recalls.actions import add_task
from holdfast.decision.recalls.models import Recall
from holdfast.ground.journal.models import Entry
from holdfast.kit.actors import Actor
from holdfast.kit.refusals import Refusal
from holdfast.response.remedies.actions.policy import set_remedies
from holdfast.response.remedies.models import RemedyPolicy
from holdfast.response.remedies.policies import require_remedy_setting


def follow_decision(*, entry: Entry, by: Actor, now: datetime) -> None:
    """Offer what was decided, with usual days; what cannot be offered becomes a task."""
    require_remedy_setting(by)
    recall = Recall.objects.get(ref=entry.subject)
    remedies = json.loads(entry.payload).get("remedies") or []
    if not remedies or RemedyPolicy.objects.filter(recall=recall).exists():
        return
    try:
        set_remedies(recall=recall, options=remedies, by=by, now=now)
    except Refusal as refusal:
        words = f"Set the remedies: {refusal.message}"
        if not recall.tasks.filter(words=words[:300]).exists():
            add_task(recall=recall, phase="remedy", words=words, by=by, now=now)
