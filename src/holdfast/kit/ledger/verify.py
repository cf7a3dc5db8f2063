#!/usr/bin/env python3
"""Check an evidence package offline: `python3 verify.py PACKAGE.zip [--checkpoint FILE] [--json]`.

This one file needs nothing but Python 3.10 or newer: no network, no database, no product. It is
copied into every package and is the same code that `holdfast evidence verify` runs, which is why
it is one file and imports nothing of its neighbours. It reads, it never unpacks.

What it compares, from the inside out:

* every line of `journal.jsonl` is one entry; its leaf is SHA-256(0x00 || line) as in RFC 6962;
* `tree.txt` holds the leaf of every entry of the whole journal, in order: `+` where the entry is
  in this package, `-` where only its hash is;
* `manifest.json` holds the size and SHA-256 of every other file but the checkpoint;
* `checkpoint.json` holds the number of entries, the root of the tree, the roots of its blocks and
  the SHA-256 of the manifest. Kept outside (`--checkpoint`) it also finds a package that was
  rewritten as a whole, or one that lost its newest entries.

Exit codes: 0 everything agrees, 1 faults were found and are all named, 2 not readable as a package.
"""

from __future__ import annotations

import argparse
import io
import itertools
import json
import os
import re
import stat
import struct
import sys
import zipfile
import zlib
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import sha256
from typing import (
    Any,
    BinaryIO,
)

CHECKPOINT_FORMAT = "holdfast checkpoint 1"
MANIFEST_FORMAT = "holdfast manifest 1"
JOURNAL, TREE = "journal.jsonl", "tree.txt"
MANIFEST, CHECKPOINT, ABSENT = "manifest.json", "checkpoint.json", "absent.json"
REQUIRED = (JOURNAL, TREE, MANIFEST, CHECKPOINT, ABSENT, "README.txt", "verify.py")

WHOLE = "instance"  # the scope of a package over everything; else it is a recall's short id
MAX_BLOCKS = 1024
MAX_ENTRIES = 50_000_000
MAX_DOCUMENT = 64 * 1024 * 1024
MAX_LINE = 16 * 1024 * 1024
CHUNK = 1 << 20
#: Past so many faults, neighbours with the same reason are folded into ranges (`entry` to `to`).
FOLD_AFTER = 20_000

SAFE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*")
DIGEST_IN_NAME = re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")
DIGEST_IN_TEXT = re.compile(rb'"([0-9a-f]{64})"')
HEX_DIGEST = re.compile(r"[0-9a-f]{64}")

NO_CHECKPOINT = (
    "No checkpoint from outside was given, so this could not look for a package that was rewritten "
    "as a whole, or that lost its newest entries, with everything in it made to agree."
)

#: Everything that a hostile archive makes the standard library raise while it is read.
DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    OSError,
    EOFError,
    ValueError,
    LookupError,
    RuntimeError,
    NotImplementedError,
    OverflowError,
    MemoryError,
    AttributeError,
)


class Unusable(Exception):
    """What was named is not there, or is no package at all (exit 2)."""

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.code, self.message, self.hint = code, message, hint


class Damaged(Exception):
    """A file of the package cannot be read to its end; the message says why."""


class Faults:
    """Every fault found, in the order found; a file or an entry is named in each."""

    def __init__(self) -> None:
        self.found: list[dict[str, Any]] = []
        self.entries: set[int] = set()

    def file(self, name: str, why: str) -> None:
        fault = {"file": name, "why": why}
        if fault not in self.found[-50:]:
            self.found.append(fault)

    def entry(self, index: int, why: str, line: int | None = None, file: str = JOURNAL) -> None:
        self.entries.add(index)
        if len(self.found) >= FOLD_AFTER:
            last = self.found[-1]
            if last["why"] == why and last.get("to", last.get("entry")) == index - 1:
                last["to"] = index
                return
        fault: dict[str, Any] = {"entry": index, "file": file, "why": why}
        if line is not None:
            fault["line"] = line
        self.found.append(fault)

    def range(self, first: int, last: int, why: str, file: str = JOURNAL) -> None:
        """Entries first to last: one fault each while that stays readable, else one for all."""
        if last - first < 5_000 and len(self.found) < FOLD_AFTER:
            for index in range(first, last + 1):
                self.entry(index, why, file=file)
            return
        self.entries.add(first)
        self.found.append({"entry": first, "to": last, "file": file, "why": why})


# -- the tree ------------------------------------------------------------------------------------


class Leaves:
    """Leaf hashes one after another in one piece of memory: 32 bytes each."""

    def __init__(self, hashes: bytes | bytearray = b"") -> None:
        self.hashes = bytearray(hashes)

    def __len__(self) -> int:
        return len(self.hashes) // 32

    def __getitem__(self, at: int) -> bytes:
        return bytes(self.hashes[32 * at : 32 * at + 32])

    def __setitem__(self, at: int, leaf: bytes) -> None:
        self.hashes[32 * at : 32 * at + 32] = leaf

    def blocks(self, size: int, block: int) -> list[bytes]:
        """The roots of the subtrees of `block` leaves (a power of two) over the first `size`."""
        nodes: bytes = bytes(self.hashes[: 32 * size])
        while block > 1 and len(nodes) > 32:
            nodes = level_above(nodes)
            block >>= 1
        return [nodes[at : at + 32] for at in range(0, len(nodes), 32)]

    def root(self, size: int) -> bytes:
        """The root over the first `size` leaves (RFC 6962 section 2.1)."""
        if size == 0:
            return sha256(b"").digest()
        return self.blocks(size, 1 << 62)[0]


