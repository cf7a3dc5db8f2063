"""The reason of a verdict as one whole sentence."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from holdfast.kit.trace.values import Verdict

SHOWN = 4
"""Lots named in one sentence before the rest is counted."""


def reason(verdict: Verdict, *, lot: str, sku: str, site: str, day: date | None) -> str:
    """Why a line has its certainty, for a person who was not there."""
    if verdict.rule == "lot_named":
        return f"The order names lot {lot}, which is affected."
    if verdict.rule == "other_lot_named":
        return f"The order names lot {lot}, which is not affected."
    if verdict.rule == "other_product":
        return f"No affected lot is of product {sku}."
    left = _left(site, day)
    if verdict.rule == "no_record":
        return f"{left}; no receipt says which lots were in stock then, so it cannot be ruled out."
    place = "in the container" if verdict.rule.startswith("container") else "in stock"
    were = f"{_lots(verdict.lots)} {'was' if len(verdict.lots) == 1 else 'were'} {place} then"
    if verdict.rule.endswith("_none"):
        which = "it is not" if len(verdict.lots) == 1 else "none of them is"
        return f"{left}; {were}, and {which} affected."
    if verdict.rule.endswith("_all"):
        which = "it is" if len(verdict.lots) == 1 else "all of them are"
        return f"{left}; only {were}, and {which} affected."
    return f"{left}; {were}; {_share(verdict)}."


@lru_cache(maxsize=4096)
def _left(site: str, day: date | None) -> str:
    when = f" {day:%-d %b %Y}" if day else " on an unknown day"
    return f"Shipped{when} from {site}" if site else f"Shipped{when}, site not recorded"


def _lots(names: tuple[str, ...]) -> str:
    if len(names) == 1:
        return f"lot {names[0]}"
    if len(names) <= SHOWN:
        return f"lots {', '.join(names[:-1])} and {names[-1]}"
    return f"lots {', '.join(names[:SHOWN])} and {len(names) - SHOWN} more"


def _share(verdict: Verdict) -> str:
    percent = _percent(verdict.probability or 0.0)
    hit = _lots(verdict.affected).removeprefix("lots ").removeprefix("lot ")
    if verdict.basis == "count":
        return f"{len(verdict.affected)} of {len(verdict.lots)} lots are affected ({hit})"
    if verdict.basis == "picking":
        return f"the order in which goods left makes it {percent} likely to be {hit}"
    return f"{percent} of the units were {hit}"


def _percent(part: float) -> str:
    if 0 < part < 0.01:
        return "less than 1 %"
    if 0.99 < part < 1:
        return "more than 99 %"
    return f"{part * 100:.0f} %"
