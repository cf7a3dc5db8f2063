"""O4: bring data in: drop a file, see what it is, correct the mapping, import, see the result."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from holdfast.decision.intake.postbox import SOURCE, is_mail, take_in
from holdfast.decision.recalls.models import Recall
from holdfast.doors.desk.pages import now, page, said
from holdfast.doors.desk.policy import policy
from holdfast.doors.desk.progress import looks_again, progress_of
from holdfast.doors.desk.ruled import in_words
from holdfast.ground.access.queries import organisation
from holdfast.ground.jobs.actions import cancel_job
from holdfast.ground.jobs.models import Job
from holdfast.kit.quantities import whole_number
from holdfast.kit.refusals import NotFound, Refusal, Unreadable
from holdfast.supply.imports.actions import ask_import, save_mapping
from holdfast.supply.imports.fields import FIELDS, REQUIRED
from holdfast.supply.imports.formats import formats_for
from holdfast.supply.imports.models import ImportReject, ImportRun
from holdfast.supply.imports.preview import Preview, preview
from holdfast.supply.imports.queries import (
    recent_runs,
    rejects_after,
    remembered_wishes,
    run_numbered,
    unmatched_returns,
)
from holdfast.supply.imports.reading import Reading, Wishes, open_reading
from holdfast.supply.imports.rejects import reject_pieces
from holdfast.supply.imports.returns import unmatched_pieces
from holdfast.supply.imports.uploads import (
    describe_upload,
    described_upload,
    drop_upload,
    keep_upload,
    upload_path,
)

KINDS = {
    "orders": (gettext_lazy("Orders"), gettext_lazy("who bought what, and when it was shipped")),
    "receipts": (gettext_lazy("Receipts"), gettext_lazy("which lot came when, and to which site")),
    "customers": (gettext_lazy("Customers"), gettext_lazy("how to reach the people who bought")),
    "products": (gettext_lazy("Products"), gettext_lazy("codes, names, GTINs")),
    "stock": (gettext_lazy("Stock on hand"), gettext_lazy("what lies where, counted")),
    "suppliers": (gettext_lazy("Suppliers"), gettext_lazy("who you buy from")),
    "consignees": (gettext_lazy("Consignees"), gettext_lazy("firms that sell on what you sell")),
    "complaints": (
        gettext_lazy("Complaints"),
        gettext_lazy("complaints, returns and reviews: what people told you"),
    ),
    "inspections": (
        gettext_lazy("Inspections"),
        gettext_lazy("how many of a lot were looked at, and how many failed"),
    ),
    "tests": (gettext_lazy("Laboratory tests"), gettext_lazy("what a laboratory found in a lot")),
}
SAMPLES = {
    "orders": "order,product,quantity,ordered_at,shipped_at,customer_id,email,country\n"
    "1001,VL-10K,1,2026-03-02,2026-03-03,C-7,ana@example.org,DE\n",
    "receipts": "lot,sku,site,received_at,depleted_at,quantity,supplier\n"
    "B17,VL-10K,main,2026-02-18,2026-03-18,7200,S-07\n",
    "customers": "customer_id,name,email,phone,street,postcode,city,country,language\n"
    "C-7,Ana Alves,ana@example.org,+351 21 000 0000,Rua A 1,1000-001,Lisboa,PT,pt\n",
    "products": "sku,title,brand,model,gtin,price,currency\n"
    "VL-10K,Power bank,Lumen,10K,4006381333931,39.00,EUR\n",
    "stock": "sku,site,lot,quantity,counted_at\nVL-10K,main,B17,40,2026-04-01\n",
    "suppliers": "supplier,name,email,country\nS-07,Cells Ltd,quality@example.org,CN\n",
    "consignees": "consignee,name,email,level,country\n"
    "R-1,Corner shop,shop@example.org,retailer,FR\n",
    "complaints": "id,kind,received_at,sku,lot,order,text,injury,email\n"
    "T-1,complaint,2026-04-02,VL-10K,B17,1001,It got hot and smelled of smoke.,no,"
    "ana@example.org\n",
    "inspections": "lot,sku,supplier,lot_size,sample,failed,aql,inspected_at\n"
    "B17,VL-10K,S-07,7200,200,3,1.0,2026-02-18\n",
    "tests": "lot,sku,test,limit,value,unit,laboratory,tested_at\n"
    "B17,VL-10K,lead,90,12,mg/kg,Lab North,2026-02-20\n",
}
REJECTS_SHOWN = 100
MOST_UNMATCHED = 20
MOST_MAIL = 20_000_000  # bytes of mails that are read while somebody waits for the page


@policy("import.run")
def data(request: HttpRequest) -> HttpResponse:
    """Drop a file, or look at what was brought in before."""
    refusal = None
    if request.method == "POST":
        try:
            return _upload(request)
        except Refusal as refused:
            refusal = refused
    context = {
        "kinds": [(key, *KINDS[key]) for key in KINDS],
        "chosen": request.POST.get("kind") or request.GET.get("kind") or "orders",
        "formats": [one for kind in ("orders", "receipts") for one in formats_for(kind)],
        "runs": [(run, _kind_words(run)) for run in recent_runs()],
        "jobs": Job.objects.filter(kind="import", state__in=("waiting", "working")),
    }
    return page(request, "desk/data.html", context, nav="data", refusal=refusal)


def _upload(request: HttpRequest) -> HttpResponse:
    kind = request.POST.get("kind", "")
    upload = request.FILES.get("file")
    if kind not in KINDS:
        raise Unreadable("no_kind", _("Say what the file holds."))
    if upload is None or not upload.name:
        raise Unreadable(
            "no_file", _("No file was chosen."), hint=_("CSV, TSV or XLSX; .gz and .zst as well.")
        )
    token = secrets.token_hex(16)
    if is_mail(upload.name):
        _may_be_mails(kind, upload.size or 0)
    keep_upload(token=token, name=upload.name, kind=kind, chunks=upload.chunks(256 * 1024))
    if not is_mail(upload.name):
        return redirect("data_file", token)
    try:
        done = take_in(
            upload_path(token),
            name=upload.name[-200:],
            by=request.actor,  # type: ignore[attr-defined]
            now=now(),
        )
    finally:
        drop_upload(token)
    return redirect("data_run", done.run)


def _may_be_mails(kind: str, size: int) -> None:
    if kind != "complaints":
        raise Unreadable(
            "mail_no_table",
            _("This is a mail and no table."),
            hint=_("What a customer wrote is brought in as complaints."),
        )
    if size > MOST_MAIL:
        raise Unreadable(
            "mails_too_large",
            _("The mailbox is larger than 20 MB."),
            hint=_("Bring it in on the command line: holdfast import complaints FILE."),
        )


@policy("import.run")
def data_file(request: HttpRequest, token: str) -> HttpResponse:
    """What the file is, its first rows, which column means what; then import it."""
    about = described_upload(token)
    kind, name = about["kind"], about["name"]
    step = request.POST.get("step", "")
    refusal, reading, shown = None, None, None
    wishes = Wishes(**about.get("wishes", {}))
    if request.method == "POST":
        if step == "drop":
            drop_upload(token)
            said(request, _("The file was dropped; nothing was stored."))
            return redirect("data")
        if request.POST.get("kind") in KINDS and request.POST["kind"] != kind:
            describe_upload(token, {"name": name, "kind": request.POST["kind"]})
            return redirect("data_file", token)
        wishes = _wishes(request, kind)
        describe_upload(token, {"name": name, "kind": kind, "wishes": wishes.as_json()})
    try:
        reading = _opened(token, kind, wishes, name)
        if step == "import":
            return _ask(request, token, reading, wishes)
        shown = _shown(reading, token, name)
    except Refusal as refused:
        refusal = refused
    fits = _fitting(token, name) if refusal and not wishes.maps and not wishes.sets else ""
    context = {
        "token": token,
        "name": name,
        "fits": fits if fits != kind else "",
        "fits_words": KINDS[fits][0] if fits else "",
        "kind": kind,
        "kind_words": KINDS[kind][0],
        "kinds": [(key, words) for key, (words, _more) in KINDS.items()],
        "reading": reading,
        "preview": shown,
        "fields": _fields(kind, wishes, reading, refusal),
        "columns": _columns(reading, refusal),
        "wishes": wishes,
        "sample": SAMPLES[kind],
    }
    return page(request, "desk/data_file.html", context, nav="data", refusal=refusal)


def _opened(token: str, kind: str, wishes: Wishes, name: str) -> Reading:
    try:
        return open_reading(
            upload_path(token),
            kind,
            wishes,
            zone=organisation().zone,
            name=name,
            remembered=remembered_wishes,
        )
    except Refusal as refused:
        raise _named(refused, token, name) from None


def _fitting(token: str, name: str) -> str:
    """The kind that reads most columns of the file; nothing where none reads nearly all of them."""
    found: dict[str, int] = {}
    for kind in KINDS:
        try:
            reading = _opened(token, kind, Wishes(), name)
        except Refusal:
            continue
        if len(reading.columns.columns) >= max(3, 0.8 * len(reading.table.columns)):
            found[kind] = len(reading.columns.columns)
    return max(found, key=lambda kind: found[kind], default="")


def _shown(reading: Reading, token: str, name: str) -> Preview:
    try:
        return preview(reading, now())
    except Refusal as refused:
        raise _named(refused, token, name) from None


def _named(refused: Refusal, token: str, name: str) -> Refusal:
    """People know the file by its name, not by where it lies while it waits."""
    refused.message = refused.message.replace(str(upload_path(token)), name)
    refused.file = name
    if refused.code == "column_missing" and "--map" in refused.hint:
        refused.hint = _("Choose its column below, or give one value for every row.")
    return refused


def _ask(request: HttpRequest, token: str, reading: Reading, wishes: Wishes) -> HttpResponse:
    by, at = request.actor, now()  # type: ignore[attr-defined]
    if wishes.maps or wishes.sets:
        save_mapping(kind=reading.kind, columns=reading.table.columns, wishes=wishes, by=by, now=at)
    job = ask_import(
        upload=token, name=reading.name, kind=reading.kind, wishes=wishes, by=by, now=at
    )
    return redirect("data_job", job.pk)


def _wishes(request: HttpRequest, kind: str) -> Wishes:
    given = request.POST
    # What was only guessed and left as it is was not said, and is guessed again next time.
    maps = {
        name: given[f"map_{name}"]
        for name in FIELDS[kind]
        if given.get(f"map_{name}")
        and (given.get(f"said_{name}") or given[f"map_{name}"] != given.get(f"was_{name}"))
    }
    sets = {name: given[f"set_{name}"] for name in FIELDS[kind] if given.get(f"set_{name}")}
    # A guessed column that was taken away stays away: the field is empty in every row.
    gone = [n for n in FIELDS[kind] if given.get(f"was_{n}") and not given.get(f"map_{n}")]
    sets = {**dict.fromkeys(gone, ""), **sets}
    texts = {
        name: given.get(name, "").strip()
        for name in ("source", "dates", "decimal", "encoding", "separator", "sheet")
    }
    return Wishes(
        maps={name: column for name, column in maps.items() if name not in sets},
        sets=sets,
        **texts,
    )


def _fields(
    kind: str, wishes: Wishes, reading: Reading | None, refusal: Refusal | None
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The fields that are used or needed, and the others."""
    mapping: dict[str, Any] = {}
    if reading is not None:
        mapping = reading.columns.as_json()
    elif refusal is not None:
        proposal = refusal.extra.get("proposal")
        mapping = proposal["mapping"] if isinstance(proposal, dict) else {}
    shown = []
    for name in FIELDS[kind]:
        found = mapping.get(name, "")
        value = found["value"] if isinstance(found, dict) else wishes.sets.get(name, "")
        column = found if isinstance(found, str) else ""
        shown.append(
            {
                "name": name,
                "words": name.replace("_", " "),
                "column": column,
                "value": value,
                "required": name in REQUIRED[kind],
                "said": name in wishes.maps or name in wishes.sets,
            }
        )
    used = [one for one in shown if one["required"] or one["column"] or one["value"]]
    return used, [one for one in shown if one not in used]


