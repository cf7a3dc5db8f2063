"""Writes an evidence package: one ZIP that `verify.py`, which lies in it, can check offline.

The same input gives the same bytes: times are fixed, names are sorted, nothing is drawn by lot.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO

from holdfast.kit.ledger import verify
from holdfast.kit.ledger.verify import Leaves, document_bytes, make_checkpoint

README = """\
Evidence package of Holdfast: {scope}

How to check it, without network and without Holdfast:

    python3 verify.py THIS_PACKAGE.zip
    python3 verify.py THIS_PACKAGE.zip --checkpoint KEPT_OUTSIDE.json

verify.py needs Python 3.10 or newer and nothing else. A person who could change this package could
change verify.py as well: whoever needs to be sure takes verify.py from another package or runs
`holdfast evidence verify`, which is the same code.

What is in it:

    journal.jsonl    every fact in order, one a line: index, at, by, kind, payload, subject
    tree.txt         the hash of every entry of the whole journal; + entries are in this package
    checkpoint.json  number of entries, root of the tree (RFC 6962), roots of its blocks
    manifest.json    size and SHA-256 of every other file
    absent.json      what is not in this package, and why
    words.txt        the journal in words
    summary.pdf      what was decided, told and counted, for reading; it proves nothing by itself
    *.csv            the records that the journal speaks of
    texts/           texts that were approved, under their SHA-256
    evidence/        attached files, under their SHA-256

What it shows, and what it cannot: any change to a file or an entry is found and named. A package
that was rewritten as a whole, with everything in it made to agree, looks like any other; it is
found only against a checkpoint that was kept outside. So keep one: send checkpoint.json, or its
root, to somebody else on the day of the export.

No personal data is in the journal: people are numbers there, and their addresses never were.
"""


@dataclass(frozen=True)
class Written:
    """What a package says of itself, to be kept outside."""

    checkpoint: dict[str, Any]
    manifest: dict[str, Any]

    def to_keep(self) -> bytes:
        """The document for `--checkpoint`: it finds a rewritten package and names the file."""
        return document_bytes({"checkpoint": self.checkpoint, "manifest": self.manifest})


class Writer:
    """Adds files to a package one after another and remembers size and digest of each."""

    def __init__(self, out: BinaryIO) -> None:
        self.archive = zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, allowZip64=True)
        self.files: dict[str, dict[str, Any]] = {}

    def add(self, name: str, pieces: Iterable[bytes], *, is_huge: bool = False) -> None:
        """Add one file; its name may hold nothing but letters, digits, `._-` and `/`."""
        if name in self.files or not verify.SAFE_NAME.fullmatch(name):
            raise ValueError(f"{name!r} cannot be the name of another file in a package")
        digest, size = sha256(), 0
        with self.archive.open(_member(name), "w", force_zip64=is_huge) as target:
            for piece in pieces:
                digest.update(piece)
                size += len(piece)
                target.write(piece)
        self.files[name] = {"bytes": size, "sha256": digest.hexdigest()}

    def close(self, *, scope: str, made_by: str, leaves: Leaves) -> Written:
        """Add manifest and checkpoint, and finish the archive."""
        manifest = {
            "files": self.files,
            "format": verify.MANIFEST_FORMAT,
            "made_by": made_by,
            "scope": scope,
        }
        raw = document_bytes(manifest)
        checkpoint = make_checkpoint(leaves, scope, sha256(raw).hexdigest())
        self.archive.writestr(_member(verify.MANIFEST), raw)
        self.archive.writestr(_member(verify.CHECKPOINT), document_bytes(checkpoint))
        self.archive.close()
        return Written(checkpoint, manifest)


def write_package(
    out: BinaryIO,
    *,
    scope: str,
    made_by: str,
    journal: Iterable[tuple[bytes, bytes | None]],
    absent: list[dict[str, Any]],
    files: Iterable[tuple[str, Iterable[bytes]]],
    is_huge: bool = False,
) -> Written:
    """Write a package to a seekable `out`; the caller moves it into place when it is whole.

    `journal` gives every entry of the whole journal in order: its leaf hash, and its line or None
    where the entry belongs to another scope and only its hash is shown. `files` are further files
    with the pieces of their content; they are written in the order of their names.
    """
    writer = Writer(out)
    leaves, shown = Leaves(), bytearray()
    writer.add("README.txt", [README.format(scope=scope).encode()])
    writer.add(verify.JOURNAL, _lines(journal, leaves, shown), is_huge=is_huge)
    writer.add(verify.TREE, _tree(leaves, shown), is_huge=is_huge)
    writer.add(verify.ABSENT, [document_bytes({"absent": absent})])
    writer.add("verify.py", [Path(verify.__file__).read_bytes()])
    for name, pieces in sorted(files, key=lambda item: item[0]):
        writer.add(name, pieces)
    return writer.close(scope=scope, made_by=made_by, leaves=leaves)


def _member(name: str) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    member.compress_type = zipfile.ZIP_DEFLATED
    member.create_system = 3
    member.external_attr = 0o100644 << 16
    return member


def _lines(
    journal: Iterable[tuple[bytes, bytes | None]], leaves: Leaves, shown: bytearray
) -> Iterator[bytes]:
    """The lines of the journal in pieces, noting all leaves on the way."""
    piece: list[bytes] = []
    size = 0
    for leaf, line in journal:
        leaves.hashes += leaf
        shown.append(line is not None)
        if line is None:
            continue
        piece += (line, b"\n")
        size += len(line)
        if size > verify.CHUNK:
            yield b"".join(piece)
            piece, size = [], 0
    yield b"".join(piece)


def _tree(leaves: Leaves, shown: bytearray) -> Iterator[bytes]:
    for start in range(0, len(leaves), 4096):
        stop = min(start + 4096, len(leaves))
        text = leaves.hashes[32 * start : 32 * stop].hex()
        yield "".join(
            f"{'+' if shown[start + at] else '-'}{text[64 * at : 64 * at + 64]}\n"
            for at in range(stop - start)
        ).encode()
