"""Hypothesis: the same examples each time here, many more with HYPOTHESIS_PROFILE=soak."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

# A shared machine is slow at times; that is no property of the code.
_CALM = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("test", derandomize=True, **_CALM)
settings.register_profile("soak", max_examples=2_000, print_blob=True, **_CALM)


def examples(number: int) -> int:
    """How many examples of a dear property `make test` takes; `make soak` takes all of its own."""
    if _PROFILE == "soak":
        return max(number, settings().max_examples)
    # What is searched for is a fault of thinking, by SQLite; PostgreSQL meets the same questions.
    return max(4, number // 3) if "HOLDFAST_DATABASE_URL" in os.environ else number


_PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "test")
settings.load_profile(_PROFILE)
