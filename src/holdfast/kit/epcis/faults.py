"""What is wrong with a document, and where: a path the sender can open, and a reason."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One fault; `path` is a JSON pointer or an XPath, `line` is known for XML and bad text."""

    path: str
    reason: str
    line: int | None = None

    def as_json(self) -> dict[str, object]:
        """The `refused` object of the row accounting."""
        found: dict[str, object] = {"path": self.path, "reason": self.reason}
        if self.line is not None:
            found["line"] = self.line
        return found


class Wrong(Exception):
    """Raised where a fault is found; the frames above put their step in front of the path."""

    def __init__(self, reason: str, *steps: str | int, line: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.steps: list[str | int] = list(steps)
        self.line = line

    def under(self, step: str | int) -> Wrong:
        """The same fault, seen from one level higher."""
        self.steps.insert(0, step)
        return self

    def pointer(self) -> Fault:
        """As a JSON pointer (RFC 6901); the whole document is the empty pointer, shown as `/`."""
        parts = [str(step).replace("~", "~0").replace("/", "~1") for step in self.steps]
        return Fault("/" + "/".join(parts), self.reason, self.line)

    def xpath(self) -> Fault:
        """As an XPath of element names with positions where a name repeats."""
        return Fault("/" + "/".join(str(step) for step in self.steps), self.reason, self.line)


def shown(value: object) -> str:
    """A value as it may stand in a reason: short, on one line."""
    text = value if isinstance(value, str) else repr(value)
    text = " ".join(text.split())
    return text if len(text) <= 60 else text[:57] + "…"