def _columns(reading: Reading | None, refusal: Refusal | None) -> list[str]:
    if reading is not None:
        return [column for column in reading.table.columns if column]
    proposal = refusal.extra.get("proposal") if refusal is not None else None
    return [c for c in proposal["columns"] if c] if isinstance(proposal, dict) else []


@policy("import.run")
def data_job(request: HttpRequest, job: int) -> HttpResponse:
    """How far an import is; it can be stopped, and then nothing of it is kept."""
    found = _job(job)
    result = found.result if isinstance(found.result, dict) else {}
    if found.state == "done" and result.get("run"):
        return redirect("data_run", result["run"])
    progress = progress_of(found, now=now())
    rows = int(found.words) if found.words.lstrip("-").isdecimal() else 0
    is_still = bool(request.GET.get("still"))
    context = {
        "job": found,
        "name": found.arguments.get("name", ""),
        "token": found.arguments.get("upload", ""),
        "progress": progress,
        "percent": progress.percent,
        "rows": max(rows, 0),
        "rate": int(rows / progress.spent) if progress.spent > 0 and rows > 0 else 0,
        "left": progress.left,
        "is_busy": progress.is_busy,
        "is_storing": progress.is_storing,
        "is_still": is_still,
    }
    answer = page(request, "desk/data_job.html", context, nav="data")
    return looks_again(answer, progress) if progress.is_busy and not is_still else answer


