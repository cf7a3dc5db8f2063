"""Reads of the outbox: counts that always add up, and whether this home may send."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.db.models import BigIntegerField, Case, Count, F, Q, QuerySet, When
from django.db.models.functions import Cast, Substr

from holdfast.ground.journal.models import Entry
from holdfast.ground.journal.queries import head
from holdfast.ground.outbox.models import InstanceMark, Message, StaffMail, Wave
from holdfast.ground.outbox.place import is_in_its_place, read_marker
from holdfast.ground.outbox.rules import OPEN_STATES, STATES
from holdfast.kit.refusals import Forbidden


def counts(recall: str, *, wave: int | None = None, channel: str | None = None) -> dict[str, int]:
    """`planned` and each state in one snapshot: planned is always their sum.

    `listed_ambiguous` and `held` (waiting for a person) count rows that are in a state already.
    """
    rows = Message.objects.filter(recall=recall)
    if wave is not None:
        rows = rows.filter(wave=wave)
    if channel is not None:
        rows = rows.filter(channel=channel)
    states = dict(rows.values_list("state").annotate(n=Count("pk")).order_by())
    unclear = rows.filter(is_listed_ambiguous=True).aggregate(
        listed=Count("pk"), held=Count("pk", filter=Q(state="ambiguous", unclear__gte=2))
    )
    return {
        "planned": sum(states.values()),
        **{state: states.get(state, 0) for state in STATES},
        "listed_ambiguous": unclear["listed"],
        "held": unclear["held"],
    }


def unfinished(wave: Wave) -> int:
    """Rows that something is still to be done about; finished means none, and nothing else."""
    return (
        Message.objects.filter(recall=wave.recall, wave=wave.number, channel=wave.channel)
        .filter(Q(state__in=OPEN_STATES) | Q(state="ambiguous", unclear__lt=2))
        .count()
    )


def failed_recipients(recall: str, kind: str) -> QuerySet[Message, int]:
    """The numbers of recipients of a kind whose every message failed or came back, or is held.

    A query and no list: of a whole customer base that moved, no database takes the numbers one by
    one.
    """
    return (
        Message.objects.filter(recall=recall, recipient__startswith=f"{kind}:")
        .exclude(state="suppressed")
        .values(number=Cast(Substr("recipient", len(kind) + 2), BigIntegerField()))
        .annotate(
            bad=Count("pk", filter=Q(state="failed") | Q(state="ambiguous", unclear__gte=2)),
            all=Count("pk"),
        )
        .filter(bad=F("all"))
        .order_by()
        .values_list("number", flat=True)
    )


def staff_mails(about: str) -> list[StaffMail]:
    """What the house told its own people of one thing, the newest first."""
    return list(StaffMail.objects.filter(key__startswith=about).order_by("-pk")[:20])


def next_attempt_at(wave: Wave) -> datetime | None:
    """When the earliest of the rows that are waiting may be tried again."""
    waiting = Message.objects.filter(
        recall=wave.recall, wave=wave.number, channel=wave.channel, not_before__isnull=False
    ).filter(Q(state="queued") | Q(state="ambiguous", unclear__lt=2))
    return waiting.order_by("not_before").values_list("not_before", flat=True).first()


def wave_digest(recall: str, wave: int, channel: str) -> str:
    """SHA-256 over recipient and Message-ID of every row of a wave, in the order of planning."""
    digest = sha256()
    rows = Message.objects.filter(recall=recall, wave=wave, channel=channel).order_by("pk")
    for pair in rows.values_list("recipient", "message_id").iterator(5_000):
        digest.update("\t".join(pair).encode() + b"\n")
    return digest.hexdigest()


def is_marked() -> bool:
    """Does this database carry the mark of a home at all?"""
    return InstanceMark.objects.exists()


def why_not_to_send(home: Path) -> str:
    """Why this home may not send from this database, in words; empty when it may."""
    marker = read_marker(home)
    if marker is None:
        return "This home folder has no mark of its own: it is new to this database."
    if not is_in_its_place(home, marker):
        return "This home folder is a copy of another one, or was moved to another machine."
    if not InstanceMark.objects.filter(mark=marker.mark).exists():
        return "This database belongs to another home folder."
    entries, _ = head()
    if entries < marker.entries:
        return (
            f"This database was restored from an older copy: it ends at entry {entries}, "
            f"and entry {marker.entries} was written here."
        )
    if marker.entries:
        root = Entry.objects.filter(pk=marker.entries).values_list("root", flat=True).first()
        if root != marker.root:
            return "This database was restored from another copy: its journal took another way."
    return ""


def require_sending_home(home: Path, *, confirms: bool = False) -> None:
    """Refuse to send from a drill, and from a copy that nobody `confirms` to be the one sender."""
    if settings.DRILL:
        raise Forbidden("drill", "This is a drill: nothing can leave it.")
    if not confirms and (why := why_not_to_send(home)):
        raise Forbidden(
            "instance",
            f"{why} Nothing was sent.",
            hint="If this copy is the one that shall send, add --waive instance=REASON; "
            "no other copy may send then.",
        )


def export_rows(recall: str, *, by_address: bool) -> Iterator[list[str]]:
    """The rows of an export, in the order of `EXPORT_COLUMNS`.

    `by_address` names a recipient as a mail server knows them, so that its log can be held against
    the rows; without it, and where there is no address, by our own key, which is no personal data.
    """
    key = F("recipient")
    named = Case(When(address="", then=key), default=F("address")) if by_address else key
    fields = (
        "named",
        "channel",
        "wave",
        "message_id",
        "state",
        "attempts",
        "is_listed_ambiguous",
        "first_attempt_at",
        "last_attempt_at",
        "provider_reply",
    )
    rows = Message.objects.filter(recall=recall).annotate(named=named)
    rows = rows.order_by("wave", "channel", "id")
    for row in rows.values_list(*fields).iterator(chunk_size=5000):
        yield [
            value.isoformat()
            if isinstance(value, datetime)
            else str(value).lower()
            if isinstance(value, bool)
            else ""
            if value is None
            else str(value)
            for value in row
        ]


EXPORT_COLUMNS = (
    "recipient",
    "channel",
    "wave",
    "message_id",
    "state",
    "attempts",
    "listed_ambiguous",
    "first_attempt_at",
    "last_attempt_at",
    "provider_reply",
)
