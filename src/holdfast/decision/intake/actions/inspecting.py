"""Recording incoming inspections, and what people agree between the lots."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from holdfast.decision.intake.events import InspectionRecorded, SeverityChanged
from holdfast.decision.intake.models import Inspection, InspectionSeries
from holdfast.decision.intake.policies import may_agree_inspection, may_record_inspection
from holdfast.decision.intake.queries.inspections import DECISIONS, Played, play
from holdfast.decision.intake.rules.bounds import INSPECTED, bounded
from holdfast.ground.evidence.actions import attach_file
from holdfast.ground.evidence.models import EvidenceFile
from holdfast.ground.journal.actions import record
from holdfast.kit.actors import Actor
from holdfast.kit.refusals import Forbidden, Unreadable
from holdfast.kit.sampling.plans import USUAL_LEVEL, Plan, sampling_plan, severity_named
from holdfast.kit.sampling.switching import Judgement, judge
from holdfast.supply.catalog.models import Product
from holdfast.supply.parties.models import Supplier

VERDICTS = ("accepted", "rejected")
Attached = tuple[str, Iterable[bytes]]


@dataclass(frozen=True, slots=True)
class Sampled:
    """One lot as it was inspected; the same ones again are merged by what they say.

    Without `aql` no plan was followed: `verdict` is then what the inspector said. `severity` empty
    means what the series asks for.
    """

    product: Product
    supplier: Supplier | None
    lot: str
    looked_at: int
    found: int
    inspected_at: datetime
    lot_size: int | None = None
    aql: str = ""
    level: str = ""
    severity: str = ""
    site: str = ""
    defects: str = ""
    verdict: str = ""
    inspector: str = ""

    @property
    def identity(self) -> str:
        """A digest of what makes it this inspection."""
        parts = (
            self.product.code_key,
            self.supplier.code if self.supplier else "",
            self.lot,
            self.site,
            self.inspected_at.isoformat(),
            str(self.lot_size),
            str(self.looked_at),
            str(self.found),
            self.aql,
            self.defects,
        )
        return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


@transaction.atomic
def record_inspection(
    *, sampled: Sampled, file: Attached | None = None, by: Actor, now: datetime
) -> Inspection:
    """Keep what an inspection found, judge the lot by its plan, and carry the severity on.

    Refuses a sample too small to accept, and accepting by sample where that was discontinued.
    """
    may_record_inspection(by)
    if sampled.inspected_at > now:
        raise Unreadable("future", "The inspection lies in the future.", hint="Check its day.")
    series = locked_series(sampled.product, sampled.supplier)
    kept = Inspection.objects.filter(identity=sampled.identity).first()
    if kept is not None:
        return kept
    inspection = prepared(sampled, series, by=by, now=now)
    _not_discontinued(series, inspection)
    inspection.file = _attached(file, f"inspection of lot {sampled.lot}", by=by, now=now)
    inspection.save()
    supplier = sampled.supplier.code if sampled.supplier else "an unknown supplier"
    fact = InspectionRecorded(
        ref=inspection.ref,
        inspection=inspection.pk,
        product=sampled.product.code,
        lot=sampled.lot,
        supplier=supplier,
        looked_at=sampled.looked_at,
        found=sampled.found,
        plan=_plan_words(inspection),
        verdict=inspection.verdict,
        inspected_at=sampled.inspected_at.isoformat(),
    )
    record(fact, by=by, now=now)
    carry(series=series, by=by, now=now)
    inspection.refresh_from_db()
    return inspection


def prepared(sampled: Sampled, series: InspectionSeries, *, by: Actor, now: datetime) -> Inspection:
    """The row of an inspection, judged; not stored yet. Raises `Unreadable`."""
    severity = sampled.severity or series.severity
    plan, judgement = judged(sampled, severity)
    return Inspection(
        series=series,
        lot=sampled.lot,
        site=sampled.site,
        lot_size=sampled.lot_size,
        level=plan.level if plan else "",
        aql=plan.aql if plan else "",
        severity=severity,
        sample_size=plan.sample_size if plan else None,
        accept=plan.accept if plan else None,
        reject=plan.reject if plan else None,
        looked_at=sampled.looked_at,
        found=sampled.found,
        defects=sampled.defects,
        verdict="accepted" if judgement.is_accepted else "rejected",
        is_between=judgement.is_between,
        severity_after=severity,
        inspected_at=sampled.inspected_at,
        inspector=sampled.inspector,
        identity=sampled.identity,
        recorded_at=now,
        recorded_by=by.key,
    )


def judged(sampled: Sampled, severity: str) -> tuple[Plan | None, Judgement]:
    """The plan of a lot, if it has one, and whether the lot is accepted. Raises `Unreadable`."""
    if not sampled.lot.strip():
        raise Unreadable("no_lot", "An inspection is of one lot: name it.")
    bounded(sampled, INSPECTED)
    severity_named(severity)
    if sampled.verdict not in ("", *VERDICTS):
        raise Unreadable(
            "bad_verdict", f"“{sampled.verdict[:40]}” is no verdict.", hint="accepted or rejected"
        )
    if not sampled.aql:
        if sampled.looked_at < 1 or not 0 <= sampled.found <= sampled.looked_at:
            raise Unreadable(
                "bad_sample", f"{sampled.found} of {sampled.looked_at} cannot have failed."
            )
        if not sampled.verdict:
            raise Unreadable(
                "no_verdict",
                "Without an AQL no plan can judge the lot.",
                hint="Give the AQL and the lot size, or say accepted or rejected.",
            )
        return None, Judgement(sampled.verdict == "accepted")
    if sampled.lot_size is None:
        raise Unreadable("no_lot_size", "A plan needs the number of items in the lot.")
    plan = sampling_plan(sampled.lot_size, sampled.aql, sampled.level or USUAL_LEVEL, severity)
    judgement = judge(plan, sampled.looked_at, sampled.found)
    if sampled.verdict and judgement.is_accepted != (sampled.verdict == "accepted"):
        raise Unreadable(
            "verdict_contradicts",
            f"It says {sampled.verdict}, but the plan says otherwise: {plan.sentence}",
            hint="Leave the verdict to the plan, or the AQL out.",
        )
    return plan, judgement


def _not_discontinued(series: InspectionSeries, inspection: Inspection) -> None:
    is_whole = inspection.lot_size is not None and inspection.looked_at >= inspection.lot_size
    if series.is_discontinued and inspection.verdict == "accepted" and not is_whole:
        raise Forbidden(
            "inspection_discontinued",
            "Five lots were not accepted on tightened inspection: nothing of this supplier is "
            "accepted by sample until it has put that right.",
            hint="Look at the whole lot, or record what the supplier did and resume.",
        )


@transaction.atomic
def agree_reduced(*, series: InspectionSeries, reason: str, by: Actor, now: datetime) -> None:
    """Somebody wants reduced inspection and production is steady. Refused below the score."""
    _decide(series, "reduced", reason, by=by, now=now)


@transaction.atomic
def end_reduced(*, series: InspectionSeries, reason: str, by: Actor, now: datetime) -> None:
    """Production is not steady any more, or reduced inspection is no longer wanted."""
    _decide(series, "not_steady", reason, by=by, now=now)


@transaction.atomic
def resume_inspection(*, series: InspectionSeries, reason: str, by: Actor, now: datetime) -> None:
    """The supplier has acted (`reason` says how): lots are accepted by sample again, tightened."""
    _decide(series, "resumed", reason, by=by, now=now)


def _decide(series: InspectionSeries, kind: str, reason: str, *, by: Actor, now: datetime) -> None:
    may_agree_inspection(by)
    if not reason.strip():
        raise Unreadable("reason_missing", "This takes a reason; it is kept.")
    series = InspectionSeries.objects.select_for_update().get(pk=series.pk)
    DECISIONS[kind](play(series).state)  # refuses what the rules do not allow now
    decision = {"kind": kind, "at": now.isoformat(), "by": by.key, "reason": reason.strip()[:300]}
    series.decisions = [*series.decisions, decision]
    carry(series=series, reason=reason.strip()[:300], by=by, now=now)


def carry(*, series: InspectionSeries, reason: str = "", by: Actor, now: datetime) -> None:
    """Work out the severity after every lot in the order of inspection; tell the change.

    A lot that comes in late takes its place, so states after it may change too.
    """
    may_record_inspection(by)
    before = "discontinued" if series.is_discontinued else series.severity
    played = play(series)
    changed: list[Inspection] = []
    for one, told in played.lots:
        if (one.change, one.severity_after) != (told.reason, told.state.severity):
            one.change, one.severity_after = told.reason, told.state.severity
            changed.append(one)
    Inspection.objects.bulk_update(changed, ["change", "severity_after"], batch_size=200)
    state = played.state
    series.severity, series.score = state.severity, state.score
    series.is_discontinued = state.is_discontinued
    series.save()
    after = "discontinued" if state.is_discontinued else state.severity
    if after != before:
        fact = SeverityChanged(
            series=series.pk,
            product=series.product.code,
            supplier=series.supplier.code if series.supplier else "an unknown supplier",
            before=before,
            after=after,
            rule=_last_rule(played),
            reason=reason,
        )
        record(fact, by=by, now=now)


def _last_rule(played: Played) -> str:
    return next((one.reason for one in reversed(played.changes) if one.reason != "unchanged"), "")


def locked_series(product: Product, supplier: Supplier | None) -> InspectionSeries:
    """Where this supplier's product stands; nobody else carries it on meanwhile."""
    series, _ = InspectionSeries.objects.get_or_create(product=product, supplier=supplier)
    return InspectionSeries.objects.select_for_update().get(pk=series.pk)


def _attached(
    file: Attached | None, about: str, *, by: Actor, now: datetime
) -> EvidenceFile | None:
    if file is None:
        return None
    name, content = file
    return attach_file(subject="", about=about[:120], name=name, content=content, by=by, now=now)


def _plan_words(one: Inspection) -> str:
    if not one.aql:
        return "no plan"
    return (
        f"AQL {one.aql}, level {one.level}, {one.severity}: {one.sample_size}, "
        f"{one.accept}/{one.reject}"
    )
