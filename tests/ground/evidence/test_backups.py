"""Backup while people write, restore elsewhere: nothing acknowledged is lost, nothing is sent."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from holdfast.ground.evidence.backups import restore
from holdfast.kit.refusals import Forbidden, Unreadable
from tests.ground.journal.test_many_writers import write
from tests.plugins.instance import Instance, instances

pytestmark = pytest.mark.xdist_group("backups")

#: Whether a home may send, after it was given the chance to take the database for its own.
MAY_SEND = """
from datetime import UTC, datetime
from holdfast.config.start import start
start()
from django.conf import settings
from holdfast.ground.outbox.actions import found_mark
from holdfast.ground.outbox.queries import why_not_to_send
from holdfast.kit.actors import SYSTEM

found_mark(home=settings.HOME, mark="mine", by=SYSTEM, now=datetime.now(UTC))
print("because:", why_not_to_send(settings.HOME))
"""


@pytest.fixture(scope="module")
def instance(
    tmp_path_factory: pytest.TempPathFactory, postgres_server: str | None
) -> Iterator[Instance]:
    with instances(tmp_path_factory.mktemp("backups"), postgres_server) as make:
        made = make()
        made.run("doctor", "--json", expect=None)
        yield made


def embedded(instance: Instance) -> bool:
    return "HOLDFAST_DATABASE_URL" not in instance.env


def test_a_backup_under_writes_restores_to_a_sound_instance(
    instance: Instance, tmp_path: Path
) -> None:
    if not embedded(instance):
        refused = instance.json("backup", tmp_path / "b.zip", expect=2)
        assert refused["error"]["code"] == "not_embedded"
        assert "pg_dump" in refused["error"]["hint"]
        return
    writer = write(instance, "busy", 100_000)
    assert writer.stdout is not None
    writer.stdout.readline()
    before = instance.json("doctor", expect=None)["journal"]["entries"]
    done = instance.json("backup", tmp_path / "b.zip")
    writer.kill()
    writer.communicate()
    assert done["journal"]["entries"] >= before
    home = tmp_path / "again"
    said = instance.json("restore", tmp_path / "b.zip", "--to", home)
    assert said["journal"] == done["journal"]
    sending = subprocess.run(
        [sys.executable, "-c", MAY_SEND],
        env={**instance.env, "HOLDFAST_HOME": str(home)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "copy of another" in sending.stdout.splitlines()[-1]
    report = instance.json("doctor", HOLDFAST_HOME=str(home), expect=None)
    assert report["journal"]["entries"] >= done["journal"]["entries"]
    assert all(check["ok"] for check in report["checks"] if check["code"] == "integrity")
    package = tmp_path / "p.zip"
    exported = instance.json("evidence", "export", "--out", package, HOLDFAST_HOME=str(home))
    assert exported["faults"] == []
    assert instance.json("evidence", "verify", package)["ok"]
    assert (home / "secret.key").read_bytes() == (instance.home / "secret.key").read_bytes()
    assert (home / "secret.key").stat().st_mode & 0o077 == 0


def test_copying_the_file_of_a_live_database_is_not_what_a_backup_does(
    instance: Instance, tmp_path: Path
) -> None:
    """The copy in the backup is one file: no log beside it is needed to read it."""
    if not embedded(instance):
        return
    instance.json("backup", tmp_path / "b.zip")
    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        assert not any("-wal" in name or "instance" in name for name in archive.namelist())
        (tmp_path / "only.db").write_bytes(archive.read("holdfast.db"))
    database = sqlite3.connect(tmp_path / "only.db")
    assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert database.execute("SELECT COUNT(*) FROM journal_entry").fetchone()[0] >= 1
    database.close()


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    """A backup made by hand, small enough to spoil in every way."""
    database = tmp_path / "made.db"
    connection = sqlite3.connect(database)
    connection.execute('CREATE TABLE journal_entry ("index" INTEGER, root TEXT)')
    connection.execute("INSERT INTO journal_entry VALUES (1, 'abc')")
    connection.commit()
    connection.close()
    return pack(tmp_path / "made.zip", {"holdfast.db": database.read_bytes(), "secret.key": b"k"})


def pack(path: Path, held: dict[str, bytes], **more: object) -> Path:
    from hashlib import sha256

    said = {
        "format": "holdfast backup 1",
        "journal": {"entries": 1, "root": "abc"},
        "files": {
            name: {"bytes": len(content), "sha256": sha256(content).hexdigest()}
            for name, content in held.items()
        },
        **more,
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in held.items():
            archive.writestr(name, content)
        archive.writestr("backup.json", json.dumps(said))
    return path


def test_a_whole_backup_is_restored(backup: Path, tmp_path: Path) -> None:
    assert restore(backup=backup, to=tmp_path / "home")["journal"] == {"entries": 1, "root": "abc"}
    assert (tmp_path / "home" / "secret.key").read_bytes() == b"k"


@pytest.mark.parametrize(
    "name", ["../evil", "/etc/evil", "files/../../evil", "instance.json", "x.py"]
)
def test_a_backup_that_writes_elsewhere_is_refused(backup: Path, tmp_path: Path, name: str) -> None:
    with zipfile.ZipFile(backup) as archive:
        database = archive.read("holdfast.db")
    spoiled = pack(tmp_path / "evil.zip", {"holdfast.db": database, name: b"x"})
    with pytest.raises(Unreadable, match="no file of a backup"):
        restore(backup=spoiled, to=tmp_path / "home")
    assert not (tmp_path / "home").exists()
    assert not (tmp_path / "evil").exists()
    assert [each for each in tmp_path.iterdir() if each.name.startswith(".")] == []


def test_a_damaged_backup_is_refused_wherever_it_is_damaged(backup: Path, tmp_path: Path) -> None:
    whole = backup.read_bytes()
    for at in range(0, len(whole), 41):
        spoiled = tmp_path / "spoiled.zip"
        spoiled.write_bytes(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
        home = tmp_path / f"home{at}"
        try:
            restore(backup=spoiled, to=home)
        except Unreadable:
            assert not home.exists()
        else:  # a byte of the archive that is neither name nor content
            assert (home / "secret.key").read_bytes() == b"k"
    for size in range(0, len(whole), 211):
        (tmp_path / "cut.zip").write_bytes(whole[:size])
        with pytest.raises(Unreadable):
            restore(backup=tmp_path / "cut.zip", to=tmp_path / "cut")


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"format": "other"}, "not made as"),
        ({"journal": {"entries": 2, "root": "abc"}}, "does not end where"),
        ({"files": {}}, "not made as"),
        ({"files": []}, "cannot be restored"),
    ],
)
def test_a_backup_that_says_something_else_than_it_holds_is_refused(
    backup: Path, tmp_path: Path, more: dict[str, object], why: str
) -> None:
    with zipfile.ZipFile(backup) as archive:
        database = archive.read("holdfast.db")
    spoiled = pack(tmp_path / "other.zip", {"holdfast.db": database}, **more)
    with pytest.raises(Unreadable, match=why):
        restore(backup=spoiled, to=tmp_path / "home")


def test_nothing_is_restored_over_anything(backup: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    restore(backup=backup, to=home)
    for there in (home, backup):
        with pytest.raises(Forbidden, match="not an empty folder"):
            restore(backup=backup, to=there)
    with pytest.raises(Unreadable, match="not there"):
        restore(backup=tmp_path / "none.zip", to=tmp_path / "new")


def test_restore_needs_no_instance_of_its_own(backup: Path, tmp_path: Path) -> None:
    env = {**os.environ, "HOLDFAST_HOME": str(tmp_path / "untouched"), "PYTHONPATH": "src"}
    done = subprocess.run(
        [sys.executable, "-m", "holdfast", "restore", backup, "--to", tmp_path / "home", "--json"],
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "untouched").exists()
