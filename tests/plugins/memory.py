"""What is found at the beginning stays to the end, so nobody looks through it for garbage."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

SELDOM = (10_000, 20, 20)  # a worker has memory to spare, and a core it has not


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection() -> Iterator[None]:
    """Thousands of tests and all modules are made here, and none of them goes."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
        gc.collect()
        gc.freeze()
        gc.set_threshold(*SELDOM)


def pytest_unconfigure() -> None:
    """DuckDB counts its own objects at the end and complains of those the collector left alone."""
    gc.unfreeze()
