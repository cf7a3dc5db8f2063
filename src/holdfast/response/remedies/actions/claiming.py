"""Claims by people without a personal link: matched to an order, or looked at by a person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from holdfast.decision.recalls.models import Recall
from holdfast.ground.journal.actions import record
from holdfast.kit.actors import Actor
from holdfast.kit.refusals import Forbidden, Unreadable
from holdfast.response.remedies.actions.answering import _owe, _take_along, choose_remedy
from holdfast.response.remedies.events import ClaimReviewed, RemedyChosen
from holdfast.response.remedies.lifecycle import CHOSEN, REFUSED, REVIEW, WITHDRAWN
from holdfast.response.remedies.models import Claim
from holdfast.response.remedies.policies import require_answering, require_claim_work
from holdfast.response.remedies.queries import Owned, matching_lines, terms_of
from holdfast.response.remedies.rules import PAID_IN_MONEY, ask_choice, promise_for

LONGEST = 300


@transaction.atomic
def claim_publicly(
    *,
    recall: Recall,
    order: str,
    contact: Mapping[str, str],
    remedy: str,
    stopped: bool,
    reference: str,
    token_sha256: str,
    language: str,
    by: Actor,
    now: datetime,
) -> Claim:
    """A claim without a link. The answer is the same whether or not an order matched.

    `contact` may hold email, postcode, name, phone and words; one way to reach the person is
    needed. An order number with its e-mail address or postal code settles it at once; anything
    else waits for a person to look at it, and is never turned away by a machine.
    """
    require_answering(by)
    kept = {k: str(v).strip()[:LONGEST] for k, v in contact.items() if str(v).strip()}
    if not kept.get("email") and not kept.get("phone"):
        raise Unreadable(
            "how_to_reach_you",
            "Please leave an e-mail address or a phone number.",
            hint="We use it for this recall only.",
        )
    terms, _replacement = terms_of(recall)
    ask_choice(remedy, offered=terms.remedies, stopped=stopped)
    lines = matching_lines(
        recall,
        order=order,
        email=kept.get("email", ""),
        postcode=kept.get("postcode", ""),
    )
    if lines and not _claimed_already(recall, lines):
        claims = choose_remedy(
            recall=recall,
            owned=lines,
            remedy=remedy,
            stopped=stopped,
            reference=reference,
            source="public",
            by=by,
            now=now,
        )
        Claim.objects.filter(pk__in=[c.pk for c in claims]).update(
            contact=kept, token_sha256=token_sha256, language=language
        )
        return Claim.objects.get(pk=claims[0].pk)
    promise = promise_for(remedy, now=now, within_days=terms.within_days.get(remedy, 14))
    kept["order"] = order.strip()[:LONGEST]
    claim = Claim.objects.create(
        recall=recall,
        reference=reference,
        quantity=Decimal(1),
        answer="have",
        remedy=remedy,
        state=REVIEW,
        has_stopped_using=stopped,
        source="public",
        contact=kept,
        token_sha256=token_sha256,
        language=language,
        promised_on=promise.by,
        send_on=promise.send_on,
        made_at=now,
    )
    record(
        RemedyChosen([reference], remedy, "1", promise.by.isoformat(), "public"),
        by=by,
        now=now,
        subject=recall.ref,
    )
    return claim


def _claimed_already(recall: Recall, lines: list[Owned]) -> bool:
    """A second claim for the same order is a person's to look at, not a machine's to merge."""
    return (
        Claim.objects.filter(recall=recall, line_id__in=[o.line.pk for o in lines])
        .exclude(state=WITHDRAWN)
        .exclude(answer="")
        .exists()
    )


@transaction.atomic
def review_claim(
    *,
    claim: Claim,
    accept: bool,
    reason: str,
    by: Actor,
    now: datetime,
    owned: Owned | None = None,
) -> Claim:
    """Accept or refuse a claim that waits for a person; a refusal states its reason.

    `owned` is the affected order line the person turned out to have, where one was found: its
    price is then owed and its units follow.
    """
    require_claim_work(by)
    if not accept and not reason.strip():
        raise Unreadable("no_reason", "Please write down why this claim is refused.")
    if owned is not None and _claimed_already(claim.recall, [owned]):
        raise Forbidden("line_claimed", "That order line has a claim already.")
    moved = Claim.objects.filter(pk=claim.pk, state=REVIEW).update(
        state=CHOSEN if accept else REFUSED,
        settled_by="" if accept else by.key,
        settled_at=None if accept else now,
    )
    if not moved:
        raise Forbidden("looked_at_already", "Somebody has already looked at this claim.")
    entry = record(
        ClaimReviewed(claim.reference, "accepted" if accept else "refused", reason.strip()),
        by=by,
        now=now,
        subject=claim.recall.ref,
    )
    claim.refresh_from_db()
    if accept and owned is not None:
        claim.line, claim.quantity = owned.line, owned.units
        claim.customer_id = owned.line.customer_id
        claim.save(update_fields=["line", "quantity", "customer"])
        if claim.remedy in PAID_IN_MONEY and claim.promised_on is not None:
            _owe(claim, owned, claim.promised_on)
        _take_along(claim, "claim_open", "claim", entry, by, now)
    return claim
