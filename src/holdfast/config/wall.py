"""The wall around a drill: no adapter that speaks to the outside, and no connection at all."""

from __future__ import annotations

import importlib.abc
import sys
from collections.abc import Sequence
from types import ModuleType

# What reads files may stay; what opens connections is not there.
OUTBOUND = ("holdfast.connectors.smtp", "smtplib")
CONNECTING = frozenset(
    f"socket.{act}" for act in ("connect", "sendto", "sendmsg", "getaddrinfo", "gethostbyname")
)


class DrillCannotConnect(ConnectionRefusedError):
    """Something in a drill tried to reach the outside."""


class _Absent(importlib.abc.MetaPathFinder):
    """Outbound adapters cannot be imported in a drill: they are absent, not switched off."""

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> None:
        if name.startswith(OUTBOUND):
            raise ModuleNotFoundError(f"{name} does not exist in a drill", name=name)


def _refuse(event: str, _arguments: tuple[object, ...]) -> None:
    if event in CONNECTING:
        raise DrillCannotConnect(f"a drill makes no connection ({event})")


def raise_wall() -> None:
    """For the rest of this process; an audit hook cannot be taken away again."""
    if any(isinstance(finder, _Absent) for finder in sys.meta_path):
        return
    for name in [name for name in sys.modules if name.startswith(OUTBOUND)]:
        del sys.modules[name]
    sys.meta_path.insert(0, _Absent())
    sys.addaudithook(_refuse)
