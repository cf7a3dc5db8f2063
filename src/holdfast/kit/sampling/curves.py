"""What a plan lets through: probability of acceptance and average outgoing quality."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import exp, lgamma, log

from holdfast.kit.sampling.plans import Plan

_HALVINGS = 60
_POINTS = 400


def binomial_at_most(most: int, size: int, share: float) -> float:
    """P(X ≤ most) of `size` drawn from a process with this share nonconforming."""
    if most >= size or share <= 0:
        return 1.0
    if most < 0 or share >= 1:
        return 0.0
    whole = lgamma(size + 1)
    odds, none = log(share), log(1 - share)
    terms = (
        exp(whole - lgamma(x + 1) - lgamma(size - x + 1) + x * odds + (size - x) * none)
        for x in range(most + 1)
    )
    return min(1.0, sum(terms))


def poisson_at_most(most: int, mean: float) -> float:
    """P(X ≤ most) of a Poisson variable."""
    if most < 0:
        return 0.0
    if mean <= 0:
        return 1.0
    terms = (exp(x * log(mean) - mean - lgamma(x + 1)) for x in range(most + 1))
    return min(1.0, sum(terms))


def hypergeometric_at_most(most: int, lot_size: int, bad: int, size: int) -> float:
    """P(X ≤ most) of `size` drawn without putting back from a lot with `bad` nonconforming ones."""
    least = max(0, size - (lot_size - bad))
    most = min(most, size, bad)
    if most < least:
        return 0.0
    whole = _ways(lot_size, size)
    terms = (
        exp(_ways(bad, x) + _ways(lot_size - bad, size - x) - whole) for x in range(least, most + 1)
    )
    return min(1.0, sum(terms))


def _ways(of: int, take: int) -> float:
    """The logarithm of the number of ways to take so many."""
    return lgamma(of + 1) - lgamma(take + 1) - lgamma(of - take + 1)


def acceptance(plan: Plan, share: float) -> float:
    """Probability that a lot is accepted from a process of this quality.

    `share` is the share of nonconforming items; for AQLs above 10 the nonconformities an item.
    Reduced inspection accepts up to one below its rejection number, as its rule says.
    """
    if plan.is_per_hundred:
        return poisson_at_most(plan.reject - 1, plan.sample_size * share)
    return binomial_at_most(plan.reject - 1, plan.sample_size, share)


def acceptance_of_lot(plan: Plan, bad: int) -> float:
    """Probability that this very lot is accepted when `bad` of it are nonconforming."""
    return hypergeometric_at_most(plan.reject - 1, plan.lot_size, bad, plan.sample_size)


def operating_curve(plan: Plan, shares: Iterable[float]) -> list[tuple[float, float]]:
    """Points (share nonconforming, probability of acceptance)."""
    return [(share, acceptance(plan, share)) for share in shares]


def quality_accepted(plan: Plan, probability: float) -> float:
    """The share nonconforming at which lots are accepted with this probability."""
    largest = 1.0 if not plan.is_per_hundred else max(1.0, 4.0 * plan.reject / plan.sample_size)
    return _falling(lambda share: acceptance(plan, share), probability, 0.0, largest)


def outgoing(plan: Plan, share: float) -> float:
    """Average outgoing quality: what stays in stock where rejected lots are sorted out whole."""
    return share * acceptance(plan, share) * (1 - plan.sample_size / plan.lot_size)


def worst_outgoing(plan: Plan) -> tuple[float, float]:
    """The AOQL: the worst average outgoing quality, and the incoming share it comes from."""
    if plan.is_whole_lot:
        return 0.0, 0.0
    most = quality_accepted(plan, 0.001)
    shares = (most * i / _POINTS for i in range(_POINTS + 1))
    return max((outgoing(plan, share), share) for share in shares)


def _falling(function: Callable[[float], float], value: float, low: float, high: float) -> float:
    """Where a falling function reaches the value."""
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if function(middle) >= value:
            low = middle
        else:
            high = middle
    return (low + high) / 2
