"""Which products a scope names, by code or variant, however people spell them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

from django.db import connection

from holdfast.decision.recalls.queries.rows import LINES, Catalogue, number_list
from holdfast.kit.trace.affected import near_spellings
from holdfast.kit.trace.criteria import Criteria

Warn = Callable[[str, str, str], None]
"""Told of a word that names nothing: code, message, hint."""


def named_products(
    criteria: Criteria, catalogue: Catalogue, warn: Warn
) -> tuple[frozenset[int] | None, dict[str, list[str]]]:
    """(ids, word -> spellings on lines) of the products named; the ids are None where none was."""
    of_variant = _of_variants(criteria, catalogue, warn) if criteria.variants else None
    if not criteria.products:
        return of_variant, {}
    ids: dict[str, int] = {}
    for word in criteria.products:
        found = catalogue.id_of.get(word.strip().casefold())
        if found is not None:
            ids[word] = found
            continue
        near = near_spellings(word, list(catalogue.code_of.values()))
        warn(
            "product_not_found",
            f"No product has the code “{word}”.",
            f"Did you mean {' or '.join(near)}?" if near else "Import the orders first.",
        )
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT DISTINCT product_id, sku FROM {LINES} "  # noqa: S608 (whole numbers)
            f"WHERE product_id IN ({number_list(ids.values())})"
        )
        seen: dict[int, set[str]] = defaultdict(set)
        for product, sku in cursor.fetchall():
            seen[product].add(sku)
    spellings = {word: sorted(seen[pk] | {catalogue.code_of[pk]}) for word, pk in ids.items()}
    named = frozenset(ids.values())
    return (named if of_variant is None else named & of_variant), spellings


def _of_variants(criteria: Criteria, catalogue: Catalogue, warn: Warn) -> frozenset[int]:
    variants = catalogue.variant_of
    wanted = {word.casefold() for word in criteria.variants}
    known = {variant.casefold() for variant in variants.values()}
    for word in criteria.variants:
        if word.casefold() not in known:
            near = near_spellings(word, list(variants.values()))
            hint = f"Did you mean {' or '.join(near)}?" if near else "Leave the variant out."
            warn("variant_not_found", f"No product has the variant “{word}”.", hint)
    return frozenset(pk for pk, variant in variants.items() if variant.casefold() in wanted)
