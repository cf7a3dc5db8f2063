"""One filing: what is missing first, its sections, preview, release, files, receipt, versions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from holdfast.decision.recalls.models import Recall
from holdfast.doors.desk.dutyrows import rows_of
from holdfast.doors.desk.evidencefiles import attached
from holdfast.doors.desk.filings import MARKS, STATES, conflict_shown, told_at
from holdfast.doors.desk.legal_words import country_name
from holdfast.doors.desk.names import names_of
from holdfast.doors.desk.pages import now, page, recall_named, said
from holdfast.doors.desk.policy import policy
from holdfast.doors.desk.words import CONFIDENCES
from holdfast.ground.access.permissions import may
from holdfast.ground.access.queries import organisation
from holdfast.kit.filings.catalogue import catalogue
from holdfast.kit.filings.filling import Filled
from holdfast.kit.filings.form import ORDERS
from holdfast.kit.filings.frozen import fields_of
from holdfast.kit.filings.rendering import FORMATS, TYPES, file_name
from holdfast.kit.refusals import NotFound, Refusal
from holdfast.response.duties.queries import confirmations
from holdfast.response.filings.actions import (
    acknowledge_filing,
    amend_filing,
    explain_contradiction,
    export_filing,
    propose_filing,
    record_filed,
    release_filing,
    state_fact,
    take_back_filing,
    update_filing,
    withdraw_filing,
)
from holdfast.response.filings.lifecycle import SENT
from holdfast.response.filings.models import Filing
from holdfast.response.filings.queries import (
    Desk,
    duties_of,
    filing_numbered,
    form_of,
    head_of,
    versions_of,
)

#: Characters from which a text is folded on the page.
LONG = 600
FORMAT_WORDS = {"pdf": "PDF", "xlsx": "XLSX", "csv": "CSV", "json": "JSON"}


@policy("recall.view")
def filing(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """One filing in its newest version; a POST states, freezes, releases, files or amends."""
    recall = recall_named(ref)
    one = filing_numbered(recall, number)
    refusal, at = None, now()
    if request.method == "POST":
        try:
            words = _write(request, one, at)
        except Refusal as refused:
            refusal = refused
        else:
            said(request, words)
            return redirect("recall_filing", recall.ref, number)
    context = _context(request, recall, filing_numbered(recall, number), at)
    context["typed"] = request.POST if refusal else {}
    return page(request, "desk/filing.html", context, recall=recall, tab="filings", refusal=refusal)


@policy("recall.view")
def preview(request: HttpRequest, ref: str, number: int, kind: str) -> HttpResponse:
    """A draft as a file that says on every page that it is one; it changes nothing."""
    one = filing_numbered(recall_named(ref), number)
    desk = Desk(one.recall, now())
    if one.state in ("released", *SENT):
        raise NotFound("no_preview", _("This filing is released: export it."))
    content = desk.paper(one, kind, at=desk.cut_off(one))
    return _file("PREVIEW-" + file_name(desk.frozen(one).content, kind), kind, content)


@policy("filing.file")
def export(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """The released filing as a file, kept as evidence; a form, since it is journaled."""
    one = filing_numbered(recall_named(ref), number)
    if request.method != "POST":
        return redirect("recall_filing", ref, number)
    by = request.actor  # type: ignore[attr-defined]
    kind = request.POST.get("format", "pdf")
    name, content, _digest = export_filing(filing=one, kind=kind, by=by, now=now())
    return _file(name, kind, content)


def _file(name: str, kind: str, content: bytes) -> HttpResponse:
    answer = HttpResponse(content, content_type=TYPES[kind])
    header = content_disposition_header(as_attachment=True, filename=name)
    answer.headers["Content-Disposition"] = header or "attachment"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _write(request: HttpRequest, one: Filing, at: datetime) -> str:
    given, by = request.POST, request.actor  # type: ignore[attr-defined]
    step = given.get("step", "")
    acting: dict[str, Any] = {"filing": one, "by": by, "now": at}
    if step == "state":
        return _state(request, one, at)
    if step == "explain":
        explain_contradiction(
            recall=one.recall, key=given.get("key", ""), place=given.get("place", ""),
            one=given.get("one", ""), other=given.get("other", ""), words=given.get("words", ""),
            by=by, now=at,
        )  # fmt: skip
        return _("The difference is explained, with your name.")
    if step == "update":
        cut_off = told_at(given, at, "cut_off") if given.get("cut_off") else None
        update_filing(cut_off=cut_off, **acting)
        return _("The draft reads the facts of that moment.")
    if step == "propose":
        propose_filing(**acting)
        return _("It is frozen and waits for release by somebody else.")
    if step == "release":
        release_filing(sha256=given.get("sha256", ""), **acting)
        return _("Released. It can leave the house.")
    if step == "take_back":
        take_back_filing(reason=given.get("reason", ""), **acting)
        return _("It is a draft again.")
    if step == "withdraw":
        withdraw_filing(reason=given.get("reason", ""), **acting)
        return _("It will not be made; the reason is kept.")
    if step == "filed":
        receipt = attached(request, "receipt", recall=one.recall, about=f"filing:{one.label}")
        record_filed(
            reference=given.get("reference", ""),
            filed_at=told_at(given, at, "filed_at") if given.get("filed_at") else None,
            receipt_sha256=receipt,
            **acting,
        )
        return _("Filed. Its duty is met, and clocks that count from here run.")
    if step == "acknowledged":
        receipt = attached(request, "receipt", recall=one.recall, about=f"filing:{one.label}")
        acknowledge_filing(reference=given.get("reference", ""), receipt_sha256=receipt, **acting)
        return _("The acknowledgement is kept.")
    if step == "amend":
        amend_filing(reason=given.get("reason", ""), **acting)
        return _("A further version is begun; it reads the facts of now.")
    raise NotFound("no_step", _("Nothing here does that."))


def _state(request: HttpRequest, one: Filing, at: datetime) -> str:
    """Every field of the form that was filled in; the facts go to the one base."""
    given, by = request.POST, request.actor  # type: ignore[attr-defined]
    count = 0
    for key in given:
        if not key.startswith("fact:") or not given[key].strip():
            continue
        name, text = key.removeprefix("fact:"), given[key].strip()
        is_unknown = text.startswith("?")
        state_fact(
            recall=one.recall,
            name=name,
            value="" if is_unknown else text,
            unknown=text.lstrip("? ") if is_unknown else "",
            as_of=min(one.cut_off, at) if one.cut_off_chosen else at,
            source=given.get("source", "") or _("desk, %(filing)s") % {"filing": one.label},
            filing=one,
            by=by,
            now=at,
        )
        count += 1
    if not count:
        return _("Nothing was filled in.")
    return _("%(n)s facts stated. Every draft reads them.") % {"n": count}


def _context(request: HttpRequest, recall: Recall, one: Filing, at: datetime) -> dict[str, Any]:
    by, form, desk = request.actor, form_of(one), Desk(recall, at)  # type: ignore[attr-defined]
    filled = desk.filled(one) if one.state == "draft" else None
    whole = desk.frozen(one).whole
    names = names_of([key for key in (one.proposed_by, one.released_by) if key])
    conflicts = [] if one.state in SENT else desk.blocking(one)
    return {
        "one": one,
        "form": form,
        "head": head_of(one),
        "state": STATES[one.state],
        "mark": MARKS[one.state],
        "where": country_name(one.country) if one.country else "",
        "follows": one.state == "draft" and not one.cut_off_chosen,
        "filled": filled,
        "missing": [_wanted(each) for each in filled.missing] if filled else [],
        "conflicts": [conflict_shown(each) for each in conflicts],
        "sections": _sections(whole),
        "order": ORDERS[form.order],
        "unverified": len(form.unverified),
        "duties": rows_of(duties_of(one), confirmations(), now=at),
        "versions": list(reversed(versions_of(one, at=at))),
        "formats": [(kind, FORMAT_WORDS.get(kind) or _("sheet to copy from")) for kind in FORMATS],
        "proposer": names.get(one.proposed_by, ""),
        "releaser": names.get(one.released_by, ""),
        "is_sent": one.state in SENT,
        "is_own": one.proposed_by == by.key and not by.alone,
        "may_work": may(by, "filing.work"),
        "may_release": may(by, "filing.release"),
        "may_file": may(by, "filing.file"),
        "zone": organisation().zone or "UTC",
    }


def _wanted(one: Filled) -> dict[str, Any]:
    """A missing field with the inputs that would fill it."""
    inputs = [_input(one, want) for want in one.wants]
    return {
        "label": one.field.label,
        "is_said_twice": [each["label"] for each in inputs] == [one.field.label],
        "why": one.why,
        "inputs": inputs,
    }


def _input(one: Filled, want: str) -> dict[str, Any]:
    key, _sign, place = want.partition("@")
    fact = catalogue().get(key) or one.field.own
    return {
        "name": want,
        "label": fact.name,
        "place": place,
        "help": fact.meaning,
        "kind": fact.kind,
        "unit": fact.unit,
        "choices": fact.choices,
        "columns": ", ".join(fact.columns),
    }


def _sections(content: dict[str, Any]) -> list[dict[str, Any]]:
    """The fields by section, as they stand on the paper."""
    found: dict[str, list[dict[str, Any]]] = {}
    for field in fields_of(content):
        sure = field["confidence"] == "verified"
        field["unsure"] = "" if sure else CONFIDENCES[field["confidence"]]
        field["is_long"] = len(field["text"]) > LONG
        found.setdefault(field["section"], []).append(field)
    return [
        {"name": name, "fields": fields, **_same_for_all(fields)} for name, fields in found.items()
    ]


def _same_for_all(fields: list[dict[str, Any]]) -> dict[str, str]:
    """The source, where every field of the section has the same one."""
    said = {(field["source"], field["unsure"]) for field in fields}
    source, unsure = said.pop() if len(said) == 1 else ("", "")
    return {"source": source, "unsure": unsure}
