"""The life of a claim and of its payout, as tables."""

from __future__ import annotations

ANSWERED = "answered"  # told us about it; no remedy chosen, or none needed
REVIEW = "in_review"  # came without a personal link and matched no order by itself
CHOSEN = "chosen"  # a remedy is promised, with a date
FULFILLED = "fulfilled"
REFUSED = "refused"
WITHDRAWN = "withdrawn"

CLAIM_MOVES: dict[str, tuple[str, ...]] = {
    # answering again replaces the answer, until a remedy has been given
    ANSWERED: (ANSWERED, CHOSEN, WITHDRAWN),
    REVIEW: (CHOSEN, REFUSED, WITHDRAWN),
    CHOSEN: (CHOSEN, ANSWERED, FULFILLED, WITHDRAWN),
    FULFILLED: (),
    REFUSED: (CHOSEN,),
    WITHDRAWN: (),
}
CLAIM_FIRST = (ANSWERED, REVIEW)

DUE = "due"
EXPORTED = "exported"
PAID = "paid"
CANCELLED = "cancelled"

PAYOUT_FIRST = (DUE,)
PAYOUT_MOVES: dict[str, tuple[str, ...]] = {
    DUE: (EXPORTED, CANCELLED),
    EXPORTED: (PAID,),
    PAID: (),
    CANCELLED: (DUE,),
}
