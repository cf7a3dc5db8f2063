"""Working a scope out on all there is: order lines that came as trace events are taken in first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from holdfast.decision.recalls.policies import may_propose_scope
from holdfast.decision.recalls.queries.finding import Found, find_scope
from holdfast.decision.recalls.queries.recorded import Recorded
from holdfast.decision.recalls.queries.scoping import Scoper
from holdfast.kit.actors import Actor
from holdfast.kit.trace.criteria import Criteria
from holdfast.supply.catalog.rules import code_key
from holdfast.supply.imports.actions import bring_recorded_lines


def gather_scope(
    *,
    criteria: Criteria,
    watch: Callable[[int], None] | None = None,
    by: Actor,
    now: datetime,
) -> Found:
    """`find_scope`, after the recorded lines that could be in have become order lines.

    Only lines of the affected products and lots are taken in, so that a hundred million events
    stay where they are and the people among them can still be told.
    """
    may_propose_scope(by)
    recorded = Recorded.load()
    if recorded.has("order_lines"):
        keys, lots = _wanted(criteria)
        bring_recorded_lines(lines=recorded.lines(keys, lots), by=by, now=now)
    return find_scope(criteria, watch=watch)


def _wanted(criteria: Criteria) -> tuple[set[str] | None, frozenset[str]]:
    scoper = Scoper(criteria)
    keys = {code_key(word) for word in criteria.products}
    if criteria.variants:
        keys |= {scoper.catalogue.key_of[pk] for pk in scoper.named or ()}
    if scoper.judge is not None:
        # Where products are named they narrow: lots of other products are not meant.
        return (keys or set(scoper.judge.skus)), scoper.affected.lots
    return (keys if criteria.products or criteria.variants else None), frozenset()
