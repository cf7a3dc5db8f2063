"""Entries of the journal, and what is still to follow from them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Entry(models.Model):
    """One fact. Rows are only ever added; `root` and `frontier` are the tree after this entry."""

    index = models.BigIntegerField(primary_key=True)
    at = models.CharField(max_length=32)
    kind = models.CharField(max_length=80)
    by = models.CharField(max_length=80)
    subject = models.CharField(max_length=80, db_index=True)
    payload = models.TextField()
    leaf = models.CharField(max_length=64)
    frontier = models.TextField()
    root = models.CharField(max_length=64)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["subject", "index"])]


class Reaction(models.Model):
    """One action that must follow one entry; a worker claims it by conditional update."""

    entry_index = models.BigIntegerField()
    action = models.CharField(max_length=200)
    state = models.CharField(max_length=12, default="waiting")  # waiting, claimed, done, failed
    attempts = models.IntegerField(default=0)
    not_before = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True)
    error = models.TextField(default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["entry_index", "action"], name="reaction_once")
        ]
        indexes: ClassVar = [models.Index(fields=["state", "not_before"])]
