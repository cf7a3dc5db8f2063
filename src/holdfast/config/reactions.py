"""What happens when: a fact in the journal, and the actions that follow it, on one page.

A worker claims each pair after commit and calls `action(entry=…, by=SYSTEM, now=…)`; every
action here is idempotent, because a worker may die between the work and its own tick.
"""

REACTIONS: dict[str, list[str]] = {
    "FileImported": [],
    "ImportAsked": [],
    "MappingSaved": [],
    "HistorySimulated": [],
    "RecallOpened": ["holdfast.response.holds.actions.list_places_of_entry"],
    "ScopeConfirmed": [
        "holdfast.response.holds.actions.list_places_of_entry",
        "holdfast.response.units.actions.follow_scope",
    ],
}
