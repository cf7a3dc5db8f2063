"""What a person says about a match, and about two announcements that were held to be one."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from holdfast.decision.announcements.events import (
    AnnouncementsParted,
    MatchDecided,
    MatchReopened,
)
from holdfast.decision.announcements.models import CatalogueMatch, JointAnnouncement
from holdfast.decision.announcements.policies import may_decide_matches
from holdfast.decision.announcements.queries import joined_to
from holdfast.ground.journal.actions import record
from holdfast.ground.journal.rules import masked
from holdfast.kit.actors import Actor
from holdfast.kit.refusals import Forbidden, Unreadable


@transaction.atomic
def confirm_match(
    *, match: CatalogueMatch, recall: str, by: Actor, now: datetime
) -> CatalogueMatch:
    """It is ours: the sale is stopped in the recall of that short id.

    What is said holds for the same recall as other authorities announced it, too.
    """
    may_decide_matches(by)
    match = _open(match)
    if not recall.strip():
        raise Unreadable("which_recall", "A stopped sale belongs to a recall.")
    for one in _together(match):
        one.state, one.recall_ref = "stopped", recall
        _save(one, by, now)
        _told(one, f"ours; the sale is stopped in {recall}", by, now)
    match.refresh_from_db()
    return match


@transaction.atomic
def refuse_match(
    *, match: CatalogueMatch, because: str, by: Actor, now: datetime
) -> CatalogueMatch:
    """It is not ours, for a reason; the reason stays beside it."""
    may_decide_matches(by)
    match = _open(match)
    because = " ".join(because.split())[:300]
    if not because:
        raise Unreadable(
            "reason_needed",
            "“Not ours” needs a reason: somebody will ask for it.",
            hint="For example: another model; we sell only the 12 V type.",
        )
    for one in _together(match):
        one.state, one.because = "not_ours", because
        _save(one, by, now)
        _told(one, f"not ours: {because}", by, now)
    match.refresh_from_db()
    return match


@transaction.atomic
def reopen_match(*, match: CatalogueMatch, by: Actor, now: datetime) -> CatalogueMatch:
    """Take back what was said; a recall that was opened for it stays and is closed there."""
    may_decide_matches(by)
    match = CatalogueMatch.objects.select_for_update().get(pk=match.pk)
    if match.state == "open":
        raise Forbidden("match_open", "Nothing was decided about this match yet.")
    at_once = CatalogueMatch.objects.select_for_update().filter(
        product=match.product_id, decided_at=match.decided_at, state=match.state
    )
    for one in at_once.select_related("announcement", "product"):
        one.state, one.because, one.recall_ref, one.decided_answer = "open", "", "", ""
        one.decided_by, one.decided_at = "", None
        one.save()
        fact = MatchReopened(
            match=one.pk, announcement=masked(str(one.announcement)), product=one.product.code
        )
        record(fact, by=by, now=now)
    match.refresh_from_db()
    return match


@transaction.atomic
def part_announcements(
    *, pair: JointAnnouncement, because: str, by: Actor, now: datetime
) -> JointAnnouncement:
    """They are two recalls after all."""
    may_decide_matches(by)
    pair = JointAnnouncement.objects.select_for_update().get(pk=pair.pk)
    because = " ".join(because.split())[:300]
    if not because:
        raise Unreadable("reason_needed", "To part two announcements takes a reason.")
    pair.is_parted, pair.parted_because, pair.by, pair.at = True, because, by.key, now
    pair.save()
    _tell(pair, f"two recalls: {because}", by, now)
    return pair


@transaction.atomic
def join_again(*, pair: JointAnnouncement, by: Actor, now: datetime) -> JointAnnouncement:
    """They are one recall, as the rule said."""
    may_decide_matches(by)
    pair = JointAnnouncement.objects.select_for_update().get(pk=pair.pk)
    pair.is_parted, pair.parted_because, pair.by, pair.at = False, "", by.key, now
    pair.save()
    _tell(pair, "one recall", by, now)
    return pair


def _tell(pair: JointAnnouncement, said: str, by: Actor, now: datetime) -> None:
    # A feed may number its recalls by what looks like an address: 26-101@recalls.example.org.
    first, second = masked(str(pair.first)), masked(str(pair.second))
    record(AnnouncementsParted(first=first, second=second, said=said), by=by, now=now)


def _open(match: CatalogueMatch) -> CatalogueMatch:
    match = CatalogueMatch.objects.select_for_update().get(pk=match.pk)
    if match.state != "open":
        raise Forbidden(
            "match_decided",
            "Somebody has decided on this match already.",
            hint="Take that back first.",
        )
    return match


def _together(match: CatalogueMatch) -> list[CatalogueMatch]:
    """This match and those of the same product with announcements of the same recall."""
    joined = [other.pk for _pair, other in joined_to(match.announcement)]
    others = CatalogueMatch.objects.select_for_update().filter(
        announcement__in=joined, product=match.product_id, state="open"
    )
    return [match, *others.select_related("announcement", "product")]


def _save(match: CatalogueMatch, by: Actor, now: datetime) -> None:
    match.decided_by, match.decided_at = by.key, now
    match.decided_answer = match.answer
    match.save()


def _told(match: CatalogueMatch, said: str, by: Actor, now: datetime) -> None:
    fact = MatchDecided(
        match=match.pk,
        announcement=masked(str(match.announcement)),
        product=match.product.code,
        state=match.state,
        said=said,
        recall=match.recall_ref,
    )
    record(fact, by=by, now=now, subject=match.recall_ref)
