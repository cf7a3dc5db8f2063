"""Incoming inspections and laboratory tests: how many to take, what was found, what follows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from holdfast.decision.intake.actions import (
    Sampled,
    Tested,
    agree_reduced,
    end_reduced,
    record_inspection,
    record_test_result,
    resume_inspection,
)
from holdfast.decision.intake.models import Inspection, InspectionSeries, TestResult
from holdfast.decision.intake.queries import (
    inspected,
    of_lot,
    results,
    series_of,
    supplier_failures,
)
from holdfast.decision.intake.queries.inspections import play
from holdfast.doors.desk.inspectionforms import InspectionForm, PlanForm, TestForm
from holdfast.doors.desk.inspectionwords import CHANGES, SEVERITIES, VERDICTS, plan_words
from holdfast.doors.desk.moments import moment_from
from holdfast.doors.desk.pages import now, page, said
from holdfast.doors.desk.policy import policy
from holdfast.ground.access.permissions import may
from holdfast.kit.quantities import whole_number
from holdfast.kit.refusals import NotFound, Refusal, Unreadable
from holdfast.kit.sampling.curves import acceptance, quality_accepted
from holdfast.kit.sampling.intervals import lot_interval
from holdfast.kit.sampling.plans import Plan, sampling_plan, tables
from holdfast.supply.catalog.models import Product
from holdfast.supply.catalog.rules import code_key
from holdfast.supply.parties.models import Supplier

SHOWN = 50
MOST_FILE = 50_000_000
CURVE = (0.95, 0.5, 0.1)
CHANCE = 0.05  # q below which a supplier is named


@policy("recall.view")
def inspections(request: HttpRequest) -> HttpResponse:
    """Inspections and tests by supplier and lot, and whose lots fail more often than others'."""
    asked = {name: request.GET.get(name, "").strip()[:120] for name in ("supplier", "lot")}
    failing = [one for one in supplier_failures() if one.q <= CHANCE and one.failed > 1]
    names = dict(Supplier.objects.values_list("code", "name")) if failing else {}
    context = {
        "asked": asked,
        "inspections": [_row(one) for one in inspected(**asked)[:SHOWN]],
        "tests": [_tested(one) for one in results(**asked)[:SHOWN]],
        "most": SHOWN,
        "failing": [(one, names.get(one.supplier) or one.supplier) for one in failing[:5]],
        "discontinued": InspectionSeries.objects.filter(is_discontinued=True).select_related(
            "product", "supplier"
        ),
        "may_record": may(request.actor, "inspection.record"),  # type: ignore[attr-defined]
    }
    return page(request, "desk/inspections.html", context, nav="inspections")


@policy("recall.view")
def inspection_plan(request: HttpRequest) -> HttpResponse:
    """How many to take of a lot and how many may fail; nothing is stored."""
    usual = {"aql": "1.0", "level": "II", "severity": "normal"}
    form = PlanForm({**usual, **request.GET.dict()} if request.GET else None, initial=usual)
    plan = None
    if request.GET and form.is_valid():
        given = form.cleaned_data
        plan = sampling_plan(given["lot_size"], given["aql"], given["level"], given["severity"])
    context = {"form": form, "plan": plan, "told": _plan_told(plan) if plan else None}
    return page(request, "desk/inspection_plan.html", context, nav="inspections")


@policy("inspection.record")
def inspection_new(request: HttpRequest) -> HttpResponse:
    """Record what was found in a lot; it is judged by the plan the supplier's series asks for."""
    prefilled = _prefilled(request)
    return _form_page(
        request,
        InspectionForm,
        prefilled,
        "desk/inspection_new.html",
        _keep_inspection,
        due=_due(prefilled),
    )


def _keep_inspection(request: HttpRequest, given: dict[str, Any]) -> HttpResponse:
    kept = _record(request, given)
    said(request, _("Lot %(lot)s is recorded.") % {"lot": kept.lot})
    return redirect("inspection", kept.pk)


@policy("inspection.record")
def test_new(request: HttpRequest) -> HttpResponse:
    """Record what a laboratory found."""
    return _form_page(request, TestForm, _prefilled(request), "desk/test_new.html", _keep_test)


def _keep_test(request: HttpRequest, given: dict[str, Any]) -> HttpResponse:
    kept = _record_test(request, given)
    words = _("%(what)s passed.") if kept.has_passed else _("%(what)s did not pass.")
    said(request, words % {"what": kept.what})
    target = reverse("inspections") + "?" + urlencode({"lot": kept.lot})
    return redirect(target + f"#{kept.ref}")


