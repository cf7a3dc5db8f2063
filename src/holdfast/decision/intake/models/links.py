"""What a complaint is about, how sure that is, and why."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from holdfast.decision.intake.models.complaints import Complaint
from holdfast.supply.catalog.models import Product
from holdfast.supply.orders.models import OrderLine


class ComplaintLink(models.Model):
    """A complaint belongs to a product, a lot, a serial number or an order line.

    `certainty` is certain (an identifier says so), probable or possible (words do). What a person
    took back stays, withdrawn.
    """

    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="links")
    kind = models.CharField(max_length=8)  # product, lot, serial, order
    product = models.ForeignKey(
        Product, on_delete=models.PROTECT, null=True, related_name="complaint_links"
    )
    order_line = models.ForeignKey(
        OrderLine, on_delete=models.PROTECT, null=True, related_name="complaint_links"
    )
    value = models.CharField(max_length=200, default="", blank=True)  # the lot, serial or order
    certainty = models.CharField(max_length=10)  # certain, probable, possible
    reason = models.CharField(max_length=300)
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField()
    withdrawn_by = models.CharField(max_length=80, default="", blank=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["kind", "value"], name="complaint_link_value")]
