"""What authorities recalled that may be ours: to be stopped first, each with words and reason."""

from __future__ import annotations

import json
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from holdfast.decision.announcements.actions import (
    confirm_match,
    join_again,
    part_announcements,
    refuse_match,
    reopen_match,
)
from holdfast.decision.announcements.models import (
    Announcement,
    CatalogueMatch,
    JointAnnouncement,
)
from holdfast.decision.announcements.queries import (
    announcement_numbered,
    joined_to,
    match_numbered,
    open_matches,
    products_named,
)
from holdfast.decision.recalls.actions import open_recall
from holdfast.decision.recalls.lifecycle import LIVE
from holdfast.decision.recalls.models import Recall
from holdfast.doors.desk.pages import now, page, recall_named, said
from holdfast.doors.desk.photographs import photographs_of, reading
from holdfast.doors.desk.policy import policy
from holdfast.doors.desk.ruled import in_words
from holdfast.doors.desk.words import OUTCOMES
from holdfast.ground.access.permissions import may
from holdfast.ground.access.queries import organisation
from holdfast.ground.journal.rules import masked
from holdfast.kit.quantities import whole_number
from holdfast.kit.refusals import NotFound, Refusal
from holdfast.kit.wording.laws import law_followed
from holdfast.response.holds.actions import list_places

PAGE = 20
MOST_WORDS = 600
# Our list of hazards as what can happen to a person; what is not here, somebody picks.
OUTCOME_OF = {
    "fire": "fire", "burn": "burn", "shock": "electric_shock", "explosion": "explosion",
    "choking": "choking", "suffocation": "suffocation", "strangulation": "strangulation",
    "laceration": "cut", "impact": "crushing", "entrapment": "crushing", "fall": "fall",
    "tip_over": "crushing", "drowning": "drowning", "hearing": "hearing_damage",
    "poisoning": "poisoning", "ingestion": "poisoning", "chemical": "poisoning",
    "allergen": "allergic_reaction", "pathogen": "infection",
}  # fmt: skip
ANSWERS = {
    "suppress": gettext_lazy("Stop the sale"),
    "review": gettext_lazy("Look at it"),
}
STATES = {
    "open": gettext_lazy("Open"),
    "stopped": gettext_lazy("Ours, stopped"),
    "not_ours": gettext_lazy("Not ours"),
    "withdrawn": gettext_lazy("Withdrawn or replaced"),
}


@policy("recall.view")
def watch(request: HttpRequest) -> HttpResponse:
    """The matches that wait, or those decided; a POST decides one."""
    refusal = None
    if request.method == "POST":
        try:
            return _write(request)
        except Refusal as refused:
            refusal = refused
    state = request.GET.get("state", "open")
    state = state if state in STATES else "open"
    start = whole_number(request.GET.get("from"))
    shown = list(open_matches(state)[start : start + PAGE + 1])
    heard = Announcement.objects.count()
    context = {
        "rows": _once([_row(one) for one in shown[:PAGE]]),
        "further": start + PAGE if len(shown) > PAGE else None,
        "counts": products_named(),
        "state": state,
        "states": [(key, words, key == state) for key, words in STATES.items()],
        "heard": heard,
        "waiting": Announcement.objects.filter(needs_matching=True).count(),
        "outcomes": [(key, words[0]) for key, words in OUTCOMES.items()],
        "may_decide": may(request.actor, "watch.decide"),  # type: ignore[attr-defined]
        "may_import": may(request.actor, "import.run"),  # type: ignore[attr-defined]
    }
    return page(request, "desk/watch.html", context, nav="watch", refusal=refusal)


@policy("recall.view")
def announcement(request: HttpRequest, number: int) -> HttpResponse:
    """One announcement: what was read, the record as it came, earlier wordings, duplicates."""
    found = announcement_numbered(number)
    refusal = None
    if request.method == "POST":
        try:
            return _write(request, found)
        except Refusal as refused:
            refusal = refused
    matches = found.matches.filter(is_current=True).select_related(
        "product", "announcement__ended_by"
    )
    rows = [_row(one) for one in matches.order_by("-answer", "-score")[:PAGE]]
    context = {
        "one": found,
        "original": _spread(found.original),
        "photos": photographs_of(found),
        **reading(request),
        "ends": found.ends.order_by("pk")[:PAGE],
        "revisions": [(row, _spread(row.original)) for row in found.revisions.order_by("-number")],
        "joined": [(pair, other, in_words(pair.reason)) for pair, other in joined_to(found)],
        "firms": [(firm["name"], _(firm["part"]) if firm["part"] else "") for firm in found.firms],
        "parted": joined_to(found, parted=True),
        "rows": rows,
        "to_judge": next((row for row in rows if row["match"].state == "open"), None),
        "outcomes": [(key, words[0]) for key, words in OUTCOMES.items()],
        "may_decide": may(request.actor, "watch.decide"),  # type: ignore[attr-defined]
    }
    return page(request, "desk/watch_announcement.html", context, nav="watch", refusal=refusal)


