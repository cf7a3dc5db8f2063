"""How much more was told in a window than was to be expected: the score behind every alarm.

The expected number comes from two years of nothing much (the prior: half a report a year) and from
up to three years of the product's own past before the window; where that past is busy, from it
alone. The score is the log-likelihood ratio of a Poisson count above its expectation, which is what
Poisson MaxSPRT and scan statistics maximise.
"""

from __future__ import annotations

from math import log

WINDOWS = (15, 30, 60, 90, 180, 365)  # days
FEWEST = 3  # reports
PRIOR_REPORTS = 1.0
PRIOR_YEARS = 2.0
BUSY_YEARS = 0.02
QUIET_ODDS = 9.0  # before anything is known, nine of ten things are quiet
MOST_YEARS_BACK = 3.0
YEAR = 365.25
# Half of the score looks at the hazard alone, half at everything told of the product.
SHARE_OF_PRODUCT = 0.5
PRODUCT_PRIOR = 2.0  # how much more often a product is spoken of than one hazard of it
MAKER_PRIOR = 2.0  # and a maker than one of its products
HAZARD_PRIOR = 20.0  # reports; a hazard starts with an even share
HAZARDS_ABOUT = 16


def log_likelihood_ratio(count: float, expected: float) -> float:
    """Of a Poisson count against its expectation; 0 where it is not above it."""
    if count <= expected:
        return 0.0
    return count * log(count / expected) - (count - expected)


def expected_in(window: int, before: float, years_before: float, prior: float) -> float:
    """Weighted reports to be expected in `window` days after `before` in `years_before` years."""
    years = min(max(years_before, 0.0), MOST_YEARS_BACK)
    prior_years = BUSY_YEARS if is_busy(before, years, prior) else PRIOR_YEARS
    return (prior * PRIOR_REPORTS + before) / (prior_years + years) * window / YEAR


def is_busy(before: float, years: float, prior: float) -> bool:
    """Is the past likelier of a thing that is spoken of all the time than of a quiet one?

    Of a busy one its own past says what is usual, and the prior next to nothing.
    """
    if years <= 0:
        return False
    shape = prior * PRIOR_REPORTS
    quiet, busy = PRIOR_YEARS + years, BUSY_YEARS + years
    odds = log(QUIET_ODDS) + shape * log(PRIOR_YEARS / quiet * busy / BUSY_YEARS)
    return odds + before * log(busy / quiet) < 0


def hazard_prior(told: float, of_all: float) -> float:
    """How common a hazard is among what is told, against an even share; its square root."""
    share = (told + HAZARD_PRIOR / HAZARDS_ABOUT) / (of_all + HAZARD_PRIOR)
    return float((share * HAZARDS_ABOUT) ** 0.5)
