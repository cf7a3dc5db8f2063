"""What waits to be read, what an alarm rests on now, and what came since."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.db.models import Count, F, Max, Q, QuerySet
from django.db.models.functions import Coalesce, TruncDate
from django.utils.translation import gettext, override

from holdfast.decision.intake.models import Complaint
from holdfast.decision.investigations.models import Alarm, Investigation, ProductScore
from holdfast.decision.investigations.queries.grounds import ASKED, FLOOD
from holdfast.decision.investigations.rules import hazard_words, supplier_question
from holdfast.kit.refusals import NotFound
from holdfast.kit.signals.burst import YEAR

SHOWN = 50
MOST_SINCE = 400  # of a flood, the gravest


def alarm_named(ref: str) -> Alarm:
    """The alarm of this short id."""
    found = Alarm.objects.select_related("product", "investigation", "replaced_by")
    alarm = found.filter(ref__iexact=ref.strip()).first()
    if alarm is None:
        raise NotFound("no_alarm", f"No alarm is called “{ref[:40]}”.", hint="See: watch alarms")
    return alarm


def investigation_named(ref: str) -> Investigation:
    """The investigation of this short id."""
    found = Investigation.objects.select_related("product").filter(ref__iexact=ref.strip()).first()
    if found is None:
        raise NotFound(
            "no_investigation",
            f"No investigation is called “{ref[:40]}”.",
            hint="See: watch investigations",
        )
    return found


def alarms_waiting() -> QuerySet[Alarm]:
    """Alarms nobody has judged, those that harm people first."""
    waiting = Alarm.objects.filter(state="open").select_related("product")
    return waiting.order_by("-is_urgent", "-harm", "-score", "pk")


def alarm_reports(alarm: Alarm, most: int = SHOWN) -> list[Complaint]:
    """The complaints it rests on, those with the worst harm first."""
    keys = [int(ref.removeprefix("C-")) for ref in alarm.why.get("complaints", ())]
    found = Complaint.objects.filter(pk__in=keys[-ASKED:]).prefetch_related("hazards", "links")
    return sorted(found, key=lambda one: (-(one.harm or 0), one.received_at))[:most]


def complaints_behind(investigation: Investigation) -> list[Complaint]:
    """The complaints of all its alarms and those since, in the order we had them."""
    named: dict[int, None] = {}
    for alarm in investigation.alarms.order_by("pk"):
        told = alarm.why.get("complaints", ())
        named.update(dict.fromkeys(int(ref.removeprefix("C-")) for ref in told))
        # Whoever was hurt after the alarm counts as much as whoever raised it.
        since = (
            _since(alarm)
            .order_by(F("harm").desc(nulls_last=True), "pk")
            .values_list("pk", flat=True)
        )
        named.update(dict.fromkeys(since[:MOST_SINCE]))
    keys = list(named)
    found: list[Complaint] = []
    for at in range(0, len(keys), ASKED):
        found += Complaint.objects.filter(pk__in=keys[at : at + ASKED])
    return sorted(found, key=lambda one: (one.known_at, one.pk))


def reports_since(alarm: Alarm) -> int:
    """Complaints about the same product and hazard from after its day, or brought in later."""
    return _since(alarm).count()


def _since(alarm: Alarm) -> QuerySet[Complaint]:
    """A whole file may be taken in at once, and the alarm stand on a day in the middle of it."""
    after = datetime.combine(alarm.on + timedelta(days=1), time.min, UTC)
    heard = Coalesce("published_at", "received_at")
    found = Complaint.objects.annotate(heard_at=heard).filter(
        Q(taken_in_at__gt=alarm.raised_at) | Q(heard_at__gte=after),
        duplicate_of__isnull=True,
        hazards__hazard=alarm.hazard,
        hazards__is_denied=False,
    )
    if alarm.product_id:
        return found.filter(product=alarm.product_id)
    maker = alarm.why.get("maker_key", "")
    return found.filter(product__isnull=True, maker=maker) if maker else found.none()


def nearest(threshold: float, most: int = 5) -> list[ProductScore]:
    """Products below the threshold that are nearest to it."""
    return list(
        ProductScore.objects.filter(score__gt=0, score__lt=threshold).order_by("-score")[:most]
    )


def floods(now: datetime, days: int = 30, most: int = 10) -> list[dict[str, Any]]:
    """Days on which one product was told of far more often than a day's worth is believed."""
    recent = Complaint.objects.filter(received_at__gt=now - timedelta(days=days))
    told = recent.annotate(day=TruncDate("received_at")).values(
        "day", "product__code", "product__title", "maker"
    )
    counted = told.annotate(reports=Count("pk"), repeats=Count("duplicate_of"), last=Max("pk"))
    many = counted.filter(reports__gte=FLOOD).order_by("-reports")
    return [dict(row) for row in many[:most]]


def counted_a_week(now: datetime) -> dict[str, float]:
    """Of the last year: alarms raised, and those a person dismissed, each a week."""
    since = now - timedelta(days=YEAR)
    recent = Alarm.objects.filter(raised_at__gt=since).exclude(state="superseded")
    first = Alarm.objects.order_by("raised_at").values_list("raised_at", flat=True).first()
    weeks = max(min((now - first).days, YEAR) / 7, 1.0) if first else 1.0
    return {
        "raised": recent.count() / weeks,
        "dismissed": recent.filter(state="dismissed").count() / weeks,
        "weeks": weeks,
    }


def letter_to_supplier(found: Investigation, language: str) -> str:
    """A draft of what to ask the supplier; nothing is sent."""
    with override(language):
        called = gettext(hazard_words(found.hazard))
    return supplier_question(
        product=found.product_words,
        hazard=found.hazard,
        lots=tuple(found.lots),
        reports=len(complaints_behind(found)),
        since=found.known_at.date(),
        language=language,
        called=called,
    )
