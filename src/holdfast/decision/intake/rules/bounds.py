"""How long what is told of an inspection or a test may be; nothing is cut in silence."""

from __future__ import annotations

from collections.abc import Mapping

from holdfast.kit.refusals import Unreadable

INSPECTED: Mapping[str, int] = {"lot": 120, "site": 80, "defects": 500, "inspector": 200}
TESTED: Mapping[str, int] = {
    "lot": 120, "what": 200, "method": 200, "limit": 120, "value": 120, "unit": 40,
    "laboratory": 200, "report": 120,
}  # fmt: skip


def bounded(told: object, bounds: Mapping[str, int]) -> None:
    """Refuse what would not fit, naming it."""
    for name, most in bounds.items():
        if len(str(getattr(told, name))) > most:
            raise Unreadable("too_long", f"“{name}” is longer than {most} characters.", column=name)
