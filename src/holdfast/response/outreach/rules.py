"""Gates, reminders, the test's code and the mark of our pages, as pure functions."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

EMAIL = "email"
REMINDER_DAYS = (3, 10, 24, 60)
DOWN = "down"
"""How a red gate is kept that waiting may open."""

#: What each gate asks. Those in NEVER_WAIVED guard the law and the outbox itself.
GATES: dict[str, str] = {
    "decision": "The recall is decided and its scope confirmed",
    "people": "There is somebody who can be reached",
    "approvals": "The text is approved, and was not changed since",
    "laws": "Everybody has an approved text under the law of their country",
    "languages": "Everybody gets a language they read",
    "page": "The notice page is up",
    "links": "Every link in the notice answers",
    "test": "A test was sent to you, and you opened it",
    "suppression": "Those who have answered are taken out",
    "server": "A mail server takes our messages",
    "instance": "This is the only copy of this instance that sends",
}
NEVER_WAIVED = frozenset({"decision", "people", "approvals", "server"})

_MARK = re.compile(r'<meta name="holdfast" content="([^"<>]*)">')
_SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Gate:
    """One gate as it was found: green, red or waived, with words.

    `may_come` where waiting may open it, so that somebody may go on with a reason.
    """

    name: str
    state: str
    words: str = ""
    may_come: bool = False

    @property
    def asks(self) -> str:
        return GATES[self.name]

    @property
    def may_be_waived(self) -> bool:
        return self.name not in NEVER_WAIVED or self.may_come

    @property
    def stored_as(self) -> str:
        """Its state as it is kept."""
        return DOWN if self.state == "red" and self.may_come else self.state

    def as_json(self) -> dict[str, object]:
        """A gate for machines."""
        return {
            "gate": self.name,
            "asks": self.asks,
            "state": self.state,
            "words": self.words,
            "may_be_waived": self.may_be_waived,
        }


def waived(gates: Iterable[Gate], waivers: Mapping[str, str]) -> list[Gate]:
    """The gates after waiving: a red one with a reason passes, unless it may not."""
    return [
        Gate(gate.name, "waived", f"{waivers[gate.name]} ({gate.words})".strip())
        if gate.state == "red" and gate.may_be_waived and waivers.get(gate.name, "").strip()
        else gate
        for gate in gates
    ]


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came for an address: status (0 for none), where it ended, its text, why nothing came."""

    status: int = 0
    url: str = ""
    text: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class PageMark:
    """What a page of ours says of itself: the instance, and the recall and text it shows."""

    instance: str
    recall: str = ""
    text: str = ""

    def __str__(self) -> str:
        return " ".join(filter(None, (self.instance, self.recall, self.text)))


def page_mark(key: bytes, *, recall: str = "", text_sha256: str = "") -> PageMark:
    """The mark that only this instance can write, for the head of each of its public pages."""
    mac = hmac.digest(key, b"page", hashlib.sha256)
    return PageMark(mac[:8].hex(), recall, text_sha256[:16] or "draft" if recall else "")


def mark_in(page: str) -> PageMark:
    """The mark a page carries; an empty one where it has none."""
    found = _MARK.search(page)
    return PageMark(*found.group(1).split(" ", 2)) if found else PageMark("")


def trial_code(key: bytes, *, recall: str, texts: Iterable[str]) -> str:
    """Six signs that stand in the subject of the test; another text has another code."""
    said = "\x00".join([recall, *sorted(texts)])
    mac = hmac.digest(key, f"test\x00{said}".encode(), hashlib.sha256)
    return "".join(_SIGNS[byte % len(_SIGNS)] for byte in mac[:6])


def message_id(
    key: bytes, *, recall: str, recipient: str, channel: str, wave: int, host: str
) -> str:
    """The same for every copy of one message, and telling nothing about whom it is for."""
    said = f"message\x00{recall}\x00{recipient}\x00{channel}\x00{wave}"
    return f"<{hmac.digest(key, said.encode(), hashlib.sha256)[:16].hex()}@{host}>"
