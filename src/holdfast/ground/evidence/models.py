"""Files that prove something; the bytes lie in the home's `files` folder under their SHA-256."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class EvidenceFile(models.Model):
    """One attached file. `subject` is the recall, `about` what it proves ("decision:4").

    The same bytes attached twice to the same thing are one row. An erased file keeps its row.
    """

    subject = models.CharField(max_length=80, db_index=True)
    about = models.CharField(max_length=80, default="", blank=True)
    name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    added_by = models.CharField(max_length=80)
    added_at = models.DateTimeField()
    note = models.CharField(max_length=500, default="", blank=True)
    erased_at = models.DateTimeField(null=True)
    erased_by = models.CharField(max_length=80, default="", blank=True)
    erased_reason = models.CharField(max_length=300, default="", blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["subject", "about", "sha256"], name="evidence_file_once"
            )
        ]
