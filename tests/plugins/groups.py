"""Who runs what, and when: tests of one `xdist_group` in one process, the longest first."""

from __future__ import annotations

from pathlib import Path

import pytest
from _pytest.nodeid import NodeId

ROOT = Path(__file__).resolve().parents[2]
# Single tests of half a minute; begun last they would leave one core idle at the end.
LONG = ("tests/stories", "tests/wheel", "tests/browser", "tests/doors/cli", "tests/ground/outbox")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put long tests first, and the group into the name, which is what the scheduler reads."""
    if not hasattr(config, "workerinput"):
        return
    items.sort(key=lambda item: not item.path.relative_to(ROOT).as_posix().startswith(LONG))
    for item in items:
        mark = item.get_closest_marker("xdist_group")
        # xdist 3.8 writes the group where pytest 9.2 does not look any more.
        if mark and "@" not in item.nodeid.rpartition("]")[2]:
            item._id = NodeId.parse(f"{item.nodeid}@{mark.args[0]}")  # type: ignore[attr-defined]
            assert item.nodeid.endswith(f"@{mark.args[0]}"), "pytest keeps names elsewhere now"
