"""A command that only reads starts in under half a second: it loads nothing it does not use."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.plugins.instance import environment, run_process

pytestmark = pytest.mark.once
# A tenth of a second each, or near it.
DEAR = {
    "duckdb",
    "holidays",
    "icalendar",
    "numpy",
    "openpyxl",
    "PIL",
    "pyarrow",
    "typst",
    "zxingcpp",
}
CODE = """
import sys
from holdfast.config.start import start
from holdfast.doors.cli.run import run
code = run(["recall", "list"], start=start)
print(*sorted({name.partition(".")[0] for name in sys.modules}))
sys.exit(code)
"""


def test_a_command_that_reads_a_little_loads_no_dear_library(tmp_path: Path) -> None:
    run_process([sys.executable, "-c", CODE], env=environment(tmp_path, None))  # makes the tables
    done = run_process([sys.executable, "-c", CODE], env=environment(tmp_path, None), anew=True)
    assert done.returncode == 0, done.stderr
    loaded = set(done.stdout.split())
    assert "sqlite3" in loaded
    assert loaded & DEAR == set()
