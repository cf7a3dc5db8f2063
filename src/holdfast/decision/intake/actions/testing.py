"""Recording what a laboratory found in a lot."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from holdfast.decision.intake.events import TestResultRecorded
from holdfast.decision.intake.models import TestResult
from holdfast.decision.intake.policies import may_record_inspection
from holdfast.decision.intake.rules.bounds import TESTED, bounded
from holdfast.ground.evidence.actions import attach_file
from holdfast.ground.journal.actions import record
from holdfast.kit.actors import Actor
from holdfast.kit.refusals import Unreadable
from holdfast.kit.sampling.limits import settled
from holdfast.supply.catalog.models import Product
from holdfast.supply.parties.models import Supplier


@dataclass(frozen=True, slots=True)
class Tested:
    """One result as the report has it; `has_passed` is what it says, `None` where it leaves that
    to value and limit."""

    product: Product
    what: str
    tested_at: datetime
    supplier: Supplier | None = None
    lot: str = ""
    method: str = ""
    limit: str = ""
    value: str = ""
    unit: str = ""
    has_passed: bool | None = None
    laboratory: str = ""
    report: str = ""

    @property
    def identity(self) -> str:
        """A digest of what makes it this result."""
        parts = (
            self.product.code_key,
            self.supplier.code if self.supplier else "",
            self.lot,
            self.what,
            self.method,
            self.limit,
            self.value,
            self.unit,
            str(self.has_passed),
            self.laboratory,
            self.report,
            self.tested_at.isoformat(),
        )
        return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


@transaction.atomic
def record_test_result(
    *,
    tested: Tested,
    file: tuple[str, Iterable[bytes]] | None = None,
    by: Actor,
    now: datetime,
) -> TestResult:
    """Keep a laboratory's result; refuses one that contradicts itself or does not say."""
    may_record_inspection(by)
    if tested.tested_at > now:
        raise Unreadable("future", "The test lies in the future.", hint="Check its day.")
    kept = TestResult.objects.filter(identity=tested.identity).first()
    if kept is not None:
        return kept
    result = result_row(tested, by=by, now=now)
    if file is not None:
        about = f"test of lot {tested.lot or '?'}"[:120]
        name, content = file
        result.file = attach_file(
            subject="", about=about, name=name, content=content, by=by, now=now
        )
    result.save()
    fact = TestResultRecorded(
        ref=result.ref,
        result=result.pk,
        product=tested.product.code,
        lot=tested.lot or "?",
        supplier=tested.supplier.code if tested.supplier else "",
        what=result.what,
        value=f"{result.value} {result.unit}".strip(),
        limit=result.limit,
        outcome="passed" if result.has_passed else "failed",
        tested_at=tested.tested_at.isoformat(),
    )
    record(fact, by=by, now=now)
    return result


def result_row(tested: Tested, *, by: Actor, now: datetime) -> TestResult:
    """The row of a result, settled; not stored yet. Raises `Unreadable`."""
    if not tested.what.strip():
        raise Unreadable("no_test", "Say what was tested, such as lead or Salmonella.")
    bounded(tested, TESTED)
    return TestResult(
        product=tested.product,
        supplier=tested.supplier,
        lot=tested.lot,
        what=tested.what,
        method=tested.method,
        limit=tested.limit,
        value=tested.value,
        unit=tested.unit,
        has_passed=settled(tested.value, tested.limit, tested.has_passed),
        laboratory=tested.laboratory,
        report=tested.report,
        tested_at=tested.tested_at,
        identity=tested.identity,
        recorded_at=now,
        recorded_by=by.key,
    )
