"""What announcements may mean for our products, in the order in which people should look."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet

from holdfast.decision.announcements.models import CatalogueMatch
from holdfast.kit.refusals import NotFound

# A pair is worth looking at while it is seen and open, or once somebody decided on it.
SHOWN = Q(is_current=True) | ~Q(state="open")


def open_matches(state: str = "open") -> QuerySet[CatalogueMatch]:
    """Matches in one state: to be stopped first, then the newest announcement."""
    found = CatalogueMatch.objects.filter(SHOWN, state=state)
    return found.select_related("announcement__ended_by", "product").order_by(
        "-answer", "-announcement__published_on", "-score", "pk"
    )  # "suppress" stands after "review" in the alphabet


def match_counts() -> dict[str, int]:
    """How many matches wait, by answer, and how many were decided, by state."""
    rows = CatalogueMatch.objects.filter(SHOWN).order_by().values_list("state", "answer")
    found = {"suppress": 0, "review": 0, "stopped": 0, "not_ours": 0, "withdrawn": 0}
    for state, answer, count in rows.annotate(count=Count("pk")):
        found[answer if state == "open" else state] += count
    return found


def products_named() -> dict[str, int]:
    """How many products wait, by the stronger answer; named by two authorities, each is one."""
    waiting = CatalogueMatch.objects.filter(SHOWN, state="open").order_by().values("product")
    stop = waiting.filter(answer="suppress").distinct().count()
    return {"suppress": stop, "review": waiting.distinct().count() - stop}


def match_numbered(number: int) -> CatalogueMatch:
    """One match by its number."""
    found = CatalogueMatch.objects.select_related("announcement__ended_by", "product").filter(
        pk=number
    )
    row = found.first()
    if row is None:
        raise NotFound("no_match", f"There is no match no. {number}.")
    return row
