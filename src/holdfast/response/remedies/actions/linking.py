"""Making personal links in bulk; tokens are derived, only their hashes are stored."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from holdfast.decision.recalls.models import Recall
from holdfast.ground.journal.actions import record
from holdfast.kit.actors import Actor
from holdfast.response.remedies.events import LinksMade
from holdfast.response.remedies.models import PersonalLink
from holdfast.response.remedies.policies import require_link_making
from holdfast.response.remedies.rules import link_token, token_hash

AT_ONCE = 5_000


@transaction.atomic
def make_links(
    *, recall: Recall, customer_ids: Iterable[int], key: bytes, by: Actor, now: datetime
) -> int:
    """A link for each of these people who has none yet; returns how many were made.

    The token itself is `link_token(key, recall=recall.ref, recipient="customer:<id>")`, whenever
    a message is written.
    """
    require_link_making(by)
    made = 0
    wanted = sorted(set(customer_ids))
    for start in range(0, len(wanted), AT_ONCE):
        some = wanted[start : start + AT_ONCE]
        there = set(
            PersonalLink.objects.filter(recall=recall, customer_id__in=some).values_list(
                "customer_id", flat=True
            )
        )
        fresh = [number for number in some if number not in there]
        PersonalLink.objects.bulk_create(
            [
                PersonalLink(
                    recall=recall,
                    customer_id=number,
                    token_sha256=token_hash(
                        link_token(key, recall=recall.ref, recipient=f"customer:{number}")
                    ),
                    made_at=now,
                )
                for number in fresh
            ],
            ignore_conflicts=True,
        )
        made += len(fresh)
    if made:
        record(LinksMade(made), by=by, now=now, subject=recall.ref)
    return made
