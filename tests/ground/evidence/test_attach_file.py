"""Attached files: kept by their digest, never twice, never half, and erasable."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from holdfast.ground.evidence import store
from holdfast.ground.evidence.actions import attach_file, erase_file
from holdfast.ground.evidence.models import EvidenceFile
from holdfast.ground.evidence.queries import content_of, evidence_file, files_of, what_is_wrong
from holdfast.ground.journal.models import Entry
from holdfast.kit.actors import Actor
from holdfast.kit.refusals import Forbidden, NotFound, NotPermitted, Unreadable

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LEAD = Actor("person:1", "Lead", frozenset({"lead"}), 1)
VIEWER = Actor("person:2", "Viewer", frozenset({"viewer"}), 2)


@pytest.fixture(autouse=True)
def home(settings, tmp_path: Path, db: None) -> Path:
    settings.HOME = tmp_path
    return tmp_path


def attach(raw: bytes = b"report", **more: object) -> EvidenceFile:
    values: dict[str, object] = {
        "subject": "R-2026-001",
        "about": "decision:1",
        "name": "report.pdf",
        "content": [raw],
        "by": LEAD,
        "now": NOW,
        **more,
    }
    return attach_file(**values)  # type: ignore[arg-type]


def kinds() -> list[str]:
    return list(
        Entry.objects.filter(subject="R-2026-001").order_by("index").values_list("kind", flat=True)
    )


def test_a_file_is_kept_under_its_digest_and_recorded_without_its_name(home: Path) -> None:
    file = attach(name="C:\\Users\\jane\\Jane Doe.pdf")
    assert file.sha256 == sha256(b"report").hexdigest()
    assert (home / "files" / file.sha256).read_bytes() == b"report"
    assert file.name == "Jane Doe.pdf"
    assert b"".join(content_of(evidence_file("R-2026-001", file.pk))) == b"report"
    entry = Entry.objects.get(kind="EvidenceAttached")
    assert entry.fields == {
        "about": "decision:1",
        "number": file.pk,
        "sha256": file.sha256,
        "size": 6,
    }
    assert "Jane" not in entry.payload
    assert files_of("R-2026-001", "decision:1") == [file]
    assert files_of("R-2026-001", "decision:2") == []


def test_the_same_file_again_changes_nothing() -> None:
    first = attach()
    assert attach(name="again.pdf").pk == first.pk
    assert attach(about="hold:2").pk != first.pk
    assert kinds() == ["EvidenceAttached", "EvidenceAttached"]
    assert EvidenceFile.objects.count() == 2


def test_a_file_of_another_recall_is_not_found() -> None:
    file = attach()
    with pytest.raises(NotFound):
        evidence_file("R-2026-002", file.pk)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie: x.pdf"),
        ("\x00\x1b[2J.pdf", "[2J.pdf"),
        ("", "file"),
        ("..", ".."),
        ("x" * 300 + ".pdf", "x" * 251 + ".pdf"),
    ],
)
def test_hostile_names_are_only_names(home: Path, name: str, kept: str) -> None:
    assert attach(name=name).name == kept
    assert [each.name for each in (home / "files").iterdir()] == [sha256(b"report").hexdigest()]


def test_a_file_that_is_empty_or_too_large_is_refused_and_leaves_nothing(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Unreadable, match="empty"):
        attach(b"")
    monkeypatch.setattr(store, "MOST_BYTES", 10)
    with pytest.raises(Unreadable, match="larger than"):
        attach(content=iter([b"12345", b"1234567"]))
    assert list((home / "files").iterdir()) == []
    assert kinds() == []


def test_an_upload_that_breaks_off_leaves_nothing(home: Path) -> None:
    def broken() -> Iterator[bytes]:
        yield b"half"
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        attach(content=broken())
    assert list((home / "files").iterdir()) == []
    assert EvidenceFile.objects.count() == 0


def test_a_viewer_attaches_and_erases_nothing() -> None:
    with pytest.raises(NotPermitted):
        attach(by=VIEWER)
    with pytest.raises(NotPermitted):
        erase_file(file=attach(), reason="x", by=VIEWER, now=NOW)


def test_changed_or_missing_content_is_seen() -> None:
    file = attach()
    assert what_is_wrong(file) == ""
    store.path_of(file.sha256).write_bytes(b"forged")
    assert "changed" in what_is_wrong(file)
    store.path_of(file.sha256).unlink()
    assert "missing" in what_is_wrong(file)
    with pytest.raises(NotFound, match="missing"):
        content_of(file)


def test_erasing_takes_the_bytes_and_keeps_what_was_there(
    home: Path, django_capture_on_commit_callbacks
) -> None:
    file = attach()
    with pytest.raises(Unreadable, match="reason"):
        erase_file(file=file, reason=" ", by=LEAD, now=NOW)
    with django_capture_on_commit_callbacks(execute=True):
        file = erase_file(file=file, reason="it shows a stranger", by=LEAD, now=NOW)
    assert list((home / "files").iterdir()) == []
    assert what_is_wrong(file) == ""
    assert kinds() == ["EvidenceAttached", "EvidenceErased"]
    with pytest.raises(NotFound, match="erased"):
        content_of(file)
    with pytest.raises(Forbidden, match="erased before"):
        erase_file(file=file, reason="again", by=LEAD, now=NOW)
    again = attach()
    assert again.pk == file.pk
    assert again.erased_at is None
    assert b"".join(content_of(again)) == b"report"


def test_bytes_that_another_recall_needs_are_not_erased(
    home: Path, django_capture_on_commit_callbacks
) -> None:
    file, other = attach(), attach(subject="R-2026-002")
    with django_capture_on_commit_callbacks(execute=True):
        erase_file(file=file, reason="not ours", by=LEAD, now=NOW)
    assert b"".join(content_of(other)) == b"report"
    with django_capture_on_commit_callbacks(execute=True):
        erase_file(file=other, reason="nor theirs", by=LEAD, now=NOW)
    assert list((home / "files").iterdir()) == []


@pytest.mark.parametrize("digest", ["", "../x", "A" * 64, "0" * 63, "0" * 63 + "/"])
def test_nothing_but_a_digest_names_a_file(digest: str) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        store.path_of(digest)
