"""Releasing the approved text of a language, and taking the release back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from holdfast.ground.outbox.models import Message, Skeleton
from holdfast.ground.outbox.rules import OPEN_STATES
from holdfast.kit.actors import Actor


def release_skeleton(
    *,
    recall: str,
    language: str,
    channel: str,
    text_sha256: str,
    parts: dict[str, Any],
    law: str = "",
    by: Actor,
    now: datetime,
) -> Skeleton:
    """Let this text, and no other of its language, law and channel, be sent.

    `parts` holds `subject`, `text` and, if there is one, `html`: lists of literal strings and
    `{"slot": name}`. Messages that wait with an older text of language and law get this one.
    """
    with transaction.atomic():
        versions = Skeleton.objects.filter(
            recall=recall, language=language, law=law, channel=channel
        )
        versions.exclude(text_sha256=text_sha256).update(is_released=False)
        skeleton, _ = Skeleton.objects.update_or_create(
            recall=recall,
            language=language,
            law=law,
            channel=channel,
            text_sha256=text_sha256,
            defaults={"parts": parts, "is_released": True},
        )
        older = versions.exclude(pk=skeleton.pk)
        waiting = Message.objects.filter(recall=recall, state__in=("queued", "ambiguous"))
        waiting.filter(skeleton__in=older).update(skeleton=skeleton)
        waiting.filter(second__in=older).update(second=skeleton)
    return skeleton


def withdraw_skeleton(
    *,
    recall: str,
    language: str,
    channel: str,
    text_sha256: str = "",
    law: str = "",
    by: Actor,
    now: datetime,
) -> int:
    """Take the release back (of every version without a hash); gives how many messages now wait."""
    with transaction.atomic():
        versions = Skeleton.objects.filter(
            recall=recall, language=language, law=law, channel=channel
        )
        if text_sha256:
            versions = versions.filter(text_sha256=text_sha256)
        versions.update(is_released=False)
        waiting = Message.objects.filter(recall=recall, state__in=OPEN_STATES)
        return waiting.filter(Q(skeleton__in=versions) | Q(second__in=versions)).count()
