"""Reads of attached files."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256

from holdfast.ground.evidence.models import EvidenceFile
from holdfast.ground.evidence.store import path_of
from holdfast.kit.refusals import NotFound

CHUNK = 1 << 20


def files_of(subject: str, about: str = "") -> list[EvidenceFile]:
    """The files of a recall, or of one thing in it, oldest first."""
    found = EvidenceFile.objects.filter(subject=subject).order_by("pk")
    return list(found.filter(about=about) if about else found)


def evidence_file(subject: str, number: int) -> EvidenceFile:
    """One file of a recall; a file of another recall is as unknown as one that never was."""
    found = EvidenceFile.objects.filter(subject=subject, pk=number).first()
    if found is None:
        raise NotFound("no_such_file", "There is no such file here.")
    return found


def content_of(file: EvidenceFile) -> Iterator[bytes]:
    """The bytes in pieces; refused where they were erased or are gone."""
    if file.erased_at is not None:
        raise NotFound("file_erased", f"This file was erased: {file.erased_reason}")
    path = path_of(file.sha256)
    if not path.is_file():
        raise NotFound("file_missing", "The content of this file is missing from the home folder.")
    return _pieces(path.open("rb"))


def what_is_wrong(file: EvidenceFile) -> str:
    """Empty where the bytes on disk are those that were attached."""
    if file.erased_at is not None:
        return ""
    path = path_of(file.sha256)
    if not path.is_file():
        return "its content is missing from the home folder"
    digest = sha256()
    for piece in _pieces(path.open("rb")):
        digest.update(piece)
    return "" if digest.hexdigest() == file.sha256 else "its content was changed on the disk"


def _pieces(handle: object) -> Iterator[bytes]:
    with handle as opened:  # type: ignore[attr-defined]
        while piece := opened.read(CHUNK):
            yield piece
