"""A pattern in one English sentence: the count, what chance would give, how much was asked."""

from __future__ import annotations

from holdfast.kit.recurrence.questions import Pattern
from holdfast.kit.signals.taxonomy import taxonomy

THINGS = {
    ("inspection", "failed"): "rejected lots",
    ("test", "failed"): "failed tests",
    ("lot", "recalled"): "recalled lots",
    ("product", "recalled"): "recalled products",
    ("product", "announced"): "products that authorities’ announcements may mean",
}
DIMENSIONS = {
    "supplier": "supplier",
    "product": "product",
    "site": "site",
    "component": "component",
    "what": "test",
    "month": "month",
    "after closure": "product",
}


def sentence(pattern: Pattern, asked: int) -> str:
    """Why it is raised: `supplier S: 7 of 9 rejected lots, expected 2.1; p = 0.00025 …`."""
    name = f"{DIMENSIONS.get(pattern.dimension, pattern.dimension)} {pattern.value}"
    chance = f"p = {small(pattern.p)}, q = {small(pattern.q)} over {asked:,} questions"
    if pattern.dimension == "month":
        of = f"{pattern.count} of {pattern.marked}"
        told = f"the worst month for {hazard(pattern.outcome)} in {of} years"
    elif pattern.dimension == "after closure":
        told = f"{pattern.count} reports of {hazard(pattern.outcome)} after its recall was closed"
    else:
        what = THINGS.get(
            (pattern.kind, pattern.outcome),
            f"products with complaints about {hazard(pattern.outcome)}",
        )
        told = f"{pattern.count} of {pattern.marked} {what}"
    return f"{name}: {told}, expected {pattern.expected:.1f}; {chance}."


def small(value: float) -> str:
    """A chance with two digits that count.

    >>> small(0.000254), small(1.0), small(3e-7)
    ('0.00025', '1.0', '0.0000003')
    """
    if value >= 0.1:
        return f"{value:.2g}" if value < 1 else "1.0"
    digits = f"{value:.1e}"
    mantissa, _e, power = digits.partition("e")
    places = -int(power) + (0 if mantissa.endswith(".0") else 1)
    return f"{value:.{places}f}" if places <= 12 else f"{value:.0e}"


def hazard(key: str) -> str:
    """The title of a hazard of the list, in running text."""
    title = next((one.title for one in taxonomy().hazards if one.key == key), key)
    return title[0].lower() + title[1:]
