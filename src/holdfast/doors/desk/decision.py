"""O6: judge the risk, write the decision down, sign it or disagree."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from holdfast.decision.recalls.actions import (
    evaluate_hazard,
    propose_decision,
    record_dissent,
    sign_decision,
)
from holdfast.decision.recalls.models import Decision, LegalProfile, Recall
from holdfast.decision.recalls.queries import confirmed_scope
from holdfast.decision.recalls.queries.pictures import markets_of
from holdfast.doors.desk.classes import STEPS, classes, write_class
from holdfast.doors.desk.dutyrows import Row, merged, rows_of
from holdfast.doors.desk.evidencefiles import attached, files_of
from holdfast.doors.desk.guides import guides
from holdfast.doors.desk.judging import (
    by_market,
    forms_of,
    grids,
    judged,
    presumption,
    read_scenarios,
)
from holdfast.doors.desk.names import name_of
from holdfast.doors.desk.pages import now, page, recall_named, said
from holdfast.doors.desk.policy import policy
from holdfast.doors.desk.steps import words_of
from holdfast.doors.desk.words import (
    LEVELS_OF_RISK,
    MEASURES,
    PROOF_WORDS,
    REMEDIES,
    outcome_sentence,
)
from holdfast.ground.access.permissions import may
from holdfast.ground.access.queries import organisation
from holdfast.kit.quantities import whole_number
from holdfast.kit.refusals import NotFound, Refusal
from holdfast.kit.risk import eu_grid
from holdfast.kit.risk.methods import methods
from holdfast.response.duties.queries import clocks_of, confirmations
from holdfast.response.remedies.actions import set_remedies
from holdfast.response.remedies.queries import DEFAULT_DAYS, terms_of
from holdfast.response.remedies.rules import PROOFS

CLASSES = {"low": "l1", "medium": "l2", "high": "l3", "serious": "l4"}
USUAL = ("stop_sale", "stop_use", "recall")
MOST_DUTIES = 5


@policy("recall.view")
def decision(request: HttpRequest, ref: str) -> HttpResponse:
    """The grid, the decision and its signatures; a POST judges, proposes, signs or dissents."""
    recall = recall_named(ref)
    refusal = None
    if request.method == "POST":
        try:
            words = _write(request, recall)
        except Refusal as refused:
            refusal = refused
        else:
            said(request, words)
            return redirect("recall_decision", recall.ref)
    context = _context(request, recall, request.POST if refusal else None)
    return page(
        request, "desk/decision.html", context, recall=recall, tab="decision", refusal=refusal
    )


def _write(request: HttpRequest, recall: Recall) -> str:
    given, by, at = request.POST, request.actor, now()  # type: ignore[attr-defined]
    step = given.get("step", "")
    if step == "evidence":
        attached(request, "file", recall=recall, about="decision", note=given.get("note", ""))
        return _("The file is attached.")
    if step in STEPS:
        return write_class(request, recall)
    if step == "propose":
        return _propose(request, recall)
    found = recall.decisions.filter(pk=whole_number(given.get("decision"))).first()
    if found is None:
        raise NotFound("no_decision", _("There is no such decision."))
    sha256 = given.get("sha256", "")
    if step == "dissent":
        record_dissent(decision=found, sha256=sha256, words=given.get("words", ""), by=by, now=at)
        return _("Your disagreement is kept word for word.")
    sign_decision(decision=found, sha256=sha256, by=by, now=at)
    return _("Decision no. %(n)s is signed.") % {"n": found.number}


@transaction.atomic
def _propose(request: HttpRequest, recall: Recall) -> str:
    """Judge, set the remedies and propose in one go; alone, sign as well. All of it or nothing."""
    given, by, at = request.POST, request.actor, now()  # type: ignore[attr-defined]
    evaluate_hazard(
        recall=recall,
        scenario=given.get("scenario", ""),
        scenarios=read_scenarios(given),
        presumed=given.getlist("presume"),
        method=given.get("method") or eu_grid.METHOD,
        by=by,
        now=at,
    )
    if given.getlist("remedies") and may(by, "remedy.set"):
        set_remedies(
            recall=recall,
            options=given.getlist("remedies"),
            within_days=_days(given),
            proof=given.get("proof", "declaration"),
            exception_reason=given.get("exception_reason", ""),
            effort_reason=given.get("effort_reason", ""),
            replacement=given.get("replacement", "")[:200],
            by=by,
            now=at,
        )
    sha256 = attached(request, "file", recall=recall, about="decision")
    made = propose_decision(
        recall=recall,
        measures=given.getlist("measures"),
        remedies=given.getlist("remedies"),
        reason=given.get("reason", ""),
        evidence=[*given.getlist("evidence"), *([sha256] if sha256 else [])],
        by=by,
        now=at,
    )
    if given.get("sign") and by.alone:
        sign_decision(decision=made, sha256=made.sha256, by=by, now=at)
        return _("Decision no. %(n)s is signed, by one person alone, and recorded as such.") % {
            "n": made.number
        }
    return _("Decision no. %(n)s waits for a second person.") % {"n": made.number}


def _days(given: Any) -> dict[str, int]:
    """What was promised per remedy; a field that is no number counts as not promised."""
    named = {name: given.get(f"days_{name}", "") for name in given.getlist("remedies")}
    return {name: whole_number(text) for name, text in named.items() if text.isdecimal()}


def _duties(recall: Recall) -> list[Row]:
    """The soonest deadlines that run, one row where a report reaches several countries."""
    rows = rows_of(clocks_of(recall), confirmations(), now=now())
    return merged([row for row in rows if row.is_open and row.clock.acts_by])[:MOST_DUTIES]


def _context(request: HttpRequest, recall: Recall, typed: Any) -> dict[str, Any]:
    last = recall.decisions.exclude(state="superseded").order_by("-number").first()
    risk = recall.evaluations.order_by("-pk").first()
    by = request.actor  # type: ignore[attr-defined]
    # What a refused class was worked out from stands in its own form, a judgement in the other.
    is_class = typed is not None and typed.get("step") in STEPS
    judgement = None if is_class else typed
    picked = _picked(recall, last, judgement)
    terms, replacement = terms_of(recall)
    scope = confirmed_scope(recall)
    markets = markets_of(scope) if scope else ()
    method = risk.method if risk else eu_grid.METHOD
    return {
        "judged": judged(risk),
        "duties": _duties(recall),
        "is_asked": LegalProfile.objects.filter(recall=recall).exists(),
        "is_refused": judgement is not None,
        "forms": forms_of(risk, judgement),
        "presumption": presumption(risk, judgement),
        "grids": grids(judgement.get("method", method) if judgement is not None else method),
        "by_market": by_market(markets),
        "classes": classes(
            recall,
            markets,
            typed if is_class else None,
            is_all=bool(request.GET.get("methods")),
        ),
        "guides": guides(recall),
        "last": last,
        "risk": risk,
        "risk_words": LEVELS_OF_RISK.get(risk.level) if risk else None,
        "grid": _grid(risk),
        # Translated here: a template would look “10 %” up as “10 %%”.
        "severities": [
            {"level": one.level, "name": _(one.name), "means": _(one.means)}
            for one in eu_grid.SEVERITIES
        ],
        "bands": [(_just_over(band), band.label) for band in eu_grid.BANDS],
        "basis": methods()[method].source.legal_basis,
        "measures": MEASURES.items(),
        "remedies": _remedies(picked, terms.within_days),
        "terms": terms,
        "ease": terms.ease(),
        "points": [{"met": one.met, "why": words_of(one.why)} for one in terms.ease().points],
        "replacement": replacement,
        "proofs": [(name, PROOF_WORDS[name]) for name in PROOFS],
        "picked": picked,
        "scope": scope,
        "outcome": outcome_sentence(recall),
        "signatures": _signatures(last),
        "is_mine": bool(last and last.proposed_by == by.key and not by.alone),
        "files": files_of(recall),
        "alone": organisation().is_one_person,
        "older": recall.decisions.filter(state="superseded").order_by("-number")[:10],
    }


def _remedies(picked: dict[str, Any], days: Any) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "words": words,
            "on": name in picked["remedies"],
            "days": days.get(name, DEFAULT_DAYS[name]),
        }
        for name, words in REMEDIES.items()
    ]


def _told(recall: Recall) -> str:
    """A first reason out of what was told; people write it on."""
    if not recall.mechanism:
        return ""
    day = formats.date_format(timezone.localtime(recall.known_at), "j M Y")
    return _("Told on %(day)s: %(mechanism)s.") % {"day": day, "mechanism": recall.mechanism}


def _picked(recall: Recall, last: Decision | None, typed: Any) -> dict[str, Any]:
    """What stands in the form: what was typed, else the last decision, else the usual."""
    if typed is not None:
        return {
            "reason": typed.get("reason", ""),
            "measures": typed.getlist("measures"),
            "remedies": typed.getlist("remedies"),
            "evidence": typed.getlist("evidence"),
        }
    content = last.content if last else {}
    return {
        "reason": content.get("reason", _told(recall)),
        "measures": content.get("measures", USUAL),
        "remedies": content.get("remedies", ("refund", "replacement")),
        "evidence": content.get("evidence", []),
    }


def _just_over(band: eu_grid.Band) -> str:
    """A probability inside the band, for people who pick a row instead of typing a fraction."""
    over = band.over
    inside = Fraction(1, 10**6) if over == 0 else over + Fraction(1, over.denominator * 1000)
    return f"{inside.numerator}/{inside.denominator}"


def _grid(risk: Any) -> list[dict[str, Any]]:
    at = (risk.severity, risk.result.get("band")) if risk else None
    near = (
        {(n["severity"], n["band"]) for n in risk.result.get("sensitivity", [])} if risk else set()
    )
    return [
        {
            "label": band.label,
            "cells": [
                {
                    "words": LEVELS_OF_RISK[level],
                    "class": CLASSES[level],
                    "at": (number, band.name) == at,
                    "near": (number, band.name) in near,
                }
                for number, level in enumerate(band.risks, start=1)
            ],
        }
        for band in eu_grid.BANDS
    ]


def _signatures(last: Decision | None) -> list[dict[str, Any]]:
    if last is None:
        return []
    return [
        {
            "name": name_of(one.person),
            "signed": one.stance == "sign",
            "alone": one.is_alone,
            "words": one.words,
            "at": one.at,
        }
        for one in last.signatures.order_by("at")
    ]
