"""Complaints out of a file: the keeper that the import room calls."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from holdfast.decision.intake.actions.taking import digest_of, take_in_all
from holdfast.decision.intake.events import ComplaintsImported
from holdfast.decision.intake.queries.rows import told_rows
from holdfast.decision.intake.rules.told import Told
from holdfast.decision.intake.rules.urgency import URGENT
from holdfast.ground.journal.actions import record
from holdfast.kit.actors import Actor
from holdfast.supply.imports.cells import Rejects
from holdfast.supply.imports.reading import Reading


class ComplaintFile:
    """Reads rows as reports and keeps them; rows told before are merged."""

    def rows(
        self, reading: Reading, reject: Rejects, *, now: datetime
    ) -> Iterator[tuple[object, ...]]:
        """What each sound row told, as a tuple of one; a day to come is noted when it is kept."""
        del now
        return ((told,) for told in told_rows(reading, reject))

    def store(self, rows: Sequence[tuple[object, ...]], *, by: Actor, now: datetime) -> int:
        """How many were new; the journal gets an entry for the file and one for each urgent one."""
        tolds = [told for row in rows for told in row if isinstance(told, Told)]
        new = take_in_all(tolds=tolds, is_import=True, by=by, now=now).complaints
        if new:
            fact = ComplaintsImported(
                complaints=len(new),
                urgent=sum(one.urgency == URGENT for one in new),
                linked=sum(one.product_id is not None for one in new),
                duplicates=sum(one.duplicate_of is not None for one in new),
                first=new[0].pk,
                last=new[-1].pk,
                digest=digest_of(new),
            )
            record(fact, by=by, now=now)
        return len(new)