def _form_page(
    request: HttpRequest,
    kind: type[forms.Form],
    prefilled: dict[str, Any],
    template: str,
    keep: Callable[[HttpRequest, dict[str, Any]], HttpResponse],
    **more: Any,
) -> HttpResponse:
    """A form to fill in; a POST keeps what it says, or shows it again with what is wrong."""
    refusal = None
    form = kind(initial=prefilled)
    if request.method == "POST":
        form = kind(request.POST, request.FILES)
        try:
            if form.is_valid():
                return keep(request, form.cleaned_data)
        except Refusal as refused:
            refusal = refused
    status = 400 if form.errors else 200
    context = {"form": form, **more}
    return page(request, template, context, nav="inspections", refusal=refusal, status=status)


@policy("recall.view")
def inspection(request: HttpRequest, number: int) -> HttpResponse:
    """One lot: what was found, what the sample leaves open, and the lots before and after it."""
    found = inspected().filter(pk=number).first()
    if found is None:
        raise NotFound("no_inspection", _("There is no such inspection."))
    refusal = None
    if request.method == "POST":
        try:
            said(request, _decide(request, found.series))
            return redirect("inspection", number)
        except Refusal as refused:
            refusal = refused
    series = InspectionSeries.objects.get(pk=found.series_id)
    state = play(series).state
    history = inspected().filter(series=series)[:SHOWN]
    context = {
        "one": _row(found),
        "open": _left_open(found),
        "series": series,
        "state": _("discontinued") if series.is_discontinued else SEVERITIES[series.severity],
        "may_reduce": state.may_reduce,
        "history": [_row(one) for one in history],
        "decisions": list(reversed(series.decisions)),
        "may_agree": may(request.actor, "inspection.agree"),  # type: ignore[attr-defined]
        "again": urlencode(_again(found)),
    }
    return page(request, "desk/inspection.html", context, nav="inspections", refusal=refusal)


def _decide(request: HttpRequest, series: InspectionSeries) -> str:
    by, at, reason = request.actor, now(), request.POST.get("reason", "")  # type: ignore[attr-defined]
    step = request.POST.get("step")
    if step == "reduce":
        agree_reduced(series=series, reason=reason, by=by, now=at)
        return _("The next lot is inspected reduced.")
    if step == "normal":
        end_reduced(series=series, reason=reason, by=by, now=at)
        return _("The next lot is inspected normally.")
    if step == "resume":
        resume_inspection(series=series, reason=reason, by=by, now=at)
        return _("Inspection resumes, tightened.")
    raise Unreadable("no_step", _("Nothing was chosen."))


def _record(request: HttpRequest, given: dict[str, Any]) -> Inspection:
    product = _product(given["product"])
    sampled = Sampled(
        product=product,
        supplier=_supplier(given["supplier"], given["lot"], product),
        lot=given["lot"].strip(),
        looked_at=given["looked_at"],
        found=given["found"],
        inspected_at=moment_from(given["inspected_at"]) or now(),
        lot_size=given["lot_size"],
        aql=given["aql"],
        level=given["level"],
        site=given["site"].strip(),
        defects=given["defects"].strip(),
        inspector=given["inspector"].strip(),
    )
    by = request.actor  # type: ignore[attr-defined]
    return record_inspection(sampled=sampled, file=_file(given["file"]), by=by, now=now())


def _record_test(request: HttpRequest, given: dict[str, Any]) -> TestResult:
    product = _product(given["product"])
    tested = Tested(
        product=product,
        what=given["what"].strip(),
        tested_at=moment_from(given["tested_at"]) or now(),
        supplier=_supplier(given["supplier"], given["lot"], product),
        lot=given["lot"].strip(),
        has_passed={"yes": True, "no": False}.get(given["passed"]),
        **{
            name: given[name].strip()
            for name in ("method", "limit", "value", "unit", "laboratory", "report")
        },
    )
    by = request.actor  # type: ignore[attr-defined]
    return record_test_result(tested=tested, file=_file(given["file"]), by=by, now=now())


def _file(upload: UploadedFile[Any] | None) -> Any:
    if upload is None:
        return None
    if (upload.size or 0) > MOST_FILE:
        raise Unreadable("file_too_large", _("The file is larger than 50 MB."))
    return (upload.name or "file", upload.chunks(256 * 1024))


def _product(code: str) -> Product:
    found = Product.objects.filter(code_key=code_key(code.strip())).first()
    if found is None:
        raise Unreadable(
            "no_product",
            _("There is no product “%(code)s”.") % {"code": code[:60]},
            hint=_("Write its code as in your orders, or bring products in first."),
        )
    return found


