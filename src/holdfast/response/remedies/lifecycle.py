"""The life of a claim and of its payout, as tables."""

from __future__ import annotations

CLAIM_OPEN = "open"
CLAIM_REVIEW = "in_review"
CLAIM_SETTLED = "settled"
CLAIM_WITHDRAWN = "withdrawn"
CLAIM_DECLINED = "declined"

# in_review: came without a personal link and did not match an order by itself
CLAIM_MOVES: dict[str, tuple[str, ...]] = {
    CLAIM_OPEN: (CLAIM_SETTLED, CLAIM_WITHDRAWN),
    CLAIM_REVIEW: (CLAIM_OPEN, CLAIM_DECLINED, CLAIM_WITHDRAWN),
    CLAIM_SETTLED: (),
    CLAIM_WITHDRAWN: (),
    CLAIM_DECLINED: (CLAIM_OPEN,),
}
CLAIM_FIRST = (CLAIM_OPEN, CLAIM_REVIEW)

PAYOUT_DUE = "due"
PAYOUT_EXPORTED = "exported"
PAYOUT_PAID = "paid"
PAYOUT_CANCELLED = "cancelled"

PAYOUT_MOVES: dict[str, tuple[str, ...]] = {
    PAYOUT_DUE: (PAYOUT_EXPORTED, PAYOUT_CANCELLED),
    PAYOUT_EXPORTED: (PAYOUT_PAID,),
    PAYOUT_PAID: (),
    PAYOUT_CANCELLED: (),
}
