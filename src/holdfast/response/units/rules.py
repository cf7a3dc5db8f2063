"""Whether a unit may move, how a group splits, and what a new scope version changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from holdfast.kit.quantities import plain
from holdfast.kit.refusals import Forbidden, NotFound, Unreadable
from holdfast.response.units.lifecycle import (
    EVIDENCE_WORDS,
    FIRST,
    MOVES,
    OUT_OF_SCOPE,
    STATES,
    Evidence,
    states_of,
)


def ask_move(*, level: str, source: str, target: str, evidence: str) -> None:
    """Refuse a movement the table does not know or whose evidence is of the wrong kind."""
    if level not in STATES:
        raise NotFound("unknown_level", f"There is no level {level!r}.", hint=", ".join(STATES))
    known = states_of(level)
    for name in (source, target):
        if name not in known:
            raise NotFound(
                "unknown_state",
                f"Units at level {level} have no state {name!r}.",
                hint="It has: " + ", ".join(known),
            )
    if evidence not in EVIDENCE_WORDS:
        raise NotFound(
            "unknown_evidence",
            f"{evidence!r} is not a kind of evidence.",
            hint=", ".join(kind.value for kind in Evidence),
        )
    given = Evidence(evidence)
    if source == target:
        raise Forbidden("already_there", f"These units are already {known[target].label.lower()}.")
    if given is Evidence.SCOPE:
        if target == OUT_OF_SCOPE or (source == OUT_OF_SCOPE and target == FIRST[level]):
            return
        raise Forbidden(
            "scope_moves_only_in_and_out",
            "A scope version brings units in or takes them out; it corrects nothing.",
        )
    if given is Evidence.AMENDMENT and OUT_OF_SCOPE not in (source, target):
        # a wrong entry goes back to the start and is then entered again with its evidence
        if target == FIRST[level]:
            return
        raise Forbidden(
            "amend_to_start",
            f"An amendment puts units back to {known[FIRST[level]].label.lower()!r}.",
            hint="Then record the right state with its own evidence.",
        )
    if target not in MOVES[level][source]:
        allowed = MOVES[level][source]
        raise Forbidden(
            "no_such_move",
            f"Units that are {known[source].label.lower()!r} do not become "
            f"{known[target].label.lower()!r}.",
            hint="From here: " + (", ".join(allowed) or "nothing; this is final"),
        )
    if given not in known[target].entered_by:
        wanted = " or ".join(EVIDENCE_WORDS[e] for e in sorted(known[target].entered_by))
        raise Forbidden(
            "wrong_evidence",
            f"{known[target].label!r} needs {wanted}, not {EVIDENCE_WORDS[given]}.",
            hint="A sent or opened message corrects nothing.",
        )


def ask_split(*, held: Decimal, wanted: Decimal) -> Decimal:
    """How many stay behind when `wanted` of `held` items move on."""
    if wanted <= 0:
        raise Unreadable("no_units", f"{plain(wanted)} is no number of units to move.")
    if wanted > held:
        raise Forbidden(
            "too_many_units", f"Only {plain(held)} units are there; {plain(wanted)} cannot move."
        )
    return held - wanted


@dataclass(frozen=True, slots=True)
class Rebalance:
    """What a new scope version does to one place (an order line, a rack, a delivery)."""

    place: str
    enter: int
    leave: int


def rebalance(before: Mapping[str, int], after: Mapping[str, int]) -> Iterable[Rebalance]:
    """Units that enter and leave per place so that the ledger again sums to the scope."""
    for place in sorted(before.keys() | after.keys()):
        difference = after.get(place, 0) - before.get(place, 0)
        if difference:
            yield Rebalance(place, max(difference, 0), max(-difference, 0))


# Which units leave first when only part of a place leaves the scope: the least settled ones,
# so that a narrowing never erases evidence while an unanswered unit is there.
def leaving_order(level: str) -> tuple[str, ...]:
    """States of a level from the least to the most settled."""
    rank = {"unknown": 0, "known": 1, "gone": 2, "corrected": 3}
    inside = [s for s in STATES[level] if s.name != OUT_OF_SCOPE]
    return tuple(s.name for s in sorted(inside, key=lambda s: rank[s.standing.value]))