def level_above(nodes: bytes) -> bytes:
    """One level up: each pair becomes SHA-256(0x01 || left || right), an odd last one stays."""
    paired = len(nodes) - len(nodes) % 64
    above = bytearray()
    for start in range(0, paired, 64 * 4096):
        stop = min(start + 64 * 4096, paired)
        above += b"".join(
            [sha256(b"\x01" + nodes[at : at + 64]).digest() for at in range(start, stop, 64)]
        )
    above += nodes[paired:]
    return bytes(above)


def block_size(entries: int) -> int:
    """The smallest power of two that cuts so many entries into at most 1,024 blocks."""
    block = 1
    while block * MAX_BLOCKS < entries:
        block *= 2
    return block


# -- where the files are -------------------------------------------------------------------------


class Folder:
    """A package that somebody unpacked."""

    def __init__(self, path: str, faults: Faults) -> None:
        self.names: dict[str, str] = {}
        for folder, folders, files in os.walk(path):
            folders.sort()
            for plain in sorted(files + folders):
                whole = os.path.join(folder, plain)
                mode = os.lstat(whole).st_mode
                name = os.path.relpath(whole, path).replace(os.sep, "/")
                if stat.S_ISREG(mode):
                    self.names[name] = whole
                elif not stat.S_ISDIR(mode):
                    faults.file(name, "is a link or a device, not a file; it was not read")

    def open(self, name: str) -> BinaryIO:
        return open(self.names[name], "rb")

    def close(self) -> None:
        pass


def slashes(name: str) -> list[int]:
    """Where the folders of a file's name end; of a folder's own name, only those above it."""
    return [at for at, char in enumerate(name[:-1]) if char == "/"]


def has_second_name(extra: bytes) -> bool:
    """Whether a ZIP entry has the extra field 0x7075, a name that overrides the first."""
    while len(extra) >= 4:
        kind, size = struct.unpack("<2H", extra[:4])
        if kind == 0x7075:
            return True
        extra = extra[4 + size :]
    return False


class Archive:
    """A package as one ZIP file, read through its table of contents."""

    def __init__(self, path: str, faults: Faults) -> None:
        self.archive = zipfile.ZipFile(path)
        self.names: dict[str, zipfile.ZipInfo] = {}
        spans: list[tuple[int, int, str]] = []
        members = self.archive.infolist()
        folders = {name[: at + 1] for name in self.archive.namelist() for at in slashes(name)}
        for member in members:
            name = member.orig_filename
            if member.is_dir() and not member.file_size and name in folders:
                continue  # other tools list the folders of the files, too
            if has_second_name(member.extra):
                faults.file(name, "carries a second name, which other tools may show instead")
            if name in self.names:
                faults.file(name, "is in the archive more than once")
                continue
            self.names[name] = member
            spans.append((member.header_offset, member.compress_size, name))
        spans.sort()
        for (start, length, name), (following, _, other) in itertools.pairwise(spans):
            if start + 30 + length > following:
                faults.file(other, f"shares its bytes with {name}; it was not read")
                self.names[other].compress_type = -1

    def open(self, name: str) -> BinaryIO:
        member = self.names[name]
        if member.flag_bits & 0x41:
            raise Damaged("is encrypted; a package never is")
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Damaged("is packed in a way that packages never use")
        if name != member.filename:
            raise Damaged("has a name that reads differently elsewhere")
        return self.archive.open(member)  # type: ignore[return-value]

    def close(self) -> None:
        self.archive.close()


