"""What is committed: locks with hashes and no hosts, no folder of a machine, a licence."""

from __future__ import annotations

import os
import re
import tomllib
from pathlib import Path

from tests.house.tree import ROOT, none, tracked

# Written apart, so that this file does not find itself.
HOSTS = re.compile(
    "|".join(
        [
            r"py" + r"pi\.org",
            r"python" + r"hosted\.org",
            r"registry\." + r"npm",
            r"npm" + r"js\.(org|com)",
            r"deb\." + r"debian\.org",
            r"(?<!emit-)index-" + r"url",
            r"crates\." + r"io",
        ]
    )
)
TEXT_LIMIT = 3_000_000
PIN = re.compile(r"^([A-Za-z0-9._-]+)(\[[^\]]*\])?==([^\s;\\]+)", re.MULTILINE)
PLACES = re.compile(r"(?<![\w.~-])/(?:root|home/[a-z]\w*|Users/\w+|work)/[\w.]")


def lock(name: str) -> dict[str, str]:
    """The pins of a lock, by normalised name."""
    text = (ROOT / name).read_text("utf-8")
    return {re.sub(r"[-_.]+", "-", n).lower(): version for n, _, version in PIN.findall(text)}


def unhashed(text: str) -> list[str]:
    """Pins without a hash, and lines that name a place."""
    faults = []
    for block in re.split(r"\n(?=[A-Za-z0-9])", text.strip()):
        if not PIN.match(block):
            faults.append(f"{block.splitlines()[0]}: is no pin")
        elif "--hash=sha256:" not in block:
            faults.append(f"{block.splitlines()[0]}: no hash")
        if "://" in block or "--index" in block or "--find-links" in block:
            faults.append(f"{block.splitlines()[0]}: names a place")
    return faults


def readable() -> list[tuple[str, str]]:
    """Every committed text."""
    found = []
    for path in tracked():
        raw = path.read_bytes() if path.stat().st_size < TEXT_LIMIT else b"\0"
        if b"\0" not in raw[:4096]:
            found.append((path.relative_to(ROOT).as_posix(), raw.decode("utf-8", "replace")))
    return found


def places(path: str, text: str) -> list[str]:
    """Hosts of package registries and folders of somebody's machine."""
    here = (
        [rf"(?<![\w.~-]){re.escape(str(ROOT.parent))}/"]
        if ROOT.parent not in {Path("/"), Path("/tmp")}
        else []
    )
    own = re.compile("|".join([HOSTS.pattern, PLACES.pattern, *here]))
    return [
        f"{path}:{number}: {found.group()}"
        for number, line in enumerate(text.splitlines(), 1)
        if (found := own.search(line))
    ]


def test_locks_have_hashes_and_no_hosts() -> None:
    for name in sorted(path.name for path in ROOT.glob("requirements*.lock")):
        none(unhashed((ROOT / name).read_text("utf-8")))


def test_a_pin_without_a_hash_is_found() -> None:
    assert unhashed("six==1.16.0\nattrs==1 \\\n    --hash=sha256:ab")
    assert unhashed("six @ https://example.org/six.whl \\\n    --hash=sha256:ab")
    assert not unhashed("six==1.16.0 \\\n    --hash=sha256:ab")


def test_what_is_tested_is_what_is_run() -> None:
    run, dev = lock("requirements.lock"), lock("requirements-dev.lock")
    assert run
    assert {name: dev.get(name) for name in run} == run


def test_the_locks_hold_what_the_project_asks_for() -> None:
    with (ROOT / "pyproject.toml").open("rb") as file:
        project = tomllib.load(file)
    for name, wanted in (
        ("requirements.lock", project["project"]["dependencies"]),
        ("requirements-dev.lock", project["dependency-groups"]["dev"]),
        ("requirements-spark.lock", project["dependency-groups"]["spark"]),
        ("requirements-photos.lock", project["dependency-groups"]["photos"]),
    ):
        asked = {re.split(r"[\[<>=!~; ]", line)[0].lower().replace("_", "-") for line in wanted}
        assert asked <= set(lock(name))


def test_no_host_and_no_folder_of_a_machine_is_committed() -> None:
    none([fault for path, text in readable() for fault in places(path, text)])


def test_hosts_and_folders_are_found() -> None:
    slash = "/"
    for text in (
        f"cd {slash}root/holdfast",
        f"{slash}home/ana/x",
        f"{slash}work/main",
        "https://" + "py" + "pi.org/simple",
    ):
        assert places("x", text), text
    assert not places("x", "see src/holdfast/homework/order.py and ../shared/data")


def test_scripts_can_be_run() -> None:
    scripts = [ROOT / ".ci" / "run", *(ROOT / "bin").iterdir(), *(ROOT / "examples").glob("*.sh")]
    for script in scripts:
        if script.is_file() and script.suffix in {"", ".sh"}:
            assert os.access(script, os.X_OK), script
            assert script.read_bytes()[:2] == b"#!", script


def test_the_licence_is_whole() -> None:
    text = (ROOT / "LICENSE").read_text("utf-8")
    assert "Apache License" in text
    assert "END OF TERMS AND CONDITIONS" in text
    assert len(text.split()) > 1_500
