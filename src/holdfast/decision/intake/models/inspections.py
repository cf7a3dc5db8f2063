"""Incoming inspections by sample, where each supplier's product stands, and laboratory tests."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from holdfast.ground.evidence.models import EvidenceFile
from holdfast.supply.catalog.models import Product
from holdfast.supply.parties.models import Supplier


class InspectionSeries(models.Model):
    """Lots of one product from one supplier, one after another; the state the next lot meets.

    `decisions` are what people said between the lots: `{"kind", "at", "by", "reason"}`.
    """

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, null=True, related_name="+")
    severity = models.CharField(max_length=10, default="normal")
    score = models.IntegerField(default=0)
    is_discontinued = models.BooleanField(default=False)
    decisions = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["product", "supplier"], name="series_once"),
            models.UniqueConstraint(
                fields=["product"],
                condition=models.Q(supplier__isnull=True),
                name="series_once_without_supplier",
            ),
        ]


class Inspection(models.Model):
    """One lot looked at by sample: how many, how many failed, and what followed.

    Without an AQL no plan was followed, and `verdict` is what the inspector said. `change` is the
    key of the switching rule that this lot triggered, `severity_after` what the next lot meets.
    """

    series = models.ForeignKey(
        InspectionSeries, on_delete=models.PROTECT, related_name="inspections"
    )
    lot = models.CharField(max_length=120, db_index=True)
    site = models.CharField(max_length=80, default="", blank=True)
    lot_size = models.IntegerField(null=True)
    level = models.CharField(max_length=4, default="", blank=True)
    aql = models.CharField(max_length=6, default="", blank=True)
    severity = models.CharField(max_length=10, default="normal")
    sample_size = models.IntegerField(null=True)  # of the plan
    accept = models.IntegerField(null=True)
    reject = models.IntegerField(null=True)
    looked_at = models.IntegerField()
    found = models.IntegerField()
    defects = models.CharField(max_length=500, default="", blank=True)
    verdict = models.CharField(max_length=10)  # accepted, rejected
    is_between = models.BooleanField(default=False)  # in the gap of a reduced plan
    change = models.CharField(max_length=24, default="unchanged")
    severity_after = models.CharField(max_length=10, default="normal")
    inspected_at = models.DateTimeField()
    inspector = models.CharField(max_length=200, default="", blank=True)
    file = models.ForeignKey(EvidenceFile, on_delete=models.PROTECT, null=True, related_name="+")
    identity = models.CharField(max_length=64, unique=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=80)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["series", "inspected_at"], name="inspection_in_series")
        ]

    @property
    def ref(self) -> str:
        """What people call it: `IN-12`."""
        return f"IN-{self.pk}"

    @property
    def is_rejected(self) -> bool:
        return self.verdict == "rejected"


class TestResult(models.Model):
    """What a laboratory found in one lot: value and limit as written, and whether it passed."""

    __test__ = False  # no test of ours, whatever a test runner makes of the name

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, null=True, related_name="+")
    lot = models.CharField(max_length=120, default="", blank=True, db_index=True)
    what = models.CharField(max_length=200)
    method = models.CharField(max_length=200, default="", blank=True)
    limit = models.CharField(max_length=120, default="", blank=True)
    value = models.CharField(max_length=120, default="", blank=True)
    unit = models.CharField(max_length=40, default="", blank=True)
    has_passed = models.BooleanField()
    laboratory = models.CharField(max_length=200, default="", blank=True)
    report = models.CharField(max_length=120, default="", blank=True)  # its number
    tested_at = models.DateTimeField(db_index=True)
    file = models.ForeignKey(EvidenceFile, on_delete=models.PROTECT, null=True, related_name="+")
    identity = models.CharField(max_length=64, unique=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=80)

    @property
    def ref(self) -> str:
        """What people call it: `TR-12`."""
        return f"TR-{self.pk}"