@policy("import.run")
@require_POST
def data_cancel(request: HttpRequest, job: int) -> HttpResponse:
    """Ask the worker to stop; it keeps nothing."""
    cancel_job(job=_job(job), by=request.actor, now=now())  # type: ignore[attr-defined]
    return redirect("data_job", job)


def _job(number: int) -> Job:
    found = Job.objects.filter(pk=number, kind="import").first()
    if found is None:
        raise NotFound("no_job", _("There is no such job."))
    return found


@policy("import.run")
def data_run(request: HttpRequest, run: int) -> HttpResponse:
    """What an import did: counts that add up, and every row that was not imported."""
    found = run_numbered(run)
    skipped = whole_number(request.GET.get("after", ""))
    rejects = rejects_after(found, skipped, REJECTS_SHOWN + 1)
    context: dict[str, Any] = {
        "run": found,
        "kind_words": _kind_words(found),
        "rejects": [_rejected(one) for one in rejects[:REJECTS_SHOWN]],
        "waits": found.rejects.filter(waits=True, settled_at=None).count(),
        "of_files": found.format == SOURCE,
        "more": skipped + REJECTS_SHOWN if len(rejects) > REJECTS_SHOWN else None,
        "mapping": _told(found),
        "unmatched": unmatched_returns()[:MOST_UNMATCHED] if found.unmatched_returns else [],
        "unmatched_all": unmatched_returns().count() if found.unmatched_returns else 0,
    }
    live = list(Recall.objects.filter(closed_at=None)[:2])
    context["recall"] = live[0] if len(live) == 1 else None
    return page(request, "desk/data_run.html", context, nav="data")


