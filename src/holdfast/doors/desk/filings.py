"""E2: what authorities are told: drafts, receipts, the one fact base and its conflicts, letters."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.request import QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from holdfast.decision.recalls.models import Recall
from holdfast.decision.recalls.queries import countries_of_sale
from holdfast.doors.desk.authorityletters import STEPS as LETTER_STEPS
from holdfast.doors.desk.authorityletters import letters_shown, write_letter
from holdfast.doors.desk.dutyrows import rows_of
from holdfast.doors.desk.legal_words import country_name
from holdfast.doors.desk.moments import moment_from
from holdfast.doors.desk.pages import now, page, recall_named, said
from holdfast.doors.desk.policy import policy
from holdfast.ground.access.permissions import may
from holdfast.ground.access.queries import organisation
from holdfast.kit.filings.catalogue import catalogue
from holdfast.kit.filings.contradictions import Contradiction
from holdfast.kit.filings.letters import letter_id
from holdfast.kit.filings.reading import form as form_named
from holdfast.kit.filings.reading import forms_for
from holdfast.kit.filings.values import shown
from holdfast.kit.refusals import NotFound, Refusal
from holdfast.response.duties.models import DutyClock
from holdfast.response.duties.queries import confirmations
from holdfast.response.filings.actions import draft_filing, explain_contradiction, state_fact
from holdfast.response.filings.lifecycle import FROZEN, SENT
from holdfast.response.filings.models import Filing
from holdfast.response.filings.queries import Desk, drafts_of, filing_rows, statements_of

STATES = {
    "draft": gettext_lazy("draft"),
    "ready": gettext_lazy("waits for release"),
    "released": gettext_lazy("released, not filed"),
    "filed": gettext_lazy("filed"),
    "acknowledged": gettext_lazy("acknowledged"),
    "withdrawn": gettext_lazy("not made"),
}
MARKS = {
    "draft": "doing",
    "ready": "warn",
    "released": "open",
    "filed": "done",
    "acknowledged": "ok",
    "withdrawn": "none",
}
MOST_DUTIES = 12
MOST_FACTS = 60


@policy("recall.view")
def filings(request: HttpRequest, ref: str) -> HttpResponse:
    """The list; a POST begins a filing, states a fact, explains a conflict, keeps a letter."""
    recall = recall_named(ref)
    refusal, at = None, now()
    if request.method == "POST":
        try:
            words, where = _write(request, recall, at)
        except Refusal as refused:
            refusal = refused
        else:
            said(request, words)
            return redirect(where)
    by = request.actor  # type: ignore[attr-defined]
    desk = Desk(recall, at)
    rows = [row_shown(recall, row) for row in filing_rows(recall, at=at)]
    conflicts = desk.open_contradictions()
    context = {
        "open_rows": [row for row in rows if row["state"] in ("draft", "ready", "released")],
        "sent": [row for row in rows if row["state"] in SENT],
        "dropped": [row for row in rows if row["state"] == "withdrawn"],
        "first": _first(rows),
        "duties": _without_filing(recall, at),
        "conflicts": [conflict_shown(one) for one in conflicts],
        "facts": _facts(recall, desk),
        "statements": statements_of(recall)[:MOST_FACTS],
        "kinds": [(key, fact.name) for key, fact in catalogue().items()],
        "form_choices": _choices(recall),
        "countries": [(code, country_name(code)) for code in countries_of_sale(recall)],
        "zone": organisation().zone or "UTC",
        "may_work": may(by, "filing.work"),
        "may_release": may(by, "filing.release"),
        "typed": request.POST if refusal else {},
        **letters_shown(recall, at),
    }
    return page(
        request, "desk/filings.html", context, recall=recall, tab="filings", refusal=refusal
    )


def row_shown(recall: Recall, row: dict[str, Any]) -> dict[str, Any]:
    """A row of the list with its words, its sign and its page."""
    number = int(row["filing"].removeprefix("F-"))
    return {
        **row,
        "number": number,
        "url": reverse("recall_filing", args=[recall.ref, number]),
        "where": country_name(row["country"]) if row["country"] else "",
        "words": STATES[row["state"]],
        "mark": "blocked" if row["blocked_by"] else MARKS[row["state"]],
        "filed": datetime.fromisoformat(row["filed_at"]) if row["filed_at"] else None,
        "authority": form_named(row["form"]).authority,
    }


def conflict_shown(one: Contradiction) -> dict[str, Any]:
    """A conflict with the marks its form sends back."""
    key, place, first, second = one.mark
    return {
        "name": catalogue()[key].name if key in catalogue() else key,
        "key": key,
        "place": place,
        "one": one.one,
        "other": one.other,
        "where": one.where,
        "why": one.why,
        "first": first,
        "second": second,
        "chains": [f"F-{number}" for number in one.chains],
    }


def _write(request: HttpRequest, recall: Recall, at: datetime) -> tuple[str, str]:
    given, by = request.POST, request.actor  # type: ignore[attr-defined]
    here = reverse("recall_filings", args=[recall.ref])
    step = given.get("step", "")
    if step in LETTER_STEPS:
        return write_letter(request, recall, at), f"{here}#letters"
    if step == "draft":
        made = draft_filing(
            recall=recall,
            form=given.get("form", ""),
            country=given.get("country", ""),
            obligation=given.get("obligation", ""),
            occurrence=given.get("occurrence", ""),
            by=by,
            now=at,
        )
        where = reverse("recall_filing", args=[recall.ref, made.number])
        return _("%(name)s is begun.") % {"name": made.name}, where
    if step == "fact":
        name = given.get("fact", "") + (f"@{given['place']}" if given.get("place") else "")
        state_fact(
            recall=recall,
            name=name,
            value=given.get("value", ""),
            unknown=given.get("unknown", ""),
            as_of=told_at(given, at),
            source=given.get("source", ""),
            by=by,
            now=at,
        )
        return _("The fact is stated. Every draft reads it."), f"{here}#facts"
    if step == "explain":
        explain_contradiction(
            recall=recall,
            key=given.get("key", ""),
            place=given.get("place", ""),
            one=given.get("one", ""),
            other=given.get("other", ""),
            words=given.get("words", ""),
            by=by,
            now=at,
        )
        return _("The difference is explained, with your name."), f"{here}#facts"
    raise NotFound("no_step", _("Nothing here does that."))


def told_at(given: QueryDict, at: datetime, name: str = "as_of") -> datetime:
    """A local time of a form in the shop's zone; empty is now."""
    return moment_from(given.get(name, "")) or at


