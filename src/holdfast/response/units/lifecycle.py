"""The states of an affected unit, and which evidence moves it from where to where."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Evidence(StrEnum):
    """What a movement rests on; a state moves only on its own evidence."""

    SCOPE = "scope"
    STATEMENT = "statement"
    CLAIM = "claim"
    PAYMENT = "payment"
    DELIVERY = "delivery"
    RECEIPT = "receipt"
    CERTIFICATE = "certificate"
    COUNT = "count"
    CARRIER = "carrier"
    AMENDMENT = "amendment"


EVIDENCE_WORDS = {
    Evidence.SCOPE: "scope version",
    Evidence.STATEMENT: "own statement",
    Evidence.CLAIM: "claim",
    Evidence.PAYMENT: "payment receipt",
    Evidence.DELIVERY: "delivery scan",
    Evidence.RECEIPT: "receipt scan",
    Evidence.CERTIFICATE: "certificate or proof",
    Evidence.COUNT: "stock count",
    Evidence.CARRIER: "carrier scan",
    Evidence.AMENDMENT: "amendment, with reason",
}


class Standing(StrEnum):
    """What a state means for the danger."""

    CORRECTED = "corrected"  # the unit can harm nobody any more
    GONE = "gone"  # left sideways: accounted for, not corrected
    KNOWN = "known"  # we know where it is, the danger is still there
    UNKNOWN = "unknown"  # nobody has answered for it
    OUTSIDE = "outside"  # no longer in the scope, counts nowhere


@dataclass(frozen=True, slots=True)
class State:
    """One state: its words, its standing, and the evidence that alone can bring a unit here."""

    name: str
    label: str
    standing: Standing
    entered_by: frozenset[Evidence]


def _state(name: str, label: str, standing: Standing, *entered_by: Evidence) -> State:
    return State(name, label, standing, frozenset(entered_by))


OUT_OF_SCOPE = "out_of_scope"
NO_ANSWER = "no_answer"
E, S = Evidence, Standing

_OUTSIDE = _state(OUT_OF_SCOPE, "Out of scope", S.OUTSIDE, E.SCOPE)
_SILENT = _state(NO_ANSWER, "No answer", S.UNKNOWN, E.SCOPE, E.AMENDMENT)

CONSUMER_STATES = (
    _state("refunded", "Refunded", S.CORRECTED, E.PAYMENT),
    _state("replaced", "Replaced", S.CORRECTED, E.DELIVERY),
    _state("repaired", "Repaired", S.CORRECTED, E.DELIVERY),
    _state("credited", "Credited", S.CORRECTED, E.PAYMENT),
    _state("returned", "Received back", S.CORRECTED, E.RECEIPT),
    _state("destroyed", "Destroyed, with proof", S.CORRECTED, E.CERTIFICATE),
    _state("claim_open", "Claim open", S.KNOWN, E.CLAIM),
    _state("has_it", "Has it, told to stop", S.KNOWN, E.STATEMENT),
    _state("still_in_use", "Still using it", S.KNOWN, E.STATEMENT),
    _state("refused", "Refused", S.KNOWN, E.STATEMENT),
    _state("discarded", "Discarded earlier", S.GONE, E.STATEMENT),
    _state("given_away", "Given away", S.GONE, E.STATEMENT),
    _state("sold_on", "Sold on", S.GONE, E.STATEMENT),
    _state("never_received", "Never received", S.GONE, E.STATEMENT),
    _SILENT,
    _OUTSIDE,
)
STOCK_STATES = (
    _state("destroyed", "Destroyed, with certificate", S.CORRECTED, E.CERTIFICATE),
    _state("held", "In quarantine", S.CORRECTED, E.COUNT, E.STATEMENT),
    _state("laboratory", "Laboratory", S.CORRECTED, E.RECEIPT),
    _state("returned_to_supplier", "Returned to the supplier", S.CORRECTED, E.CARRIER, E.RECEIPT),
    _state("in_transit", "In transit, stopped", S.KNOWN, E.CARRIER),
    _state("on_sale", "On sale", S.KNOWN, E.SCOPE, E.COUNT, E.AMENDMENT),
    _state("in_question", "In question", S.UNKNOWN, E.COUNT),
    _state("missing", "Missing", S.UNKNOWN, E.COUNT),
    _OUTSIDE,
)
PARTNER_STATES = (
    _state("returned", "Received back", S.CORRECTED, E.RECEIPT),
    _state("destroyed", "Destroyed, with certificate", S.CORRECTED, E.CERTIFICATE),
    _state("held", "Pulled from the shelf", S.CORRECTED, E.STATEMENT),
    _state("sold_through", "Sold to the public", S.KNOWN, E.STATEMENT),
    _state("on_sale", "Still on sale", S.KNOWN, E.STATEMENT),
    _state("missing", "Missing", S.UNKNOWN, E.COUNT, E.STATEMENT),
    _SILENT,
    _OUTSIDE,
)
STATES: dict[str, tuple[State, ...]] = {
    "manufacturer": STOCK_STATES,
    "distributor": PARTNER_STATES,
    "retailer": PARTNER_STATES,
    "consumer": CONSUMER_STATES,
}
FIRST: dict[str, str] = {
    "manufacturer": "on_sale",
    "distributor": NO_ANSWER,
    "retailer": NO_ANSWER,
    "consumer": NO_ANSWER,
}

_GONE = ("discarded", "given_away", "sold_on", "never_received")
_REMEDIED = ("refunded", "replaced", "repaired", "credited", "returned", "destroyed")

# From where a state can be reached; the evidence is the one the target asks for.
CONSUMER_MOVES: dict[str, tuple[str, ...]] = {
    NO_ANSWER: ("has_it", "still_in_use", "refused", "claim_open", "returned", *_GONE),
    "has_it": ("still_in_use", "refused", "claim_open", "returned", *_GONE),
    "still_in_use": ("has_it", "refused", "claim_open", "returned", *_GONE),
    "refused": ("has_it", "still_in_use", "claim_open", "returned", *_GONE),
    # a consumer may change their mind until the money or the parcel has left
    "claim_open": (*_REMEDIED, "has_it", *_GONE),
    **{
        name: ("has_it", "claim_open", "returned", *(g for g in _GONE if g != name))
        for name in _GONE
    },
    # goods may still come back after the money went out
    "refunded": ("returned", "destroyed"),
    "replaced": ("returned", "destroyed"),
    "repaired": ("returned",),
    "credited": ("returned", "destroyed"),
    "returned": ("destroyed",),
    "destroyed": (),
    OUT_OF_SCOPE: (),
}
STOCK_MOVES: dict[str, tuple[str, ...]] = {
    "on_sale": (
        "held",
        "in_transit",
        "in_question",
        "missing",
        "laboratory",
        "returned_to_supplier",
        "destroyed",
    ),
    "in_transit": ("held", "in_question", "missing", "returned_to_supplier"),
    "held": ("destroyed", "laboratory", "returned_to_supplier", "in_question", "missing"),
    "laboratory": ("held", "destroyed", "returned_to_supplier"),
    "in_question": ("held", "missing", "in_transit", "on_sale", "destroyed"),
    "missing": ("held", "in_question", "on_sale"),
    "destroyed": (),
    "returned_to_supplier": ("destroyed",),
    OUT_OF_SCOPE: (),
}
PARTNER_MOVES: dict[str, tuple[str, ...]] = {
    NO_ANSWER: ("held", "on_sale", "sold_through", "missing", "returned", "destroyed"),
    "on_sale": ("held", "sold_through", "missing", "returned", "destroyed"),
    "held": ("returned", "destroyed", "missing", "on_sale"),
    "sold_through": ("held", "returned"),
    "missing": ("held", "returned", "sold_through"),
    "returned": ("destroyed",),
    "destroyed": (),
    OUT_OF_SCOPE: (),
}
MOVES: dict[str, dict[str, tuple[str, ...]]] = {
    "manufacturer": STOCK_MOVES,
    "distributor": PARTNER_MOVES,
    "retailer": PARTNER_MOVES,
    "consumer": CONSUMER_MOVES,
}


def states_of(level: str) -> dict[str, State]:
    """The states a level knows, by name."""
    return {state.name: state for state in STATES[level]}


def names_standing(level: str, *standings: Standing) -> frozenset[str]:
    """Names of the states of a level with one of the standings."""
    return frozenset(state.name for state in STATES[level] if state.standing in standings)


def corrected_states(level: str) -> frozenset[str]:
    return names_standing(level, Standing.CORRECTED)


def unknown_states(level: str) -> frozenset[str]:
    return names_standing(level, Standing.UNKNOWN)
