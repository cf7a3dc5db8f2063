"""The wheel alone, in an empty environment, is a whole Holdfast."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import urllib.request
import zipfile
from dataclasses import dataclass
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


@dataclass
class Bare:
    """An environment with the run-time lock and the wheel, and nothing of this checkout."""

    folder: Path

    def __post_init__(self) -> None:
        uv = shutil.which(
            "uv", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        )
        _run(sys.executable, "-m", "venv", *(["--without-pip"] if uv else []), self.folder)
        self.python = self.folder / "bin" / "python"
        self.pip: list[str | Path] = [uv, "pip"] if uv else [self.python, "-m", "pip"]
        self.here = ["--python", self.python] if uv else ["--disable-pip-version-check"]

    def install(self, *words: str | Path) -> None:
        _run(*self.pip, "install", "-q", *self.here, *words)

    def check(self) -> None:
        """Fail where a package is missing that another asks for, or has another version."""
        _run(*self.pip, "check", *self.here)


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory, wheel: Path) -> Bare:
    """The wheel, installed as anybody would."""
    made = Bare(tmp_path_factory.mktemp("bare"))
    made.install("--require-hashes", "-r", ROOT / "requirements.lock")
    made.install("--no-deps", "--no-index", wheel)
    return made


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


def test_the_installed_wheel_asks_for_what_the_lock_holds(bare: Bare) -> None:
    bare.check()


def test_the_installed_wheel_serves_the_demo(bare: Bare, tmp_path: Path) -> None:
    env = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("HOLDFAST_", "PYTHON", "DJANGO_", "VIRTUAL_ENV"))
    }
    env["HOLDFAST_HOME"] = str(tmp_path / "home")
    installed = Instance(tmp_path / "home", env, [str(bare.folder / "bin" / "holdfast")], tmp_path)
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
