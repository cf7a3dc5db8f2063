"""Histories made by chance with a known day on which something went wrong, to measure a rule by.

Every rule gets the threshold at which so many quiet histories alarm by chance; then its power and
delay can be set beside CUSUM that is told the true rates, than which nothing is faster.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from holdfast.kit.signals.burst import log_likelihood_ratio
from holdfast.kit.signals.cusum import cusum
from holdfast.kit.signals.detector import Detector
from holdfast.kit.signals.report import Report
from holdfast.kit.signals.special import Floats

Path = Callable[[Floats], Sequence[float]]
_BEGIN = date(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class Setting:
    """Reports a day as usual, how many times as many after `onset`, and how long it is watched.

    In the first `learning` days no alarm counts, by any rule: a product that is new is news.
    """

    per_day: float
    risk: float
    onset: int
    days: int
    learning: int = 0


@dataclass(frozen=True, slots=True)
class Performance:
    """Of histories with a known onset: share alarmed after it, and the mean delay of those."""

    threshold: float
    power: float
    mean_delay: float
    early: float  # share that alarmed before the onset


def counts(setting: Setting, histories: int, chance: np.random.Generator) -> Floats:
    """Reports by history and day."""
    rate = np.full(setting.days, setting.per_day)
    rate[setting.onset :] *= setting.risk
    return chance.poisson(rate, (histories, setting.days)).astype(np.float64)


def knowing(setting: Setting) -> Path:
    """CUSUM told the usual rate and the risk: the optimum."""
    usual = [setting.per_day] * setting.days
    return lambda told: cusum(told.tolist(), usual, setting.risk)


def maximised(setting: Setting) -> Path:
    """The statistic of Poisson MaxSPRT, told the usual rate."""

    def path(told: Floats) -> list[float]:
        sums = told.cumsum()
        return [
            log_likelihood_ratio(float(n), setting.per_day * (at + 1)) for at, n in enumerate(sums)
        ]

    return path


def detecting(told: Floats) -> list[float]:
    """The product's detector, told nothing but the reports."""
    detector, scores = Detector(), []
    for at, number in enumerate(told):
        on = _BEGIN + timedelta(days=at)
        reports = [
            Report(f"{at}-{one}", "s", "maker", "thing", ("fire",), on, on, harm=1)
            for one in range(int(number))
        ]
        found = detector.hear(on, reports)
        scores.append(found[0].score if found else 0.0)
    return scores


def performance(
    path: Path,
    setting: Setting,
    chance: np.random.Generator,
    *,
    histories: int = 200,
    quiet_alarms: float = 0.05,
) -> Performance:
    """Measure one rule: threshold from quiet histories, then histories with the onset."""
    quiet = replace(setting, risk=1.0)
    learned = setting.learning
    highest = [max(path(told)[learned:]) for told in counts(quiet, histories, chance)]
    threshold = float(np.quantile(highest, 1 - quiet_alarms)) + 1e-9
    early, delays = 0, []
    for told in counts(setting, histories, chance):
        scores = path(told)
        first = next((at for at in range(learned, len(scores)) if scores[at] >= threshold), None)
        if first is not None and first < setting.onset:
            early += 1
        elif first is not None:
            delays.append(first - setting.onset + 1)
    left = histories - early
    return Performance(
        threshold,
        len(delays) / left if left else 0.0,
        float(np.mean(delays)) if delays else float("nan"),
        early / histories,
    )