def _supplier(text: str, lot: str, product: Product) -> Supplier | None:
    name = text.strip()
    if not name:
        return of_lot(lot.strip(), product).supplier
    found = (
        Supplier.objects.filter(code__iexact=name).first()
        or Supplier.objects.filter(name__iexact=name).first()
    )
    if found is None:
        raise Unreadable(
            "no_supplier",
            _("There is no supplier “%(name)s”.") % {"name": name[:60]},
            hint=_("Write its code or name as in your receipts, or bring suppliers in first."),
        )
    return found


def _prefilled(request: HttpRequest) -> dict[str, Any]:
    """What the address names, and what receipts and the last lot of the series know beside."""
    given: dict[str, Any] = {"level": "II", "aql": "1.0", **request.GET.dict()}
    code, lot = str(given.get("product", "")), str(given.get("lot", "")).strip()
    product = Product.objects.filter(code_key=code_key(code)).first() if code else None
    if product is None:
        return given
    if lot:
        known = of_lot(lot, product)
        given.setdefault("supplier", known.supplier.code if known.supplier else "")
        given.setdefault("site", known.site)
        if known.size:
            given.setdefault("lot_size", known.size)
    return given


def _due(given: dict[str, Any]) -> dict[str, Any] | None:
    """The plan of the lot as far as it is named, at the severity its series asks for."""
    product = Product.objects.filter(code_key=code_key(str(given.get("product", "")))).first()
    size = whole_number(str(given.get("lot_size", "")))
    if product is None or not size:
        return None
    supplier = Supplier.objects.filter(code__iexact=str(given.get("supplier", ""))).first()
    series = series_of(product, supplier)
    severity = series.severity if series else "normal"
    try:
        plan = sampling_plan(size, str(given["aql"]), str(given["level"]), severity)
    except Refusal:
        return None
    return {"words": plan_words(plan), "severity": SEVERITIES[severity]}


def _row(one: Inspection) -> dict[str, Any]:
    supplier = one.series.supplier
    failed = one.is_rejected
    return {
        "one": one,
        "product": one.series.product,
        "supplier": (supplier.name or supplier.code) if supplier else "",
        "mark": "failed" if failed else "ok",
        "verdict": VERDICTS[one.verdict],
        "severity": SEVERITIES[one.severity],
        "change": CHANGES.get(one.change, ""),
        "stop": _stop(one.series.product, one.lot, one.defects) if failed else "",
    }


def _tested(one: TestResult) -> dict[str, Any]:
    told = " ".join(part for part in (one.what, one.value, one.unit) if part)
    return {
        "one": one,
        "supplier": (one.supplier.name or one.supplier.code) if one.supplier else "",
        "mark": "ok" if one.has_passed else "failed",
        "verdict": _("passed") if one.has_passed else _("did not pass"),
        "stop": "" if one.has_passed else _stop(one.product, one.lot, told),
    }


def _stop(product: Product, lot: str, mechanism: str) -> str:
    """Where stopping the sale of this lot begins: its facts are already written there."""
    facts = {"product": product.code, "lot": lot, "mechanism": mechanism}
    return reverse("start") + "?" + urlencode({name: text for name, text in facts.items() if text})


def _again(one: Inspection) -> dict[str, str]:
    supplier = one.series.supplier
    return {
        "product": one.series.product.code,
        "supplier": supplier.code if supplier else "",
        "aql": one.aql or "1.0",
        "level": one.level or "II",
    }


def _left_open(one: Inspection) -> tuple[int, int] | None:
    """Between how many and how many of the lot may be nonconforming, 95 % sure."""
    is_items = not one.aql or float(one.aql) <= 10
    if one.lot_size is None or not is_items or one.looked_at > one.lot_size:
        return None
    return lot_interval(one.found, one.looked_at, one.lot_size)


def _plan_told(plan: Plan) -> dict[str, Any]:
    table = tables()
    confidence, note = table.confidence[plan.severity]
    return {
        "words": plan_words(plan),
        "at_aql": round(100 * acceptance(plan, float(plan.aql) / 100)),
        "curve": [(round(100 * one), f"{100 * quality_accepted(plan, one):.2g}") for one in CURVE],
        "source": table.source,
        "confidence": confidence,
        "note": note,
        "left": None
        if plan.is_per_hundred
        else lot_interval(0, plan.sample_size, plan.lot_size)[1],
    }
