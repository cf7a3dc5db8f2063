"""The recall, its scope versions, its risk and decisions, and who signed what."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from holdfast.decision.intake.models import SafetySignal
from holdfast.supply.catalog.models import Product
from holdfast.supply.orders.models import OrderLine


class Recall(models.Model):
    """One action against one hazard. `state` moves only as the lifecycle table allows."""

    ref = models.CharField(max_length=40, unique=True)
    title = models.CharField(max_length=300)
    product_code = models.CharField(max_length=200, default="", blank=True)
    lot = models.CharField(max_length=120, default="", blank=True)
    mechanism = models.CharField(max_length=300, default="", blank=True)
    outcome = models.CharField(max_length=40)  # what can happen to a person
    outcome_words = models.CharField(max_length=300, default="", blank=True)
    state = models.CharField(max_length=20, default="open")
    signal = models.ForeignKey(SafetySignal, on_delete=models.PROTECT, null=True)
    profile = models.CharField(max_length=60, default="eu_gpsr")  # the law of its notice
    known_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=80)
    told_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    summary = models.JSONField(default=dict)  # stored counts for lists; rebuilt by actions

    def __str__(self) -> str:
        return f"{self.ref} {self.title}"


class RecallRole(models.Model):
    """Who holds which role in this recall; one person may hold all."""

    recall = models.ForeignKey(Recall, on_delete=models.CASCADE, related_name="roles")
    role = models.CharField(max_length=40)
    person = models.CharField(max_length=80)
    since = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["recall", "role"], name="recall_role_once")
        ]


class ScopeVersion(models.Model):
    """Criteria, what they gave, and why. `digest` binds a confirmation to its content."""

    recall = models.ForeignKey(Recall, on_delete=models.CASCADE, related_name="scopes")
    number = models.IntegerField()
    criteria = models.JSONField(default=dict)
    rationale = models.TextField(default="", blank=True)
    state = models.CharField(max_length=12, default="proposed")
    # proposed, confirmed, refused, superseded
    counts = models.JSONField(default=dict)
    difference = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)
    proposed_by = models.CharField(max_length=80)
    proposed_at = models.DateTimeField()
    settled_by = models.CharField(max_length=80, default="", blank=True)
    settled_at = models.DateTimeField(null=True)
    is_narrowing = models.BooleanField(default=False)
    is_alone = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["recall", "number"], name="scope_number_once"),
            models.CheckConstraint(
                name="scope_four_eyes",
                condition=Q(is_narrowing=False)
                | Q(is_alone=True)
                | ~Q(state="confirmed")
                | ~Q(settled_by=F("proposed_by")),
            ),
        ]


class ScopeLine(models.Model):
    """An order line that is confirmed, probable or cannot be ruled out; all others are excluded."""

    version = models.ForeignKey(ScopeVersion, on_delete=models.CASCADE, related_name="lines")
    line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="+")
    certainty = models.CharField(max_length=16)
    units = models.DecimalField(max_digits=14, decimal_places=3)
    rule = models.CharField(max_length=40)
    reason = models.CharField(max_length=400)
    probability = models.CharField(max_length=20, default="", blank=True)  # decimal text

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version", "line"], name="scope_line_once")
        ]
        indexes: ClassVar = [models.Index(fields=["version", "certainty", "id"])]


class ScopeJourney(models.Model):
    """Units of a version that share where they lay and where they went.

    Counted while the version was worked out, so that its map need not read its lines again; a
    version with very many has none. `container` is empty where the site is known.
    """

    version = models.ForeignKey(ScopeVersion, on_delete=models.CASCADE, related_name="journeys")
    lot = models.CharField(max_length=120, default="", blank=True)
    site = models.CharField(max_length=80, default="", blank=True)
    container = models.CharField(max_length=120, default="", blank=True)
    channel = models.CharField(max_length=40, default="", blank=True)
    market = models.CharField(max_length=2, default="", blank=True)
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    certainty = models.CharField(max_length=16)
    units = models.DecimalField(max_digits=16, decimal_places=3)


class HazardEvaluation(models.Model):
    """The judgement of the risk by a published method.

    Severity, probability and scenario are those of the scenario that decides; where a serious risk
    is presumed and nothing was assessed there are none. `result` has all scenarios and grounds.
    """

    recall = models.ForeignKey(Recall, on_delete=models.CASCADE, related_name="evaluations")
    method = models.CharField(max_length=60)
    severity = models.IntegerField(null=True)
    probability = models.CharField(max_length=400, default="", blank=True)  # exact, "1/1000"
    level = models.CharField(max_length=20)
    scenario = models.TextField(default="", blank=True)
    result = models.JSONField(default=dict)
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField()


class FirmClass(models.Model):
    """The class we hold it to be by an authority's definitions; the authority sets its own.

    Never edited; the newest of a method counts. `result` has the facts and the path taken.
    """

    recall = models.ForeignKey(Recall, on_delete=models.CASCADE, related_name="firm_classes")
    number = models.IntegerField()
    method = models.CharField(max_length=60)
    recall_class = models.CharField(max_length=40)
    result = models.JSONField(default=dict)
    set_by = models.CharField(max_length=80)
    set_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["recall", "number"], name="firm_class_number_once")
        ]


class AuthorityClass(models.Model):
    """The class an authority set, as it told us; never ours, and never edited.

    The newest of a method and an authority counts.
    """

    recall = models.ForeignKey(Recall, on_delete=models.CASCADE, related_name="authority_classes")
    number = models.IntegerField()
    method = models.CharField(max_length=60)
    recall_class = models.CharField(max_length=40)
    authority = models.CharField(max_length=120)
    decided_on = models.DateField()
    reference = models.CharField(max_length=120)
    recorded_by = models.CharField(max_length=80)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["recall", "number"], name="authority_class_number_once")
        ]


class Decision(models.Model):
    """What was decided, and the hash of exactly that. Never edited; a new one supersedes it."""

    recall = models.ForeignKey(Recall, on_delete=models.CASCADE, related_name="decisions")
    number = models.IntegerField()
    content = models.JSONField(default=dict)
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=12, default="proposed")  # proposed, signed, superseded
    proposed_by = models.CharField(max_length=80)
    proposed_at = models.DateTimeField()
    signed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["recall", "number"], name="decision_number_once")
        ]


class Signature(models.Model):
    """A signature or a dissent, bound to the hash of what was read."""

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="signatures")
    sha256 = models.CharField(max_length=64)
    person = models.CharField(max_length=80)
    proposer = models.CharField(max_length=80)
    stance = models.CharField(max_length=10, default="sign")  # sign, dissent
    words = models.TextField(default="", blank=True)
    is_alone = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["decision", "person"], name="signature_once"),
            models.CheckConstraint(
                name="signature_four_eyes",
                condition=Q(is_alone=True) | Q(stance="dissent") | ~Q(person=F("proposer")),
            ),
        ]


class Task(models.Model):
    """A line of the room's checklist that people added, beside the computed ones."""

    recall = models.ForeignKey(Recall, on_delete=models.CASCADE, related_name="tasks")
    phase = models.CharField(max_length=12)
    words = models.CharField(max_length=300)
    role = models.CharField(max_length=40, default="", blank=True)
    due_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.CharField(max_length=80, default="", blank=True)


