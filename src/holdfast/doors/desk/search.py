"""Go to a recall, order, lot, product or page: for the command menu, and as a plain page."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from urllib.parse import urlencode

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from holdfast.decision.recalls.models import Recall
from holdfast.doors.desk.pages import page
from holdfast.doors.desk.policy import policy
from holdfast.doors.desk.words import outcome_sentence
from holdfast.ground.access.permissions import may
from holdfast.kit.actors import Actor
from holdfast.kit.identifiers.scan import scan as taken_apart
from holdfast.supply.catalog.models import Product
from holdfast.supply.orders.queries import lines_of_order
from holdfast.supply.traceability.models import Receipt

MOST = 6
LONGEST = 500  # an element string with all its parts
SHOWN = 60


@dataclass(frozen=True)
class Hit:
    """Somewhere to go."""

    label: str
    note: str
    url: str


@policy("recall.view")
def search(request: HttpRequest) -> HttpResponse:
    """What fits the words; JSON for the menu, a page for everybody else."""
    words = request.GET.get("q", "").strip()[:LONGEST]
    hits = found(words, request.actor)  # type: ignore[attr-defined]
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"hits": [asdict(hit) for hit in hits]})
    return page(request, "desk/search.html", {"words": words, "hits": hits}, nav="")


def found(words: str, by: Actor) -> list[Hit]:
    """Exact identifiers first, then names, then pages; every look-up uses an index."""
    hits = _codes(words) + _recalls(words)
    if words:
        hits += _lots(words) + _products(words)
        if may(by, "outreach.view"):
            hits += _orders(words)
    hits += [hit for hit in _pages(by) if words.casefold() in hit.label.casefold()]
    return hits[: 4 * MOST]


def _codes(words: str) -> list[Hit]:
    """What a scanner sends is no word to search for: it is a code to be answered."""
    if not words or taken_apart(words).kind in ("code", "link"):
        return []
    where = f"{reverse('scan')}?{urlencode({'code': words})}"
    return [Hit(_("Check a code"), words[:SHOWN], where)]


def _recalls(words: str) -> list[Hit]:
    rows = Recall.objects.order_by("-opened_at")
    if words:
        rows = rows.filter(
            Q(ref__icontains=words)
            | Q(title__icontains=words)
            | Q(lot__iexact=words)
            | Q(product_code__iexact=words)
        )
    return [
        Hit(f"{r.ref} {r.title}", outcome_sentence(r), reverse("recall_room", args=[r.ref]))
        for r in rows[:MOST]
    ]


def _lots(words: str) -> list[Hit]:
    lots = Receipt.objects.filter(lot=words).select_related("product").order_by("pk")[:MOST]
    return [
        Hit(
            _("Lot %(lot)s") % {"lot": receipt.lot},
            str(receipt.product),
            f"{reverse('start')}?lot={receipt.lot}&product={receipt.product.code}",
        )
        for receipt in {r.product_id: r for r in lots}.values()
    ]


def _products(words: str) -> list[Hit]:
    rows = Product.objects.filter(code_key=words.casefold())[:MOST]
    return [Hit(str(p), p.code, f"{reverse('start')}?product={p.code}") for p in rows]


def _orders(words: str) -> list[Hit]:
    lines = lines_of_order(words).select_related("product")[:MOST]
    return [
        Hit(
            _("Order %(number)s") % {"number": line.order_number},
            str(line.product),
            f"{reverse('search')}?q={line.order_number}",
        )
        for line in lines
    ]


def _pages(by: Actor) -> list[Hit]:
    table = (
        (_("Start: something is wrong"), "start", "recall.open"),
        (_("All recalls"), "recalls", "recall.view"),
        (_("Check a code"), "scan", "recall.view"),
        (_("Trace: who got it"), "trace", "outreach.view"),
        (_("Bring data in"), "data", "import.run"),
        (_("Inbox"), "inbox", "claim.work"),
        (_("Complaints"), "complaints", "complaint.view"),
        (_("Alarms"), "alarms", "recall.view"),
        (_("Investigations"), "investigations", "recall.view"),
        (_("What people say"), "voice", "mention.work"),
        (_("Authorities’ recalls"), "watch", "recall.view"),
        (_("Feeds of authorities"), "watch_feeds", "recall.view"),
        (_("Photographs of our products"), "watch_photographs", "recall.view"),
        (_("Inspections and tests"), "inspections", "recall.view"),
        (_("Patterns"), "patterns", "recall.view"),
        (_("Outreach of all recalls"), "outreach", "recall.view"),
        (_("Evidence and journal"), "evidence", "recall.view"),
        (_("Drills"), "drills", "recall.view"),
        (_("People and roles"), "people", "people.manage"),
        (_("The law"), "law", "recall.view"),
        (_("Permissions"), "permissions", "recall.view"),
        (_("Settings"), "settings", "settings.change"),
    )
    return [Hit(words, _("Page"), reverse(name)) for words, name, p in table if may(by, p)]
