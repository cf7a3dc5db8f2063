"""Reads of a drill from inside its copy: what was reached when, and what was found."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from django.db.models import Sum

from holdfast.decision.recalls.models import Recall
from holdfast.decision.recalls.queries import confirmed_scope
from holdfast.ground.journal.models import Entry
from holdfast.kit.refusals import Forbidden
from holdfast.learning.drills.rules import MARKER, TITLE, Traced
from holdfast.response.holds.queries import open_holds
from holdfast.response.notices.models import NoticeText
from holdfast.response.units.queries import CERTAINTIES, balances
from holdfast.supply.catalog.models import Product
from holdfast.supply.orders.models import Customer
from holdfast.supply.traceability.models import Receipt

STAGE_FACTS = {
    "units": ("ScopeProposed", "ScopeConfirmed"),
    "people": ("ScopeConfirmed",),
    "stop": ("HoldStopped",),
    "notice": ("NoticeApproved", "NoticeTextApproved", "TextApproved"),
    "balance": ("UnitsRebalanced",),
}


def marker(home: Path) -> dict[str, str]:
    """What the DRILL file of this home says; refused where this is no drill."""
    path = home / MARKER
    if not path.exists():
        raise Forbidden(
            "no_drill", "This home is no drill.", hint="holdfast --home …/drills/D-… drill score"
        )
    found: dict[str, str] = json.loads(path.read_text("utf-8"))
    return found


def drill_recall(about: Mapping[str, str]) -> Recall | None:
    """The recall the drill is about: the one its message opened, not those opened by hand later."""
    began = datetime.fromisoformat(about["started_at"])
    opened = Recall.objects.filter(opened_at__gte=began, title__startswith=TITLE)
    return opened.order_by("pk").first()


def reached(recall: Recall) -> dict[str, datetime | None]:
    """When each stage was first reached, read from the journal of the copy."""
    times: dict[str, datetime | None] = {}
    for stage, kinds in STAGE_FACTS.items():
        first = Entry.objects.filter(subject=recall.ref, kind__in=kinds).order_by("index").first()
        times[stage] = datetime.fromisoformat(first.at) if first else None
    # a dry test of addresses needs no button: it is done with the scope
    times["contacts"] = times["people"]
    return times


def traced(recall: Recall) -> Traced:
    """Units with a state, people with an address that looks right, languages without a text."""
    found = balances(recall)
    version = confirmed_scope(recall)
    people = (
        Customer.objects.filter(
            pk__in=version.lines.filter(certainty__in=CERTAINTIES).values("line__customer_id")
        )
        if version
        else Customer.objects.none()
    )
    wanted = {c.language.split("-")[0] for c in people.only("language") if c.language}
    approved = set(
        NoticeText.objects.filter(notice__recall=recall, state="approved").values_list(
            "language", flat=True
        )
    )
    nobody = (
        version.lines.filter(certainty__in=CERTAINTIES, line__customer__isnull=True)
        .values("line__order_number")
        .distinct()
        .count()
        if version
        else 0
    )
    return Traced(
        units=int(sum(b.in_scope.count for b in found)),
        units_accounted=int(sum(min(b.held, b.in_scope.count) for b in found)),
        people=people.count(),
        people_reachable=sum(1 for person in people.iterator() if _works(person)),
        languages_missing=tuple(sorted(wanted - approved)),
        holds_open=open_holds(recall),
        orders_without_customer=nobody,
    )


def _works(person: Customer) -> bool:
    """A dry look at an address: nothing is sent, nothing is asked of any server."""
    name, at, host = person.email.strip().partition("@")
    if at and name and "." in host and " " not in person.email.strip():
        return True
    return bool(person.street and person.postcode and person.city)


def pick_product(turn: int) -> tuple[str, str]:
    """A product with known lots and a lot of it, another one each time."""
    lots = list(
        Receipt.objects.exclude(product__kind="pseudo")
        .values_list("product__code", "lot")
        .annotate(units=Sum("quantity"))
        .order_by("product__code", "lot")
    )
    if lots:
        code, lot, _units = lots[turn % len(lots)]
        return code, lot
    products = list(Product.objects.exclude(kind="pseudo").order_by("code")[:200])
    if not products:
        raise Forbidden(
            "nothing_to_practise_on",
            "There are no products yet.",
            hint="Import orders first, or practise on the sample: holdfast demo.",
        )
    return products[turn % len(products)].code, ""
