"""Runs, what they rejected, and mappings people saved."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class ImportRun(models.Model):
    """One file brought in: rows = imported + merged + rejected, always."""

    kind = models.CharField(max_length=20)
    file_name = models.CharField(max_length=255)
    file_sha256 = models.CharField(max_length=64, default="")
    source = models.CharField(max_length=40, default="")
    format = models.CharField(max_length=40, default="")
    mapping = models.JSONField(default=dict)
    reading = models.JSONField(default=dict)  # encoding, separator, date order, decimal sign
    state = models.CharField(max_length=12, default="done")
    rows = models.BigIntegerField(default=0)
    imported = models.BigIntegerField(default=0)
    merged = models.BigIntegerField(default=0)
    rejected = models.BigIntegerField(default=0)
    unmatched_returns = models.BigIntegerField(default=0)
    is_simulated = models.BooleanField(default=False)
    started_at = models.DateTimeField()
    seconds = models.DecimalField(max_digits=12, decimal_places=3, default=0)
    by = models.CharField(max_length=80)


class ImportReject(models.Model):
    """A row that was not imported: where it stands, why, and its text.

    Of a folder `file` says which file, and `line` which mail in it, 0 for the file as a whole.
    Where nobody stands by, it `waits` until somebody attends to it; `settled_how` is `aside`,
    `typed` (in by hand) or `read` (again).
    """

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="rejects")
    file = models.CharField(max_length=255, default="")
    line = models.BigIntegerField()
    column = models.CharField(max_length=200, default="")
    reason = models.CharField(max_length=300)
    raw = models.TextField(default="")
    mark = models.CharField(max_length=64, default="")  # the same for the same content read again
    came_at = models.DateTimeField(null=True)
    is_urgent = models.BooleanField(default=False)  # its words speak of injury or fire
    waits = models.BooleanField(default=False)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=80, default="")
    settled_how = models.CharField(max_length=8, default="")
    settled_why = models.CharField(max_length=300, default="")

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["-is_urgent", "-id"],
                condition=models.Q(waits=True, settled_at=None),
                name="reject_waiting",
            ),
            models.Index(fields=["mark"], condition=~models.Q(mark=""), name="reject_mark"),
        ]


class SavedMapping(models.Model):
    """A mapping a person confirmed, found again by the header it belongs to."""

    kind = models.CharField(max_length=20)
    header_sha256 = models.CharField(max_length=64, unique=True)
    mapping = models.JSONField(default=dict)
    settings = models.JSONField(default=dict)
    saved_at = models.DateTimeField()
