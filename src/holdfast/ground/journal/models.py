"""Entries of the journal, and what is still to follow from them."""

from __future__ import annotations

import json
from typing import Any, ClassVar, NoReturn

from django.db import models

from holdfast.kit.ledger.entry import entry_line


class OnlyAdded(models.QuerySet["Entry"]):
    """A query set through which nothing can be changed or taken away."""

    def update(self, **_: Any) -> NoReturn:
        raise TypeError("entries of the journal are only ever added")

    def delete(self) -> NoReturn:
        raise TypeError("entries of the journal are only ever added")

    def bulk_update(self, *_: Any, **__: Any) -> NoReturn:
        raise TypeError("entries of the journal are only ever added")


class Entry(models.Model):
    """One fact. Rows are only ever added; `root` is the tree's root with this entry as its last.

    `payload` is canonical JSON. `peak` is the root of the largest full subtree that this entry
    completes: the peaks of at most twenty rows are all that appending to a million needs.
    """

    index = models.BigIntegerField(primary_key=True)
    at = models.CharField(max_length=32)
    kind = models.CharField(max_length=80)
    by = models.CharField(max_length=80)
    subject = models.CharField(max_length=80)
    payload = models.TextField()
    leaf = models.CharField(max_length=64)
    peak = models.CharField(max_length=64)
    root = models.CharField(max_length=64)

    objects = OnlyAdded.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["subject", "index"]),
            models.Index(fields=["kind", "index"]),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("entries of the journal are only ever added")
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *_: Any, **__: Any) -> NoReturn:
        raise TypeError("entries of the journal are only ever added")

    @property
    def fields(self) -> dict[str, Any]:
        """The fact's own fields, read from the payload."""
        found: dict[str, Any] = json.loads(self.payload)
        return found

    def line(self) -> bytes:
        """The bytes that are hashed, as a package holds them."""
        return entry_line(
            self.index, self.at, self.kind, self.by, self.subject, self.payload.encode()
        )


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
