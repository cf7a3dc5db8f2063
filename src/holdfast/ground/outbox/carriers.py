"""What the outbox asks of whatever carries its messages; each channel's adapter is such a one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from holdfast.ground.outbox.actions import Ending
from holdfast.kit.refusals import Forbidden


class CannotCarry(Exception):
    """Waiting does not help: a wrong password, a bad certificate, a refused sender."""


@dataclass(frozen=True, slots=True)
class WayOut:
    """Whether messages would be taken now, in words; `is_asked` once the other side was spoken to.

    `may_come` where waiting may help: messages would be held until somebody answers.
    """

    is_open: bool
    words: str
    is_asked: bool = True
    may_come: bool = False


class Carrier(Protocol):
    """Takes messages and tells what became of them; one loop owns it."""

    @staticmethod
    def way_out(*, ask: bool) -> WayOut:
        """Whether there is somebody to hand messages to; without `ask`, as far as settings tell."""

    @property
    def sender(self) -> str:
        """The address messages leave from, or empty where the channel has none."""

    @property
    def retry_for(self) -> float:
        """For how many seconds a message that is refused for now is tried again."""

    @property
    def trouble(self) -> str | None:
        """Why nothing gets through at this moment."""

    @property
    def down_for(self) -> float:
        """For how many seconds nothing has got through."""

    def put(self, parcels: Iterable[tuple[Any, str, bytes]]) -> None:
        """Queue (key, address, message)."""

    def turn(self, timeout: float) -> Sequence[Ending]:
        """Work until something ended or the time is over."""

    def take_back(self) -> list[Any]:
        """The keys of everything that has not begun."""

    def close(self) -> None:
        """Part politely."""


class Recorder(Protocol):
    """What a carrier tells about each message, before and after it leaves."""

    def begin(self, key: Any) -> None: ...
    def end(self, settled: Any) -> None: ...
    def flush(self) -> None: ...


def way_out(channel: str, *, ask: bool) -> WayOut:
    """Whether a channel leads anywhere; without `ask` nobody is spoken to."""
    table = import_string(settings.CHANNELS)
    if settings.DRILL or channel not in table:
        return WayOut(False, "nothing can leave from here")
    found: WayOut = import_string(table[channel]).way_out(ask=ask)
    return found


def carrier_for(channel: str, *, sender: str, recorder: Recorder | None) -> Carrier:
    """The adapter of a channel; a drill has none at all."""
    table = import_string(settings.CHANNELS)
    if settings.DRILL:
        raise Forbidden("drill", "This is a drill: nothing can leave it.")
    if channel not in table:
        raise Forbidden(
            "no_channel",
            f"There is no adapter for the channel “{channel}”.",
            hint="Known: " + (", ".join(sorted(table)) or "none"),
        )
    made: Carrier = import_string(table[channel])(sender=sender, recorder=recorder)
    return made
