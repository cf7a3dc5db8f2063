"""The test to yourself and colleagues: sent, and proven read by the code in its subject."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from holdfast.decision.recalls.models import Recall
from holdfast.ground.journal.actions import record
from holdfast.kit.actors import Actor
from holdfast.kit.refusals import Forbidden, Unreadable
from holdfast.response.outreach.events import TrialOpened, TrialSent
from holdfast.response.outreach.models import GateCheck
from holdfast.response.outreach.policies import require_sending


@transaction.atomic
def note_trial(
    *, recall: Recall, wave: int, code: str, languages: str, count: int, by: Actor, now: datetime
) -> GateCheck:
    """The server took the test; whether anybody sees it is another question."""
    require_sending(by)
    check, _ = GateCheck.objects.update_or_create(
        recall=recall,
        wave=wave,
        gate=f"test {code}",
        defaults={
            "state": "red",
            "words": f"sent to {count}; enter the code of its subject",
            "by": by.key,
            "at": now,
        },
    )
    fact = TrialSent(wave=wave, languages=languages, count=count)
    record(fact, by=by, now=now, subject=recall.ref)
    return check


@transaction.atomic
def confirm_trial(
    *, recall: Recall, wave: int, code: str, entered: str, by: Actor, now: datetime
) -> GateCheck:
    """Somebody typed the code that only stands in the test of this very text."""
    require_sending(by)
    check = GateCheck.objects.filter(recall=recall, wave=wave, gate=f"test {code}").first()
    if check is None:
        raise Forbidden(
            "no_test", "This text was not sent as a test yet.", hint="Send the test first."
        )
    if "".join(entered.split()).upper() != code:
        raise Unreadable(
            "wrong_code",
            "This is not the code of the test of this text.",
            hint="It stands in the subject, in square brackets.",
        )
    check.state, check.words, check.by, check.at = "green", "sent and opened", by.key, now
    check.save()
    record(TrialOpened(wave=wave), by=by, now=now, subject=recall.ref)
    return check
