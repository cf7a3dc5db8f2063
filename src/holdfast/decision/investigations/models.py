"""Alarms, each an immutable why with a state; investigations, their checklist and findings."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from holdfast.supply.catalog.models import Product


class Investigation(models.Model):
    """Finding out whether there is a hazard, and in which units. `state` follows its table."""

    ref = models.CharField(max_length=40, unique=True)
    question = models.CharField(max_length=300)
    product = models.ForeignKey(Product, on_delete=models.PROTECT, null=True, related_name="+")
    product_words = models.CharField(max_length=300)  # as it was told of, where it is no product
    hazard = models.CharField(max_length=40)
    lots = models.JSONField(default=list)
    state = models.CharField(max_length=20, default="open", db_index=True)
    owner = models.CharField(max_length=80)
    known_at = models.DateTimeField()  # the earliest we were told
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=80)
    reason = models.CharField(max_length=500, default="", blank=True)
    recall_ref = models.CharField(max_length=40, default="", blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=80, default="", blank=True)

    def __str__(self) -> str:
        return f"{self.ref} {self.question}"


class Alarm(models.Model):
    """A product and a hazard were told of too often. What it says is never edited; `state` is.

    `why` holds the reports by number, the course beside what was expected, the lots named, the
    crowds, and what would settle it. `on` is the day it was known, `raised_at` when we said so.
    """

    ref = models.CharField(max_length=40, unique=True)
    watched = models.CharField(max_length=400, db_index=True)  # stream, maker and product as heard
    product = models.ForeignKey(Product, on_delete=models.PROTECT, null=True, related_name="+")
    product_words = models.CharField(max_length=300)
    hazard = models.CharField(max_length=40)
    sentence = models.CharField(max_length=500)
    on = models.DateField()
    score = models.FloatField()
    threshold = models.FloatField()
    reports = models.IntegerField()
    weighed = models.FloatField()
    expected = models.FloatField()
    window = models.IntegerField()  # days
    harm = models.IntegerField(default=0)  # the worst told of, 0 to 4
    is_urgent = models.BooleanField(default=False)
    known_at = models.DateTimeField()  # the first of its reports
    why = models.JSONField(default=dict)
    raised_at = models.DateTimeField()
    state = models.CharField(max_length=16, default="open", db_index=True)
    investigation = models.ForeignKey(
        Investigation, on_delete=models.PROTECT, null=True, related_name="alarms"
    )
    replaced_by = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="replaces"
    )
    judged_at = models.DateTimeField(null=True)
    judged_by = models.CharField(max_length=80, default="", blank=True)
    reason = models.CharField(max_length=500, default="", blank=True)
    quiet_until = models.DateField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["watched", "hazard", "id"])]

    def __str__(self) -> str:
        return f"{self.ref} {self.sentence}"


class InvestigationTask(models.Model):
    """One line of an investigation's checklist: a test, an inspection, a question."""

    investigation = models.ForeignKey(Investigation, on_delete=models.CASCADE, related_name="tasks")
    kind = models.CharField(max_length=12)  # rules.TASK_KINDS
    words = models.CharField(max_length=500)
    note = models.CharField(max_length=500, default="", blank=True)
    added_by = models.CharField(max_length=80)
    added_at = models.DateTimeField()
    done_by = models.CharField(max_length=80, default="", blank=True)
    done_at = models.DateTimeField(null=True)


class InvestigationFinding(models.Model):
    """Something that was found out; never edited, a later one may say the opposite."""

    investigation = models.ForeignKey(
        Investigation, on_delete=models.CASCADE, related_name="findings"
    )
    number = models.IntegerField()
    words = models.CharField(max_length=500)
    bearing = models.CharField(max_length=8)  # rules.BEARINGS
    evidence = models.CharField(max_length=64, default="", blank=True)  # sha256 of a file
    found_by = models.CharField(max_length=80)
    found_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["investigation", "number"], name="investigation_finding_once"
            )
        ]


class ProductScore(models.Model):
    """How near a product is to an alarm: its highest score, and up to which complaint it counts."""

    watched = models.CharField(max_length=400, unique=True)
    product_words = models.CharField(max_length=300)
    hazard = models.CharField(max_length=40, default="", blank=True)
    score = models.FloatField(default=0.0)
    reports = models.IntegerField(default=0)
    window = models.IntegerField(default=0)
    expected = models.FloatField(default=0.0)
    on = models.DateField()
    upto = models.BigIntegerField(default=0)  # the newest complaint that was counted

    class Meta:
        indexes: ClassVar = [models.Index(fields=["score"])]


class ReportingHabit(models.Model):
    """What one source is like as a whole: since when, how many reports, which hazards how often."""

    stream = models.CharField(max_length=40, unique=True)
    first_on = models.DateField()
    heard = models.BigIntegerField()
    by_hazard = models.JSONField(default=dict)
    by_month = models.JSONField(default=dict)  # reports by month, as `kit.signals.seasons` numbers


class ProductTally(models.Model):
    """What a score needs of everything told of one product, or of a maker where it is none of ours.

    `content` are the rows of `kit.signals.tally`. `reports`, `total` and `mixed` are the sign of
    the complaints in it: as long as the table of complaints gives the same, nothing else happened.
    """

    unit = models.CharField(max_length=200, unique=True)  # stream, and product or maker
    stream = models.CharField(max_length=40)
    product = models.ForeignKey(Product, on_delete=models.PROTECT, null=True, related_name="+")
    maker = models.CharField(max_length=120, default="", blank=True)
    reports = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    mixed = models.BigIntegerField(default=0)
    upto = models.BigIntegerField(default=0)  # the newest complaint in it
    first_on = models.DateField(null=True)  # of those that count
    names = models.JSONField(default=list)
    hazards = models.TextField(default="", blank=True)  # with spaces between
    content = models.BinaryField(default=b"")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["stream", "first_on"])]


class AlarmSetting(models.Model):
    """Row 1: how many false alarms are read a week, when everything was scored, days of sales."""

    false_a_week = models.FloatField(null=True)  # none said: the published threshold
    set_by = models.CharField(max_length=80, default="", blank=True)
    set_at = models.DateTimeField(null=True)
    scored_at = models.DateTimeField(null=True)
    scored_reports = models.BigIntegerField(default=0)
    sold_from = models.DateField(null=True)  # the first and the last day of sales
    sold_until = models.DateField(null=True)
    sold_upto = models.BigIntegerField(default=0)  # the newest order line looked at for them
