"""The life of a recall as a table; every door asks it before it moves one."""

from __future__ import annotations

from holdfast.kit.lifecycle import Lifecycle, Move

LIVE = ("open", "scoped", "decided", "telling")

RECALL = Lifecycle(
    subject="recall",
    start="open",
    moves=(
        Move("propose_scope", ("open",), "open"),
        Move("propose_scope", ("scoped",), "scoped"),
        Move("propose_scope", ("decided",), "decided"),
        Move("propose_scope", ("telling",), "telling"),
        Move("confirm_scope", ("open", "scoped"), "scoped"),
        Move("confirm_scope", ("decided",), "decided"),
        Move("confirm_scope", ("telling",), "telling"),
        Move("propose_decision", ("scoped",), "scoped"),
        Move("propose_decision", ("decided",), "decided"),
        Move("propose_decision", ("telling",), "telling"),
        Move("sign_decision", ("scoped", "decided"), "decided"),
        Move("sign_decision", ("telling",), "telling"),
        *(Move("classify", (state,), state) for state in LIVE),
        # An authority may set its class long after our own file is closed.
        *(Move("record_class", (state,), state) for state in (*LIVE, "closed")),
        Move("begin_telling", ("decided", "telling"), "telling", ("has_people",)),
        Move(
            "close",
            ("telling",),
            "closed",
            ("nothing_proposed", "holds_settled", "everyone_told", "claims_settled", "units_known"),
        ),
        Move("reopen", ("closed",), "telling", ("has_reason",)),
        Move("withdraw", ("open", "scoped", "decided"), "withdrawn", ("has_reason",)),
    ),
    guards={
        "has_people": "The confirmed scope holds no affected unit, so there is nobody to tell.",
        "has_reason": "This needs a reason in words.",
        "nothing_proposed": "A scope or a decision is still proposed and not settled.",
        "holds_settled": "Stop-sale items are still open.",
        "everyone_told": "Messages are still waiting to be sent, or people were never told.",
        "claims_settled": "Claims are still open.",
        "units_known": "Units are not accounted for, and no reason for closing with them is given.",
    },
    ends=("closed", "withdrawn"),
)
