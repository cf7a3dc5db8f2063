"""Personal links: made in bulk, revoked, renewed; tokens are derived, only hashes are stored."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from holdfast.decision.recalls.models import Recall
from holdfast.ground.journal.actions import record
from holdfast.kit.actors import Actor
from holdfast.kit.refusals import Forbidden, Unreadable
from holdfast.response.remedies.events import LinkRenewed, LinkRevoked, LinksMade
from holdfast.response.remedies.models import PersonalLink
from holdfast.response.remedies.policies import require_link_making, require_link_renewing
from holdfast.response.remedies.rules import link_token, token_hash

AT_ONCE = 5_000


@transaction.atomic
def make_links(
    *, recall: Recall, customer_ids: Iterable[int], key: bytes, by: Actor, now: datetime
) -> int:
    """A link for each of these people who has none that works; returns how many were made.

    The token itself is `link_token(key, recall=recall.ref, recipient="customer:<id>", number=…)`,
    whenever a message is written; the number is 1 but for those in `link_numbers(recall)`.
    """
    require_link_making(by)
    made = 0
    wanted = sorted(set(customer_ids))
    for start in range(0, len(wanted), AT_ONCE):
        some = wanted[start : start + AT_ONCE]
        there: dict[int, int] = {}
        living = set()
        links = PersonalLink.objects.filter(recall=recall, customer_id__in=some)
        for person, number, revoked_at in links.values_list("customer_id", "number", "revoked_at"):
            there[person] = max(number, there.get(person, 0))
            if revoked_at is None:
                living.add(person)
        fresh = [person for person in some if person not in living]
        PersonalLink.objects.bulk_create(
            [_link(recall, person, there.get(person, 0) + 1, key, now) for person in fresh],
            ignore_conflicts=True,
        )
        made += len(fresh)
    if made:
        record(LinksMade(made), by=by, now=now, subject=recall.ref)
    return made


@transaction.atomic
def revoke_link(
    *, recall: Recall, customer_id: int, reason: str, by: Actor, now: datetime
) -> PersonalLink:
    """This person's link opens nothing from now on; what was answered through it stays."""
    require_link_renewing(by)
    link = _living(recall, customer_id)
    if link is None:
        raise Forbidden("no_live_link", "This person has no link that works.")
    _kill(link, _why(reason), by, now)
    return link


@transaction.atomic
def renew_link(
    *, recall: Recall, customer_id: int, key: bytes, reason: str, by: Actor, now: datetime
) -> tuple[PersonalLink, str]:
    """A new link for this person, and the end of the one they had; gives it with its token.

    The token is shown once and kept nowhere; letters and messages derive it again.
    """
    require_link_renewing(by)
    reason = _why(reason)
    old = _living(recall, customer_id)
    if old is not None:
        _kill(old, reason, by, now)
    links = PersonalLink.objects.filter(recall=recall, customer_id=customer_id)
    number = (links.aggregate(last=Max("number"))["last"] or 0) + 1
    link = _link(recall, customer_id, number, key, now)
    link.save()
    person = f"customer:{customer_id}"
    record(LinkRenewed(person, number, reason), by=by, now=now, subject=recall.ref)
    return link, link_token(key, recall=recall.ref, recipient=person, number=number)


def _living(recall: Recall, customer_id: int) -> PersonalLink | None:
    # the recall's row is the queue: two agents who press at once follow each other
    Recall.objects.select_for_update().get(pk=recall.pk)
    return PersonalLink.objects.filter(
        recall=recall, customer_id=customer_id, revoked_at__isnull=True
    ).first()


def _kill(link: PersonalLink, reason: str, by: Actor, now: datetime) -> None:
    PersonalLink.objects.filter(pk=link.pk, revoked_at__isnull=True).update(revoked_at=now)
    link.revoked_at = now
    fact = LinkRevoked(f"customer:{link.customer_id}", link.number, reason)
    record(fact, by=by, now=now, subject=link.recall.ref)


def _why(reason: str) -> str:
    if not reason.strip():
        raise Unreadable("no_reason", "Please write down why; it is kept, without names.")
    return " ".join(reason.split())[:200]


def _link(recall: Recall, customer_id: int, number: int, key: bytes, now: datetime) -> PersonalLink:
    token = link_token(key, recall=recall.ref, recipient=f"customer:{customer_id}", number=number)
    return PersonalLink(
        recall=recall,
        customer_id=customer_id,
        number=number,
        token_sha256=token_hash(token),
        made_at=now,
    )
