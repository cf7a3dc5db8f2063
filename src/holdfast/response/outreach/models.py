"""Gates before a launch, and what was found or waived at each."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from holdfast.decision.recalls.models import Recall


class GateCheck(models.Model):
    """The last result of one gate for one wave; a waiver names its reason and person."""

    recall = models.ForeignKey(Recall, on_delete=models.CASCADE, related_name="gates")
    wave = models.IntegerField()
    gate = models.CharField(max_length=40)
    state = models.CharField(max_length=10)  # green, red, waived
    words = models.CharField(max_length=400, default="", blank=True)
    by = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["recall", "wave", "gate"], name="gate_once")
        ]
