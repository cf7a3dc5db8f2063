"""Who tells the sample's story: the actor, the days, and the one source of chance."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from random import Random

from holdfast.doors.cli.sample.company import Days
from holdfast.kit.actors import Actor
from holdfast.response.remedies.rules import reference_from

ORDERS = 3_000
SEED = 17


@dataclass
class Teller:
    """Who tells the story, when it is now, and the one source of chance."""

    by: Actor
    days: Days
    chance: Random
    folder: Path

    def reference(self) -> str:
        return reference_from(self.chance.randbytes(8), "LV")