class ClockStart(models.Model):
    """A fact from which legal clocks count. Never edited: a changed one is a new row.

    `at` is the instant and `zone` the zone it was told in; `country` and `regime` are empty where
    it holds everywhere. `occurrence` sets one accident apart from another: each starts its own
    clocks. `entry` is the entry of the journal it was taken from, where nobody typed it.
    """

    recall = models.ForeignKey(Recall, on_delete=models.CASCADE, related_name="clock_starts")
    fact = models.CharField(max_length=40)
    at = models.DateTimeField()
    zone = models.CharField(max_length=64)
    country = models.CharField(max_length=2, default="", blank=True)
    regime = models.CharField(max_length=60, default="", blank=True)
    occurrence = models.CharField(max_length=80, default="", blank=True)
    known_by = models.CharField(max_length=200, default="", blank=True)
    source = models.CharField(max_length=300, default="", blank=True)
    entry = models.BigIntegerField(null=True)
    recorded_by = models.CharField(max_length=80)
    recorded_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.CharField(max_length=80, default="", blank=True)
    withdrawn_why = models.CharField(max_length=300, default="", blank=True)
    superseded_by = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["recall", "fact", "country", "regime", "occurrence"],
                condition=Q(withdrawn_at__isnull=True),
                name="clock_start_once",
            ),
            models.UniqueConstraint(
                fields=["recall", "fact", "entry"], name="clock_start_entry_once"
            ),
        ]


class LegalProfile(models.Model):
    """What the law asks about a recall: what it is, where it was sold, and what we are there.

    `sold_in` are countries people typed; those of the scope are added to them when it is read.
    `roles` maps a country to our roles in it; the key "" holds for all other countries.
    """

    recall = models.OneToOneField(Recall, on_delete=models.CASCADE, related_name="legal_profile")
    categories = models.JSONField(default=list)
    sold_in = models.JSONField(default=list)
    roles = models.JSONField(default=dict)
    set_by = models.CharField(max_length=80)
    set_at = models.DateTimeField()
