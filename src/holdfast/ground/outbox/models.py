"""Waves, the approved text of each language, and one row per message to one person."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Wave(models.Model):
    """One push to people over one channel: the first telling, or a reminder."""

    recall = models.CharField(max_length=40)
    number = models.IntegerField()
    channel = models.CharField(max_length=20)
    state = models.CharField(max_length=12, default="planned")
    # planned, ramping, sending, paused, withdrawn, done
    ramp_percent = models.IntegerField(default=2)
    reason = models.CharField(max_length=300, default="", blank=True)
    trouble = models.CharField(max_length=300, default="", blank=True)  # why nothing gets through
    ramp_until = models.DateTimeField(null=True)  # when the rest may follow the first few
    planned_for = models.DateTimeField(null=True)
    launched_at = models.DateTimeField(null=True)
    launched_by = models.CharField(max_length=80, default="")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["recall", "number", "channel"], name="wave_once")
        ]


class Skeleton(models.Model):
    """An approved text, compiled once, with slots for a person's own values.

    `law` is empty where the text follows the recall's own law.

    Only a released skeleton is ever sent. Editing or withdrawing the text takes the release back.
    """

    recall = models.CharField(max_length=40)
    language = models.CharField(max_length=12)
    law = models.CharField(max_length=60, default="", blank=True)
    channel = models.CharField(max_length=20)
    text_sha256 = models.CharField(max_length=64)
    parts = models.JSONField(default=dict)
    is_released = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["recall", "language", "law", "channel", "text_sha256"], name="skeleton_once"
            )
        ]


class Message(models.Model):
    """One envelope to one address: unique per recall, recipient, channel and wave."""

    recall = models.CharField(max_length=40)
    recipient = models.CharField(max_length=80)  # opaque: "customer:12", "consignee:3"
    channel = models.CharField(max_length=20)
    wave = models.IntegerField()
    address = models.CharField(max_length=320)
    skeleton = models.ForeignKey(Skeleton, on_delete=models.PROTECT, related_name="+")
    # Where a country has two languages the same message says it in both, one after the other.
    second = models.ForeignKey(
        Skeleton, on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    values = models.JSONField(default=dict)
    message_id = models.CharField(max_length=120, unique=True)
    state = models.CharField(max_length=12, default="queued")
    # queued, attempting, accepted, failed, suppressed, ambiguous
    attempts = models.IntegerField(default=0)
    unclear = models.SmallIntegerField(default=0)  # attempts whose end nobody knows: 0, 1 or 2
    is_listed_ambiguous = models.BooleanField(default=False)
    worker = models.CharField(max_length=120, default="")
    leased_until = models.DateTimeField(null=True)
    not_before = models.DateTimeField(null=True)
    first_attempt_at = models.DateTimeField(null=True)
    last_attempt_at = models.DateTimeField(null=True)
    provider_reply = models.CharField(max_length=500, default="", blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["recall", "recipient", "channel", "wave"], name="message_once"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["recall", "wave", "channel", "state", "id"]),
            models.Index(
                fields=["recall", "wave"],
                condition=models.Q(is_listed_ambiguous=True),
                name="message_unclear",
            ),
        ]


class StaffMail(models.Model):
    """A message of the house to one of its own people; `key` makes one thing be told once.

    `person` is a key such as "person:3"; the address is looked up when it is sent, and not kept.
    """

    key = models.CharField(max_length=160, unique=True)
    recall = models.CharField(max_length=40)
    person = models.CharField(max_length=80)
    subject = models.CharField(max_length=300)
    text = models.TextField()
    state = models.CharField(max_length=12, default="queued")
    # queued, attempting, accepted, failed, unsent (there was no way to send it)
    attempts = models.IntegerField(default=0)
    reply = models.CharField(max_length=300, default="", blank=True)
    planned_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["state", "id"])]


class InstanceMark(models.Model):
    """A home folder that may send from this database; a copy of either finds no match and sends 0.

    The other half is a file in the home (`place.py`), outside the database and its backups.
    """

    mark = models.CharField(max_length=64)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.CharField(max_length=80, default="")
