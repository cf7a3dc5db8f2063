"""Inbox: who was hurt, deadlines that come near, claims to look at, goods and money owed."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from holdfast.decision.announcements.queries import odd_feeds, products_named
from holdfast.decision.intake.postbox import KIND
from holdfast.decision.intake.queries.listing import urgent_unread
from holdfast.decision.investigations.models import Investigation
from holdfast.decision.investigations.queries import alarms_waiting
from holdfast.decision.recalls.models import Recall
from holdfast.doors.desk.alarms import row as alarm_row
from holdfast.doors.desk.dutyrows import rows_of
from holdfast.doors.desk.pages import now, page, recall_named, said
from holdfast.doors.desk.policy import policy
from holdfast.doors.desk.ruled import in_words
from holdfast.doors.desk.words import REMEDIES
from holdfast.ground.access.permissions import may
from holdfast.kit.quantities import whole_number
from holdfast.kit.refusals import NotFound, Refusal
from holdfast.kit.sheets import neutral
from holdfast.response.duties.queries import urgent_clocks
from holdfast.response.remedies.actions import (
    export_payouts,
    fulfil_claims,
    pay_export,
    review_claim,
    see_injury,
)
from holdfast.response.remedies.lifecycle import CHOSEN, DUE, EXPORTED, REVIEW
from holdfast.response.remedies.models import Claim, ClaimPhoto, InjuryReport, Payout
from holdfast.response.remedies.queries import matching_lines
from holdfast.response.remedies.rules import PAID_IN_MONEY
from holdfast.supply.imports.queries import waiting_rejects

PAGE = 30
NEW_ALARMS = 5
NEAR = timedelta(hours=48)
HEAD = ("reference", "order", "amount", "currency", "due_on", "export")
CONTACT_WORDS = {
    "name": gettext_lazy("Name"),
    "email": gettext_lazy("E-mail"),
    "phone": gettext_lazy("Telephone"),
    "postcode": gettext_lazy("Postcode"),
    "order": gettext_lazy("Order"),
}


@policy("claim.work")
def inbox(request: HttpRequest) -> HttpResponse:
    """Injuries first, then deadlines that come near; a POST settles one thing."""
    refusal = None
    if request.method == "POST":
        try:
            words = _write(request)
        except Refusal as refused:
            refusal = refused
        else:
            said(request, words)
            return redirect("inbox")
    after = request.GET.get("after", "")
    chosen = Claim.objects.filter(state=CHOSEN).exclude(remedy__in=PAID_IN_MONEY).order_by("pk")
    if after:
        chosen = chosen.filter(pk__gt=whole_number(after))
    goods = list(chosen.select_related("recall", "line", "customer")[: PAGE + 1])
    waiting = Claim.objects.filter(state=REVIEW)
    review = list(waiting.select_related("recall").order_by("pk")[:PAGE])
    photos = _photos([*goods, *review])
    unread = InjuryReport.objects.filter(seen_at__isnull=True).order_by("pk")
    # What was told inside a recall stands among the injuries already.
    told = [
        {"one": one, "why": in_words(one.urgency_why)}
        for one in urgent_unread().exclude(source="recall")[:PAGE]
    ]
    at = now()
    near = urgent_clocks(now=at, within=NEAR)
    new = alarms_waiting()
    context = {
        "alarms": [alarm_row(one) for one in new[:NEW_ALARMS]],
        "alarms_in_all": new.count(),
        "investigated": Investigation.objects.filter(state="open").count(),
        "deadlines": rows_of(near[:PAGE], [], now=at),
        "injuries": unread.select_related("recall")[:PAGE],
        "injuries_in_all": unread.count(),
        "told": told,
        "review": [_looked(claim, photos.get(claim.pk, 0)) for claim in review],
        "goods": [
            {"claim": c, "remedy": REMEDIES.get(c.remedy, c.remedy), "photos": photos.get(c.pk, 0)}
            for c in goods[:PAGE]
        ],
        "desks": Recall.objects.filter(state__in=("telling", "closed")).order_by("-pk")[:PAGE],
        "after": goods[PAGE - 1].pk if len(goods) > PAGE else None,
        "money": [money for money in (_money(recall) for recall in _owing()) if money],
        "may_pay": may(request.actor, "payout.export"),  # type: ignore[attr-defined]
        "rejects": waiting_rejects(KIND).count(),
        "rejects_urgent": waiting_rejects(KIND).filter(is_urgent=True).exists(),
        "watch": products_named(),
        "odd": odd_feeds(),
        "today": now().date(),
    }
    return page(request, "desk/inbox.html", context, nav="inbox", refusal=refusal)


def _photos(claims: list[Claim]) -> dict[int, int]:
    """How many photos each of these claims has; counted for them alone, not for all there are."""
    rows = ClaimPhoto.objects.filter(claim__in=claims).order_by().values_list("claim_id")
    return dict(rows.annotate(Count("pk")))


def _looked(claim: Claim, photos: int) -> dict[str, Any]:
    """What the person wrote, and the order it fits, if any does."""
    said_by = claim.contact or {}
    lines = matching_lines(
        claim.recall,
        order=said_by.get("order", ""),
        email=said_by.get("email", ""),
        postcode=said_by.get("postcode", ""),
    )
    return {
        "claim": claim,
        "remedy": REMEDIES.get(claim.remedy, claim.remedy),
        "contact": [
            (CONTACT_WORDS.get(key, key), value)
            for key, value in said_by.items()
            if key != "words" and value
        ],
        "words": said_by.get("words", ""),
        "lines": lines,
        "photos": photos,
    }


def _owing() -> list[Recall]:
    owed = Payout.objects.filter(state__in=(DUE, EXPORTED)).values("claim__recall_id").distinct()
    return list(Recall.objects.filter(pk__in=owed))


def _money(recall: Recall) -> dict[str, Any]:
    due = Payout.objects.filter(claim__recall=recall, state=DUE, amount__gt=0)
    exported = Payout.objects.filter(claim__recall=recall, state=EXPORTED)
    return {
        "recall": recall,
        "due": due.count(),
        "first": due.order_by("due_on").values_list("due_on", flat=True).first(),
        "exports": sorted(exported.order_by().values_list("export", flat=True).distinct()),
    }


def _write(request: HttpRequest) -> str:
    given, by, at = request.POST, request.actor, now()  # type: ignore[attr-defined]
    step = given.get("step", "")
    if step == "seen":
        report = InjuryReport.objects.filter(pk=whole_number(given.get("report"))).first()
        if report is None:
            raise NotFound("no_report", _("There is no such report."))
        see_injury(report=report, by=by, now=at)
        return _("Marked as read. It stays in the recall.")
    if step == "paid":
        recall = recall_named(given.get("recall", ""))
        paid = pay_export(
            recall=recall,
            export=given.get("export", ""),
            evidence=given.get("proof", ""),
            by=by,
            now=at,
        )
        return ngettext("%(n)s refund is paid.", "%(n)s refunds are paid.", paid) % {"n": paid}
    claims = Claim.objects.select_related("recall")
    claim = claims.filter(pk=whole_number(given.get("claim"))).first()
    if claim is None:
        raise NotFound("no_claim", _("There is no such claim."))
    if step == "fulfil":
        fulfil_claims(
            recall=claim.recall,
            references=[claim.reference],
            kind=given.get("kind", "delivery"),
            evidence=given.get("proof", ""),
            by=by,
            now=at,
        )
        return _("%(ref)s is settled.") % {"ref": claim.reference}
    return _review(request, claim)


def _review(request: HttpRequest, claim: Claim) -> str:
    given, by, at = request.POST, request.actor, now()  # type: ignore[attr-defined]
    accept = given.get("step") == "accept"
    contact = claim.contact or {}
    lines = matching_lines(
        claim.recall,
        order=given.get("order", "") or contact.get("order", ""),
        email=contact.get("email", ""),
        postcode=contact.get("postcode", ""),
    )
    review_claim(
        claim=claim,
        accept=accept,
        reason=given.get("reason", ""),
        owned=lines[0] if accept and lines else None,
        by=by,
        now=at,
    )
    words = _("%(ref)s is accepted.") if accept else _("%(ref)s is refused.")
    return words % {"ref": claim.reference}


@policy("payout.export")
@require_POST
def payouts(request: HttpRequest, ref: str) -> HttpResponse:
    """Every refund that is due, as one CSV, each in exactly one export."""
    recall = recall_named(ref)
    at = now()
    number = f"{recall.ref}-{at:%Y%m%d-%H%M%S-%f}"  # two presses are two exports
    rows = export_payouts(recall=recall, export=number, by=request.actor, now=at)  # type: ignore[attr-defined]
    paper = io.StringIO()
    writer = csv.writer(paper)
    writer.writerow(HEAD)
    for payout in rows:
        line = payout.claim.line
        cells = (
            payout.claim.reference,
            line.order_number if line else "",
            f"{payout.amount:.2f}",
            payout.currency,
            payout.due_on or "",
            number,
        )
        writer.writerow([neutral(cell) for cell in cells])
    answer = HttpResponse(paper.getvalue(), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{number}-refunds.csv"'
    return answer
