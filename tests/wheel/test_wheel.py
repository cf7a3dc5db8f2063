"""The wheel alone, in an empty environment, is a whole Holdfast."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import urllib.request
import zipfile
from pathlib import Path

import pytest

from tests.plugins.instance import Instance

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [pytest.mark.once, pytest.mark.xdist_group("wheel")]


def _run(*words: str | Path) -> None:
    env = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    done = subprocess.run(words, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{words}\n{done.stdout}\n{done.stderr}"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout, built as `bin/wheel` builds it."""
    folder = tmp_path_factory.mktemp("dist")
    _run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory, wheel: Path) -> Path:
    """An environment with the run-time lock and the wheel, and nothing of this checkout."""
    folder = tmp_path_factory.mktemp("bare")
    _run(sys.executable, "-m", "venv", folder)
    python = folder / "bin" / "python"
    uv = shutil.which("uv", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    install = (
        [uv, "pip", "install", "-q", "--python", python]
        if uv
        else [python, "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    )
    _run(*install, "--require-hashes", "-r", ROOT / "requirements.lock")
    _run(*install, "--no-deps", "--no-index", wheel)
    return folder


def test_the_wheel_holds_every_file_of_the_package(wheel: Path) -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "src/holdfast"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\0")
    wanted = {name.removeprefix("src/") for name in listed if name and (ROOT / name).is_file()}
    with zipfile.ZipFile(wheel) as archive:
        held = set(archive.namelist())
    assert wanted
    assert wanted - held == set()
    assert any(name.endswith("licenses/LICENSE") for name in held)


def test_the_installed_wheel_asks_for_what_the_lock_holds(bare: Path) -> None:
    _run(bare / "bin" / "python", "-m", "pip", "check")


def test_the_installed_wheel_serves_the_demo(bare: Path, tmp_path: Path) -> None:
    env = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("HOLDFAST_", "PYTHON", "DJANGO_", "VIRTUAL_ENV"))
    }
    env["HOLDFAST_HOME"] = str(tmp_path / "home")
    installed = Instance(tmp_path / "home", env, [str(bare / "bin" / "holdfast")], tmp_path)
    serving = installed.serve("demo", "--no-browser")
    try:
        with urllib.request.urlopen(serving.url, timeout=30) as page:
            text = page.read().decode()
        assert "<html" in text
        for address in _assets(text):
            with urllib.request.urlopen(serving.url + address, timeout=30) as asset:
                assert asset.status == 200, address
    finally:
        serving.stop()


def _assets(page: str) -> list[str]:
    import re

    found = re.findall(r'(?:href|src)="(/static/[^"]+)"', page)
    assert found, "a page without a style sheet"
    return found
