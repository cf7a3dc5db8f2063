"""`holdfast notice lint`: one file held against the rules of a law, in each of its languages."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from holdfast.doors.cli.answer import Answer
from holdfast.kit.refusals import Unreadable


def lint_notice(options: argparse.Namespace) -> Answer:
    """Exit 0 where nothing blocks, 1 where something does."""
    from holdfast.kit.wording.lint import lint_file

    name = options.file
    try:
        if name == "-":
            content = sys.stdin.buffer.read(1_100_000)
        else:
            with Path(name).open("rb") as file:
                content = file.read(1_100_000)
    except OSError as error:
        raise Unreadable(
            "unreadable",
            f"The file cannot be read: {error.strerror or error}.",
            hint="Check the name.",
            file=name,
        ) from None
    try:
        reports = lint_file(
            content,
            "notice.txt" if name == "-" else name,
            regime=options.regime,
            language=options.language,
            today=datetime.now(UTC).date(),
        )
    except Unreadable as refusal:
        refusal.file = refusal.file or name
        raise
    blocked = any(not report.ok for report in reports)
    data: dict[str, object] = {"file": name, **_joined([one.as_json() for one in reports])}
    return Answer(data, "\n".join(_report_lines(name, reports)), 1 if blocked else 0)


def _joined(reports: list[dict[str, object]]) -> dict[str, object]:
    """One report as it is; several with their sums and all findings in one list."""
    if len(reports) == 1:
        return {**reports[0], "texts": [reports[0]["language"]]}

    def total(key: str) -> int:
        return sum(int(str(one[key])) for one in reports)

    findings: list[object] = []
    for one in reports:
        findings += list(one["findings"])  # type: ignore[call-overload]
    return {
        "regime": reports[0]["regime"],
        "language": None,
        "texts": [one["language"] for one in reports],
        "ok": all(one["ok"] for one in reports),
        "block": total("block"),
        "warn": total("warn"),
        "advice": total("advice"),
        "findings": findings,
        "findings_left_out": total("findings_left_out"),
        "profile": reports[0]["profile"],
        "banner": reports[0]["banner"],
        "not_checked": _once(reports),
        "reports": reports,
    }


def _once(reports: list[dict[str, object]]) -> list[object]:
    """What was not checked in any of the texts, each once."""
    found: list[object] = []
    for one in reports:
        rows: Any = one["not_checked"]
        found += [row for row in rows if row not in found]
    return found


def _report_lines(name: str, reports: list[Any]) -> list[str]:
    lines = [f"NOTE: {reports[0].banner}"] if reports[0].banner else []
    for report in reports:
        for one in report.findings:
            place = f"{name}:{one.line}:{one.column}"
            quoted = f" “{one.text}”" if one.text else ""
            lines.append(f"{place}: {one.severity}: {one.rule}{quoted}: {one.why}")
            lines.append(f"    {one.suggestion}  [{one.source}]")
            if one.inline:
                lines.append(f"    > {one.inline}")
        there = sum(1 for element in report.elements if element.present)
        lines.append(
            f"{report.language}, {report.regime}: {report.count('block')} block, "
            f"{report.count('warn')} warn, {report.count('advice')} advice; "
            f"{there} of {len(report.elements)} required elements seen"
        )
        lines += [f"not checked: {one.what}. {one.why}" for one in report.not_checked]
    return lines
