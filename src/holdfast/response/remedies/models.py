"""What is offered, who asked for what, and what was paid, once."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from holdfast.decision.recalls.models import Recall
from holdfast.supply.orders.models import Customer, OrderLine


class RemedyPolicy(models.Model):
    """The remedies of a recall and how easy they are; the ease grade is computed from it."""

    recall = models.OneToOneField(Recall, on_delete=models.CASCADE, related_name="remedy_policy")
    options = models.JSONField(default=list)  # refund, replacement, credit, disposal, repair
    exception_reason = models.TextField(default="", blank=True)  # why only one choice (EU)
    effort_reason = models.TextField(default="", blank=True)  # why it is hard to get (D, F)
    replacement = models.CharField(max_length=200, default="", blank=True)  # what they get instead
    ease = models.CharField(max_length=1, default="", blank=True)
    proof = models.CharField(max_length=16, default="declaration")  # declaration, photo, return
    within_days = models.JSONField(default=dict)  # remedy -> days promised
    set_by = models.CharField(max_length=80)
    set_at = models.DateTimeField()


class PersonalLink(models.Model):
    """A link of one person into one recall; only the SHA-256 of its 128-bit token is kept.

    A revoked one stays as a row, so that what was told through it can be looked up; the next one
    has the next number, from which its token is derived.
    """

    recall = models.ForeignKey(Recall, on_delete=models.CASCADE, related_name="links")
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    token_sha256 = models.CharField(max_length=64, unique=True)
    number = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    first_used_at = models.DateTimeField(null=True)  # a button was pressed; opening is no use

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["recall", "customer", "number"], name="link_once"),
            models.UniqueConstraint(
                fields=["recall", "customer"],
                name="link_one_lives",
                condition=models.Q(revoked_at__isnull=True),
            ),
        ]


class Claim(models.Model):
    """A person's answer about one product they bought: have it, gone, or unsure, and the remedy.

    Of several units some may be gone: the others are then `part` 1, the gone ones part 2.
    """

    recall = models.ForeignKey(Recall, on_delete=models.CASCADE, related_name="claims")
    reference = models.CharField(max_length=40, unique=True)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, null=True, related_name="+")
    line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, null=True, related_name="+")
    part = models.PositiveSmallIntegerField(default=1)
    quantity = models.DecimalField(max_digits=14, decimal_places=3)
    answer = models.CharField(max_length=20)  # have, gone, unsure
    outcome = models.CharField(max_length=20, default="", blank=True)  # given_away, discarded, …
    remedy = models.CharField(max_length=20, default="", blank=True)
    state = models.CharField(max_length=16, default="answered")
    # answered, in_review, chosen, fulfilled, refused, withdrawn
    has_stopped_using = models.BooleanField(null=True)
    source = models.CharField(max_length=16, default="link")  # link, public, agent
    contact = models.JSONField(default=dict)  # only from people without a link
    token_sha256 = models.CharField(max_length=64, default="", blank=True, db_index=True)
    language = models.CharField(max_length=12, default="", blank=True)
    promised_on = models.DateField(null=True)  # by when the person has it
    send_on = models.DateField(null=True)
    escalated_at = models.DateTimeField(null=True)  # the promise passed; a person was told
    made_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=80, default="", blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["recall", "line", "part"],
                name="claim_once_per_line",
                condition=models.Q(line__isnull=False) & ~models.Q(state="withdrawn"),
            )
        ]


class ClaimPhoto(models.Model):
    """A photo that a person sent as proof, drawn anew. It is theirs: it goes with the claim.

    It stands here and not among the evidence files, because it shows somebody's home; packages
    and exports tell only that it was there.
    """

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="photos")
    number = models.PositiveSmallIntegerField()
    content = models.BinaryField()  # JPEG
    width = models.IntegerField()
    height = models.IntegerField()
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["claim", "number"], name="claim_photo_once")
        ]


class Payout(models.Model):
    """One refund or credit for one claim, whatever happens; exported once."""

    claim = models.OneToOneField(Claim, on_delete=models.PROTECT, related_name="payout")
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=10, default="due")  # due, exported, paid, cancelled
    due_on = models.DateField(null=True)
    export = models.CharField(max_length=64, default="", blank=True)
    exported_at = models.DateTimeField(null=True)
    paid_at = models.DateTimeField(null=True)


class InjuryReport(models.Model):
    """Somebody was hurt. Needs no claim and no link."""

    recall = models.ForeignKey(Recall, on_delete=models.CASCADE, null=True, related_name="injuries")
    reference = models.CharField(max_length=40, unique=True)
    words = models.TextField()
    contact = models.CharField(max_length=300, default="", blank=True)
    customer = models.ForeignKey(Customer, on_delete=models.SET_NULL, null=True, related_name="+")
    told_at = models.DateTimeField()
    seen_by = models.CharField(max_length=80, default="", blank=True)
    seen_at = models.DateTimeField(null=True)
