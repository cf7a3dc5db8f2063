"""Documents out of files, folders and archives, one at a time, bounded; names stay readable."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from holdfast.kit.epcis.faults import Fault
from holdfast.kit.epcis.limits import DEFAULT, MB, Limits
from holdfast.kit.refusals import Unreadable
from holdfast.kit.tables.opening import ByteSource, magic, packing
from holdfast.kit.tables.opening import Limits as FileLimits

ENDINGS = (".json", ".jsonld", ".xml")
_PACKED = ("", ".gz", ".zst")
_MEMBERS = 10_000


@dataclass(frozen=True)
class Opened:
    """One document's bytes, or why there are none."""

    name: str
    data: bytes = b""
    fault: Fault | None = None


def files_in(given: Sequence[Path]) -> list[Path]:
    """The files meant: those named, and in folders those that end as EPCIS documents do."""
    found: list[Path] = []
    for path in given:
        if path.is_dir():
            inside = sorted(one for one in path.rglob("*") if one.is_file() and _is_document(one))
            if not inside:
                raise Unreadable(
                    "no_documents",
                    f"{path} holds no EPCIS document.",
                    file=str(path),
                    hint="Documents end in .json, .jsonld or .xml; .gz, .zst and .zip are opened.",
                )
            found += inside
        else:
            magic(str(path))
            found.append(path)
    return list(dict.fromkeys(found))


def _is_document(path: Path) -> bool:
    name = path.name.lower()
    if name.startswith("."):
        return False
    return name.endswith(".zip") or any(
        name.endswith(ending + packed) for ending in ENDINGS for packed in _PACKED
    )


def opened(path: Path, limits: Limits = DEFAULT) -> Iterator[Opened]:
    """Every document of a file: one, or each member of a ZIP archive."""
    head = magic(str(path))
    if head.startswith(b"PK\x03\x04"):
        yield from _members(path, limits)
        return
    try:
        source = ByteSource(
            str(path), packing(head), FileLimits(unpacked_bytes=limits.document + 1)
        )
        parts, size = [], 0
        for chunk in source.chunks():
            size += len(chunk)
            if size > limits.document:
                yield Opened(str(path), fault=_too_large(limits))
                return
            parts.append(chunk)
    except Unreadable as refusal:
        yield Opened(str(path), fault=Fault("/", refusal.message))
        return
    yield Opened(str(path), b"".join(parts))


def _members(path: Path, limits: Limits) -> Iterator[Opened]:
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        yield Opened(str(path), fault=Fault("/", f"not a readable ZIP archive: {error}"))
        return
    with archive:
        infos = [one for one in archive.infolist() if not one.is_dir()]
        documents = [one for one in infos if _is_document(Path(one.filename))]
        if not documents or len(documents) > _MEMBERS:
            wrong = "no EPCIS document" if not documents else f"more than {_MEMBERS} documents"
            yield Opened(str(path), fault=Fault("/", f"the archive holds {wrong}"))
            return
        for one in documents:
            yield _member(archive, one, f"{path}/{one.filename}", limits)


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, limits: Limits) -> Opened:
    if not info.filename.lower().endswith(ENDINGS):
        return Opened(name, fault=Fault("/", "an archive inside an archive is not opened"))
    if info.file_size > limits.document:
        return Opened(name, fault=_too_large(limits))
    try:
        with archive.open(info) as file:
            data = file.read(limits.document + 1)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, zlib.error) as error:
        return Opened(name, fault=Fault("/", f"cannot be unpacked: {error}"))
    if len(data) > limits.document:
        return Opened(name, fault=_too_large(limits))
    return Opened(name, data)


def _too_large(limits: Limits) -> Fault:
    return Fault("/", f"the document is larger than {limits.document // MB} MB; split it")
