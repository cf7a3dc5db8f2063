"""Photographs by which things are known again: those to be fetched, those to be shown."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from holdfast.decision.announcements.models import Feed, Photograph
from holdfast.decision.announcements.sources import source_named
from holdfast.kit.refusals import NotFound


def photographs_to_fetch() -> QuerySet[Photograph]:
    """Those whose address is known but not their picture, of feeds that are on."""
    on = Q(pk__in=())
    for source, authority in Feed.objects.filter(is_on=True).values_list("source", "authority"):
        of_feed = Q(announcement__source=source)
        if source_named(source).is_general:
            of_feed &= Q(announcement__authority=authority)
        on |= of_feed
    return Photograph.objects.filter(on, state="waiting", content=b"").order_by("-pk")


def photograph_numbered(number: int) -> Photograph:
    """One photograph by its number."""
    found = Photograph.objects.select_related("product", "announcement").filter(pk=number).first()
    if found is None:
        raise NotFound("no_photograph", f"There is no photograph no. {number}.")
    return found


def photographs_of_products() -> QuerySet[Photograph]:
    """Pictures of our own products, the newest first."""
    return (
        Photograph.objects.filter(product__isnull=False)
        .select_related("product")
        .defer("content")
        .order_by("-pk")
    )
