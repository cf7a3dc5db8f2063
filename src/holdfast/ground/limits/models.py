"""One row a place that wrote lately; no address is kept, only a keyed hash of it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Allowance(models.Model):
    """When one place's next write would be free if it had always waited its turn.

    A place that wrote nothing for a while has a time in the past; the row then says nothing and
    is dropped.
    """

    kind = models.CharField(max_length=20)
    place = models.CharField(max_length=64)  # HMAC-SHA256 with this instance's secret
    free_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "place"], name="allowance_once")
        ]
