"""Duties as JSON, in the shape the command line and the filings promise."""

from __future__ import annotations

from datetime import datetime

from holdfast.kit.regimes.duties import Duties, Duty, Gap


def as_json(found: Duties) -> list[dict[str, object]]:
    """One entry a duty, soonest first, then one for each country the data knows nothing of."""
    return [
        *(duty_json(duty, found.doubts) for duty in found.duties),
        *(gap_json(gap, found.doubts) for gap in found.gaps),
    ]


def duty_json(duty: Duty, doubts: tuple[str, ...] = ()) -> dict[str, object]:
    """One duty. `due_at` has the authority's offset; `target_at` is ours and no law."""
    obligation, regime = duty.obligation, duty.regime
    start = duty.started_by
    starts = obligation.deadline.starts
    return {
        "regime": regime.id,
        "obligation": obligation.id,
        "name": obligation.name,
        "country": duty.place.code,
        "authority": regime.authority.name,
        "clock_start": start.name if start else (starts[0] if starts else None),
        "clock_started_at": _iso(start.at if start else None),
        "due_at": _iso(duty.due_at),
        "due_local": local_text(duty.due_at, duty.zone),
        "value": obligation.deadline.value,
        "unit": obligation.deadline.unit,
        "rule": duty.rule,
        "words": obligation.deadline.words or None,
        "citation": obligation.citation,
        "confidence": obligation.confidence,
        "confirm_with_counsel": obligation.confidence != "verified",
        "confidence_note": obligation.confidence_note or None,
        "who": list(obligation.who),
        "who_note": obligation.who_note or None,
        "when": obligation.when,
        "content": list(obligation.content),
        "file_at": obligation.file_at,
        "missing": list(duty.missing),
        "at_latest": _iso(duty.at_latest),
        "rolls_to": _iso(duty.rolls_to),
        "house_target": {"at": _iso(duty.target_at), "is_law": False} if duty.target_at else None,
        "opened_by": duty.opened_by or None,
        "zone": duty.zone,
        "calendar": duty.calendar,
        "versions": duty.versions,
        "warnings": [*duty.warnings, *doubts],
    }


def gap_json(gap: Gap, doubts: tuple[str, ...] = ()) -> dict[str, object]:
    """A country without data: every key is there, and none of them says that nothing is due."""
    empty: dict[str, object] = dict.fromkeys(
        (
            "regime", "obligation", "name", "authority", "clock_start", "clock_started_at",
            "due_at", "due_local", "value", "words", "citation", "confidence_note", "who_note",
            "when", "file_at", "at_latest", "rolls_to", "house_target", "opened_by", "zone",
            "calendar", "versions",
        )
    )  # fmt: skip
    return {
        **empty,
        "country": gap.place.code,
        "unit": "unknown",
        "rule": gap.why,
        "confidence": "unknown",
        "confirm_with_counsel": True,
        "who": [],
        "content": [],
        "missing": [],
        "warnings": [gap.why, *doubts],
    }


def local_text(at: datetime | None, zone: str) -> str | None:
    """`2026-12-07 23:59 America/New_York`: the authority's own wall clock."""
    return f"{at:%Y-%m-%d %H:%M} {zone}" if at else None


def _iso(at: datetime | None) -> str | None:
    return at.isoformat(timespec="seconds") if at else None
