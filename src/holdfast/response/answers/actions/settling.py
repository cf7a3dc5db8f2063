"""Dealing with a mention: answer, correct, ignore, each of which can be taken back; erase."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.db import transaction

from holdfast.decision.intake.actions import take_in_complaint
from holdfast.decision.intake.rules.told import Told
from holdfast.decision.recalls.models import Recall
from holdfast.ground.journal.actions import record
from holdfast.kit.actors import Actor
from holdfast.response.answers.events import MentionErased, MentionReopened, MentionSettled
from holdfast.response.answers.lifecycle import MENTION
from holdfast.response.answers.models import Correction, Mention
from holdfast.response.answers.policies import may_work_on_mentions
from holdfast.response.answers.queries import page_of, replies


@transaction.atomic
def answer_mention(*, mention: Mention, reply: str = "", by: Actor, now: datetime) -> Mention:
    """Note that somebody answered with a reply of approved text; it is posted by hand, not by us.

    `reply` is the text that was used; anything that is no offered reply is refused.
    """
    may_work_on_mentions(by)
    mention = _locked(mention)
    offered = [one.text for one in replies(mention)]
    used = reply or (offered[0] if offered else "")
    return _settle(mention, "answer", {"has_reply": used in offered}, by=by, now=now, reply=used)


@transaction.atomic
def correct_mention(
    *, mention: Mention, correction: Correction, by: Actor, now: datetime
) -> Mention:
    """Note that a public correction says what is true here."""
    may_work_on_mentions(by)
    mention = _locked(mention)
    mention.correction = correction
    truths = {"has_correction": bool(page_of(correction.recall, correction.number))}
    return _settle(
        mention, "correct", truths, by=by, now=now, reason=f"correction no. {correction.number}"
    )


@transaction.atomic
def ignore_mention(*, mention: Mention, by: Actor, now: datetime) -> Mention:
    """Set a mention aside; it can be taken up again."""
    may_work_on_mentions(by)
    return _settle(_locked(mention), "ignore", {}, by=by, now=now)


@transaction.atomic
def escalate_mention(*, mention: Mention, by: Actor, now: datetime) -> Mention:
    """Take it in as a complaint, so that it is read, linked, counted and may start a clock.

    What it tells counts from the moment we first saw it. Taking it in twice gives the same one.
    """
    may_work_on_mentions(by)
    mention = _locked(mention)
    is_injury = any(one["tag"] == "injury" for one in mention.tags)
    state = MENTION.after(mention.state, "escalate", {"has_words": bool(mention.text)})
    complaint = take_in_complaint(
        told=Told(
            mention.text,
            kind="injury" if is_injury else "complaint",
            channel="form",
            source="public posts",
            source_id=f"mention {mention.pk}",
            received_at=mention.first_seen_at,
            published_at=mention.said_at,
            product=mention.recall.product_code if mention.recall else "",
            language=mention.language,
            name=mention.author,
        ),
        by=by,
        now=now,
    )
    mention.state, mention.complaint = state, complaint.pk
    mention.settled_at, mention.settled_by = now, by.key
    mention.save(update_fields=["state", "complaint", "settled_at", "settled_by"])
    fact = MentionSettled(
        mention=mention.pk,
        state=state,
        reason=f"taken in as {complaint.ref}",
        text_sha256=mention.fingerprint,
        reply_sha256="",
    )
    record(fact, by=by, now=now, subject=_ref(mention))
    return mention


@transaction.atomic
def reopen_mention(*, mention: Mention, by: Actor, now: datetime) -> Mention:
    """Take back what was done with it: it waits again."""
    may_work_on_mentions(by)
    mention = _locked(mention)
    was = mention.state
    mention.state = MENTION.after(was, "reopen")
    mention.correction, mention.settled_at, mention.settled_by = None, None, ""
    mention.save(update_fields=["state", "correction", "settled_at", "settled_by"])
    record(MentionReopened(mention=mention.pk, was=was), by=by, now=now, subject=_ref(mention))
    return mention


@transaction.atomic
def place_mention(*, mention: Mention, recall: Recall | None, by: Actor, now: datetime) -> Mention:
    """Say which recall a mention is about, or none."""
    may_work_on_mentions(by)
    mention = _locked(mention)
    mention.recall = recall
    mention.save(update_fields=["recall"])
    fact = MentionSettled(
        mention=mention.pk,
        state="placed",
        reason=f"it is about {recall.ref}" if recall else "it is about no recall",
        text_sha256=mention.fingerprint,
        reply_sha256="",
    )
    record(fact, by=by, now=now, subject=_ref(mention))
    return mention


@transaction.atomic
def erase_mention(*, mention: Mention, by: Actor, now: datetime) -> Mention:
    """Erase words, author and address for good, say because its author asks; counts stay."""
    may_work_on_mentions(by)
    mention = _locked(mention)
    if mention.erased_at is not None:
        return mention
    mention.text, mention.author, mention.url, mention.erased_at = "", "", "", now
    mention.tags = [{"tag": one["tag"], "words": ""} for one in mention.tags]
    if mention.state == "open":
        mention.state, mention.settled_at, mention.settled_by = "ignored", now, by.key
    mention.save()
    mention.sightings.update(url="")
    record(MentionErased(mention=mention.pk), by=by, now=now, subject=_ref(mention))
    return mention


def _settle(
    mention: Mention,
    move: str,
    truths: dict[str, bool],
    *,
    by: Actor,
    now: datetime,
    reply: str = "",
    reason: str = "",
) -> Mention:
    mention.state = MENTION.after(mention.state, move, truths)
    mention.settled_at, mention.settled_by = now, by.key
    mention.save(update_fields=["state", "correction", "settled_at", "settled_by"])
    fact = MentionSettled(
        mention=mention.pk,
        state=mention.state,
        reason=reason,
        text_sha256=mention.fingerprint,
        reply_sha256=hashlib.sha256(reply.encode()).hexdigest() if reply else "",
    )
    record(fact, by=by, now=now, subject=_ref(mention))
    return mention


def _locked(mention: Mention) -> Mention:
    found = Mention.objects.select_for_update(of=("self",)).select_related("recall")
    return found.get(pk=mention.pk)


def _ref(mention: Mention) -> str:
    return mention.recall.ref if mention.recall else ""
