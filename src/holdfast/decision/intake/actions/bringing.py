"""Keeping the inspections and test results of a file, inside the transaction of its import."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime

from holdfast.decision.intake.actions.inspecting import Sampled, carry, locked_series, prepared
from holdfast.decision.intake.actions.testing import Tested, result_row
from holdfast.decision.intake.events import InspectionsImported, TestResultsImported
from holdfast.decision.intake.models import Inspection, InspectionSeries, TestResult
from holdfast.decision.intake.policies import may_record_inspection
from holdfast.ground.journal.actions import record
from holdfast.kit.actors import Actor

AT_ONCE = 400  # identities asked for in one query


def bring_inspections(*, sampled: Sequence[Sampled], by: Actor, now: datetime) -> int:
    """Keep inspections as a file told them; known ones are merged. Returns how many were new.

    History is not refused for being discontinued: it happened.
    """
    may_record_inspection(by)
    known = _known(Inspection, [one.identity for one in sampled])
    new = list({one.identity: one for one in sampled if one.identity not in known}.values())
    series: dict[tuple[int, int], InspectionSeries] = {}
    rows = []
    for one in new:
        key = (one.product.pk, one.supplier.pk if one.supplier else 0)
        if key not in series:
            series[key] = locked_series(one.product, one.supplier)
        rows.append(prepared(one, series[key], by=by, now=now))
    Inspection.objects.bulk_create(rows, batch_size=100)
    if rows:
        fact = InspectionsImported(
            inspections=len(rows),
            rejected=sum(row.is_rejected for row in rows),
            digest=_digest(row.identity for row in rows),
        )
        record(fact, by=by, now=now)
    for touched in series.values():
        carry(series=touched, by=by, now=now)
    return len(rows)


def bring_test_results(*, tested: Sequence[Tested], by: Actor, now: datetime) -> int:
    """Keep results as a file told them; known ones are merged. Returns how many were new."""
    may_record_inspection(by)
    known = _known(TestResult, [one.identity for one in tested])
    new = {one.identity: one for one in tested if one.identity not in known}
    rows = [result_row(one, by=by, now=now) for one in new.values()]
    TestResult.objects.bulk_create(rows, batch_size=100)
    if rows:
        fact = TestResultsImported(
            results=len(rows),
            failed=sum(not row.has_passed for row in rows),
            digest=_digest(row.identity for row in rows),
        )
        record(fact, by=by, now=now)
    return len(rows)


def _known(kind: type[Inspection] | type[TestResult], identities: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for at in range(0, len(identities), AT_ONCE):
        rows = kind.objects.filter(identity__in=identities[at : at + AT_ONCE])
        found.update(rows.values_list("identity", flat=True))
    return found


def _digest(identities: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(sorted(identities)).encode()).hexdigest()
