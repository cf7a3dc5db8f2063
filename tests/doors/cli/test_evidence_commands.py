"""Evidence on the command line: exported, kept, tampered with, and named; with the agreed codes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.plugins.instance import Instance, instances

pytestmark = pytest.mark.xdist_group("evidence")


@pytest.fixture(scope="module")
def instance(
    tmp_path_factory: pytest.TempPathFactory, postgres_server: str | None
) -> Iterator[Instance]:
    with instances(tmp_path_factory.mktemp("evidence"), postgres_server) as make:
        made = make()
        made.json(
            *("recall", "open", "--product", "VL-10K", "--lot", "B17", "--outcome", "fire"),
        )
        yield made


@pytest.fixture(scope="module")
def package(instance: Instance, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("package") / "p.zip"
    instance.json("evidence", "export", "--out", path, "--checkpoint", path.with_suffix(".json"))
    return path


def rewritten(package: Path, there: Path, name: str, content: bytes) -> Path:
    with zipfile.ZipFile(package) as archive:
        files = {each: archive.read(each) for each in archive.namelist()}
    files[name] = content
    with zipfile.ZipFile(there, "w") as archive:
        for each, held in files.items():
            archive.writestr(each, held)
    return there


def test_doctor_export_and_verify_tell_the_same_journal(
    instance: Instance, package: Path, tmp_path: Path
) -> None:
    report = instance.json("doctor", expect=None)
    answer = instance.json("evidence", "verify", package)
    assert answer["ok"] is True
    assert answer["faults"] == []
    assert answer["journal"] == report["journal"]
    kept = tmp_path / "doctor.json"
    kept.write_text(json.dumps(report))
    for checkpoint in (kept, package.with_suffix(".json"), package):
        assert instance.json("evidence", "verify", package, "--checkpoint", checkpoint)["ok"]
    assert instance.json("doctor", expect=None)["tables"] == report["tables"]


def test_one_recall_is_exported_by_its_short_id(instance: Instance, tmp_path: Path) -> None:
    ref = instance.json("recall", "list")["recalls"][0]["recall"]
    done = instance.json("evidence", "export", ref, "--out", tmp_path / "one.zip")
    assert done["scope"] == ref
    assert instance.json("evidence", "verify", tmp_path / "one.zip")["scope"] == ref
    refused = instance.json(
        "evidence", "export", "R-1999-001", "--out", tmp_path / "no.zip", expect=2
    )
    assert refused["error"]["message"]
    assert not (tmp_path / "no.zip").exists()


def test_a_changed_byte_exits_1_and_names_entry_and_file(
    instance: Instance, package: Path, tmp_path: Path
) -> None:
    with zipfile.ZipFile(package) as archive:
        journal = archive.read("journal.jsonl")
    spoiled = rewritten(
        package, tmp_path / "x.zip", "journal.jsonl", journal.replace(b"fire", b"firE", 1)
    )
    answer = instance.json("evidence", "verify", spoiled, expect=1)
    entry = next(n for n, line in enumerate(journal.splitlines(), 1) if b"fire" in line)
    assert {fault.get("entry") for fault in answer["faults"]} == {None, entry}
    assert {fault["file"] for fault in answer["faults"]} == {"journal.jsonl"}
    told = instance.run("evidence", "verify", spoiled, expect=1)
    assert f"entry {entry} (journal.jsonl)" in told.out


def test_what_cannot_be_read_exits_2_with_one_object(instance: Instance, tmp_path: Path) -> None:
    nothing = tmp_path / "nothing.zip"
    assert instance.json("evidence", "verify", nothing, expect=2)["error"]["file"] == str(nothing)
    nothing.write_bytes(b"hello")
    error = instance.json("evidence", "verify", nothing, expect=2)["error"]
    assert error["code"] == "not_a_package"
    assert error["hint"]
    assert instance.json("evidence", "verify", expect=2)["error"]["code"] == "usage"
    out = tmp_path / "no" / "p.zip"
    assert instance.json("evidence", "export", "--out", out, expect=2)["error"]["file"] == str(out)


def test_verifying_wakes_no_database_and_makes_no_home(package: Path, tmp_path: Path) -> None:
    home = tmp_path / "untouched"
    code = (
        "import sys; from holdfast.__main__ import main\n"
        "try: main()\n"
        "finally: print('django' in sys.modules, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "evidence", "verify", package, "--json"],
        env={**os.environ, "HOLDFAST_HOME": str(home), "PYTHONPATH": "src"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["ok"]
    assert done.stderr.strip() == "False"
    assert not home.exists()


def test_the_script_in_the_package_says_the_same_as_the_command(
    instance: Instance, package: Path, tmp_path: Path
) -> None:
    with zipfile.ZipFile(package) as archive:
        script = tmp_path / "verify.py"
        script.write_bytes(archive.read("verify.py"))
    done = subprocess.run(
        [sys.executable, "-I", "-S", script, package, "--json"],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
    )
    assert json.loads(done.stdout) == instance.json("evidence", "verify", package)


def test_a_file_is_attached_and_is_in_the_package(instance: Instance, tmp_path: Path) -> None:
    ref = instance.json("recall", "list")["recalls"][0]["recall"]
    report = tmp_path / "report.txt"
    report.write_bytes(b"the supplier's words")
    done = instance.json("evidence", "attach", ref, report, "--about", "decision:1")
    instance.json("evidence", "export", ref, "--out", tmp_path / "p.zip")
    with zipfile.ZipFile(tmp_path / "p.zip") as archive:
        assert archive.read(f"evidence/{done['sha256']}.txt") == b"the supplier's words"
    error = instance.json("evidence", "attach", ref, tmp_path / "none", expect=2)["error"]
    assert error["code"] == "unreadable"
    instance.json("evidence", "attach", "R-1999-001", report, expect=2)

    number = str(done["number"])
    nobody = instance.json("evidence", "erase", ref, "99", "--because", "x", expect=2)["error"]
    assert nobody["code"] == "no_such_file"
    erase = ("evidence", "erase", ref, number, "--because", "it shows a stranger")
    assert instance.json(*erase, "--dry-run")["dry_run"] is True
    gone = instance.json(*erase)
    assert gone["sha256"] == done["sha256"]
    again = instance.json("evidence", "erase", ref, number, "--because", "twice", expect=3)["error"]
    assert again["code"] == "already_erased"
    instance.json("evidence", "export", ref, "--out", tmp_path / "q.zip")
    with zipfile.ZipFile(tmp_path / "q.zip") as archive:
        assert not [name for name in archive.namelist() if done["sha256"] in name]
        assert b"it shows a stranger" in archive.read("absent.json")
    assert instance.json("evidence", "verify", tmp_path / "q.zip")["ok"] is True
