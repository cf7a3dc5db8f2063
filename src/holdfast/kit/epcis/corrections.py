"""Which events hold: an error declaration withdraws its event, whenever either one arrives."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from holdfast.kit.epcis.documents import Captured
from holdfast.kit.epcis.events import EpcisEvent


@dataclass(frozen=True)
class Held:
    """An event that holds, with the name its content has."""

    content: str
    event: EpcisEvent


def events_that_hold(captured: Iterable[Captured]) -> list[Held]:
    """Every event once, withdrawn ones left out, in one order whatever order they came in.

    A declaration names its event by saying it again (the same hash) or by its eventID. Events it
    names as the correction stay, even if somebody gave them the same eventID.
    """
    declared: set[str] = set()
    withdrawn_ids: dict[str, set[str]] = {}
    facts: list[Held] = []
    for one in captured:
        event = one.event()
        error = event.error_declaration
        if error is None:
            facts.append(Held(one.content, event))
            continue
        declared.add(one.content)
        if event.event_id:
            right = withdrawn_ids.setdefault(event.event_id, set())
            right.update(error.corrective_event_ids)
    kept: dict[str, Held] = {}
    for fact in facts:
        name = fact.event.event_id
        is_withdrawn = fact.content in declared or (
            name in withdrawn_ids and name not in withdrawn_ids[name]
        )
        if not is_withdrawn:
            # Among equal contents the smallest name wins, so that the order of arrival is nothing.
            before = kept.get(fact.content)
            if before is None or name < before.event.event_id:
                kept[fact.content] = fact
    return sorted(kept.values(), key=lambda fact: (fact.event.at, fact.content))
