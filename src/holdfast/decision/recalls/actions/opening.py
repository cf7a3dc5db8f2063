"""Opening a recall, and giving roles in it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from holdfast.decision.intake.actions import carry_complaints
from holdfast.decision.intake.models import Complaint, SafetySignal
from holdfast.decision.intake.queries import first_told
from holdfast.decision.recalls.events import RecallOpened, RoleAssigned
from holdfast.decision.recalls.models import Recall, RecallRole
from holdfast.decision.recalls.policies import may_move, may_open
from holdfast.decision.recalls.rules import ROLES, outcome_of
from holdfast.ground.access.models import Organisation
from holdfast.ground.journal.actions import record
from holdfast.kit.actors import Actor
from holdfast.kit.refusals import Unreadable
from holdfast.kit.trace.criteria import Criteria
from holdfast.kit.wording.profile import regime_id


@transaction.atomic
def open_recall(
    *,
    outcome: str,
    title: str = "",
    products: tuple[str, ...] = (),
    lots: tuple[str, ...] = (),
    mechanism: str = "",
    outcome_words: str = "",
    signal: SafetySignal | None = None,
    complaints: Sequence[Complaint] = (),
    known_at: datetime | None = None,
    profile: str = "eu_gpsr",
    by: Actor,
    now: datetime,
) -> Recall:
    """Open a recall on what is known so far; only what can happen to a person is required.

    `complaints` led to it: the earliest time any of them was known is when its clocks may begin.
    `profile` is the law its notice stands under, by the id of a regime; fixed from here on.
    """
    may_open(by)
    profile = regime_id(profile)
    outcome = outcome_of(outcome)
    products, lots = _words(products, 200), _words(lots, 120)
    if outcome == "other" and not outcome_words.strip():
        raise Unreadable(
            "outcome_words_needed",
            "“Something else” needs words: what can happen to a person?",
            hint="Say it as people would: “The blade can break and cut the hand.”",
        )
    if complaints and known_at is None:
        first = first_told([one.pk for one in complaints])
        known_at = first.known_at if first else None
    signal = signal or SafetySignal.objects.create(
        text="",
        facts={},
        known_at=known_at or now,
        recorded_at=now,
        recorded_by=by.key,
    )
    signal.facts = {
        **signal.facts,
        "criteria": Criteria(products=products, lots=lots).as_json(),
    }
    signal.save(update_fields=["facts"])
    carry_complaints(complaints=complaints, signal=signal, by=by, now=now)
    recall = Recall.objects.create(
        ref=_next_ref(now),
        title=_title(title, products, lots),
        product_code=products[0] if products else "",
        lot=", ".join(lots)[:120],
        mechanism=" ".join(mechanism.split())[:300],
        outcome=outcome,
        outcome_words=" ".join(outcome_words.split())[:300],
        signal=signal,
        profile=profile,
        known_at=known_at or signal.known_at,
        opened_at=now,
        opened_by=by.key,
    )
    RecallRole.objects.create(recall=recall, role="lead", person=by.key, since=now)
    fact = RecallOpened(
        ref=recall.ref,
        title=recall.title,
        product_code=recall.product_code,
        lots=lots,
        mechanism=recall.mechanism,
        outcome=outcome,
        source_sha256=hashlib.sha256(signal.text.encode()).hexdigest() if signal.text else "",
        known_at=recall.known_at.isoformat(),
        regime=profile,
    )
    record(fact, by=by, now=now, subject=recall.ref)
    return recall


@transaction.atomic
def assign_role(*, recall: Recall, role: str, person: str, by: Actor, now: datetime) -> RecallRole:
    """Give a role in this recall to a person ("person:3"); one person may hold all."""
    may_move(by)
    if role not in ROLES:
        raise Unreadable(
            "unknown_role", f"No role is called “{role}”.", hint=f"Known: {', '.join(ROLES)}."
        )
    held, _ = RecallRole.objects.update_or_create(
        recall=recall, role=role, defaults={"person": person, "since": now}
    )
    record(RoleAssigned(person=person, role=role), by=by, now=now, subject=recall.ref)
    return held


def _next_ref(now: datetime) -> str:
    """R-2026-001 and on; who opens at the same moment waits here for the next number."""
    Organisation.objects.select_for_update().filter(pk=1).first()
    start = f"R-{now.year}-"
    taken = Recall.objects.filter(ref__startswith=start).values_list("ref", flat=True)
    numbers = [int(ref[len(start) :]) for ref in taken if re.fullmatch(r"\d+", ref[len(start) :])]
    return f"{start}{max(numbers, default=0) + 1:03d}"


def _title(title: str, products: tuple[str, ...], lots: tuple[str, ...]) -> str:
    title = " ".join(title.split())
    if not title:
        what = " ".join(products) or "A product"
        title = f"{what}, lot {', '.join(lots)}" if lots else what
    return title[:300]


def _words(words: tuple[str, ...], longest: int) -> tuple[str, ...]:
    kept = tuple(dict.fromkeys(" ".join(word.split()) for word in words if word.strip()))
    for word in kept:
        if len(word) > longest:
            raise Unreadable("too_long", f"“{word[:40]}…” is longer than {longest} characters.")
    return kept
