"""Writes the evidence package of a recall or of everything, and says what does not agree in it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from holdfast import __version__
from holdfast.decision.recalls.queries import recall_named
from holdfast.ground.journal.checking import Checked, checked_entries
from holdfast.ground.journal.queries import head
from holdfast.ground.journal.snapshot import one_moment
from holdfast.ground.journal.telling import tell_line
from holdfast.insight.exports.absences import absences
from holdfast.insight.exports.agreement import Agreement
from holdfast.insight.exports.policies import require_export
from holdfast.insight.exports.summary import summary_pdf
from holdfast.insight.exports.tables import tables
from holdfast.insight.exports.texts import texts
from holdfast.kit.actors import Actor
from holdfast.kit.ledger.package import Written, write_package
from holdfast.kit.ledger.verify import WHOLE
from holdfast.kit.refusals import Unreadable


def export_evidence(
    *, out: Path, checkpoint: Path | None = None, recall: str = "", by: Actor
) -> dict[str, Any]:
    """Write the package to `out` and, if asked, what is to be kept outside to `checkpoint`.

    The same state gives the same bytes, so nothing is recorded about it. `faults` names entries and
    records that were changed behind the journal's back; the package is written all the same, since
    it is then needed most, and verifying it names the entries again.
    """
    require_export(by)
    if recall:
        recall = recall_named(recall).ref
    faults: list[dict[str, Any]] = []
    with one_moment():
        target = _beside(out)
        try:
            with target.open("wb") as handle:
                written = _write(handle, recall, faults)
                handle.flush()
                os.fsync(handle.fileno())
            if checkpoint is not None:
                _put(checkpoint, written.to_keep())
            target.replace(out)
        finally:
            target.unlink(missing_ok=True)
    return {
        "out": str(out),
        "checkpoint": None if checkpoint is None else str(checkpoint),
        "scope": recall or WHOLE,
        "entries": written.checkpoint["entries"],
        "root": written.checkpoint["root"],
        "files": len(written.manifest["files"]) + 2,
        "bytes": out.stat().st_size,
        "faults": faults,
    }


def _write(handle: Any, recall: str, faults: list[dict[str, Any]]) -> Written:
    agreement = Agreement(recall)
    with tempfile.TemporaryFile() as words:
        journal = _entries(recall, agreement, words, faults)
        held = texts(recall, faults)
        files: list[tuple[str, Iterable[bytes]]] = [
            (table.name, table.pieces(recall)) for table in tables(recall)
        ]
        files += [(name, text.pieces()) for name, text in held.items()]
        files.append(("words.txt", _again(words)))
        absent = absences(recall)
        entries, root = head()
        sheet = summary_pdf(recall=recall, entries=entries, root=root, absent=absent)
        files.append(("summary.pdf", [sheet]))
        written = write_package(
            handle,
            scope=recall or WHOLE,
            made_by=f"holdfast {__version__}",
            journal=journal,
            absent=absent,
            files=files,
        )
    faults.extend(agreement.faults())
    return written


def _entries(
    recall: str, agreement: Agreement, words: Any, faults: list[dict[str, Any]]
) -> Iterator[tuple[bytes, bytes | None]]:
    """Leaf and line of every entry; those of other recalls stay in the house as hashes."""
    for entry in checked_entries():
        if entry.why:
            faults.append({"entry": entry.index, "why": entry.why})
        if recall and entry.subject not in (recall, ""):
            yield entry.leaf, None
            continue
        _take_in(agreement, entry, words, faults)
        yield entry.leaf, entry.line


def _take_in(
    agreement: Agreement, entry: Checked, words: Any, faults: list[dict[str, Any]]
) -> None:
    try:
        agreement.see(entry)
        words.write(tell_line(entry.index, entry.at, entry.by, entry.kind, entry.payload).encode())
    except (ValueError, LookupError, TypeError, AttributeError):
        if not entry.why:
            faults.append({"entry": entry.index, "why": "its content is not made as its kind is"})


def _again(handle: Any) -> Iterator[bytes]:
    """What was written to a temporary file while the journal was read."""
    handle.seek(0)
    while piece := handle.read(1 << 20):
        yield piece


def _beside(out: Path) -> Path:
    """A new file in the folder of `out`, moved into place when it is whole."""
    try:
        handle, name = tempfile.mkstemp(dir=out.parent, prefix=f".{out.name}.")
    except OSError as error:
        raise Unreadable(
            "cannot_write",
            f"The package cannot be written to {out}: {error.strerror or error}.",
            hint="Name a file in a folder that exists and may be written.",
            file=str(out),
        ) from error
    os.close(handle)
    return Path(name)


def _put(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise Unreadable(
            "cannot_write",
            f"The checkpoint cannot be written to {path}: {error.strerror or error}.",
            file=str(path),
        ) from error
