"""What has happened lately and nobody has told us yet, from how long others took to tell."""

from __future__ import annotations

from datetime import date, timedelta

from holdfast.decision.intake.models import Complaint
from holdfast.decision.investigations.models import Alarm
from holdfast.kit.signals.nowcast import Outstanding, outstanding

LAST_DAYS = 60
LOOKED_BACK = 730  # days of telling that say how long it takes
LEAST_PAIRS = 10  # complaints that say when it happened


def still_to_come(alarm: Alarm, on: date) -> Outstanding | None:
    """For the alarm's product and hazard; nothing where too few say when it happened."""
    told = Complaint.objects.filter(
        duplicate_of__isnull=True,
        happened_at__isnull=False,
        happened_at__date__gt=on - timedelta(days=LOOKED_BACK),
        hazards__hazard=alarm.hazard,
        hazards__is_denied=False,
    )
    if alarm.product_id:
        told = told.filter(product=alarm.product_id)
    else:
        told = told.filter(product__isnull=True, maker=alarm.why.get("maker_key", "") or "–")
    pairs = [
        (happened.date(), received.date())
        for happened, received in told.values_list("happened_at", "received_at")
        if happened is not None
    ]
    if len(pairs) < LEAST_PAIRS:
        return None
    return outstanding(pairs, on, LAST_DAYS)
