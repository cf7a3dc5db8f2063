"""Background work as rows: anyone can see it, stop it, and take it over when its worker died."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Job(models.Model):
    """One piece of work. `kind` names its function in `config/jobs.py`."""

    kind = models.CharField(max_length=80)
    subject = models.CharField(max_length=80, default="", db_index=True)
    arguments = models.JSONField(default=dict)
    state = models.CharField(max_length=12, default="waiting")
    # waiting, working, done, failed, cancelled
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    words = models.CharField(max_length=300, default="", blank=True)
    result = models.JSONField(default=dict)
    error = models.TextField(default="", blank=True)
    is_cancel_asked = models.BooleanField(default=False)
    asked_by = models.CharField(max_length=80)
    asked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    worker = models.CharField(max_length=120, default="")
    claimed_until = models.DateTimeField(null=True)
    attempts = models.IntegerField(default=0)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["state", "id"])]
