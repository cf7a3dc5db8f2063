"""Writes the table of forms into docs/filings.md: `python -m tests.kit.filings.page`."""

from __future__ import annotations

from pathlib import Path

from holdfast.kit.filings.form import Form
from holdfast.kit.filings.reading import forms

PAGE = Path(__file__).parents[3] / "docs" / "filings.md"
BEGIN, END = "<!-- forms -->\n", "<!-- /forms -->\n"
HEAD = (
    "| form | fields | text read | from memory | order | read where |\n|---|---|---|---|---|---|\n"
)


def row(form: Form) -> str:
    """One form: how many of its fields rest on a text that was read, and which texts."""
    read = sum(1 for one in form.fields if one.confidence == "verified")
    rest = len(form.fields) - read
    texts = "; ".join(
        one.title + (" (reproduced by others)" if one.kind == "secondary" else "")
        for one in form.reads
    )
    return f"| `{form.id}` | {len(form.fields)} | {read} | {rest} | {form.order} | {texts} |\n"


def table() -> str:
    """The whole table."""
    return HEAD + "".join(row(one) for one in forms().values())


def main() -> None:
    before, _, rest = PAGE.read_text().partition(BEGIN)
    PAGE.write_text(before + BEGIN + table() + END + rest.partition(END)[2])


if __name__ == "__main__":
    main()
