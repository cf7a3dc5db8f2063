"""What the data knows of the law: country by kind of product by matter, with gaps shown as gaps."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from holdfast.doors.desk.legal_words import CONFIDENCES, MATTERS, ROLES, TOUCHED, country_name
from holdfast.doors.desk.pages import now, page, said
from holdfast.doors.desk.policy import policy
from holdfast.ground.access.permissions import may
from holdfast.kit.quantities import whole_number
from holdfast.kit.refusals import NotFound, Refusal, Unreadable
from holdfast.kit.regimes.coverage import coverage, known
from holdfast.kit.regimes.law import Obligation, Regime
from holdfast.kit.regimes.places import categories, places
from holdfast.kit.regimes.reading import regime as regime_named
from holdfast.kit.regimes.reading import versions
from holdfast.kit.regimes.sentences import rule
from holdfast.response.duties.actions import confirm_law, withdraw_law_confirmation
from holdfast.response.duties.models import CounselConfirmation
from holdfast.response.duties.queries import changed_law, confirmation_for, confirmations

MARKS = {"verified": "ok", "recalled": "draft", "unknown": "open", "missing": "missing"}


@policy("recall.view")
def law(request: HttpRequest) -> HttpResponse:
    """Coverage of one kind of product in every country, the laws behind it, what has changed."""
    at = now()
    kinds = categories()
    chosen = request.GET.get("category", "consumer_product")
    if chosen not in kinds:
        raise NotFound(
            "unknown_category",
            _("No regime knows this kind of product."),
            hint=_("Pick one of the list."),
        )
    cells = [cell for cell in coverage(at.date()) if cell.category.id == chosen]
    rows = [_covered(cell.place.code, cell.laws) for cell in cells]
    rows.sort(key=lambda one: (one["is_missing"], str(one["name"])))
    context = {
        "kinds": [(one.id, _(one.name), one.id == chosen) for one in kinds.values()],
        "chosen": _(kinds[chosen].name),
        "rows": rows,
        "matters": [str(MATTERS[name]) for name in MATTERS],
        "covered": sum(not row["is_missing"] for row in rows),
        "countries": len(rows),
        "others": len(places()),
        "laws": [_summary(one) for one in versions()],
        "touched": [
            {"clock": one.clock, "recall": one.clock.recall, "why": TOUCHED[one.why]}
            for one in changed_law(now=at)
        ],
        "confirmed": [{"one": one, "is_current": _is_current(one)} for one in confirmations()],
    }
    return page(request, "desk/law.html", context, nav="law")


@policy("recall.view")
def law_regime(request: HttpRequest, regime: str) -> HttpResponse:
    """Everything the data says of one law, each statement with citation, source and confidence."""
    found = regime_named(regime)
    refusal = None
    if request.method == "POST":
        try:
            words = _write(request, found, now())
        except Refusal as refused:
            refusal = refused
        else:
            said(request, words)
            return redirect("law_regime", found.id)
    kept = confirmations(found.id)
    versions_here = [one for one in versions() if one.id == found.id]
    context = {
        "law": found,
        "versions": versions_here,
        "where": country_name(found.jurisdiction),
        "also": [country_name(code) for code in found.also_in],
        "never": [country_name(code) for code in found.not_in],
        "kinds": [_(categories()[name].name) for name in found.categories if name in categories()],
        "without": [_(categories()[name].name) for name in found.excludes if name in categories()],
        "duties": [_duty(found, one, kept) for one in found.obligations],
        "statements": [_statement(found, name, kept) for name in found.statements],
        "absent": [str(MATTERS[n]) for n in MATTERS if n not in (*found.statements, "duties")],
        "confidence": CONFIDENCES[found.confidence],
        "expired": found.valid_to is not None and found.valid_to < now().date(),
        "today": now().date().isoformat(),
        "kept": kept,
        "may_confirm": may(request.actor, "law.confirm"),  # type: ignore[attr-defined]
        "typed": request.POST if refusal else {},
    }
    return page(request, "desk/law_regime.html", context, nav="law", refusal=refusal)


def _write(request: HttpRequest, found: Regime, at: datetime) -> str:
    given, by = request.POST, request.actor  # type: ignore[attr-defined]
    if given.get("step") == "withdraw":
        number = given.get("confirmation", "")
        kept = CounselConfirmation.objects.filter(regime=found.id, pk=whole_number(number)).first()
        if kept is None:
            raise NotFound("no_confirmation", _("There is no such confirmation."))
        withdraw_law_confirmation(confirmation=kept, by=by, now=at)
        return _("The confirmation counts no more.")
    statement = given.get("statement", "")
    is_matter = statement in found.statements
    confirm_law(
        regime=found.id,
        obligation="" if is_matter else statement,
        matter=statement if is_matter else "",
        confirmed_by=given.get("confirmed_by", ""),
        confirmed_on=_day(given.get("confirmed_on", "")),
        source=given.get("source", ""),
        value_read=given.get("value_read", ""),
        by=by,
        now=at,
    )
    return _("The confirmation is kept; every duty it concerns shows it.")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise Unreadable(
            "bad_day",
            _("“%(text)s” is no day.") % {"text": text[:40]},
            hint=_("Write it as 2026-11-20."),
        ) from error


def _covered(code: str, laws: tuple[Regime, ...]) -> dict[str, Any]:
    """One country: each matter with the weakest confidence of the laws that cover it."""
    order = ("verified", "recalled", "unknown")
    cells = []
    for matter in MATTERS:
        told = [known(one)[matter].confidence for one in laws]
        weakest = max((one for one in told if one in order), key=order.index, default="missing")
        cells.append({"mark": MARKS[weakest], "words": CONFIDENCES[weakest]})
    return {"name": country_name(code), "laws": laws, "cells": cells, "is_missing": not laws}


def _summary(found: Regime) -> dict[str, Any]:
    duties = known(found)["duties"]
    return {
        "law": found,
        "where": country_name(found.jurisdiction),
        "verified": duties.verified,
        "open": duties.recalled + duties.unknown,
    }


def _is_current(one: CounselConfirmation) -> bool:
    try:
        found = regime_named(one.regime)
    except NotFound:
        return False
    return confirmation_for([one], found, one.obligation, one.matter) is not None


def _duty(found: Regime, one: Obligation, kept: list[CounselConfirmation]) -> dict[str, Any]:
    return {
        "one": one,
        "rule": rule(one, found.counting),
        "who": [str(ROLES.get(name, name)) for name in one.who],
        "confidence": CONFIDENCES[one.confidence],
        "is_sure": one.confidence == "verified",
        "confirmed": confirmation_for(kept, found, one.id),
    }


def _statement(found: Regime, name: str, kept: list[CounselConfirmation]) -> dict[str, Any]:
    said_of = found.statements[name]
    return {
        "name": name,
        "words": MATTERS[name],
        "one": said_of,
        "confidence": CONFIDENCES[said_of.confidence],
        "is_sure": said_of.confidence == "verified",
        "confirmed": confirmation_for(kept, found, matter=name),
    }