class Wreck:
    """A ZIP whose table of contents is broken: what the headers before each file still tell."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.names: dict[str, tuple[int, int, int]] = {}
        with open(path, "rb") as raw:
            whole = raw.seek(0, io.SEEK_END)
            at = 0
            while at + 30 <= whole:
                raw.seek(at)
                (
                    sign,
                    _,
                    flags,
                    packing,
                    _,
                    _,
                    _,
                    packed,
                    _,
                    name_length,
                    extra,
                ) = struct.unpack("<4s5H3L2H", raw.read(30))
                if sign != b"PK\x03\x04" or flags & 0x49 or packing not in (0, 8):
                    break
                name = raw.read(name_length).decode("ascii", "replace")
                start = at + 30 + name_length + extra
                self.names.setdefault(name, (start, packed, packing))
                at = start + packed

    def open(self, name: str) -> BinaryIO:
        start, packed, packing = self.names[name]
        return io.BufferedReader(_Inflated(self.path, start, packed, packing), CHUNK)

    def close(self) -> None:
        pass


class _Inflated(io.RawIOBase):
    """A stream over one file inside a broken archive."""

    def __init__(self, path: str, start: int, packed: int, packing: int) -> None:
        self.raw = open(path, "rb")  # noqa: SIM115 - closed with this stream
        self.raw.seek(start)
        self.left = packed
        self.inflate = zlib.decompressobj(-15) if packing == 8 else None

    def readable(self) -> bool:
        return True

    def close(self) -> None:
        self.raw.close()
        super().close()

    def readinto(self, into: Any) -> int:
        while True:
            if self.inflate is not None and self.inflate.unconsumed_tail:
                data = self.inflate.unconsumed_tail
            else:
                data = self.raw.read(min(self.left, CHUNK))
                self.left -= len(data)
            if self.inflate is None:
                out = data
                if len(out) > len(into):
                    self.raw.seek(len(into) - len(out), io.SEEK_CUR)
                    self.left += len(out) - len(into)
                    out = out[: len(into)]
            else:
                out = self.inflate.decompress(data, len(into))
            if out or not data:
                into[: len(out)] = out
                return len(out)


Source = Any  # Folder, Archive or Wreck: `names` and `open(name)`


def open_source(path: str, faults: Faults) -> Source:
    """The package at `path`; a broken archive is read as far as it goes and named as a fault."""
    if os.path.isdir(path):
        source: Source = Folder(path, faults)
        if not any(name in source.names for name in REQUIRED):
            raise Unusable(
                "not_a_package",
                f"The folder {path} holds none of the files of an evidence package.",
                "Name the ZIP file, or the folder it was unpacked into.",
            )
        return source
    try:
        with open(path, "rb") as raw:
            start = raw.read(4)
    except OSError as error:
        raise Unusable(
            "unreadable",
            f"The package {path} cannot be read: {error.strerror or error}.",
            "Check the name of the file.",
        ) from error
    try:
        return Archive(path, faults)
    except DAMAGE as error:
        if start[:2] != b"PK":
            raise Unusable(
                "not_a_package",
                f"{path} is not a ZIP file.",
                "An evidence package is the ZIP that `holdfast evidence export` writes.",
            ) from error
        faults.file(
            os.path.basename(path),
            f"the archive is cut off or its table of contents is damaged ({reason(error)})",
        )
    try:
        return Wreck(path)
    except DAMAGE:
        return Wreck(os.devnull)


def reason(error: BaseException) -> str:
    return str(error) or type(error).__name__


def chunks(source: Source, name: str) -> Iterator[bytes]:
    """The content of one file in pieces; `Damaged` where it cannot be read to its end."""
    try:
        with source.open(name) as stream:
            while True:
                piece = stream.read(CHUNK)
                if not piece:
                    return
                yield piece
    except DAMAGE as error:
        raise Damaged(f"cannot be read to its end ({reason(error)})") from error


def content(source: Source, name: str) -> bytes:
    """A small file as a whole."""
    whole = bytearray()
    for piece in chunks(source, name):
        whole += piece
        if len(whole) > MAX_DOCUMENT:
            raise Damaged("is larger than 64 MB, which no such file is")
    return bytes(whole)


# -- the two documents ---------------------------------------------------------------------------


def document_bytes(value: Any) -> bytes:
    """How the JSON documents of a package are written: sorted, one item a line, ASCII."""
    return json.dumps(value, indent=1, sort_keys=True, ensure_ascii=True).encode() + b"\n"


def parse(raw: bytes) -> Any:
    """JSON without numbers that are none and without a key twice."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        keyed = dict(pairs)
        if len(keyed) != len(pairs):
            raise ValueError("a key is there twice")
        return keyed

    def no_number(text: str) -> Any:
        raise ValueError(f"{text[:40]} is no number of ours")

    try:
        return json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=once,
            parse_constant=no_number,
            parse_float=no_number,
        )
    except RecursionError as error:
        raise ValueError("nested too deep") from error


def is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 1 << 62


def is_digest(value: Any) -> bool:
    return isinstance(value, str) and HEX_DIGEST.fullmatch(value) is not None


def read_document(source: Source, name: str, faults: Faults) -> dict[str, Any] | None:
    """A JSON document of the package, byte for byte as packages write it; else a fault."""
    if name not in source.names:
        return None  # a missing file is named once, with the others
    try:
        raw = content(source, name)
        value = parse(raw)
        if not isinstance(value, dict):
            raise ValueError("no object")
    except Damaged as error:
        faults.file(name, str(error))
        return None
    except (ValueError, MemoryError) as error:
        faults.file(name, f"was changed: it is not the JSON it was written as ({reason(error)})")
        return None
    if document_bytes(value) != raw:
        faults.file(name, "was changed: it says the same in other bytes than it was written in")
    value["_sha256"] = sha256(raw).hexdigest()
    return value


