"""Feeds, announcements with wordings and photographs, which are one, and what they mean."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from holdfast.supply.catalog.models import Product


class Feed(models.Model):
    """One authority's feed. Off until somebody switches it on; nothing is fetched before.

    `marks` are ETag and Last-Modified by address. `heard_at` is the last answer that held records
    that could be read, or said that nothing is new; `tried_at` the last attempt. `next_at` counts
    schedule and backoff.
    """

    source = models.CharField(max_length=40)
    url = models.CharField(max_length=500, default="", blank=True)  # of a general source
    authority = models.CharField(max_length=120)
    is_on = models.BooleanField(default=False)
    every_hours = models.IntegerField(default=6)
    marks = models.JSONField(default=dict)
    newest = models.DateField(null=True)
    tried_at = models.DateTimeField(null=True)
    heard_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True)
    failures = models.IntegerField(default=0)
    last_words = models.CharField(max_length=400, default="", blank=True)
    drift = models.JSONField(default=list)
    drifted_at = models.DateTimeField(null=True)
    claimed_until = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "url"], name="feed_once"),
            models.CheckConstraint(name="feed_has_pace", condition=Q(every_hours__gte=1)),
        ]
        indexes: ClassVar = [models.Index(fields=["is_on", "next_at"])]

    def __str__(self) -> str:
        return self.authority


class Announcement(models.Model):
    """One recall as an authority announced it. `original` is the record as it came, as JSON.

    `hazards` are keys of our own list, read out of the authority's words; `record_sha256` is the
    digest of what is matched, `digest` of the original. `needs_matching` until its pairs are known.
    `photo_text` is what was read in its photographs. `ended_by` is the message of its authority
    that took it back (its `is_withdrawal`) or else replaced it; either way it is matched no more.
    """

    source = models.CharField(max_length=40)
    authority = models.CharField(max_length=120)
    number = models.CharField(max_length=300)
    title = models.TextField(default="", blank=True)
    published_on = models.DateField(null=True)
    hazard = models.TextField(default="", blank=True)
    hazards = models.JSONField(default=list)
    recall_class = models.TextField(default="", blank=True)
    url = models.CharField(max_length=1000, default="", blank=True)
    countries = models.JSONField(default=list)
    products = models.JSONField(default=list)
    lots = models.JSONField(default=list)
    firms = models.JSONField(default=list)
    original = models.TextField()
    photo_text = models.TextField(default="", blank=True)
    shape = models.CharField(max_length=60)
    digest = models.CharField(max_length=64)
    record_sha256 = models.CharField(max_length=64)
    revision = models.IntegerField(default=1)
    needs_matching = models.BooleanField(default=True)
    message = models.CharField(max_length=300, default="", blank=True)  # as others refer to it
    is_withdrawal = models.BooleanField(default=False)  # it announces nothing itself
    ended_by = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="ends")
    first_seen_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["source", "authority", "number"], name="announcement_once"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["needs_matching"]),
            models.Index(fields=["published_on"]),
            models.Index(fields=["message"], name="announcement_message"),
        ]

    def __str__(self) -> str:
        return f"{self.authority} {self.number}"

    @property
    def is_withdrawn(self) -> bool:
        """Taken back by its authority."""
        return self.ended_by is not None and self.ended_by.is_withdrawal


class AnnouncementRevision(models.Model):
    """An earlier wording of an announcement, kept when the authority changed it."""

    announcement = models.ForeignKey(
        Announcement, on_delete=models.CASCADE, related_name="revisions"
    )
    number = models.IntegerField()
    original = models.TextField()
    digest = models.CharField(max_length=64)
    replaced_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["announcement", "number"], name="revision_once")
        ]


class AnnouncementTrait(models.Model):
    """Something by which two announcements are known to be one recall: a code, a model, a link."""

    announcement = models.ForeignKey(Announcement, on_delete=models.CASCADE, related_name="traits")
    value = models.CharField(max_length=300, db_index=True)


class AnnouncementReference(models.Model):
    """A message that another one replaces or takes back, whether we have it or not.

    `name` is what it is called there, `number` the end of that, without its sender.
    """

    announcement = models.ForeignKey(
        Announcement, on_delete=models.CASCADE, related_name="references"
    )
    name = models.CharField(max_length=300)
    number = models.CharField(max_length=300, db_index=True)


class JointAnnouncement(models.Model):
    """Two announcements held to be one recall, by a rule and its reason; a person may part them."""

    first = models.ForeignKey(Announcement, on_delete=models.CASCADE, related_name="joins_as_first")
    second = models.ForeignKey(
        Announcement, on_delete=models.CASCADE, related_name="joins_as_second"
    )
    rule = models.CharField(max_length=20)  # number, link, code, model
    reason = models.CharField(max_length=400)
    is_parted = models.BooleanField(default=False)
    parted_because = models.CharField(max_length=300, default="", blank=True)
    by = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["first", "second"], name="joint_once"),
            models.CheckConstraint(
                name="parted_says_why", condition=Q(is_parted=False) | ~Q(parted_because="")
            ),
        ]


class Photograph(models.Model):
    """A picture of one of our products, or of what an authority announced, and what was read in it.

    `content` is a drawing of ours, never the bytes that were sent; empty until a `url` is fetched.
    `has_words` is false where only its barcodes could be read, for want of the extra.
    """

    product = models.ForeignKey(
        Product, on_delete=models.CASCADE, null=True, related_name="photographs"
    )
    announcement = models.ForeignKey(
        Announcement, on_delete=models.CASCADE, null=True, related_name="photographs"
    )
    origin = models.CharField(max_length=10)  # upload, feed, notice
    url = models.CharField(max_length=1000, default="", blank=True)
    content = models.BinaryField(default=b"", blank=True)
    sha256 = models.CharField(max_length=64, default="", blank=True)
    state = models.CharField(max_length=10, default="waiting")  # waiting, read, failed
    text = models.TextField(default="", blank=True)
    has_words = models.BooleanField(default=False)
    words = models.CharField(max_length=300, default="", blank=True)
    tries = models.IntegerField(default=0)
    added_by = models.CharField(max_length=80)
    added_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="photograph_of_one",
                condition=Q(product__isnull=True) ^ Q(announcement__isnull=True),
            ),
            models.CheckConstraint(
                name="photograph_is_there", condition=~Q(content=b"") | ~Q(url="")
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "has_words"])]

    def __str__(self) -> str:
        return str(self.product or self.announcement)


class CatalogueMatch(models.Model):
    """One product that one announcement may mean. It proposes; `state` is what a person decided.

    `is_current` is false where the catalogue or the announcement changed and the pair is no longer
    seen; what was decided stays. That there is no row says only that nothing was seen.
    """

    announcement = models.ForeignKey(Announcement, on_delete=models.CASCADE, related_name="matches")
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="catalogue_matches")
    answer = models.CharField(max_length=10)  # suppress, review
    score = models.DecimalField(max_digits=5, decimal_places=4)
    reason = models.CharField(max_length=600)
    is_current = models.BooleanField(default=True)
    state = models.CharField(max_length=10, default="open")  # open, stopped, not_ours, withdrawn
    decided_answer = models.CharField(max_length=10, default="", blank=True)
    because = models.CharField(max_length=300, default="", blank=True)
    recall_ref = models.CharField(max_length=20, default="", blank=True)
    decided_by = models.CharField(max_length=80, default="", blank=True)
    decided_at = models.DateTimeField(null=True)
    found_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["announcement", "product"], name="match_once"),
            models.CheckConstraint(
                name="match_answers", condition=Q(answer__in=("suppress", "review"))
            ),
            models.CheckConstraint(
                name="not_ours_says_why", condition=~Q(state="not_ours") | ~Q(because="")
            ),
            models.CheckConstraint(
                name="stopped_names_recall", condition=~Q(state="stopped") | ~Q(recall_ref="")
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["is_current", "state", "answer"])]
