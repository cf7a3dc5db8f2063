"""Facts people stated, filings in versions, explanations, and correspondence with authorities."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from holdfast.decision.recalls.models import Recall


class Filing(models.Model):
    """One version of what one authority is told in one form.

    All versions of a filing share its `number`; a later one amends the one before. The content is
    worked out from the fact base while it is a draft, and frozen when it is proposed: `sha256` is
    of `content`, and `personal` has the words of fields that name or reach a person.
    """

    recall = models.ForeignKey(Recall, on_delete=models.CASCADE, related_name="filings")
    number = models.IntegerField()
    version = models.IntegerField(default=1)
    form = models.CharField(max_length=120)
    name = models.CharField(max_length=300)
    purpose = models.CharField(max_length=16)
    regime = models.CharField(max_length=60)
    obligation = models.CharField(max_length=60, default="", blank=True)
    country = models.CharField(max_length=2, default="", blank=True)
    occurrence = models.CharField(max_length=80, default="", blank=True)
    state = models.CharField(max_length=16, default="draft")
    # draft, ready, released, filed, acknowledged, withdrawn
    cut_off = models.DateTimeField()  # of a draft that follows: when it was begun
    cut_off_chosen = models.BooleanField(default=False)
    period_number = models.IntegerField(null=True)
    period_first = models.DateField(null=True)
    period_last = models.DateField(null=True)
    due_on = models.DateField(null=True)  # of a progress report; other duties have their clock
    content = models.JSONField(default=dict)
    personal = models.JSONField(default=dict)
    sha256 = models.CharField(max_length=64, default="", blank=True)
    opened_by = models.CharField(max_length=80)
    opened_at = models.DateTimeField()
    proposed_by = models.CharField(max_length=80, default="", blank=True)
    proposed_at = models.DateTimeField(null=True)
    released_by = models.CharField(max_length=80, default="", blank=True)
    released_at = models.DateTimeField(null=True)
    is_alone = models.BooleanField(default=False)
    filed_by = models.CharField(max_length=80, default="", blank=True)
    filed_at = models.DateTimeField(null=True)
    reference = models.CharField(max_length=200, default="", blank=True)
    receipt_sha256 = models.CharField(max_length=64, default="", blank=True)
    acknowledged_at = models.DateTimeField(null=True)
    withdrawn_why = models.CharField(max_length=500, default="", blank=True)
    amended_by = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="amends"
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["recall", "number", "version"], name="filing_version_once"
            ),
            models.UniqueConstraint(
                fields=["recall", "form", "country", "period_number"],
                condition=Q(period_number__isnull=False, version=1),
                name="filing_period_once",
            ),
            models.CheckConstraint(
                name="filing_four_eyes",
                condition=Q(released_by="") | Q(is_alone=True) | ~Q(released_by=F("proposed_by")),
            ),
            models.CheckConstraint(
                name="filing_frozen_has_hash",
                condition=Q(state__in=("draft", "withdrawn")) | ~Q(sha256=""),
            ),
            models.CheckConstraint(
                name="filing_filed_shows_how",
                condition=~Q(state__in=("filed", "acknowledged")) | ~Q(reference=""),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["recall", "state"])]

    @property
    def label(self) -> str:
        """What people call it: `F-3 v1`."""
        return f"F-{self.number} v{self.version}"


class FactStatement(models.Model):
    """What somebody stated about one fact at one place; never edited, superseded by a later one.

    `filing` is set where it answers a question of one filing only. A fact that names or reaches a
    person has its words in `personal` and nothing in `value`.
    """

    recall = models.ForeignKey(Recall, on_delete=models.CASCADE, related_name="fact_statements")
    key = models.CharField(max_length=60)
    place = models.CharField(max_length=60, default="", blank=True)
    filing = models.IntegerField(null=True)
    value = models.JSONField(null=True)
    personal = models.TextField(default="", blank=True)
    unknown = models.CharField(max_length=300, default="", blank=True)
    as_of = models.DateTimeField()
    source = models.CharField(max_length=300)
    stated_by = models.CharField(max_length=80)
    stated_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["recall", "key", "place", "filing"],
                condition=Q(superseded_at__isnull=True, filing__isnull=False),
                name="fact_answer_once",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["recall", "key", "place", "as_of"])]


class Explanation(models.Model):
    """Why two values of one fact differ and may both stand; holds wherever these two meet."""

    recall = models.ForeignKey(Recall, on_delete=models.CASCADE, related_name="explanations")
    key = models.CharField(max_length=60)
    place = models.CharField(max_length=60, default="", blank=True)
    one = models.CharField(max_length=400)
    other = models.CharField(max_length=400)
    words = models.CharField(max_length=1000)
    explained_by = models.CharField(max_length=80)
    explained_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["recall", "key", "place", "one", "other"], name="explanation_once"
            )
        ]


class AuthorityLetter(models.Model):
    """A letter, e-mail or call between us and an authority, with the file that shows it."""

    recall = models.ForeignKey(Recall, on_delete=models.CASCADE, related_name="authority_letters")
    number = models.IntegerField()
    direction = models.CharField(max_length=4)  # from, to
    authority = models.CharField(max_length=200)
    regime = models.CharField(max_length=60, default="", blank=True)
    country = models.CharField(max_length=2, default="", blank=True)
    subject = models.CharField(max_length=300)
    at = models.DateTimeField()
    filing = models.ForeignKey(Filing, on_delete=models.PROTECT, null=True, related_name="letters")
    file_sha256 = models.CharField(max_length=64, default="", blank=True)
    recorded_by = models.CharField(max_length=80)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["recall", "number"], name="authority_letter_once")
        ]


class AuthorityRequest(models.Model):
    """What an authority asked or was promised, and by when; it has a clock of its own."""

    recall = models.ForeignKey(Recall, on_delete=models.CASCADE, related_name="authority_requests")
    number = models.IntegerField()
    letter = models.ForeignKey(AuthorityLetter, on_delete=models.PROTECT, related_name="requests")
    kind = models.CharField(max_length=12)  # question, commitment
    words = models.CharField(max_length=500)
    due_at = models.DateTimeField(null=True)
    owner = models.CharField(max_length=80, default="", blank=True)
    state = models.CharField(max_length=12, default="open")  # open, answered, dropped
    answer = models.CharField(max_length=500, default="", blank=True)
    answered_in = models.ForeignKey(
        AuthorityLetter, on_delete=models.PROTECT, null=True, related_name="answers"
    )
    settled_by = models.CharField(max_length=80, default="", blank=True)
    settled_at = models.DateTimeField(null=True)
    recorded_by = models.CharField(max_length=80)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["recall", "number"], name="authority_request_once"),
            models.CheckConstraint(
                name="request_settled_says_how", condition=Q(state="open") | ~Q(answer="")
            ),
        ]
