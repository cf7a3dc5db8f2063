"""What somebody told us about a product, what was read out of it, and apart from it who it was."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from holdfast.decision.intake.models.signals import SafetySignal
from holdfast.supply.catalog.models import Product
from holdfast.supply.orders.models import Customer


class Complaint(models.Model):
    """One report of one person. Nothing in it is deleted; who told it can be forgotten.

    `urgency` 0 jumps the queue (injury, fire), 1 names a hazard, 2 is the rest. `harm` is 0 (said:
    none) to 4 (death), null where nobody said. `voice` is a keyed hash that is the same for the
    same person, empty for nobody known: fifty reports of one person are one voice. `told` holds
    product, maker, lot and the like as written. `particulars` is what was read besides hazards, by
    the words that named it: `parts` that failed and `body_parts` as `{key: words}`,
    `ages_in_months` as a list, `harm` as words; null where nobody looked.
    """

    kind = models.CharField(max_length=16)  # complaint, return, review, chargeback, …
    channel = models.CharField(max_length=12)  # form, portal, email, import, api
    source = models.CharField(max_length=40, default="", blank=True)
    source_id = models.CharField(max_length=120, default="", blank=True, db_index=True)
    identity = models.CharField(max_length=64, unique=True)
    title = models.CharField(max_length=300, default="", blank=True)
    text = models.TextField(default="", blank=True)
    language = models.CharField(max_length=12, default="", blank=True)
    is_foreign = models.BooleanField(default=False)  # in a language the rules do not read
    country = models.CharField(max_length=2, default="", blank=True)
    told = models.JSONField(default=dict)
    notes = models.JSONField(default=list)  # what was wrong with it: cut, no text, a future day

    happened_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField()  # by whoever was told first
    published_at = models.DateTimeField(null=True)
    known_at = models.DateTimeField()  # when this firm first had it: what clocks count from
    known_how = models.CharField(max_length=200, default="", blank=True)
    known_by = models.CharField(max_length=80, default="", blank=True)
    taken_in_at = models.DateTimeField()
    taken_in_by = models.CharField(max_length=80)
    line = models.BigIntegerField(null=True)  # of the file, imported at `taken_in_at`

    read_by = models.CharField(max_length=24, default="", blank=True)  # version of the hazard list
    urgency = models.SmallIntegerField(default=2)
    urgency_why = models.CharField(max_length=300, default="", blank=True)
    harm = models.SmallIntegerField(null=True)
    particulars = models.JSONField(null=True)
    stars = models.SmallIntegerField(null=True)
    is_echo = models.BooleanField(default=False)  # it speaks of a recall
    fingerprint = models.CharField(max_length=16, default="", blank=True, db_index=True)
    voice = models.CharField(max_length=32, default="", blank=True, db_index=True)

    product = models.ForeignKey(
        Product, on_delete=models.PROTECT, null=True, related_name="complaints"
    )  # of the best link that stands
    maker = models.CharField(max_length=120, default="", blank=True, db_index=True)  # folded

    duplicate_of = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="duplicates", db_index=False
    )  # its index stands below: most repeat nothing, which an index of all of them hides
    duplicate_why = models.CharField(max_length=300, default="", blank=True)
    duplicate_by = models.CharField(max_length=80, default="", blank=True)
    duplicate_at = models.DateTimeField(null=True)
    is_distinct = models.BooleanField(default=False)  # a person said: not the same as another

    seen_at = models.DateTimeField(null=True)
    seen_by = models.CharField(max_length=80, default="", blank=True)
    signal = models.ForeignKey(
        SafetySignal, on_delete=models.PROTECT, null=True, related_name="complaints"
    )  # of the recall it led to

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["urgency", "-received_at"], name="complaint_queue"),
            models.Index(fields=["product", "received_at"], name="complaint_product"),
            models.Index(
                fields=["urgency", "-received_at", "-id"],
                condition=models.Q(duplicate_of=None, seen_at=None),
                name="complaint_to_read",
            ),
            models.Index(
                fields=["urgency", "-received_at", "-id"],
                condition=models.Q(duplicate_of=None),
                name="complaint_once",
            ),
            models.Index(
                fields=["urgency", "-received_at", "-id"],
                condition=models.Q(duplicate_of=None, seen_at=None, is_foreign=True),
                name="complaint_foreign",
            ),
            models.Index(
                fields=["urgency", "-received_at", "-id"],
                condition=models.Q(duplicate_of=None, product=None),
                name="complaint_unlinked",
            ),
            models.Index(
                fields=["duplicate_of"],
                condition=models.Q(duplicate_of__isnull=False),
                name="complaint_repeats",
            ),
            models.Index(
                fields=["urgency", "-received_at", "-id"],
                condition=models.Q(duplicate_of__isnull=False),
                name="complaint_repeated",
            ),
            models.Index(fields=["source"], name="complaint_source"),
            models.Index(fields=["received_at"], name="complaint_received"),
            models.Index(  # which complaints are heard of what, without reading one
                fields=["product", "maker", "kind", "id"],
                name="complaint_heard",
                condition=models.Q(duplicate_of__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.ref

    @property
    def ref(self) -> str:
        """What people call it: `C-12`."""
        return f"C-{self.pk}"

    @property
    def whole(self) -> str:
        """Title and text as they were read; places of words count in this."""
        return f"{self.title}\n{self.text}".strip() if self.title.strip() else self.text


class Informant(models.Model):
    """Who told it, apart from what was told: personal data, erased when somebody asks."""

    complaint = models.OneToOneField(Complaint, on_delete=models.CASCADE, related_name="informant")
    name = models.CharField(max_length=200, default="", blank=True)
    email = models.CharField(max_length=320, default="", blank=True)
    phone = models.CharField(max_length=64, default="", blank=True)
    customer = models.ForeignKey(Customer, on_delete=models.SET_NULL, null=True, related_name="+")


class HazardReading(models.Model):
    """One hazard that a text asserts or denies, with the words that decided and where they stand.

    `rank` 0 is what it is most about. `words` is a list of `[text, start, end]` in NFC characters
    of title and text.
    """

    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="hazards")
    hazard = models.CharField(max_length=24, db_index=True)
    rank = models.SmallIntegerField(default=0)
    is_denied = models.BooleanField(default=False)
    words = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["complaint", "hazard", "is_denied"], name="hazard_reading_once"
            )
        ]


class TextMark(models.Model):
    """A number that nearly the same texts share; finds candidates for duplicates."""

    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="marks")
    mark = models.BigIntegerField(db_index=True)
