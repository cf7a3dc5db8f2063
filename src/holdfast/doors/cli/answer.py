"""What a command answers: one JSON object for machines, a few lines for people."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Answer:
    """`data` is printed with --json, `text` without; `exit_code` 1 says not all is as hoped."""

    data: dict[str, object] = field(default_factory=dict)
    text: str = ""
    exit_code: int = 0
    entries: list[dict[str, object]] | None = None  # a command whose answer is a list