def _row(match: CatalogueMatch) -> dict[str, Any]:
    told = match.announcement
    live = Recall.objects.filter(product_code=match.product.code, state__in=LIVE)
    outcome = next((OUTCOME_OF[one] for one in told.hazards if one in OUTCOME_OF), "")
    return {
        "match": match,
        "told": told,
        "product": match.product,
        "reason": in_words(match.reason),
        "answer": ANSWERS[match.answer],
        "tone": "q" if match.state == "withdrawn" else "hz" if match.answer == "suppress" else "wn",
        "state": STATES[match.state],
        "words": told.hazard[:MOST_WORDS] or "; ".join(told.lots)[:MOST_WORDS],
        "lots": "; ".join(told.lots)[:MOST_WORDS],
        "others": joined_to(told),
        "outcome": outcome,
        "live": live.order_by("-pk").first() if match.state == "open" else None,
    }


def _once(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One product and one recall once, however many authorities announced it; decided as one."""
    shown: set[tuple[int, int]] = set()
    kept = []
    for row in rows:
        product, others = row["product"].pk, [other.pk for _pair, other in row["others"]]
        if row["match"].state != "open" or not shown & {(product, one) for one in others}:
            kept.append(row)
        shown.add((product, row["told"].pk))
    return kept


def _spread(original: str) -> str:
    return json.dumps(json.loads(original), ensure_ascii=False, indent=1)


def _write(request: HttpRequest, at: Announcement | None = None) -> HttpResponse:
    given, by, moment = request.POST, request.actor, now()  # type: ignore[attr-defined]
    step = given.get("step", "")
    back = redirect("watch_announcement", at.pk) if at else redirect("watch")
    if step in ("part", "join"):
        pair = JointAnnouncement.objects.filter(pk=_number(given.get("pair", ""))).first()
        if pair is None:
            raise NotFound("no_pair", _("There is no such pair of announcements."))
        if step == "part":
            part_announcements(pair=pair, because=given.get("because", ""), by=by, now=moment)
            said(request, _("They are two recalls from now on."))
        else:
            join_again(pair=pair, by=by, now=moment)
            said(request, _("They are one recall again."))
        return back
    match = match_numbered(_number(given.get("match", "")))
    if step == "stop":
        recall = _stop(request, match)
        said(request, _("%(ref)s is open. First stop the sale.") % {"ref": recall.ref})
        return redirect("recall_stop", recall.ref)
    if step == "undo":
        reopen_match(match=match, by=by, now=moment)
        said(request, _("It is open again."))
        return back
    refuse_match(match=match, because=given.get("because", ""), by=by, now=moment)
    said(request, _("%(code)s: not ours. The reason stays beside it.") % {"code": match.product})
    return back


@transaction.atomic
def _stop(request: HttpRequest, match: CatalogueMatch) -> Recall:
    """The recall in which the sale is stopped: one that is live for this product, or a new one."""
    given, by, at = request.POST, request.actor, now()  # type: ignore[attr-defined]
    if given.get("recall"):
        recall = recall_named(given["recall"])
    else:
        told = match.announcement
        recall = open_recall(
            outcome=given.get("outcome", ""),
            outcome_words=told.hazard.partition("\n")[0][:300] or told.title[:300],
            title=match.product.title,
            products=(match.product.code,),
            # An authority's words may say whom to call; the journal keeps no such thing.
            mechanism=masked(f"{told}: {told.hazard or told.title}"),
            known_at=at,
            profile=law_followed(organisation().country, "eu_gpsr"),
            by=by,
            now=at,
        )
        list_places(recall=recall, by=by, now=at)
    confirm_match(match=match, recall=recall.ref, by=by, now=at)
    return recall


def _number(text: str) -> int:
    return whole_number(text)
