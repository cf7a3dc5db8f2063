"""The decision, and signatures bound to the hash of what was signed."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from holdfast.decision.recalls.events import DecisionProposed, DecisionSigned, DissentRecorded
from holdfast.decision.recalls.lifecycle import RECALL
from holdfast.decision.recalls.models import Decision, Recall, Signature
from holdfast.decision.recalls.policies import may_propose_decision, may_sign
from holdfast.decision.recalls.queries.recalls import confirmed_scope
from holdfast.decision.recalls.rules import (
    ask_second_person,
    content_sha256,
    measures_of,
    remedies_of,
)
from holdfast.ground.evidence.models import EvidenceFile
from holdfast.ground.journal.actions import record
from holdfast.kit.actors import Actor
from holdfast.kit.refusals import Forbidden, NotFound, Unreadable


@transaction.atomic
def propose_decision(
    *,
    recall: Recall,
    measures: list[str],
    reason: str,
    remedies: list[str] | None = None,
    evidence: list[str] | None = None,
    by: Actor,
    now: datetime,
) -> Decision:
    """Write a decision down on the confirmed scope and the last judgement of the risk.

    Its content is what signatures are bound to; the same content again gives the decision there
    is. `evidence` are the SHA-256 of attached files.
    """
    may_propose_decision(by)
    recall = Recall.objects.select_for_update().get(pk=recall.pk)
    RECALL.after(recall.state, "propose_decision")
    scope = confirmed_scope(recall)
    risk = recall.evaluations.order_by("-pk").first()
    if scope is None:
        raise Forbidden("scope_needed", "No scope is confirmed yet.", hint="Confirm one first.")
    if risk is None:
        raise Forbidden(
            "risk_needed",
            "The risk has not been judged yet.",
            hint="Give --severity 1 to 4 and --probability 1/1000 over the life of one unit, "
            "--scenario, or --presume.",
        )
    named = measures_of(measures)
    if not named:
        raise Unreadable("measure_needed", "A decision names at least one measure.")
    if not reason.strip():
        raise Unreadable("reason_needed", "A decision needs its reason in words.")
    content: dict[str, object] = {
        "recall": recall.ref,
        "hazard": {
            "mechanism": recall.mechanism,
            "outcome": recall.outcome,
            "outcome_words": recall.outcome_words,
        },
        "risk": {
            "method": risk.method,
            "severity": risk.severity,
            "probability": risk.probability,
            "level": risk.level,
            # All scenarios, grounds and sources, as they stood when this was written.
            "assessment_sha256": content_sha256(risk.result),
        },
        "scope": {"version": scope.number, "digest": scope.digest},
        "measures": named,
        "remedies": remedies_of(remedies or []),
        "reason": reason.strip(),
        "evidence": _attached(recall, evidence or []),
    }
    sha256 = content_sha256(content)
    last = recall.decisions.order_by("-number").first()
    if last and last.sha256 == sha256 and last.state in ("proposed", "signed"):
        return last
    recall.decisions.filter(state="proposed").update(state="superseded")
    made = Decision.objects.create(
        recall=recall,
        number=(last.number if last else 0) + 1,
        content=content,
        sha256=sha256,
        proposed_by=by.key,
        proposed_at=now,
    )
    fact = DecisionProposed(
        number=made.number,
        sha256=sha256,
        content=content,
        measures=tuple(named),
        reason=reason.strip(),
    )
    record(fact, by=by, now=now, subject=recall.ref)
    return made


@transaction.atomic
def sign_decision(*, decision: Decision, sha256: str, by: Actor, now: datetime) -> Decision:
    """Sign exactly what was read; the first signature of somebody else makes the decision count."""
    may_sign(by)
    recall = Recall.objects.select_for_update().get(pk=decision.recall_id)
    decision = Decision.objects.select_for_update().get(pk=decision.pk)
    signed = decision.signatures.filter(person=by.key, stance="sign").first()
    if signed and decision.state == "signed" and signed.sha256 == sha256:
        return decision
    state = RECALL.after(recall.state, "sign_decision")
    _ask_current(decision, sha256)
    scope = confirmed_scope(recall)
    if scope is None or scope.digest != decision.content["scope"]["digest"]:
        raise Forbidden(
            "scope_changed",
            f"Decision no. {decision.number} was written for another scope.",
            hint="Write the decision anew on the confirmed scope.",
        )
    alone = ask_second_person(by, decision.proposed_by, what="decision")
    Signature.objects.update_or_create(
        decision=decision,
        person=by.key,
        defaults={
            "sha256": sha256,
            "proposer": decision.proposed_by,
            "stance": "sign",
            "is_alone": alone,
            "at": now,
        },
    )
    recall.decisions.filter(state="signed").exclude(pk=decision.pk).update(state="superseded")
    decision.state, decision.signed_at = "signed", decision.signed_at or now
    decision.save(update_fields=["state", "signed_at"])
    recall.state = state
    recall.save(update_fields=["state"])
    fact = DecisionSigned(
        number=decision.number,
        sha256=sha256,
        proposed_by=decision.proposed_by,
        alone=alone,
        remedies=tuple(decision.content["remedies"]),
    )
    record(fact, by=by, now=now, subject=recall.ref)
    return decision


@transaction.atomic
def record_dissent(
    *, decision: Decision, sha256: str, words: str, by: Actor, now: datetime
) -> Signature:
    """Keep a disagreement word for word; it blocks nothing and stays in the evidence."""
    may_sign(by)
    recall = Recall.objects.select_for_update().get(pk=decision.recall_id)
    decision = Decision.objects.select_for_update().get(pk=decision.pk)
    RECALL.after(recall.state, "propose_decision")
    _ask_current(decision, sha256)
    if not words.strip():
        raise Unreadable("words_needed", "A dissent needs its words.")
    if decision.signatures.filter(person=by.key, stance="sign").exists():
        raise Forbidden(
            "already_signed",
            f"{by.name} has signed decision no. {decision.number}.",
            hint="Propose another decision instead.",
        )
    dissent, _ = Signature.objects.update_or_create(
        decision=decision,
        person=by.key,
        defaults={
            "sha256": sha256,
            "proposer": decision.proposed_by,
            "stance": "dissent",
            "words": words.strip(),
            "at": now,
        },
    )
    fact = DissentRecorded(number=decision.number, sha256=sha256, dissent=words.strip())
    record(fact, by=by, now=now, subject=recall.ref)
    return dissent


def _attached(recall: Recall, evidence: list[str]) -> list[str]:
    """The hashes of evidence, each of a file that is kept with this recall."""
    wanted = sorted({sha256.strip().lower() for sha256 in evidence})
    kept = set(
        EvidenceFile.objects.filter(
            subject=recall.ref, sha256__in=wanted, erased_at__isnull=True
        ).values_list("sha256", flat=True)
    )
    for sha256 in wanted:
        if sha256 not in kept:
            raise NotFound(
                "no_evidence",
                f"No file with the SHA-256 {sha256[:16]}… is attached to {recall.ref}.",
                hint="Attach the file first, or name it: --evidence report.pdf.",
            )
    return wanted


def _ask_current(decision: Decision, sha256: str) -> None:
    if decision.state == "superseded":
        raise Forbidden(
            "decision_superseded",
            f"Decision no. {decision.number} has been superseded.",
            hint="Read and sign the newest one.",
        )
    if sha256 != decision.sha256:
        raise Forbidden(
            "decision_changed",
            f"Decision no. {decision.number} is not the one that was read.",
            hint="Read it again, then sign.",
        )
