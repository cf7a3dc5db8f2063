"""The funnel of one level: scope to remedy; losses go down, departures sideways."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from holdfast.kit.measures.levels import Level, Quantity, plain

# A mechanism corrects nothing: only `remedied` and `closed` are results.
STAGES = (
    "in_scope",
    "reachable",
    "sent",
    "delivered",
    "visited",
    "answered",
    "remedied",
    "closed",
)
MECHANISMS = frozenset({"reachable", "sent", "delivered", "visited"})
# A page view is no evidence: mail scanners open every link, so a GET records nothing.
VISITED_MEANS = "pressed a button on their own page; opening a page is not counted"


@dataclass(frozen=True, slots=True)
class FunnelStep:
    """One stage: units that got this far, their share of the scope, and who did not."""

    name: str
    units: Quantity
    share: float | None
    lost: Quantity
    is_mechanism: bool


@dataclass(frozen=True, slots=True)
class Funnel:
    """All stages of one level plus those that left sideways (gone, given away, never received)."""

    level: type[Level]
    steps: tuple[FunnelStep, ...]
    sideways: Mapping[str, Quantity]

    def as_json(self) -> dict[str, object]:
        return {
            "level": self.level.name,
            "steps": [
                {
                    "name": s.name,
                    "units": plain(s.units),
                    "share": None if s.share is None else round(s.share, 6),
                    "lost": plain(s.lost),
                    "is_mechanism": s.is_mechanism,
                }
                for s in self.steps
            ],
            "sideways": {name: plain(n) for name, n in self.sideways.items()},
            "visited_means": VISITED_MEANS,
        }


def build_funnel(
    level: type[Level],
    counts: Mapping[str, Quantity],
    sideways: Mapping[str, Quantity] | None = None,
) -> Funnel:
    """Steps in order; `lost` is the difference to the step before.

    `lost` can be negative: a person without a delivered message may answer through the public
    page, and pretending otherwise would hide that the message was not what reached them.
    """
    missing = [name for name in STAGES if name not in counts]
    if missing:
        raise ValueError(f"the funnel misses {', '.join(missing)}")
    scope = counts["in_scope"]
    if any(counts[name] < 0 or counts[name] > scope for name in STAGES):
        raise ValueError(f"a stage lies outside 0..{scope}: {dict(counts)}")
    steps: list[FunnelStep] = []
    before = scope
    for name in STAGES:
        here = counts[name]
        share = float(here) / float(scope) if scope else None
        steps.append(FunnelStep(name, here, share, before - here, name in MECHANISMS))
        before = here
    return Funnel(level, tuple(steps), dict(sideways or {}))
