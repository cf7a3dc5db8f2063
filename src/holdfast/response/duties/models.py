"""Duties with their clocks, what counsel confirmed, and links to calendars."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from holdfast.decision.recalls.models import Recall


class DutyClock(models.Model):
    """One duty of one law in one country, for a recall or for one accident in it.

    Times are instants; `zone`, `rule` and `versions` (of calendar and zone data) say how the law
    counted them, `law` is the digest of what the data said then. `due_at` is the law's; `at_latest`
    bounds it while the fact in `missing` is not told; `target_at` is our own limit and no law.
    `acts_by` is the first of them that is there. `escalated` is the last step that was told.
    """

    recall = models.ForeignKey(Recall, on_delete=models.CASCADE, related_name="duty_clocks")
    regime = models.CharField(max_length=60)
    obligation = models.CharField(max_length=60)
    country = models.CharField(max_length=2)
    occurrence = models.CharField(max_length=80, default="", blank=True)
    name = models.CharField(max_length=200)
    state = models.CharField(max_length=16, default="waiting")
    # waiting, running, met, not_applicable, superseded
    start_fact = models.CharField(max_length=40, default="", blank=True)
    started_at = models.DateTimeField(null=True)
    start_zone = models.CharField(max_length=64, default="", blank=True)
    start_country = models.CharField(max_length=2, default="", blank=True)
    due_at = models.DateTimeField(null=True)
    at_latest = models.DateTimeField(null=True)
    rolls_to = models.DateTimeField(null=True)
    target_at = models.DateTimeField(null=True)
    is_own_target = models.BooleanField(default=False)  # set by a person, kept when facts change
    acts_by = models.DateTimeField(null=True)
    missing = models.JSONField(default=list)
    opened_by = models.TextField(default="", blank=True)
    warnings = models.JSONField(default=list)
    rule = models.TextField(default="", blank=True)
    zone = models.CharField(max_length=64)
    calendar = models.CharField(max_length=20, default="", blank=True)
    versions = models.CharField(max_length=120, default="", blank=True)
    law = models.CharField(max_length=32)
    law_from = models.CharField(max_length=10, default="", blank=True)  # first day of its version
    owner = models.CharField(max_length=80, default="", blank=True)
    escalated = models.IntegerField(default=0)
    escalated_at = models.DateTimeField(null=True)
    reference = models.CharField(max_length=200, default="", blank=True)
    reason = models.CharField(max_length=500, default="", blank=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=80, default="", blank=True)
    revision = models.IntegerField(default=1)
    opened_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["recall", "regime", "obligation", "country", "occurrence"],
                name="duty_clock_once",
            ),
            models.CheckConstraint(
                name="duty_met_shows_how", condition=~Q(state="met") | ~Q(reference="")
            ),
            models.CheckConstraint(
                name="duty_waived_says_why", condition=~Q(state="not_applicable") | ~Q(reason="")
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "acts_by"])]


class CounselConfirmation(models.Model):
    """Somebody who knows the law confirmed one statement of the data, as it read then."""

    regime = models.CharField(max_length=60)
    obligation = models.CharField(max_length=60, default="", blank=True)
    matter = models.CharField(max_length=40, default="", blank=True)
    confirmed_by = models.CharField(max_length=200)
    confirmed_on = models.DateField()
    source = models.CharField(max_length=500)
    value_read = models.TextField()
    law = models.CharField(max_length=32)
    recorded_by = models.CharField(max_length=80)
    recorded_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.CharField(max_length=80, default="", blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="confirmation_of_one_thing",
                condition=(Q(obligation="") & ~Q(matter="")) | (~Q(obligation="") & Q(matter="")),
            )
        ]
        indexes: ClassVar = [models.Index(fields=["regime", "obligation"])]


class CalendarLink(models.Model):
    """A secret address of the open deadlines for a calendar; only the hash of its token is kept."""

    token_sha256 = models.CharField(max_length=64, unique=True)
    recall = models.ForeignKey(
        Recall, on_delete=models.CASCADE, null=True, related_name="calendar_links"
    )  # none: every recall
    label = models.CharField(max_length=120)
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.CharField(max_length=80, default="", blank=True)
