"""How much work a scope will be, before anybody does it."""

from __future__ import annotations

from django.db.models import Max

from holdfast.decision.recalls.models import Recall
from holdfast.decision.recalls.queries.recalls import confirmed_scope
from holdfast.kit.trace.criteria import Criteria
from holdfast.supply.catalog.models import Product
from holdfast.supply.orders.models import OrderLine

# Counting the lines that are left out, and comparing with the version before, costs this share of
# judging a line.
PASSING = 20


def lines_to_judge(criteria: Criteria) -> int:
    """About how many lines a scope reads: those of the named products, else all there are."""
    if not criteria.products and not criteria.variants:
        return _all_lines()
    named = Product.objects.all()
    if criteria.products:
        named = named.filter(code_key__in=[word.strip().casefold() for word in criteria.products])
    if criteria.variants:
        known = named.exclude(variant="").values_list("pk", "variant")
        wanted = {word.casefold() for word in criteria.variants}
        ids = [pk for pk, variant in known if variant.casefold() in wanted]
    else:
        ids = list(named.values_list("pk", flat=True))
    return OrderLine.objects.filter(product_id__in=ids).count()


def scope_effort(recall: Recall, criteria: Criteria) -> int:
    """The whole effort of a new version, in lines judged: reading, counting, comparing."""
    before = confirmed_scope(recall)
    whole = before.counts.get("in_scope") if before else None
    compared = int(whole["lines"]) if isinstance(whole, dict) else 0
    return lines_to_judge(criteria) + (_all_lines() + compared) // PASSING


def _all_lines() -> int:
    """The newest number stands for the count: nearly right, and it costs nothing."""
    return OrderLine.objects.aggregate(newest=Max("pk"))["newest"] or 0
