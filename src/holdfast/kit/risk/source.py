"""Where a published method stands, and how sure we are that we have it as it is written there."""

from __future__ import annotations

from dataclasses import dataclass

CONFIDENCES: dict[str, str] = {
    "verified": "the text that states it was read",
    "recalled": "from general knowledge; read the text before you rely on it",
    "unknown": "not found; nothing is made up in its place",
    "computed": "worked out by Holdfast; no authority publishes it",
    "own_rule": "Holdfast's own rule where the law leaves the choice to you",
}


@dataclass(frozen=True, slots=True)
class Source:
    """The legal basis of a method, its addresses, our confidence, and how we settled doubts."""

    legal_basis: str
    addresses: tuple[str, ...]
    confidence: str
    status: str = ""
    confidence_note: str = ""
    conventions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.confidence not in CONFIDENCES:
            raise ValueError(f"“{self.confidence}” is no confidence")

    @property
    def is_to_be_confirmed(self) -> bool:
        """Has counsel still to read the text?"""
        return self.confidence in ("recalled", "unknown")

    def as_json(self) -> dict[str, object]:
        """The head of every answer a method gives."""
        return {
            "legal_basis": self.legal_basis,
            "status": self.status,
            "sources": list(self.addresses),
            "confidence": self.confidence,
            "confidence_note": self.confidence_note,
            "to_be_confirmed": self.is_to_be_confirmed,
            "conventions": list(self.conventions),
        }
