"""The difference between two scope versions: in people, in units, in sentences."""

from __future__ import annotations

from collections import Counter

from holdfast.decision.recalls.models import ScopeLine, ScopeVersion
from holdfast.decision.recalls.queries.finding import Found, scope_digest
from holdfast.decision.recalls.queries.rows import units_of
from holdfast.kit.quantities import plain
from holdfast.kit.trace.criteria import Criteria, json_digest, sentences

SAID = {
    "confirmed": "confirmed",
    "probable": "probable",
    "cannot_rule_out": "cannot be ruled out",
    "excluded": "excluded",
}


def stored_lines(version: ScopeVersion | None) -> dict[int, tuple[str, int]]:
    """Certainty and thousandths of units by line, of a stored version."""
    if version is None:
        return {}
    rows = ScopeLine.objects.filter(version=version).values_list("line_id", "certainty", "units")
    return {line: (certainty, int(units * 1000)) for line, certainty, units in rows.iterator()}


def stored_digest(version: ScopeVersion) -> str:
    """The digest of a stored version, computed again from its criteria and its lines."""
    lines = sorted((line, *rest) for line, rest in stored_lines(version).items())
    return scope_digest(json_digest(version.criteria), lines)


def people_of(version: ScopeVersion | None) -> set[int]:
    """The known customers of a stored version."""
    if version is None:
        return set()
    rows = ScopeLine.objects.filter(version=version, line__customer__isnull=False)
    return set(rows.values_list("line__customer_id", flat=True).distinct())


def difference(before: ScopeVersion | None, found: Found) -> dict[str, object]:
    """What a new version changes against `before` (nothing, where it is the first).

    `moves` counts lines and units by certainty before and after; `people_in` and `people_out` are
    those who have no line at all on the other side.
    """
    old = stored_lines(before)
    new = {line: (certainty, units) for line, certainty, units, *_ in found.lines}
    old_people = people_of(before)
    moves: Counter[tuple[str, str]] = Counter()
    moved_units: Counter[tuple[str, str]] = Counter()
    for line in old.keys() | new.keys():
        was, had = old.get(line, ("excluded", 0))
        now, has = new.get(line, ("excluded", 0))
        if (was, had) != (now, has):
            moves[(was, now)] += 1
            moved_units[(was, now)] += has if now != "excluded" else had
    changes: dict[str, object] = {
        "against": before.number if before else None,
        "units": plain(units_of(_units(new) - _units(old))),
        "lines": len(new) - len(old),
        "people_in": len(found.people - old_people),
        "people_out": len(old_people - found.people),
        "lines_out": sum(n for (was, now), n in moves.items() if now == "excluded" != was),
        "moves": [
            {
                "from": was,
                "to": now,
                "lines": count,
                "units": plain(units_of(moved_units[(was, now)])),
            }
            for (was, now), count in sorted(moves.items())
        ],
    }
    changes["sentences"] = _sentences(changes, before, found.criteria)
    return changes


def _units(lines: dict[int, tuple[str, int]]) -> int:
    return sum(units for _, units in lines.values())


def _sentences(
    found: dict[str, object], before: ScopeVersion | None, criteria: Criteria
) -> list[str]:
    if before is None:
        return [f"First version: {found['people_in']} people, {found['units']} units."]
    said = []
    old = set(sentences(Criteria.from_json(before.criteria)))
    new = set(sentences(criteria))
    said += [f"No longer asked: {words}." for words in sorted(old - new)]
    said += [f"Newly asked: {words}." for words in sorted(new - old)]
    said.append(
        f"{_signed(found['units'])} units; {found['people_in']} people join, "
        f"{found['people_out']} leave."
    )
    moves = found["moves"]
    assert isinstance(moves, list)
    said += [
        f"{move['lines']} lines with {move['units']} units: "
        f"{SAID[move['from']]} → {SAID[move['to']]}."
        for move in moves
        if move["from"] != move["to"]
    ]
    return said if len(said) > 1 or moves else ["Nothing changes."]


def _signed(units: object) -> str:
    text = str(units)
    return text if text.startswith("-") else f"+{text}"
