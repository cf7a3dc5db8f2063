"""The unit ledger: groups of units in one state each, and every movement between states."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from holdfast.decision.recalls.models import Recall
from holdfast.supply.orders.models import OrderLine


class UnitGroup(models.Model):
    """Affected units that share a place and a state; moving some of them splits the group."""

    recall = models.ForeignKey(Recall, on_delete=models.CASCADE, related_name="unit_groups")
    level = models.CharField(max_length=16)  # manufacturer, distributor, retailer, consumer
    place = models.CharField(max_length=120, default="", blank=True)  # "line:12", "site:Lyon"
    line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, null=True, related_name="+")
    lot = models.CharField(max_length=120, default="", blank=True)
    certainty = models.CharField(max_length=16, default="", blank=True)
    state = models.CharField(max_length=24)
    quantity = models.DecimalField(max_digits=14, decimal_places=3)
    since = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["recall", "level", "place", "lot", "state"], name="unit_group_once"
            ),
            models.CheckConstraint(name="unit_group_positive", condition=models.Q(quantity__gte=0)),
        ]
        indexes: ClassVar = [models.Index(fields=["recall", "level", "state"])]


class UnitMovement(models.Model):
    """Units went from one state to another; only ever added. `evidence` says what proves it."""

    recall = models.ForeignKey(Recall, on_delete=models.CASCADE, related_name="unit_movements")
    level = models.CharField(max_length=16)
    place = models.CharField(max_length=120, default="", blank=True)
    from_state = models.CharField(max_length=24, default="", blank=True)
    to_state = models.CharField(max_length=24)
    quantity = models.DecimalField(max_digits=14, decimal_places=3)
    kind = models.CharField(max_length=12)  # which kind of evidence (lifecycle.Evidence)
    evidence = models.CharField(max_length=200)
    by = models.CharField(max_length=80)
    entry_index = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["recall", "level", "at"])]
