"""Evidence on the command line: export a package, verify one, attach or erase a file."""

from __future__ import annotations

import argparse
from pathlib import Path

from holdfast.doors.cli.answer import Answer
from holdfast.kit.refusals import Unreadable


def add(commands: argparse._SubParsersAction, common: argparse.ArgumentParser) -> None:  # type: ignore[type-arg]
    """Add `evidence export|verify|attach|erase`."""
    group = commands.add_parser("evidence", help="the package that proves what was done, and when")
    verbs = group.add_subparsers(dest="verb", metavar="VERB", required=True)
    export = verbs.add_parser(
        "export",
        parents=[common],
        help="write the evidence package of a recall, or of everything",
        epilog="example:  holdfast evidence export R-2026-001 --out recall.zip",
    )
    export.add_argument("recall", nargs="?", default="", help="only this recall (default: all)")
    export.add_argument("--out", required=True, metavar="FILE.zip", help="the package to write")
    export.add_argument(
        "--checkpoint", metavar="FILE", help="also write a checkpoint, to be kept somewhere else"
    )
    export.set_defaults(run=_export)
    verify = verbs.add_parser(
        "verify",
        parents=[common],
        help="check a package offline and name everything that was changed",
        epilog="example:  holdfast evidence verify recall.zip --checkpoint kept.json",
    )
    verify.add_argument("package", metavar="FILE.zip")
    verify.add_argument(
        "--checkpoint", metavar="FILE", help="a checkpoint that was kept outside the package"
    )
    verify.set_defaults(run=_verify, needs_database=False)
    attach = verbs.add_parser(
        "attach",
        parents=[common],
        help="keep a file as evidence of a recall",
        epilog="example:  holdfast evidence attach R-2026-001 report.pdf --about decision:1",
    )
    attach.add_argument("recall")
    attach.add_argument("file", type=Path)
    attach.add_argument("--about", default="", help="what it proves, such as decision:1")
    attach.add_argument("--note", default="")
    attach.set_defaults(run=_attach)
    erase = verbs.add_parser(
        "erase",
        parents=[common],
        help="erase what an attached file holds; that it was there stays",
        epilog="example:  holdfast evidence erase R-2026-001 3 --because 'it shows a stranger'",
    )
    erase.add_argument("recall")
    erase.add_argument("number", type=int, help="as `evidence attach` gave it")
    erase.add_argument(
        "--because", required=True, metavar="REASON", help="kept in the journal: no names"
    )
    erase.set_defaults(run=_erase)


def _verify(options: argparse.Namespace) -> Answer:
    from holdfast.kit.ledger import verify

    try:
        answer = verify.verify(options.package, options.checkpoint)
    except verify.Unusable as error:
        raise Unreadable(
            error.code, error.message, hint=error.hint, file=str(options.package)
        ) from error
    text = "\n".join(verify.in_words(answer, str(options.package)))
    return Answer(answer, text, 0 if answer["ok"] else 1)


def _export(options: argparse.Namespace) -> Answer:
    from holdfast.doors.cli.acting import actor
    from holdfast.insight.exports.evidence import export_evidence

    exported = export_evidence(
        out=Path(options.out),
        checkpoint=Path(options.checkpoint) if options.checkpoint else None,
        recall=options.recall,
        by=actor(options),
    )
    lines = [
        f"{options.out}: {exported['entries']} entries, {exported['files']} files, "
        f"{exported['bytes']} bytes; root {exported['root']}"
    ]
    if options.checkpoint:
        lines.append(f"{options.checkpoint}: the checkpoint; keep it somewhere else.")
    lines += [
        f"LOOK  {fault.get('file') or fault.get('record') or ''}"
        f"{' entry ' + str(fault['entry']) if 'entry' in fault else ''}: {fault['why']}"
        for fault in exported["faults"]
    ]
    return Answer(exported, "\n".join(lines), 1 if exported["faults"] else 0)


def _attach(options: argparse.Namespace) -> Answer:
    from holdfast.decision.recalls.queries import recall_named
    from holdfast.doors.cli.acting import actor, now
    from holdfast.ground.evidence.actions import attach_file

    recall = recall_named(options.recall)
    try:
        with options.file.open("rb") as handle:
            file = attach_file(
                subject=recall.ref,
                about=options.about,
                name=options.file.name,
                content=iter(lambda: handle.read(1 << 20), b""),
                note=options.note,
                by=actor(options),
                now=now(),
            )
    except OSError as error:
        raise Unreadable(
            "unreadable",
            f"The file {options.file} cannot be read: {error.strerror or error}.",
            file=str(options.file),
        ) from error
    return Answer(
        {"number": file.pk, "sha256": file.sha256, "size": file.size, "about": file.about},
        f"Kept as evidence file no. {file.pk}: {file.sha256}",
    )


def _erase(options: argparse.Namespace) -> Answer:
    from holdfast.decision.recalls.queries import recall_named
    from holdfast.doors.cli.acting import actor, now
    from holdfast.ground.evidence.actions import erase_file
    from holdfast.ground.evidence.queries import evidence_file

    file = evidence_file(recall_named(options.recall).ref, options.number)
    file = erase_file(file=file, reason=options.because, by=actor(options), now=now())
    return Answer(
        {"number": file.pk, "sha256": file.sha256, "erased_at": file.erased_at},
        f"Erased: evidence file no. {file.pk}. Its SHA-256 stays; packages say that it is gone.",
    )
