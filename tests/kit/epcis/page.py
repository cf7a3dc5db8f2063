"""Writes the table of GS1's documents into docs/epcis.md: `python -m tests.kit.epcis.page`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from holdfast.kit.epcis.documents import read_document
from tests.kit.epcis.oracle import folder, official

PAGE = Path(__file__).resolve().parents[3] / "docs" / "epcis.md"
START, END = "<!-- table of documents: start -->", "<!-- table of documents: end -->"


def table(root: Path) -> list[str]:
    """One line a document: what it holds, and whether it reads or where it is refused and why."""
    lines = ["| document | events | |", "|---|---|---|"]
    for path in official(root):
        document = read_document(path.read_bytes())
        said = "reads"
        if document.fault:
            where = document.fault.path.replace("|", "\\|")
            said = f"refused at `{where}`: {document.fault.reason.replace('|', chr(92) + '|')}"
        lines.append(f"| {path.relative_to(root).as_posix()} | {document.found} | {said} |")
    return lines


def between(text: str) -> list[str]:
    """The table that stands on the page."""
    return text.split(START)[1].split(END)[0].strip().splitlines()


def main() -> None:
    """Put the table of today on the page."""
    root = folder(Path(os.environ["HOLDFAST_SHARED_DATA"]))
    text = PAGE.read_text(encoding="utf-8")
    head, rest = text.split(START)
    tail = rest.split(END)[1]
    body = "\n".join(table(root))
    PAGE.write_text(f"{head}{START}\n{body}\n{END}{tail}", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
