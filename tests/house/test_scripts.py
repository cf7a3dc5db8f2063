"""What the scripts in `bin` find, and what they say when they find nothing."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from tests.house.tree import ROOT

NEEDED = "bash cat dirname find id"


def machine(folder: Path, *more: str) -> dict[str, str]:
    """An environment with only these commands on PATH, each of which does what it does here."""
    for name in NEEDED.split():
        found = shutil.which(name)
        assert found, name
        (folder / name).symlink_to(found)
    for name in more:
        (folder / name).write_text("#!/bin/sh\n")
        (folder / name).chmod(0o755)
    return {"PATH": str(folder)}


def need_chromium(folder: Path, *more: str) -> subprocess.CompletedProcess[str]:
    """Run it in a checkout without a .venv, on a machine that has no more than these."""
    (folder / "checkout" / "bin").mkdir(parents=True)
    script = shutil.copy(ROOT / "bin" / "need-chromium", folder / "checkout" / "bin")
    env = machine(folder, *more)
    return subprocess.run([script], env=env, capture_output=True, text=True, check=False)


def test_a_machine_without_a_browser_is_told_how_to_get_one(tmp_path: Path) -> None:
    said = need_chromium(tmp_path)
    assert said.returncode == 1
    assert "apt-get install chromium" in said.stderr


def test_any_of_the_browsers_is_enough(tmp_path: Path) -> None:
    assert need_chromium(tmp_path, "google-chrome").returncode == 0
