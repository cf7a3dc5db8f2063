"""Engines beyond the two that are always tested: what is absent is named at the end of a run."""

from __future__ import annotations

import importlib.util
import shutil
from typing import Any

TEST = "test_spark_and_clickhouse_say"
NEEDS = {"spark": ("pyspark", "bin/need-spark"), "clickhouse": ("chdb", "bin/scale")}


def absent() -> dict[str, str]:
    """Engine -> why the portable trace is not asked on it here."""
    found = {}
    for engine, (package, brought_by) in NEEDS.items():
        if importlib.util.find_spec(package) is None:
            found[engine] = f"{package} is not installed ({brought_by} brings it)"
        elif engine == "spark" and shutil.which("java") is None:
            found[engine] = "there is no java on PATH"
    return found


def pytest_collection_modifyitems(config: Any, items: list[Any]) -> None:
    """Tests of an engine that is not here stay out; the end of the run says so."""
    missing = absent()
    out = [
        item
        for item in items
        if item.name.startswith(TEST) and item.callspec.params["engine"] in missing
    ]
    if out:
        config.hook.pytest_deselected(items=out)
        items[:] = [item for item in items if item not in out]


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say what did not run, and why."""
    missing = absent()
    if missing:
        terminalreporter.section("NOT RUN: the trace on other engines", yellow=True, bold=True)
        for engine, reason in missing.items():
            terminalreporter.write_line(f"{engine}: {reason}")
