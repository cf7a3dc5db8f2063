"""Where posts come from: adding a source, switching it, and keeping what its last answer was."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from holdfast.decision.recalls.models import Recall
from holdfast.ground.journal.actions import record
from holdfast.kit.actors import Actor
from holdfast.kit.refusals import Unreadable
from holdfast.kit.storable import storable
from holdfast.response.answers.events import (
    MentionSourceAdded,
    MentionSourceFailed,
    MentionSourceSwitched,
)
from holdfast.response.answers.models import MentionSource
from holdfast.response.answers.policies import may_change_sources, may_work_on_mentions
from holdfast.response.answers.rules import KINDS

BY_HAND = ("hand", "file", "mail")


@transaction.atomic
def add_mention_source(
    *,
    kind: str,
    title: str,
    address: str = "",
    salt: str = "",
    recall: Recall | None = None,
    by: Actor,
    now: datetime,
) -> MentionSource:
    """Add a source, or give the one of this kind and title. A feed begins switched off."""
    may_work_on_mentions(by)
    if kind not in BY_HAND:
        may_change_sources(by)
    title = " ".join(title.replace("\x00", "").split())[:120]
    if kind not in KINDS:
        raise Unreadable(
            "unknown_kind", f"No kind of source is called “{kind[:40]}”.", hint=", ".join(KINDS)
        )
    if not title:
        raise Unreadable("title_needed", "A source needs a name: whose posts are these?")
    if kind == "feed" and not address.startswith(("http://", "https://")):
        raise Unreadable(
            "address_needed",
            "A feed needs its web address.",
            hint="It begins with https:// and gives RSS or Atom.",
        )
    source, is_new = MentionSource.objects.get_or_create(
        kind=kind,
        title=title,
        defaults={
            "address": address[:1000],
            "salt": salt,
            "recall": recall,
            "is_on": kind != "feed",
            "added_by": by.key,
            "added_at": now,
        },
    )
    if is_new:
        record(MentionSourceAdded(source=source.pk, kind=kind, title=_plain(title)), by=by, now=now)
    return source


@transaction.atomic
def switch_mention_source(
    *, source: MentionSource, is_on: bool, by: Actor, now: datetime
) -> MentionSource:
    """Switch a source on or off; only a feed that is on asks another machine."""
    may_change_sources(by)
    source = MentionSource.objects.select_for_update(of=("self",)).get(pk=source.pk)
    if source.is_on != is_on:
        source.is_on = is_on
        source.save(update_fields=["is_on"])
        state = "switched on" if is_on else "switched off"
        record(MentionSourceSwitched(source=source.pk, state=state), by=by, now=now)
    return source


@transaction.atomic
def note_source_answer(
    *,
    source: MentionSource,
    failure: str = "",
    memory: Mapping[str, object] | None = None,
    not_before: datetime | None = None,
    by: Actor,
    now: datetime,
) -> MentionSource:
    """Keep how the last try went; the journal hears of a failure when it begins, not each time."""
    may_work_on_mentions(by)
    source = MentionSource.objects.select_for_update(of=("self",)).get(pk=source.pk)
    source.last_tried_at = now
    if not failure:
        source.last_success_at, source.failing_since, source.failure = now, None, ""
        source.memory = dict(memory or {})
        source.save()
        return source
    is_first = source.failing_since is None
    source.failing_since = source.failing_since or now
    source.failure = _plain(storable(failure))[:500]
    source.memory.pop("not_before", None)
    if not_before:
        source.memory["not_before"] = not_before.isoformat()
    source.save()
    if is_first:
        last = source.last_success_at.isoformat() if source.last_success_at else "never"
        fact = MentionSourceFailed(source=source.pk, why=source.failure, last_success=last)
        record(fact, by=by, now=now)
    return source


def _plain(text: str) -> str:
    """Without what the journal would take for an address of a person."""
    return text.replace("@", " at ").replace("tel:", "tel ").replace("+", " ")
