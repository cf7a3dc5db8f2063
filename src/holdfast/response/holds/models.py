"""Places where goods must stop: one row each, with owner and proof."""

from __future__ import annotations

from django.db import models

from holdfast.decision.recalls.models import Recall


class Hold(models.Model):
    """A sales channel, warehouse, shipment in transit or consignee to stop."""

    recall = models.ForeignKey(Recall, on_delete=models.CASCADE, related_name="holds")
    kind = models.CharField(max_length=12)  # channel, warehouse, transit, consignee
    name = models.CharField(max_length=200)
    owner = models.CharField(max_length=80, default="", blank=True)
    state = models.CharField(max_length=12, default="open")  # open, stopped, failed, not_needed
    quantity = models.DecimalField(max_digits=14, decimal_places=3, null=True)
    asked_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True)
    stopped_by = models.CharField(max_length=80, default="", blank=True)
    proof = models.TextField(default="", blank=True)
    proof_sha256 = models.CharField(max_length=64, default="", blank=True)
