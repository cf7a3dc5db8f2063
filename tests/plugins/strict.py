"""Nothing is left out quietly: a skip fails the run, tests without their data are named."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
NAME = "holdfast-strict"
# What a test asks for that meets the database of the lane; a marker `django_db` does as well.
DATABASES = frozenset("db transactional_db django_db_setup live_server postgres_server".split())


def data_folder() -> Path:
    """HOLDFAST_SHARED_DATA, else the folder that stands beside the checkout."""
    named = os.environ.get("HOLDFAST_SHARED_DATA")
    return Path(named) if named else ROOT.parent / "shared" / "data"


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real data; whoever asks for it is marked `real_data`."""
    folder = data_folder()
    if not folder.is_dir():
        pytest.fail(
            f"the real data is not at {folder}; name its folder in HOLDFAST_SHARED_DATA",
            pytrace=False,
        )
    return folder


def meets_a_database(item: pytest.Item) -> bool:
    """Whether the other database could change what comes of this test.

    Of the kit's none: import-linter keeps databases out of it. Elsewhere pytest-django refuses
    every query of a test that does not ask for a database, and no other fixture leads to a server.
    """
    if item.path.is_relative_to(ROOT / "tests" / "kit"):
        return False
    asks = DATABASES.intersection(getattr(item, "fixturenames", DATABASES))
    return bool(asks) or item.get_closest_marker("django_db") is not None


class Strict:
    """Remembers what did not run, in each worker and in the process that prints the end."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.skipped: dict[str, str] = {}
        self.absent: set[str] = set()

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """The real data is no part of the project: without it they stay out; in CI they fail."""
        for item in items:
            if "real_data" in getattr(item, "fixturenames", ()):
                item.add_marker(pytest.mark.real_data)
            if not meets_a_database(item):
                item.add_marker(pytest.mark.once)
        if data_folder().is_dir() or os.environ.get("CI"):
            return
        absent = [item for item in items if item.get_closest_marker("real_data")]
        if absent:
            self.absent |= {item.nodeid for item in absent}
            self.config.hook.pytest_deselected(items=absent)
            items[:] = [item for item in items if item.nodeid not in self.absent]

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A module that skips itself."""
        if report.skipped:
            self.skipped[report.nodeid] = _reason(report)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A test that skips itself, or that is expected to fail."""
        if report.skipped:
            self.skipped[report.nodeid] = _reason(report)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """A run with a skip in it has failed."""
        output = getattr(self.config, "workeroutput", None)
        if output is not None:
            output["skipped"], output["absent"] = self.skipped, sorted(self.absent)
        elif self.skipped and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """What a worker saw and xdist does not pass on by itself."""
        output = getattr(node, "workeroutput", {})
        self.skipped.update(output.get("skipped", {}))
        self.absent.update(output.get("absent", ()))

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say it where nobody overlooks it."""
        write = terminalreporter
        if self.skipped:
            write.section("SKIPPED, and here that is a failure", red=True, bold=True)
            for name, reason in sorted(self.skipped.items()):
                write.write_line(f"{name}: {reason}")
        if self.absent:
            write.section("NOT RUN: the real data is absent", yellow=True, bold=True)
            write.write_line(
                f"{len(self.absent)} tests read it and looked in {data_folder()} "
                "(name another folder in HOLDFAST_SHARED_DATA; with CI set they fail):"
            )
            for name in sorted(self.absent):
                write.write_line(f"  {name}")


def _reason(report: pytest.CollectReport | pytest.TestReport) -> str:
    if hasattr(report, "wasxfail"):
        return f"expected to fail: {report.wasxfail}"
    text = report.longrepr
    return str(text[2]) if isinstance(text, tuple) else str(text)


def pytest_configure(config: pytest.Config) -> None:
    """Watch this run."""
    config.pluginmanager.register(Strict(config), NAME)
