"""An alarm in words and as JSON: why, on which reports, what was expected, what would settle it."""

from __future__ import annotations

from collections import Counter

from holdfast.kit.signals.detector import Finding
from holdfast.kit.signals.taxonomy import taxonomy

MOST_LOTS = 5


def sentence(alarm: Finding) -> str:
    """Why it was raised, in one sentence."""
    hazard = next((one for one in taxonomy().hazards if one.key == alarm.hazard), None)
    about = hazard.title[0].lower() + hazard.title[1:] if hazard else "no hazard that is named"
    last, name = alarm.reports[-1], product_name(alarm)
    who = f" by {last.maker_name}" if last.maker_name not in ("", name) else ""
    hurt = sum(bool(one.harm) for one in alarm.reports)
    told = (
        f"{len(alarm.reports)} reports in {alarm.window} days on {name}{who} speak of "
        f"{about}, where {alarm.expected:.2g} would be usual"
    )
    told += f"; {hurt} of them {'tells' if hurt == 1 else 'tell'} of harm" if hurt else ""
    return told + "."


def product_name(alarm: Finding) -> str:
    """The kind of goods, or that its reports name several."""
    names = {one.product_name or one.product for one in alarm.reports}
    if not alarm.product and len(names) > 1:
        return f"{len(names)} kinds of goods"
    return alarm.reports[-1].product_name or alarm.reports[-1].product


def lots(alarm: Finding) -> list[str]:
    """Lots, date codes or serials its reports name, the most named first."""
    named = Counter(one.lot for one in alarm.reports if one.lot)
    return [lot for lot, _ in named.most_common(MOST_LOTS)]


def alarm_json(alarm: Finding, known_by: str) -> dict[str, object]:
    """The alarm as `bench signals --json` prints it."""
    last = alarm.reports[-1]
    hazard = next((one for one in taxonomy().hazards if one.key == alarm.hazard), None)
    return {
        "on": alarm.on.isoformat(),
        "known_by": known_by,
        "maker": last.maker_name,
        "product": product_name(alarm),
        "hazard": alarm.hazard,
        "reports": [one.id for one in alarm.reports],
        "score": round(alarm.score, 3),
        "sentence": sentence(alarm),
        "maker_key": alarm.maker,
        "brands": sorted({one.brand for one in alarm.reports if one.brand}),
        "product_code": alarm.product,
        "window_days": alarm.window,
        "expected": round(alarm.expected, 4),
        "weighed": round(alarm.weighed, 3),
        "lots": lots(alarm),
        "would_settle": hazard.settle if hazard else "",
    }
