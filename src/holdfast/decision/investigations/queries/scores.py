"""The threshold in force, and how many things are told of at all."""

from __future__ import annotations

from holdfast.decision.investigations.models import AlarmSetting, ProductScore
from holdfast.kit.signals.cost import threshold_for


def watched_things() -> int:
    """Products (or a maker's goods) that anything was ever told of."""
    return ProductScore.objects.count()


def false_a_week() -> float | None:
    """How many false alarms a week the team said it reads; none: not said."""
    return AlarmSetting.objects.filter(pk=1).values_list("false_a_week", flat=True).first()


def threshold_in_force() -> float:
    """From what the team reads; the published one where nobody said."""
    read = false_a_week()
    return threshold_for(read, 0 if read is None else watched_things())
