"""Derived numbers stored for lists and charts; rebuilt, never edited."""

from __future__ import annotations

from django.db import models

from holdfast.decision.recalls.models import Recall


class RecallFigures(models.Model):
    """What lists and the strip show of one recall, so that no page counts a million rows.

    `entry` is the last entry of the recall's journal that these figures know of.
    """

    recall = models.OneToOneField(Recall, on_delete=models.CASCADE, related_name="figures")
    figures = models.JSONField(default=dict)
    entry = models.BigIntegerField(default=0)
    as_of = models.DateTimeField()
