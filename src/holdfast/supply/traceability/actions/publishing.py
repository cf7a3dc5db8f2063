"""Building the generation that answers traces, ahead of the first question."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from holdfast.ground.journal.actions import record
from holdfast.kit.actors import Actor
from holdfast.supply.traceability.events import TracePublished
from holdfast.supply.traceability.policies import may_import_events
from holdfast.supply.traceability.queries import trace_log


def publish_trace(*, by: Actor, now: datetime) -> bool:
    """Build what the log holds now and let it answer; False where it is built already.

    Nothing has to call this: the first trace after an import builds what is missing. A company
    with a hundred million events calls it after the import, so that nobody waits.
    """
    from holdfast.kit.trace import publishing  # noqa: PLC0415 - numpy and Arrow, only when building

    may_import_events(by)
    log = trace_log()
    if publishing.is_fresh(log):
        return False
    publishing.publish(log)
    manifest = log.manifest()
    fact = TracePublished(
        input_digest=manifest.input_digest, generation=manifest.generation, events=manifest.events
    )
    with transaction.atomic():
        record(fact, by=by, now=now)
    return True
