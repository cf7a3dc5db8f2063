"""O5: which units, which people, how sure, and why; propose, confirm, refuse, widen."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from holdfast.decision.recalls.actions import (
    ask_scope,
    confirm_scope,
    gather_scope,
    propose_scope,
    refuse_scope,
)
from holdfast.decision.recalls.models import Recall, ScopeLine, ScopeVersion
from holdfast.decision.recalls.queries import asked_criteria
from holdfast.decision.recalls.queries.estimating import scope_effort
from holdfast.decision.recalls.queries.lines import HEADER, scope_lines
from holdfast.decision.recalls.queries.pictures import missing_lots, shown_version
from holdfast.decision.recalls.queries.waiting import scope_job, scope_under_way
from holdfast.decision.recalls.rules import LARGE
from holdfast.doors.desk.pages import now, page, recall_named, said
from holdfast.doors.desk.policy import policy
from holdfast.doors.desk.progress import progress_of
from holdfast.doors.desk.scopemap import map_of
from holdfast.doors.desk.scoperisk import balance_rows, prices_asked, risk_of
from holdfast.doors.desk.sheets import csv_stream
from holdfast.ground.look.templatetags.look import CERTAINTY_WORDS, count
from holdfast.insight.measures.counting import pictures_of
from holdfast.insight.measures.figures import figures_of
from holdfast.kit.quantities import whole_number
from holdfast.kit.refusals import NotFound, Refusal, Unreadable
from holdfast.kit.tables.countries import country_code
from holdfast.kit.trace.criteria import KINDS, Criteria, parse_days, sentences
from holdfast.supply.orders.models import OrderLine
from holdfast.supply.traceability.actions import record_receipt

CLASSES = ("confirmed", "probable", "cannot_rule_out", "excluded")
PAGE = 50


def _listed(text: str) -> tuple[str, ...]:
    words = text.replace("\n", ",").replace(";", ",").split(",")
    return tuple(dict.fromkeys(word.strip() for word in words if word.strip()))


class ScopeForm(forms.Form):
    """The rule of a scope in sentences; several words in one field widen each other."""

    products = forms.CharField(
        required=False,
        label=gettext_lazy("Product is"),
        help_text=gettext_lazy("Codes as in your orders, with commas between them"),
    )
    variants = forms.CharField(required=False, label=gettext_lazy("and the variant is"))
    lots = forms.CharField(required=False, label=gettext_lazy("and the lot is"))
    suppliers = forms.CharField(required=False, label=gettext_lazy("and it came from supplier"))
    receipts = forms.CharField(required=False, label=gettext_lazy("and it came with receipt"))
    sites = forms.CharField(required=False, label=gettext_lazy("and it was shipped from"))
    markets = forms.CharField(
        required=False,
        label=gettext_lazy("and it was sold to"),
        help_text=gettext_lazy("Countries in two letters: DE, FR"),
    )
    serials = forms.CharField(
        required=False,
        label=gettext_lazy("and the serial number is"),
        help_text=gettext_lazy("One number, or the first and the last: VL0100..VL0250"),
    )
    shipped_from = forms.DateField(
        required=False,
        label=gettext_lazy("and it was shipped on or after"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    shipped_to = forms.DateField(
        required=False,
        label=gettext_lazy("and on or before"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    rationale = forms.CharField(
        required=False,
        label=gettext_lazy("Why this scope"),
        help_text=gettext_lazy("Needed when somebody is left out who was in before."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean(self) -> dict[str, Any]:
        """Both days in order."""
        values = super().clean() or {}
        start, end = values.get("shipped_from"), values.get("shipped_to")
        if start and end and end < start:
            self.add_error("shipped_to", _("This day lies before the first one."))
        return values

    def criteria(self) -> Criteria:
        """The rule as the trace takes it."""
        given = self.cleaned_data
        words = {kind: _listed(given[kind]) for kind in KINDS}
        words["markets"] = tuple(country_code(one) or one.upper() for one in words["markets"])
        return Criteria(
            **words,
            shipped_from=given["shipped_from"],
            shipped_to=given["shipped_to"],
        )


@policy("recall.view")
def scope(request: HttpRequest, ref: str) -> HttpResponse:
    """The newest version with its numbers; a POST proposes, widens, confirms or refuses."""
    recall = recall_named(ref)
    is_asked = request.method == "POST" and request.POST.get("step") == "propose"
    form = ScopeForm(request.POST if is_asked else None, initial=_asked(request, recall))
    refusal = None
    if request.method == "POST" and (not form.is_bound or form.is_valid()):
        try:
            return _write(request, recall, form)
        except Refusal as refused:
            refusal = refused
    context = _context(request, recall, shown_version(recall), form)
    status = 400 if form.is_bound and form.errors else 200
    return page(
        request,
        "desk/scope.html",
        context,
        recall=recall,
        tab="scope",
        refusal=refusal,
        status=status,
    )


def _asked(request: HttpRequest, recall: Recall) -> dict[str, Any]:
    """What the form shows first: the rule of a job that came to nothing, else the newest one."""
    asked, rationale = asked_criteria(recall), ""
    number = _number(request.GET.get("job"))
    if number:
        arguments = scope_job(recall, number).arguments
        asked, rationale = Criteria.from_json(arguments["criteria"]), arguments["rationale"]
    found: dict[str, Any] = {kind: ", ".join(getattr(asked, kind)) for kind in KINDS}
    days = {"shipped_from": asked.shipped_from, "shipped_to": asked.shipped_to}
    return {**found, **days, "rationale": rationale}


def _write(request: HttpRequest, recall: Recall, form: ScopeForm) -> HttpResponse:
    step = request.POST.get("step", "")
    if step == "propose":
        return _propose(request, recall, form.criteria(), form.cleaned_data["rationale"])
    if step == "widen":
        criteria = _wider(asked_criteria(recall), request.POST.get("leave_out", ""))
        reason = _("Widened to leave nobody out.")
        return _propose(request, recall, criteria, reason, settle=True)
    if step == "arrived":
        return _arrived(request, recall)
    said(request, _settle(request, recall, step))
    return redirect("recall_scope", recall.ref)


def _settle(request: HttpRequest, recall: Recall, step: str) -> str:
    by, at = request.actor, now()  # type: ignore[attr-defined]
    version = recall.scopes.filter(number=_number(request.POST.get("version"))).first()
    if version is None:
        raise NotFound("no_version", _("There is no such version."))
    if step == "refuse":
        refuse_scope(version=version, reason=request.POST.get("reason", ""), by=by, now=at)
        return _("Scope v%(n)s is refused.") % {"n": version.number}
    confirm_scope(version=version, digest=request.POST.get("digest", ""), by=by, now=at)
    whole = version.counts["in_scope"]
    return _("Scope v%(n)s counts from now on: %(people)s people, %(units)s units.") % {
        "n": version.number,
        "people": count(whole["people"]),
        "units": count(Decimal(str(whole["units"]))),
    }


def _arrived(request: HttpRequest, recall: Recall) -> HttpResponse:
    """A lot no file records: the days it lay here, then the same question again."""
    asked = asked_criteria(recall)
    if len(asked.products) != 1:
        raise Unreadable("one_product", _("Name one product first; a lot is a lot of something."))
    days = [f"{request.POST.get(name, '')}.." for name in ("came", "gone")]
    came, gone = (parse_days(text)[0] if text != ".." else None for text in days)
    with transaction.atomic():
        record_receipt(
            lot=request.POST.get("lot", ""),
            product=asked.products[0],
            came_on=came,
            gone_on=gone,
            by=request.actor,  # type: ignore[attr-defined]
            now=now(),
        )
        return _propose(request, recall, asked, _("Dates of arrival are known now."))


def _number(text: str | None) -> int:
    return whole_number(text)


def _propose(
    request: HttpRequest,
    recall: Recall,
    criteria: Criteria,
    rationale: str,
    *,
    settle: bool = False,
) -> HttpResponse:
    """At once where that is quick; a large shop has it worked out and sees how far it is."""
    by, at = request.actor, now()  # type: ignore[attr-defined]
    if scope_under_way(recall) or scope_effort(recall, criteria) > LARGE:
        job = ask_scope(
            recall=recall, criteria=criteria, rationale=rationale, settle=settle, by=by, now=at
        )
        return redirect("recall_scope_job", recall.ref, job.pk)
    found = gather_scope(criteria=criteria, by=by, now=at)
    version = propose_scope(
        recall=recall, criteria=criteria, rationale=rationale, found=found, by=by, now=at
    )
    for warning in found.warnings:
        messages.warning(request, f"{warning['message']} {warning['hint']}")
    if settle and not version.is_narrowing:
        confirm_scope(version=version, by=by, now=at)
        said(request, _("Scope v%(n)s, wider, counts from now on.") % {"n": version.number})
    else:
        said(request, _("Scope v%(n)s is proposed.") % {"n": version.number})
    return redirect("recall_scope", recall.ref)


def _wider(asked: Criteria, leave_out: str) -> Criteria:
    """The same question with one kind of word taken away."""
    kinds = KINDS
    kept: dict[str, Any] = {kind: getattr(asked, kind) for kind in kinds}
    kept |= {"shipped_from": asked.shipped_from, "shipped_to": asked.shipped_to}
    if leave_out == "dates":
        kept |= {"shipped_from": None, "shipped_to": None}
    elif leave_out == "lots":
        kept |= {"lots": (), "suppliers": (), "receipts": ()}
    elif leave_out in ("markets", "sites", "serials"):
        kept[leave_out] = ()
    return Criteria(**kept)


def _context(
    request: HttpRequest, recall: Recall, shown: ScopeVersion | None, form: ScopeForm
) -> dict[str, Any]:
    asked = Criteria.from_json(shown.criteria) if shown else asked_criteria(recall)
    under_way = scope_under_way(recall)
    context: dict[str, Any] = {
        "form": form,
        "shown": shown,
        "has_orders": OrderLine.objects.exists(),
        "sentences": sentences(asked),
        "missing": missing_lots(asked),
        "widenings": list(_widenings(asked)),
        "under_way": under_way,
        "progress": progress_of(under_way, now=now()) if under_way else None,
        "versions": recall.scopes.order_by("-number")[:20],
    }
    if shown:
        pictures = figures_of(recall, now=now()).figures.get("pictures") or {}
        if (
            pictures.get("digest") != shown.digest
            or pictures.get("version") != shown.pk
            or "doubts" not in pictures
        ):
            pictures = pictures_of(shown)
        context |= _numbers(shown, pictures["reasons"])
        context["dates"] = [_shifted(*one) for one in pictures["dates"]]
        context["map"] = map_of(pictures["map"])
        prices = prices_asked(request, pictures["price"])
        context["risk"] = risk_of(recall, shown, pictures["doubts"], prices)
        context["balance"] = balance_rows(pictures["balance"])
        context["balance_more"] = pictures["balance_more"]
    return context


def _widenings(asked: Criteria) -> Iterable[tuple[str, str]]:
    """Each is one click: what to leave out, and what that means."""
    if asked.by_lot and asked.products:
        yield (
            "lots",
            _("All units of %(product)s, whatever the lot")
            % {"product": ", ".join(asked.products)},
        )
    if asked.shipped_from or asked.shipped_to:
        yield "dates", _("Whatever the day it was shipped")
    if asked.markets:
        yield "markets", _("Every country")
    if asked.sites:
        yield "sites", _("Shipped from anywhere")
    if asked.serials:
        yield "serials", _("Whatever the serial number")


def _shifted(days: int, on: str, units: str, people: int) -> dict[str, Any]:
    when = datetime.fromisoformat(on)
    return {"days": days, "on": when, "units": Decimal(units), "people": people}


def _numbers(version: ScopeVersion, told: Any) -> dict[str, Any]:
    rows = [
        {
            "name": name,
            "units": Decimal(str(version.counts[name]["units"])),
            "people": version.counts[name]["people"],
            "lines": version.counts[name]["lines"],
            "reasons": told.get(name, [])[:3],
            "told": name != "excluded",
        }
        for name in CLASSES
    ]
    whole = version.counts["in_scope"]
    return {
        "rows": rows,
        "whole": {**whole, "units": Decimal(str(whole["units"]))},
        "unreachable": version.counts["unreachable"],
        "reachable": whole["people"] - version.counts["unreachable"]["people_without_contact"],
        "changes": version.difference.get("sentences", []),
        "against": version.difference.get("against"),
    }


@policy("outreach.view")
def lines(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """The lines of one version, in pages, with the reason of each."""
    recall = recall_named(ref)
    version = _version(recall, number)
    wanted = request.GET.get("certainty", "")
    after = _number(request.GET.get("after"))
    rows = ScopeLine.objects.filter(version=version, pk__gt=after)
    if wanted in CLASSES:
        rows = rows.filter(certainty=wanted)
    shown = list(rows.select_related("line", "line__customer").order_by("pk")[: PAGE + 1])
    context = {
        "version": version,
        "lines": shown[:PAGE],
        "after": shown[PAGE - 1].pk if len(shown) > PAGE else None,
        "wanted": wanted,
        "classes": [(name, CERTAINTY_WORDS[name]) for name in CLASSES[:3]],
    }
    return page(request, "desk/scope_lines.html", context, recall=recall, tab="scope")


@policy("outreach.view")
def lines_csv(request: HttpRequest, ref: str, number: int) -> StreamingHttpResponse:
    """Every line of the instance with its certainty and reason."""
    recall = recall_named(ref)
    version = _version(recall, number)
    rows = scope_lines(Criteria.from_json(version.criteria), version)
    return csv_stream(f"{recall.ref}-scope-v{number}.csv", HEADER, rows)


def _version(recall: Recall, number: int) -> ScopeVersion:
    found = recall.scopes.filter(number=number).first()
    if found is None:
        raise NotFound("no_version", _("There is no such version."))
    return found
