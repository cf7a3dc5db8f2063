"""Makes small packages and tampers with them, for the tests beside it."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

from holdfast.kit.ledger import canonical_json, leaf_hash
from holdfast.kit.ledger.entry import entry_line
from holdfast.kit.ledger.package import Written, write_package
from holdfast.kit.ledger.verify import document_bytes

Files = dict[str, bytes]
NOTICE = b"Stop using the kettle.\n"
NOTICE_NAME = f"texts/{sha256(NOTICE).hexdigest()}.txt"


def line(index: int, **payload: object) -> bytes:
    if index == 3:
        payload["text_sha256"] = sha256(NOTICE).hexdigest()
    subject = "R-2026-001" if index % 3 == 0 else ""
    return entry_line(
        index,
        f"2026-03-02T09:{index // 60 % 60:02}:{index % 60:02}+00:00",
        "ThingDone",
        "person:1",
        subject,
        canonical_json({"number": index, **payload}),
    )


def entries(count: int, *, only: str | None = None) -> Iterator[tuple[bytes, bytes | None]]:
    for index in range(1, count + 1):
        text = line(index)
        is_shown = only is None or text.endswith(b'"%s"}' % only.encode())
        yield leaf_hash(text), text if is_shown else None


def make(path: Path, count: int = 30, *, only: str | None = None) -> Written:
    with path.open("wb") as out:
        return write_package(
            out,
            scope=only or "instance",
            made_by="holdfast test",
            journal=entries(count, only=only),
            absent=[{"what": "addresses", "why": "they are personal data"}],
            files=[
                ("units.csv", [b"unit,state\n1,corrected\n"]),
                ("deliveries.csv", [b"recipient,state\n", b"customer:1,accepted\n"]),
                (NOTICE_NAME, [NOTICE]),
            ],
        )


def read(path: Path) -> Files:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def write(path: Path, files: Files) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def agree(files: Files) -> Files:
    """A manifest and a checkpoint that agree with whatever the files now hold (no tree)."""
    manifest = json.loads(files["manifest.json"])
    manifest["files"] = {
        name: {"bytes": len(content), "sha256": sha256(content).hexdigest()}
        for name, content in files.items()
        if name not in ("manifest.json", "checkpoint.json")
    }
    checkpoint = json.loads(files["checkpoint.json"])
    raw = document_bytes(manifest)
    checkpoint["manifest"] = sha256(raw).hexdigest()
    return {**files, "manifest.json": raw, "checkpoint.json": document_bytes(checkpoint)}


def rewrite(files: Files, change: Callable[[list[bytes]], list[bytes]]) -> Files:
    """The journal changed, and everything else made to agree with it: the perfect forgery."""
    lines = change(files["journal.jsonl"].splitlines())
    out = io.BytesIO()
    write_package(
        out,
        scope="instance",
        made_by="holdfast test",
        journal=[(leaf_hash(each), each) for each in lines],
        absent=json.loads(files["absent.json"])["absent"],
        files=[
            (name, [content])
            for name, content in files.items()
            if name.endswith(".csv") or name.startswith("texts/")
        ],
    )
    with zipfile.ZipFile(out) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def named(answer: dict[str, Any]) -> tuple[set[int], set[str]]:
    """The entries that the answer names, and the files."""
    found: set[int] = set()
    for fault in answer["faults"]:
        if "entry" in fault:
            found.update(range(fault["entry"], fault.get("to", fault["entry"]) + 1))
    return found, {fault["file"] for fault in answer["faults"]}
