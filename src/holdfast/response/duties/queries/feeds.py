"""Open deadlines for a calendar, behind a secret address."""

from __future__ import annotations

import hashlib

from holdfast.decision.recalls.models import Recall
from holdfast.ground.outbox.models import InstanceMark
from holdfast.kit.regimes.cities import city
from holdfast.kit.regimes.deadline_feed import Entry, feed
from holdfast.response.duties.models import CalendarLink, DutyClock
from holdfast.response.duties.queries.clocks import kit_duty, local, open_clocks

NOTE = "Holdfast helps you keep the law; it is not legal advice."


def token_hash(token: str) -> str:
    """What the database keeps of a token."""
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest()


def link_for(token: str) -> CalendarLink | None:
    """The live link behind a token; an unknown and a revoked one look the same."""
    return (
        CalendarLink.objects.select_related("recall")
        .filter(token_sha256=token_hash(token), revoked_at__isnull=True)
        .first()
    )


def calendar_text(recall: Recall | None, *, name: str, base: str) -> bytes:
    """The open deadlines of one recall or of all, as an iCalendar file; links begin with `base`."""
    found = open_clocks().filter(acts_by__isnull=False).select_related("recall")
    if recall is not None:
        found = found.filter(recall=recall)
    clocks = found.order_by("acts_by", "pk")
    mark = InstanceMark.objects.values_list("mark", flat=True).first() or ""
    instance = token_hash(mark)[:12]  # two houses in one calendar do not overwrite each other
    return feed(name, [_entry(clock, instance, base) for clock in clocks])


def _entry(clock: DutyClock, instance: str, base: str) -> Entry:
    assert clock.acts_by is not None
    about = f", {clock.occurrence}" if clock.occurrence else ""
    url = f"{base}/recalls/{clock.recall.ref}/deadlines/" if base else ""
    return Entry(
        uid=f"duty-{clock.pk}@{instance}.holdfast",
        title=f"{clock.name} ({clock.country}{about}) · {clock.recall.ref}",
        at=clock.acts_by,
        text=_text(clock),
        url=url,
        revision=clock.revision,
        changed_at=clock.changed_at,
    )


def _text(clock: DutyClock) -> str:
    at = local(clock, clock.acts_by)
    if clock.due_at:
        kind = "Due by law"
    elif clock.at_latest:
        kind = "At the latest by law; a fact that starts the clock is missing"
    else:
        kind = "Our own limit, no law"
    lines = [f"{kind}: {at:%a %Y-%m-%d %H:%M} {city(clock.zone)}.", f"{clock.rule}."]
    duty = kit_duty(clock)
    if duty is not None:
        sure = "" if duty.obligation.confidence == "verified" else " (to be confirmed by counsel)"
        lines += [f"{duty.obligation.citation}{sure}.", f"File at: {duty.obligation.file_at}."]
    return "\n".join([*lines, NOTE])