def manifest_files(manifest: dict[str, Any]) -> dict[str, tuple[int, str]] | None:
    """Name to size and digest, or nothing where the manifest is not made as ours are."""
    files = manifest.get("files")
    if manifest.get("format") != MANIFEST_FORMAT or not isinstance(files, dict):
        return None
    listed: dict[str, tuple[int, str]] = {}
    for name, item in files.items():
        if (
            not isinstance(item, dict)
            or set(item) != {"bytes", "sha256"}
            or not is_count(item["bytes"])
            or not is_digest(item["sha256"])
        ):
            return None
        listed[name] = (item["bytes"], item["sha256"])
    return listed


class Checkpoint:
    """How many entries there were, and the root over them; maybe its blocks, leaves and files."""

    def __init__(self, value: dict[str, Any]) -> None:
        if not is_count(value.get("entries")) or value["entries"] > MAX_ENTRIES:
            raise ValueError("it does not say how many entries there were")
        if not is_digest(value.get("root")):
            raise ValueError("it has no root")
        self.entries: int = value["entries"]
        self.root = bytes.fromhex(value["root"])
        self.scope: str | None = value.get("scope")
        self.manifest: str | None = value.get("manifest")
        self.files: dict[str, tuple[int, str]] | None = None
        self.leaves: Leaves | None = None
        self.block: int = value.get("block") if is_count(value.get("block")) else 0  # type: ignore
        blocks = value.get("blocks")
        self.blocks: list[bytes] = []
        if self.block and isinstance(blocks, list) and all(is_digest(each) for each in blocks):
            self.blocks = [bytes.fromhex(each) for each in blocks]

    def is_whole(self) -> bool:
        """Whether the blocks are those of the root."""
        if self.block & (self.block - 1) or self.block != block_size(self.entries):
            return False
        if len(self.blocks) != -(-self.entries // self.block):
            return False
        return Leaves(b"".join(self.blocks)).root(len(self.blocks)) == self.root


def make_checkpoint(leaves: Leaves, scope: str, manifest: str) -> dict[str, Any]:
    """The checkpoint of a package over these leaves."""
    entries = len(leaves)
    block = block_size(entries)
    return {
        "block": block,
        "blocks": [each.hex() for each in leaves.blocks(entries, block)],
        "entries": entries,
        "format": CHECKPOINT_FORMAT,
        "manifest": manifest,
        "root": leaves.root(entries).hex(),
        "scope": scope,
    }


def outside_checkpoint(path: str) -> Checkpoint:
    """What was kept outside: a checkpoint, an older package, or the answer of `doctor --json`."""
    try:
        with open(path, "rb") as raw:
            head = raw.read(MAX_DOCUMENT + 1)
    except OSError as error:
        raise Unusable(
            "unreadable",
            f"The checkpoint {path} cannot be read: {error.strerror or error}.",
            "Check the name of the file.",
        ) from error
    if head[:2] == b"PK":
        return _checkpoint_of_package(path)
    try:
        value = parse(head)
        documents = value
        for inner in ("checkpoint", "journal", "tree"):
            if isinstance(value, dict) and isinstance(value.get(inner), dict):
                value = value[inner]
        if not isinstance(value, dict):
            raise ValueError("no object")
        for other in ("size", "tree_size"):  # what other logs call the number of entries
            if other in value:
                value.setdefault("entries", value[other])
        kept = Checkpoint(value)
        if isinstance(documents.get("manifest"), dict):
            kept.files = manifest_files(documents["manifest"])
        if kept.blocks and not kept.is_whole():
            raise ValueError("its blocks are not those of its root")
        return kept
    except (ValueError, MemoryError) as error:
        raise Unusable(
            "not_a_checkpoint",
            f"{path} is no checkpoint: {reason(error)}.",
            "Give the file that `evidence export --checkpoint` wrote, the checkpoint.json of an "
            "older package, that package itself, or the answer of `holdfast doctor --json`.",
        ) from error


def _checkpoint_of_package(path: str) -> Checkpoint:
    faults = Faults()
    source = open_source(path, faults)
    try:
        package = Package(source, faults)
        package.check()
    finally:
        source.close()
    if faults.found or package.checkpoint is None:
        raise Unusable(
            "not_a_checkpoint",
            f"{path} is itself at fault, so nothing can be held against it.",
            "Verify it on its own to see why.",
        )
    package.checkpoint.leaves = package.tree
    package.checkpoint.files = package.listed
    return package.checkpoint


# -- the package ---------------------------------------------------------------------------------


class Package:
    """One package and everything that can be found out about it."""

    def __init__(self, source: Source, faults: Faults) -> None:
        self.source, self.faults = source, faults
        self.tree = Leaves()
        self.shown: Sequence[int] = range(0)
        self.lines = Leaves()
        self.listed: dict[str, tuple[int, str]] | None = None
        self.checkpoint: Checkpoint | None = None
        self.absent: list[Any] = []
        self.mentioned: set[str] = set()
        self.wanted: set[str] = set()
        self.scope = ""
        self.manifest_digest = ""
        self.is_checkpoint_whole = False

    def check(self, outside: Checkpoint | None = None) -> None:
        """Look at everything; what disagrees is in `faults`."""
        manifest = read_document(self.source, MANIFEST, self.faults)
        checkpoint = read_document(self.source, CHECKPOINT, self.faults)
        if manifest is not None:
            self.manifest_digest = manifest["_sha256"]
            self.listed = manifest_files(manifest)
            if self.listed is None:
                self.faults.file(MANIFEST, "was changed: it is not made as manifests are")
        if checkpoint is not None:
            self._read_checkpoint(checkpoint)
        self._check_names()
        before = len(self.faults.found)
        self._check_contents()
        if checkpoint is not None and manifest is not None and self.checkpoint is not None:
            self._check_pair(checkpoint, manifest, len(self.faults.found) == before)
        self._check_journal()
        self._check_mentions()
        if outside is not None:
            self._check_outside(outside)

    def _read_checkpoint(self, value: dict[str, Any]) -> None:
        try:
            known = {"block", "blocks", "entries", "format", "manifest", "root", "scope"}
            if set(value) - {"_sha256"} != known or value["format"] != CHECKPOINT_FORMAT:
                raise ValueError("it is not made as checkpoints are")
            self.checkpoint = Checkpoint(value)
            self.scope = str(value["scope"])
        except ValueError as error:
            self.faults.file(CHECKPOINT, f"was changed: {reason(error)}")
            return
        self.is_checkpoint_whole = self.checkpoint.is_whole()
        if not self.is_checkpoint_whole:
            self.faults.file(CHECKPOINT, "was changed: its blocks are not those of its root")

    def _check_pair(
        self, checkpoint: dict[str, Any], manifest: dict[str, Any], is_all_else_well: bool
    ) -> None:
        """The checkpoint holds the digest of the manifest; the manifest says the scope again."""
        if manifest["_sha256"] != checkpoint["manifest"]:
            self.faults.file(MANIFEST, "is not the manifest that checkpoint.json was made with")
            if is_all_else_well:
                self.faults.file(CHECKPOINT, "was made with another manifest, or was changed")
        elif manifest.get("scope") != checkpoint["scope"]:
            self.faults.file(CHECKPOINT, "was changed: it names another scope than the manifest")

    def _check_names(self) -> None:
        for name in self.source.names:
            if not SAFE_NAME.fullmatch(name):
                self.faults.file(
                    name, "has a name that no package uses and that may lead outside a folder"
                )
        missing = [name for name in REQUIRED if name not in self.source.names]
        for name in missing:
            self.faults.file(name, "is missing")
        if self.listed is None:
            return
        for name in sorted(set(self.listed) - set(self.source.names) - set(missing)):
            self.faults.file(name, "is missing")
        for name in sorted(set(self.source.names) - set(self.listed) - {MANIFEST, CHECKPOINT}):
            self.faults.file(name, "was added: the manifest does not list it")
        for name, (_, digest) in self.listed.items():
            in_name = DIGEST_IN_NAME.search(name)
            if in_name:
                self.wanted.add(in_name.group())
                if in_name.group() != digest:
                    self.faults.file(name, "is not the content whose SHA-256 its name carries")

    def _check_contents(self) -> None:
        """Hash every listed file once; the journal and the tree are read on the way."""
        for name in sorted({*(self.listed or ()), JOURNAL, TREE}):
            if name not in self.source.names or name in (MANIFEST, CHECKPOINT):
                continue
            keep: Callable[[bytes, bool], None]
            if name == JOURNAL:
                keep = JournalReader(self).feed
            elif name == TREE:
                keep = TreeReader(self).feed
            else:
                keep = _ignore
            digest, size = sha256(), 0
            limit = self.listed[name][0] if self.listed and name in self.listed else None
            try:
                for piece in chunks(self.source, name):
                    digest.update(piece)
                    size += len(piece)
                    keep(piece, False)
                    if limit is not None and size > limit and name not in (JOURNAL, TREE):
                        break  # a bomb is not unpacked further than it is wrong
                keep(b"", True)
            except Damaged as error:
                self.faults.file(name, str(error))
                continue
            if self.listed is None or name not in self.listed:
                continue
            told_size, told = self.listed[name]
            if size != told_size:
                is_cut_short = size > told_size and name not in (JOURNAL, TREE)
                has = f"more than {told_size}" if is_cut_short else str(size)
                self.faults.file(
                    name, f"was changed: it has {has} bytes, the manifest says {told_size}"
                )
            elif digest.hexdigest() != told:
                self.faults.file(name, "was changed: its SHA-256 is not the one in the manifest")
        if ABSENT in self.source.names:
            try:
                said = parse(content(self.source, ABSENT))
                self.absent = said["absent"] if isinstance(said["absent"], list) else []
            except (Damaged, ValueError, LookupError, TypeError):
                self.faults.file(ABSENT, "cannot be read as the list of what is absent")

    # -- entries against the tree, and the tree against the checkpoint

    def _check_journal(self) -> None:
        told = self.checkpoint if self.is_checkpoint_whole else None
        agree = len(self.lines) == len(self.shown) and all(
            self.lines.hashes[32 * at : 32 * stop]
            == self.tree.hashes[32 * self.shown[at] : 32 * (self.shown[at] + stop - at)]
            for at, stop in runs(self.shown)
        )
        if told is None:
            if not agree:
                self._name_entries()
            return
        if not agree:
            if self._tree_is_the_liar(told):
                return
            self._name_entries()
        if self.tree.root(len(self.tree)) == told.root:
            if len(self.tree) != told.entries:
                self.faults.file(CHECKPOINT, "was changed: it has the root of another number")
            return
        if len(self.tree):
            self._locate(self.tree, told, "the checkpoint in the package")

    def _tree_is_the_liar(self, told: Checkpoint) -> bool:
        """Whether the entries themselves give the root; then only tree.txt was changed."""
        if len(self.lines) == len(self.shown) and len(self.tree) == told.entries:
            candidate = Leaves(self.tree.hashes)
            for at, position in enumerate(self.shown):
                candidate[position] = self.lines[at]
        elif len(self.lines) == told.entries:
            candidate = self.lines
        else:
            return False
        if candidate.root(told.entries) != told.root:
            return False
        stored, self.tree = self.tree, candidate
        if len(stored) != told.entries:
            self.faults.file(TREE, f"has {len(stored)} lines for {told.entries} entries")
        for at in range(min(len(stored), told.entries)):
            if stored[at] != candidate[at]:
                self.faults.entry(at + 1, "its hash in tree.txt is not its hash", file=TREE)
        if len(self.lines) != len(self.shown):
            self.faults.file(TREE, "marks other entries as present than the journal holds")
        return True

    def _name_entries(self) -> None:
        """Go through the journal again and name each line that is not what the tree says."""
        if not len(self.tree):
            if self.checkpoint is not None and self.is_checkpoint_whole and self.scope == WHOLE:
                self._locate(self.lines, self.checkpoint, "the checkpoint in the package")
            return
        Comparison(self).run()

    def _locate(self, leaves: Leaves, told: Checkpoint, whose: str) -> None:
        """Name the entries that changed together with their hashes, as finely as blocks allow."""
        before = len(self.faults.found)
        common = min(len(leaves), told.entries)
        if told.leaves is not None:
            for at in range(common):
                if told.leaves[at] != leaves[at] and at + 1 not in self.faults.entries:
                    self.faults.entry(at + 1, f"is not the entry that {whose} saw")
        elif told.blocks:
            ours = leaves.blocks(common, told.block)
            for number, block in enumerate(ours):
                first = number * told.block
                last = min(first + told.block, told.entries)
                if last > common:
                    break  # a block that is not whole here has another root anyway
                if block != told.blocks[number]:
                    self._name_block(first + 1, last, whose)
        if len(leaves) < told.entries:
            self.faults.range(len(leaves) + 1, told.entries, f"is missing: {whose} saw it")
        elif len(leaves) > told.entries and told is self.checkpoint:
            self.faults.range(told.entries + 1, len(leaves), f"was added after {whose}")
        if len(self.faults.found) == before and (told is not self.checkpoint or before == 0):
            self.faults.file(
                JOURNAL, f"was rewritten: the root over its entries is not the one of {whose}"
            )

    def _name_block(self, first: int, last: int, whose: str) -> None:
        if any(index in self.faults.entries for index in range(first, last + 1)):
            return
        if first == last:
            self.faults.entry(first, f"was changed together with its hash: {whose} disagrees")
            return
        self.faults.entries.add(first)
        self.faults.found.append(
            {
                "entry": first,
                "to": last,
                "file": JOURNAL,
                "why": f"one or more of entries {first} to {last} were changed together with "
                f"their hashes: {whose} disagrees",
            }
        )

    def _check_mentions(self) -> None:
        """A file that carries its digest in its name must be one that an entry speaks of."""
        if not self.wanted or self.listed is None:
            return
        for name in sorted(self.listed):
            in_name = DIGEST_IN_NAME.search(name)
            if in_name and in_name.group() not in self.mentioned:
                self.faults.file(name, "no entry of the journal speaks of this content")

    def _check_outside(self, kept: Checkpoint) -> None:
        whose = "the checkpoint kept outside"
        size = len(self.tree)
        if size < kept.entries or self.tree.root(kept.entries) != kept.root:
            self._locate(self.tree, kept, whose)
            return
        if size != kept.entries or kept.scope != self.scope:
            return
        if kept.files is not None and self.listed is not None:
            for name in sorted(set(kept.files) | set(self.listed)):
                if kept.files.get(name) != self.listed.get(name):
                    self.faults.file(name, f"is not the file that {whose} saw")
        elif kept.manifest is not None and kept.manifest != self.manifest_digest:
            self.faults.file(
                MANIFEST,
                f"was rewritten: {whose} saw another, so one of the files was changed",
            )


def _ignore(piece: bytes, is_end: bool) -> None:
    pass


def runs(positions: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Stretches (at, stop) in which the positions follow one another without a gap."""
    if isinstance(positions, range):
        for at in range(0, len(positions), 65_536):
            yield at, min(at + 65_536, len(positions))
        return
    at = 0
    for stop in range(1, len(positions) + 1):
        if stop == len(positions) or positions[stop] != positions[stop - 1] + 1:
            yield at, stop
            at = stop


class LineReader:
    """Cuts a stream into lines."""

    name = ""

    def __init__(self, package: Package) -> None:
        self.package, self.rest = package, b""

    def feed(self, piece: bytes, is_end: bool) -> None:
        lines = (self.rest + piece).split(b"\n")
        self.rest = lines.pop()
        if len(self.rest) > MAX_LINE:
            raise Damaged("has a line longer than any entry is")
        if is_end and self.rest:
            lines.append(self.rest)  # the missing line end shows in the manifest
        self.take(lines)

    def take(self, lines: list[bytes]) -> None:
        raise NotImplementedError


class JournalReader(LineReader):
    """Leaf hashes of the entries, and the digests that they speak of."""

    def take(self, lines: list[bytes]) -> None:
        package = self.package
        package.lines.hashes += b"".join([sha256(b"\x00" + line).digest() for line in lines])
        if package.wanted:
            found = DIGEST_IN_TEXT.findall(b"\n".join(lines))
            package.mentioned.update(package.wanted.intersection(map(bytes.decode, found)))


class TreeReader(LineReader):
    """Leaf hashes of all entries, and which of them are in the package."""

    def __init__(self, package: Package) -> None:
        super().__init__(package)
        self.some: array[int] | None = None

    def take(self, lines: list[bytes]) -> None:
        tree = self.package.tree
        before = len(tree)
        if before + len(lines) > MAX_ENTRIES:
            raise Damaged("has more lines than any journal has entries")
        try:
            if any(len(line) != 65 for line in lines):
                raise ValueError
            tree.hashes += bytes.fromhex(b"".join([line[1:] for line in lines]).decode("ascii"))
            if len(tree) != before + len(lines):
                raise ValueError
        except ValueError:
            del tree.hashes[32 * before :]
            for line in lines:
                tree.hashes += _digest_or_zeros(line)
        marks = [line[:1] for line in lines]
        if self.some is None and marks.count(b"+") == len(marks):
            self.package.shown = range(before + len(lines))
            return
        if self.some is None:
            self.some = array("Q", range(before))
        self.some.extend(before + at for at, mark in enumerate(marks) if mark != b"-")
        self.package.shown = self.some


def _digest_or_zeros(line: bytes) -> bytes:
    try:
        digest = bytes.fromhex(line[1:].decode("ascii"))
    except ValueError:
        digest = b""
    return digest if len(digest) == 32 else b"\0" * 32


class Comparison:
    """Line by line against the tree: what was changed, added, removed, doubled or moved."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.tree, self.shown, self.faults = package.tree, package.shown, package.faults
        self.seen = bytearray(len(self.tree))
        self.order: array[int] = array("Q")
        self.strange: list[tuple[int, int | None, int | None]] = []

    def run(self) -> None:
        number = 0
        cursor = 0
        for line in self._lines():
            number += 1
            leaf = sha256(b"\x00" + line).digest()
            expected = self.shown[cursor] if cursor < len(self.shown) else None
            if expected is not None and leaf == self.tree[expected]:
                cursor += 1
                self._authentic(expected, number)
                continue
            position = self._position(line)
            if position is not None and position < len(self.tree) and leaf == self.tree[position]:
                cursor = bisect_left(self.shown, position) + 1
                self._authentic(position, number)
                continue
            self.strange.append((number, position, expected))
            if position is None or position == expected:
                cursor += 1
        self._judge()

    def _lines(self) -> Iterator[bytes]:
        rest = b""
        try:
            for piece in chunks(self.package.source, JOURNAL):
                lines = (rest + piece).split(b"\n")
                rest = lines.pop()
                if len(rest) > MAX_LINE:
                    return
                yield from lines
            if rest:
                yield rest
        except Damaged:
            return  # said already; what came before it is still compared

    @staticmethod
    def _position(line: bytes) -> int | None:
        try:
            index = parse(line)["index"]
        except (ValueError, LookupError, TypeError, MemoryError):
            return None
        return index - 1 if is_count(index) and index > 0 else None

    def _authentic(self, position: int, number: int) -> None:
        if self.seen[position]:
            self.faults.entry(position + 1, f"is there again on line {number}", number)
            return
        self.seen[position] = 1
        self.order.append(position)
        at = bisect_left(self.shown, position)
        if at == len(self.shown) or self.shown[at] != position:
            self.faults.entry(
                position + 1, "was added: tree.txt says that it is not in this package", number
            )

    def _judge(self) -> None:
        named: set[int] = set()
        late: list[tuple[int, int | None]] = []
        for number, claimed, expected in self.strange:
            if claimed is not None and self._is_open(claimed, named):
                named.add(claimed)
                self.faults.entry(
                    claimed + 1, "was changed: its hash is not the one in tree.txt", number
                )
            elif expected is not None and self._is_open(expected, named):
                named.add(expected)
                self.faults.entry(
                    expected + 1,
                    "was changed: its hash is not the one in tree.txt"
                    + ("" if claimed is None else f", and it says it is entry {claimed + 1}"),
                    number,
                )
            else:
                late.append((number, claimed))
        for number, claimed in late:
            if claimed is None:
                self.faults.file(JOURNAL, f"line {number} was added: it is no entry of the tree")
            else:
                self.faults.entry(
                    claimed + 1, f"was added on line {number}: the tree has no such entry", number
                )
        for actual, due in zip(self.order, sorted(self.order), strict=False):
            if actual != due:
                self.faults.entry(
                    actual + 1,
                    f"is out of its order: it stands in the place of entry {due + 1}",
                )
        self._name_missing(named)

    def _is_open(self, position: int, named: set[int]) -> bool:
        if position >= len(self.seen) or self.seen[position] or position in named:
            return False
        at = bisect_left(self.shown, position)
        return at < len(self.shown) and self.shown[at] == position

    def _name_missing(self, named: set[int]) -> None:
        first: int | None = None
        previous = -2
        for position in self.shown:
            if self.seen[position] or position in named:
                continue
            if first is not None and position != previous + 1:
                self.faults.range(first + 1, previous + 1, "is missing")
                first = None
            if first is None:
                first = position
            previous = position
        if first is not None:
            self.faults.range(first + 1, previous + 1, "is missing")


# -- answers -------------------------------------------------------------------------------------


def verify(path: str, checkpoint: str | None = None) -> dict[str, Any]:
    """Check the package (a ZIP, or the folder it was unpacked into); the answer as one object.

    Raises `Unusable` where the package or the checkpoint cannot be read at all.
    """
    outside = outside_checkpoint(checkpoint) if checkpoint else None
    faults = Faults()
    source = open_source(path, faults)
    try:
        package = Package(source, faults)
        package.check(outside)
    finally:
        source.close()
    return {
        "ok": not faults.found,
        "faults": faults.found,
        "entries": len(package.lines),
        "journal": {
            "entries": len(package.tree),
            "root": package.tree.root(len(package.tree)).hex(),
        },
        "scope": package.scope,
        "files": len(source.names),
        "checkpoint": None
        if outside is None
        else {"entries": outside.entries, "root": outside.root.hex()},
        "not_checked": [NO_CHECKPOINT] if outside is None else [],
        "absent": package.absent,
    }


def in_words(answer: dict[str, Any], path: str) -> Iterable[str]:
    """The answer for a person, line by line."""
    if answer["ok"]:
        yield f"{path}: everything agrees."
    else:
        count = len(answer["faults"])
        yield f"{path}: {count} fault{'' if count == 1 else 's'}."
    for fault in answer["faults"]:
        where = fault["file"]
        if "entry" in fault:
            span = f" to {fault['to']}" if "to" in fault else ""
            where = f"entry {fault['entry']}{span} ({fault['file']})"
        yield "  {}: {}".format(ascii(where)[1:-1], ascii(fault["why"])[1:-1])
    journal = answer["journal"]
    yield (
        f"Entries in the package: {answer['entries']} of {journal['entries']}; "
        f"root {journal['root']}; files: {answer['files']}."
    )
    for absent in answer["absent"]:
        if isinstance(absent, dict):
            yield "Absent: {}: {}".format(
                ascii(str(absent.get("what", "")))[1:-1],
                ascii(str(absent.get("why", "")))[1:-1],
            )
    yield from answer["not_checked"]


def answer_and_exit_code(
    path: str, checkpoint: str | None, as_json: bool, out: Any, err: Any
) -> int:
    """Verify, write the answer, and return the exit code."""
    try:
        answer = verify(path, checkpoint)
    except Unusable as error:
        if as_json:
            refused = {
                "code": error.code,
                "message": error.message,
                "file": path,
                "line": None,
                "column": None,
                "hint": error.hint,
            }
            out.write(json.dumps({"error": refused}) + "\n")
        else:
            err.write(f"{ascii(error.message)[1:-1]}\n{error.hint}\n")
        return 2
    if as_json:
        out.write(json.dumps(answer) + "\n")
    else:
        out.write("\n".join(in_words(answer, path)) + "\n")
    return 0 if answer["ok"] else 1


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line of this file."""
    parser = argparse.ArgumentParser(
        prog="verify.py",
        description="Check an evidence package offline. Example: python3 verify.py recall.zip",
    )
    parser.add_argument(
        "package",
        nargs="?",
        default=os.path.dirname(os.path.abspath(__file__)),
        help="the ZIP, or the folder it was unpacked into (default: the folder of this file)",
    )
    parser.add_argument("--checkpoint", help="a checkpoint that was kept outside the package")
    parser.add_argument("--json", action="store_true", help="answer with one JSON object")
    given = parser.parse_args(arguments)
    return answer_and_exit_code(given.package, given.checkpoint, given.json, sys.stdout, sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