def _first(rows: list[dict[str, Any]]) -> dict[str, Any] | None:
    """What to do first: what contradicts, then what waits for release, then what lacks least."""
    waiting = [row for row in rows if row["state"] in ("draft", "ready", "released")]
    order = {"ready": 0, "released": 1, "draft": 2}
    ranked = sorted(
        waiting,
        key=lambda row: (
            not row["blocked_by"],
            order[row["state"]],
            row["due_on"] or "9999",
            len(row["missing"]),
        ),
    )
    return ranked[0] if ranked else None


def _without_filing(recall: Recall, at: datetime) -> list[dict[str, Any]]:
    """Open duties that no filing is begun for, each with the form it is done on."""
    begun = {
        (one.form, one.country, one.occurrence) for one in recall.filings.exclude(state="withdrawn")
    }
    clocks: list[tuple[DutyClock, str, str]] = []
    for clock in recall.duty_clocks.filter(state="running").order_by("acts_by", "country", "pk"):
        form, name = _form_for(clock)
        if form and (form, clock.country, clock.occurrence) not in begun:
            clocks.append((clock, form, name))
    rows = rows_of([clock for clock, _form, _name in clocks[:MOST_DUTIES]], confirmations(), now=at)
    return [
        {"row": row, "form": form, "name": name}
        for row, (_clock, form, name) in zip(rows, clocks, strict=False)
    ]


def _form_for(clock: DutyClock) -> tuple[str, str]:
    """The first form of a duty, else its letter; nothing where nobody is told by it."""
    written = forms_for(clock.regime, clock.obligation)
    first = min(written, key=lambda one: one.purpose not in ("initial", "accident"), default=None)
    if first:
        return first.id, first.name
    try:
        letter = form_named(letter_id(clock.regime, clock.obligation))
    except NotFound:
        return "", ""
    return letter.id, letter.name


def _choices(recall: Recall) -> list[tuple[str, str]]:
    """Forms that can be begun by hand: those of the regimes whose duties this recall has."""
    regimes = list(dict.fromkeys(recall.duty_clocks.values_list("regime", flat=True)))
    regimes += recall.filings.exclude(regime__in=regimes).values_list("regime", flat=True)
    found: dict[str, str] = {}
    for regime in dict.fromkeys(regimes):
        found |= {one.id: f"{one.name} · {one.authority}" for one in forms_for(regime)}
        for what in ("progress", "termination"):
            letter = form_named(letter_id(regime, what))
            found[letter.id] = letter.name
    return sorted(found.items(), key=lambda item: item[1])


def _facts(recall: Recall, desk: Desk) -> list[dict[str, Any]]:
    """What the filings state: each fact once, with the number of filings that say it."""
    told: dict[tuple[str, str], Counter[str]] = {}
    frozen = Filing.objects.filter(recall=recall, state__in=FROZEN).select_related("recall")
    for filing in (*drafts_of(recall), *frozen):
        for one in desk.frozen(filing).content["states"]:
            kind = catalogue()[one["key"]]
            words = told.setdefault((one["key"], one["place"]), Counter())
            words[shown(kind, one["value"])] += 1
    rows = [
        {
            "name": catalogue()[key].name,
            "place": place,
            "said": said_words.most_common(),
            "n": sum(said_words.values()),
            "differs": len(said_words) > 1 and catalogue()[key].course == "fixed",
        }
        for (key, place), said_words in told.items()
    ]
    return sorted(rows, key=lambda row: (not row["differs"], -int(str(row["n"]))))
