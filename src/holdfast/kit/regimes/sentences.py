"""Rules of counting in one sentence, the same in every door."""

from __future__ import annotations

from holdfast.kit.regimes.law import Counting, Deadline, Obligation

UNITS = {
    "hours": ("hour", "hours"),
    "calendar_days": ("calendar day", "calendar days"),
    "working_days": ("working day", "working days"),
    "months": ("month", "months"),
}
_WITHOUT_NUMBER = {
    "immediate": "immediately",
    "without_undue_delay": "without undue delay",
    "set_by_authority": "by the time the authority sets",
    "on_demand": "whenever the authority asks",
    "standing": "always: a standing duty",
    "record_only": "no report: a record is kept",
    "voluntary": "voluntary",
    "no_fixed_deadline": "no time is laid down",
}


def amount(value: int, unit: str) -> str:
    """`1 working day`, `24 hours`."""
    one, many = UNITS[unit]
    return f"{value} {one if value == 1 else many}"


def rule(duty: Obligation, counting: Counting) -> str:
    """How a duty's time is counted, with what the law's own word is where it gives no number."""
    deadline = duty.deadline
    if not deadline.is_counted or deadline.value is None:
        stated = _WITHOUT_NUMBER.get(deadline.unit, deadline.unit)
        words = f"“{deadline.words}”" if deadline.words else stated
        return _with_note(f"{words}; the law gives no number", deadline)
    if deadline.is_before and deadline.value == 0:
        return _with_note("before it begins", deadline)
    if deadline.value == 0:
        return _with_note("on the day itself at the latest", deadline)
    parts = [amount(deadline.value, deadline.unit), *_how(deadline, counting)]
    if deadline.stricter_value is not None:
        other = amount(deadline.stricter_value, deadline.stricter_unit)
        parts.append(f"{other} is stated too: the earlier end is due")
    parts += [f"{amount(one.value, one.unit)} {one.when}" for one in deadline.variants]
    return _with_note("; ".join(parts), deadline)


def _how(deadline: Deadline, counting: Counting) -> list[str]:
    counts_first = (
        counting.counts_first_day
        if deadline.counts_first_day is None
        else deadline.counts_first_day
    )
    if deadline.unit == "hours":
        skips = deadline.hours_skip_days_off
        if counting.hours_skip_days_off if skips is None else skips:
            return ["weekends and public holidays do not count"]
        return ["elapsed hours, weekends and holidays included"]
    how = [
        "the day of the event counts as day 1"
        if counts_first
        else "the day of the event does not count"
    ]
    roll = deadline.roll_over or counting.roll_over
    if roll and deadline.unit != "working_days":
        how.append(
            "an end on a day off moves to the next working day"
            if roll.is_certain
            else "an end on a day off may move to the next working day, to be confirmed by counsel"
        )
    return how


def _with_note(text: str, deadline: Deadline) -> str:
    return f"{text}. {deadline.note}" if deadline.note else text
