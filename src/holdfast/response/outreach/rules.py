"""Gates, languages, reminders and the test's code, as pure functions."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

EMAIL = "email"
REMINDER_DAYS = (3, 10, 24, 60)

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
    "server": "A mail server is named",
    "instance": "This is the only copy of this instance that sends",
}
NEVER_WAIVED = frozenset({"decision", "people", "approvals", "server"})

_SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Gate:
    """One gate as it was found: green, red or waived, with words."""

    name: str
    state: str
    words: str = ""

    @property
    def asks(self) -> str:
        return GATES[self.name]

    @property
    def may_be_waived(self) -> bool:
        return self.name not in NEVER_WAIVED

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