def _kind_words(run: ImportRun) -> str:
    return str(KINDS[run.kind][0]) if run.kind in KINDS else run.kind


def _rejected(one: ImportReject) -> dict[str, Any]:
    words = in_words(one.reason)
    return {
        "one": one,
        "reason": words,
        "is_english": words == one.reason,
        "settled": in_words(one.settled_why),
    }


def _told(run: ImportRun) -> list[tuple[str, str]]:
    return [
        (name, what if isinstance(what, str) else f"“{what.get('value')}”")
        for name, what in run.mapping.items()
    ]


@policy("import.run")
def rejects_csv(request: HttpRequest, run: int) -> StreamingHttpResponse:
    """The rejected rows as a file."""
    found = run_numbered(run)
    answer = StreamingHttpResponse(_pieces(found), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="rejected-{found.pk}.csv"'
    return answer


@policy("import.run")
def unmatched_csv(request: HttpRequest) -> StreamingHttpResponse:
    """Every return that matches no earlier line, over all files."""
    answer = StreamingHttpResponse(unmatched_pieces(), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="unmatched-returns.csv"'
    return answer


def _pieces(run: ImportRun) -> Iterator[bytes]:
    rows = ImportReject.objects.filter(run=run).order_by("file", "line", "pk")
    return reject_pieces(rows.iterator(chunk_size=2_000), of_files=run.format == SOURCE)


@policy("import.run")
def sample_csv(request: HttpRequest, kind: str) -> HttpResponse:
    """A small file to copy: the columns of one kind with one row."""
    if kind not in SAMPLES:
        raise NotFound("no_kind", _("There is no such kind of file."))
    answer = HttpResponse(SAMPLES[kind], content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{kind}-sample.csv"'
    return answer
