"""What somebody told us, with the facts read from it."""

from __future__ import annotations

from django.db import models


class SafetySignal(models.Model):
    """Something suggests a hazard. `facts` are as read by rules and edited by people."""

    text = models.TextField(default="", blank=True)
    sender = models.CharField(max_length=300, default="", blank=True)
    facts = models.JSONField(default=dict)
    known_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=80)
