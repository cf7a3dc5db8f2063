"""Gamma and Poisson functions the tests need, over arrays; checked against known values."""

from __future__ import annotations

from math import lgamma

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_TINY = 1e-300
_TERMS = 3_000
_CLOSE = 1e-13


def log_gamma(values: Floats) -> Floats:
    """ln Γ(x) for x > 0; each distinct value is worked out once."""
    distinct, back = np.unique(values, return_inverse=True)
    found = np.array([lgamma(one) for one in distinct.tolist()])
    return np.asarray(found[back].reshape(np.shape(values)), dtype=np.float64)


def digamma(values: Floats) -> Floats:
    """ψ(x) for x > 0, by recurrence to x ≥ 10 and the asymptotic series (error below 1e-12)."""
    x = np.array(values, dtype=np.float64, copy=True)
    low = np.zeros_like(x)
    while np.any(small := x < 10):
        low[small] -= 1 / x[small]
        x[small] += 1
    r = 1 / (x * x)
    series = r * (1 / 12 - r * (1 / 120 - r * (1 / 252 - r * (1 / 240 - r * (1 / 132)))))
    return np.asarray(low + np.log(x) - 0.5 / x - series, dtype=np.float64)


def gamma_below(shape: Floats, x: Floats) -> Floats:
    """P(shape, x): the share of a gamma distribution of rate 1 that lies below x."""
    a, x = np.broadcast_arrays(np.asarray(shape, np.float64), np.asarray(x, np.float64))
    answer = np.zeros(a.shape)
    low = (x > 0) & (x < a + 1)
    high = (x > 0) & ~low
    if low.any():
        answer[low] = _series(a[low], x[low])
    if high.any():
        answer[high] = 1 - _fraction(a[high], x[high])
    return np.clip(answer, 0.0, 1.0)


def poisson_at_least(count: Floats, expected: Floats) -> Floats:
    """P(X ≥ count) of a Poisson variable; counts need not be whole."""
    count, expected = np.broadcast_arrays(
        np.asarray(count, np.float64), np.asarray(expected, np.float64)
    )
    answer = np.ones(count.shape)
    some = count > 0
    answer[some] = gamma_below(count[some], expected[some])
    return answer


def _front(a: Floats, x: Floats) -> Floats:
    return np.asarray(np.exp(a * np.log(x) - x - log_gamma(a)), dtype=np.float64)


def _series(a: Floats, x: Floats) -> Floats:
    term = 1 / a
    total = term.copy()
    step = a.copy()
    for _ in range(_TERMS):
        step = step + 1
        term = term * x / step
        total = total + term
        if np.all(np.abs(term) < np.abs(total) * _CLOSE):
            break
    return np.asarray(total * _front(a, x), dtype=np.float64)


def _fraction(a: Floats, x: Floats) -> Floats:
    b = x + 1 - a
    c = np.full_like(b, 1 / _TINY)
    d = 1 / b
    whole = d.copy()
    for n in range(1, _TERMS):
        by = -n * (n - a)
        b = b + 2
        d = by * d + b
        d = 1 / np.where(np.abs(d) < _TINY, _TINY, d)
        c = b + by / c
        c = np.where(np.abs(c) < _TINY, _TINY, c)
        change = d * c
        whole = whole * change
        if np.all(np.abs(change - 1) < _CLOSE):
            break
    return np.asarray(whole * _front(a, x), dtype=np.float64)
