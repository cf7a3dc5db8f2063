"""Posts and where they were seen, the sources they come from, and corrections with their texts."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from holdfast.decision.recalls.models import Recall


class MentionSource(models.Model):
    """Where posts come from. A feed asks another machine only while `is_on`.

    `last_success_at` stays when it fails; `failing_since` is empty while it works.
    """

    kind = models.CharField(max_length=12)  # hand, file, mail, webhook, feed
    title = models.CharField(max_length=120)
    address = models.CharField(max_length=1000, default="", blank=True)
    salt = models.CharField(max_length=64, default="", blank=True)  # of a webhook's secret
    recall = models.ForeignKey(Recall, on_delete=models.SET_NULL, null=True, related_name="+")
    is_on = models.BooleanField(default=True)
    memory = models.JSONField(default=dict)  # what the last answer said of itself, to ask again by
    last_tried_at = models.DateTimeField(null=True)
    last_success_at = models.DateTimeField(null=True)
    failing_since = models.DateTimeField(null=True)
    failure = models.CharField(max_length=500, default="", blank=True)
    added_by = models.CharField(max_length=80)
    added_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "title"], name="mention_source_once")
        ]


class Mention(models.Model):
    """What was said in public, once, however often it was copied.

    `tags` are `{"tag", "words"}`, the words those that decided; `rank` is harm x reach x novelty in
    hundredths; `earlier` counts earlier mentions that say much the same.
    """

    fingerprint = models.CharField(max_length=64, unique=True)
    text = models.TextField()
    url = models.CharField(max_length=1000, default="", blank=True)
    author = models.CharField(max_length=200, default="", blank=True)
    language = models.CharField(max_length=5)
    tags = models.JSONField(default=list)
    hazards = models.JSONField(default=list)
    severity = models.IntegerField(default=0)
    copies = models.IntegerField(default=1)
    audience = models.BigIntegerField(default=0)
    earlier = models.IntegerField(default=0)
    rank = models.IntegerField(default=0)
    recall = models.ForeignKey(
        Recall, on_delete=models.SET_NULL, null=True, related_name="mentions"
    )
    source = models.ForeignKey(MentionSource, on_delete=models.PROTECT, related_name="mentions")
    state = models.CharField(max_length=12, default="open")
    # open, answered, corrected, ignored, complaint
    correction = models.ForeignKey(
        "Correction", on_delete=models.SET_NULL, null=True, related_name="mentions"
    )
    complaint = models.BigIntegerField(null=True)  # the number it was taken in under
    said_at = models.DateTimeField(null=True)
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=80, default="", blank=True)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["state", "-rank"])]


class Sighting(models.Model):
    """One place where a mention was seen; the same place is never counted twice."""

    mention = models.ForeignKey(Mention, on_delete=models.CASCADE, related_name="sightings")
    key = models.CharField(max_length=64, unique=True)
    source = models.ForeignKey(MentionSource, on_delete=models.PROTECT, related_name="sightings")
    url = models.CharField(max_length=1000, default="", blank=True)
    seen_at = models.DateTimeField()


class Correction(models.Model):
    """A public page that states what is true; `about` says which matter (kit.listening.replies)."""

    recall = models.ForeignKey(Recall, on_delete=models.CASCADE, related_name="corrections")
    number = models.IntegerField()
    about = models.CharField(max_length=12)
    drafted_by = models.CharField(max_length=80)
    drafted_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["recall", "number"], name="correction_number_once")
        ]


class CorrectionText(models.Model):
    """A correction in one language. `sha256` is of the words; the approval binds to it."""

    correction = models.ForeignKey(Correction, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(max_length=12)
    words = models.JSONField(default=dict)  # headline, fact, steps, claim
    sha256 = models.CharField(max_length=64)
    notice_sha256 = models.CharField(max_length=64)  # of the approved text it was taken from
    state = models.CharField(max_length=12, default="draft")  # draft, approved, withdrawn
    edited_by = models.CharField(max_length=80)
    edited_at = models.DateTimeField()
    approved_sha256 = models.CharField(max_length=64, default="", blank=True)
    approved_by = models.CharField(max_length=80, default="", blank=True)
    approved_at = models.DateTimeField(null=True)
    is_alone = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["correction", "language"], name="correction_text_once"),
            models.CheckConstraint(
                name="correction_four_eyes",
                condition=~Q(state="approved") | Q(is_alone=True) | ~Q(approved_by=F("edited_by")),
            ),
        ]
