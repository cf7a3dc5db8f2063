"""What the linter says: one finding per place, and the report that sums them up."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field

from holdfast.kit.wording.profile import Unchecked

SEVERITIES = ("block", "warn", "advice")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to change; `start` and `end` count in the text, line and column in the file."""

    rule: str
    severity: str
    text: str
    start: int
    end: int
    line: int
    column: int
    why: str
    source: str
    suggestion: str
    language: str = ""
    where: str = ""
    confidence: str = ""
    inline: str = ""  # words to put there, slots in braces; or the sentence, ~~what goes~~ marked


@dataclass(frozen=True, slots=True)
class Element:
    """One required element: `present` is True, False, or None where the file cannot show it."""

    id: str
    label: str
    present: bool | None
    severity: str
    citation: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Report:
    """All findings about one text in one language under one regime."""

    regime: str
    language: str
    findings: tuple[Finding, ...]
    elements: tuple[Element, ...]
    reading: dict[str, object] = field(default_factory=dict)
    left_out: int = 0
    not_checked: tuple[Unchecked, ...] = ()
    profile: dict[str, object] = field(default_factory=dict)
    banner: str = ""

    def count(self, severity: str) -> int:
        """How many findings of that severity."""
        return sum(1 for found in self.findings if found.severity == severity)

    @property
    def ok(self) -> bool:
        """True when nothing blocks."""
        return self.count("block") == 0

    def as_json(self) -> dict[str, object]:
        """The object that `notice lint --json` prints for one language."""
        return {
            "regime": self.regime,
            "language": self.language,
            "ok": self.ok,
            "block": self.count("block"),
            "warn": self.count("warn"),
            "advice": self.count("advice"),
            "elements": [asdict(element) for element in self.elements],
            "reading": self.reading,
            "findings": [asdict(found) for found in self.findings],
            "findings_left_out": self.left_out,
            "not_checked": [asdict(one) for one in self.not_checked],
            "profile": self.profile,
            "banner": self.banner,
        }
