"""Rows of a product that a trace from it does not follow, since no receipt tells of their lot.

What a lot's product is, receipts say. A row that names a product, and a lot that was received as
none, is therefore not reached from the product; neither is one without a lot where no lot of the
product was received at all. Neither is cleared by that, so they are counted and said.
"""

from __future__ import annotations

import numpy as np

from holdfast.kit.trace import keys
from holdfast.kit.trace.keys import Key
from holdfast.kit.trace.ranges import owners, spread
from holdfast.kit.trace.reach import Reach
from holdfast.kit.trace.weighing import rows_of_skus, up_to

WORDS = (
    "rows are of this product but of lots that no receipt tells of: they are not in this answer, "
    "which clears none of them; ask with a scope, which looks at the order lines themselves"
)


def not_followed(key: Key, reach: Reach) -> list[dict[str, object]]:
    """The flag for such rows, where there are any and the key is a SKU."""
    # At a moment another generation may have answered, with other numbers.
    found = keys.find(reach.published, key.kind, key.name) if key.kind == "sku" else None
    if found is None:
        return []
    count = _named(reach, int(found.places[0]))
    if not len(reach.lots):
        count += _unnamed(reach, int(found.places[0]))
    return [{"code": "product_not_followed", "count": count, "words": WORDS}] if count else []


def _named(reach: Reach, sku: int) -> int:
    """Rows of a SKU that name a lot which was received as nothing and was not reached."""
    own = reach.published.arrays
    groups = np.arange(*own.named_of_sku_start[sku : sku + 2].tolist())
    lots = own.named_lot[groups]
    starts, ends = own.sku_of_lot_start[lots], own.sku_of_lot_start[lots.astype(np.int64) + 1]
    known = np.ones(int((ends - starts).sum()), bool)
    if reach.at is not None:
        known = own.sku_since[spread(starts, ends)] <= reach.at
    received = np.bincount(owners(starts, ends)[known], minlength=len(groups)) > 0
    groups = groups[~received & ~np.isin(lots, reach.lots)]
    first, last = up_to(
        reach.published, (own.named_row[groups], own.named_row[groups + 1]), reach.at
    )
    return int((last - first).sum())


def _unnamed(reach: Reach, sku: int) -> int:
    """Rows of a SKU that name no lot."""
    ranges = rows_of_skus(reach.published, np.array([sku]), reach.at)
    first, last = up_to(reach.published, ranges, reach.at)
    return int((last - first)[first >= reach.published.first_boxed].sum())
