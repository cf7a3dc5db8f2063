"""Drills: copies of the state on which a recall is practised."""

from __future__ import annotations

from django.db import models


class Drill(models.Model):
    """One mock recall; `folder` is its own home inside this one."""

    ref = models.CharField(max_length=40, unique=True)
    scenario = models.CharField(max_length=80)
    folder = models.CharField(max_length=300)
    started_at = models.DateTimeField()
    started_by = models.CharField(max_length=80)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=200, default="", blank=True)
    score = models.JSONField(default=dict)
