"""The notice of a recall, its text per language and law, and who approved which words."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from holdfast.decision.recalls.models import Recall
from holdfast.kit.wording.laws import text_name
from holdfast.response.notices.rules import facts_under


class Notice(models.Model):
    """One version of what people are told; `facts` is what every language says alike."""

    recall = models.ForeignKey(Recall, on_delete=models.CASCADE, related_name="notices")
    version = models.IntegerField()
    facts = models.JSONField(default=dict)
    drafted_by = models.CharField(max_length=80)
    drafted_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["recall", "version"], name="notice_version_once")
        ]


class NoticeText(models.Model):
    """The words in one language under one law. `sha256` is of the words; approval binds to it.

    `law` is empty where it is the recall's own; other laws whose text is the same word for word
    have none beside it.
    """

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(max_length=12)
    law = models.CharField(max_length=60, default="", blank=True)
    content = models.JSONField(default=dict)
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=12, default="library")
    # library, machine, draft, approved, superseded
    edited_by = models.CharField(max_length=80)
    edited_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["notice", "language", "law"], name="notice_text_once")
        ]

    @property
    def name(self) -> str:
        """`en`, or `en:us_cpsc_consumer` under another law than the recall's own."""
        return text_name(self.language, self.law)

    @property
    def facts(self) -> dict[str, Any]:
        """The facts of its notice as this text states them: under its own law."""
        return facts_under(self.notice.facts, self.law)


class NoticePhoto(models.Model):
    """The product's photo as it is shown, drawn anew from what was sent; named by its SHA-256.

    `sha256` is of the drawing for paper, the largest one, which is kept as evidence too; texts
    name it among their facts, so an approval covers it. A row is made once and never changed.
    """

    recall = models.ForeignKey(Recall, on_delete=models.CASCADE, related_name="photos")
    sha256 = models.CharField(max_length=64, db_index=True)
    paper = models.BinaryField()  # JPEG
    mail = models.BinaryField()  # JPEG
    page = models.BinaryField()  # WebP
    sizes = models.JSONField(default=dict)  # width and height of each
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["recall", "sha256"], name="notice_photo_once")
        ]


class NoticeApproval(models.Model):
    """One person approved one hash of one text; never edited."""

    text = models.ForeignKey(NoticeText, on_delete=models.CASCADE, related_name="approvals")
    sha256 = models.CharField(max_length=64)
    approver = models.CharField(max_length=80)
    editor = models.CharField(max_length=80)
    is_alone = models.BooleanField(default=False)
    at = models.DateTimeField()
    content = models.JSONField(default=dict)  # the words as approved, kept for the evidence

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["text", "sha256"], name="notice_approval_once"),
            models.CheckConstraint(
                name="notice_four_eyes",
                condition=Q(is_alone=True) | ~Q(approver=F("editor")),
            ),
        ]
