"""Who is in a wave: everybody who must be told, once, in the language they read best."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from holdfast.decision.recalls.models import Recall
from holdfast.ground.outbox.actions import Planned, plan_messages, suppress_messages
from holdfast.ground.outbox.models import Message, Wave
from holdfast.kit.actors import Actor
from holdfast.kit.refusals import Forbidden
from holdfast.kit.wording.readers import languages_given
from holdfast.response.notices.queries import first_language, text_laws
from holdfast.response.outreach.policies import require_sending
from holdfast.response.outreach.queries import answered, owners, released_texts, sent_by_law
from holdfast.response.outreach.rules import message_id
from holdfast.response.remedies.actions import make_links

ANSWERED = "answered already"


@transaction.atomic
def plan_wave(
    *, recall: Recall, wave: Wave, key: bytes, host: str, by: Actor, now: datetime
) -> int:
    """Add whoever is not in the wave yet, with a personal link each; gives how many were added.

    Each gets the text under the law of their country; who has none that is approved waits, and is
    added when this is done again.

    The first wave is for everybody; a reminder is for those who were told before and have neither
    answered nor an address that failed.
    """
    require_sending(by)
    texts, first = sent_by_law(released_texts(recall).values()), first_language()
    laws = text_laws(recall)
    if not texts:
        raise Forbidden("no_text", "No text is approved, so nobody can be told.")
    told = _told_before(wave) if wave.number > 1 else None
    done = answered(recall) if told is not None else set()
    known = set(_rows(wave).values_list("recipient", flat=True))
    people: list[int] = []

    def planned() -> Iterator[Planned]:
        for owner in owners(recall):
            if not owner.is_reachable or owner.recipient in known:
                continue
            if told is not None and (owner.id in done or owner.recipient not in told):
                continue
            there = texts.get(laws.text_for(owner.country), {})
            given = [there[code].pk for code in languages_given(owner.reads, there, first)]
            if not given:
                continue
            people.append(owner.id)
            yield Planned(
                recipient=owner.recipient,
                address=owner.email,
                skeleton_id=given[0],
                second_id=given[1] if len(given) > 1 else None,
                message_id=message_id(
                    key,
                    recall=recall.ref,
                    recipient=owner.recipient,
                    channel=wave.channel,
                    wave=wave.number,
                    host=host,
                ),
                values={
                    "name": owner.name,
                    "items": owner.items,
                    "order": ", ".join(owner.orders),
                    "units": f"{owner.units.normalize():f}",
                },
            )

    added = plan_messages(wave=wave, planned=planned(), by=by, now=now)
    if people:
        make_links(recall=recall, customer_ids=people, key=key, by=by, now=now)
    return added


@transaction.atomic
def take_out_answered(*, recall: Recall, wave: Wave, by: Actor, now: datetime) -> int:
    """Nobody who has answered is written to again, as far as nothing has gone to them yet."""
    require_sending(by)
    people = [f"customer:{number}" for number in answered(recall)]
    return suppress_messages(wave=wave, recipients=people, reason=ANSWERED, by=by, now=now)


def _rows(wave: Wave) -> QuerySet[Message]:
    return Message.objects.filter(recall=wave.recall, wave=wave.number, channel=wave.channel)


def _told_before(wave: Wave) -> set[str]:
    """Recipients of earlier waves of the channel whose address did not fail."""
    rows = Message.objects.filter(
        recall=wave.recall, channel=wave.channel, wave__lt=wave.number
    ).filter(Q(state="accepted") | Q(state="ambiguous"))
    failed = Message.objects.filter(
        recall=wave.recall, channel=wave.channel, wave__lt=wave.number, state="failed"
    )
    return set(rows.values_list("recipient", flat=True)) - set(
        failed.values_list("recipient", flat=True)
    )
