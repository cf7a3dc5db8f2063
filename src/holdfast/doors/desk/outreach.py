"""O9 and O10: the launch check with its gates, and what every wave did and whom it missed."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import datetime
from secrets import token_hex
from typing import Any, TypeVar

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from holdfast.decision.recalls.models import Recall
from holdfast.decision.recalls.queries import live_recalls
from holdfast.doors.desk.notice_studio import heads, name_in_words
from holdfast.doors.desk.pages import now, page, recall_named, said
from holdfast.doors.desk.policy import policy
from holdfast.doors.desk.ruled import in_words
from holdfast.doors.desk.sheets import csv_stream
from holdfast.ground.look.charts import waves as drawn
from holdfast.ground.look.templatetags.look import count, moment
from holdfast.ground.outbox.actions import confirm_instance, open_wave
from holdfast.ground.outbox.models import Message, Wave
from holdfast.ground.outbox.queries import EXPORT_COLUMNS, counts, export_rows, why_not_to_send
from holdfast.insight.measures.figures import figures_of, stored_figures
from holdfast.insight.measures.telling import SENDING, missed_from
from holdfast.kit.actors import Actor
from holdfast.kit.quantities import whole_number
from holdfast.kit.refusals import Refusal, Unreadable
from holdfast.kit.wording.laws import named_text
from holdfast.kit.wording.profile import profile
from holdfast.response.notices.queries import text_laws
from holdfast.response.outreach.actions import (
    confirm_trial,
    launch_wave,
    pause_wave,
    plan_wave,
    reopen_wave,
    resume_wave,
    settle_unclear,
    store_gates,
    withdraw_wave,
)
from holdfast.response.outreach.jobs import Setting, id_host, send_trial
from holdfast.response.outreach.policies import require_sending
from holdfast.response.outreach.queries import (
    NOT_LOOKED_AT,
    UNREACHED_COLUMNS,
    WaveResult,
    look_at_gates,
    released_texts,
    sent_by_law,
    unreachable,
    unreachable_rows,
    versions,
    wave_results,
    waves,
)
from holdfast.response.outreach.rules import EMAIL, Gate, trial_code

MARKS = {"green": "ok", "red": "failed", "waived": "warn"}
MOST_UNCLEAR = 50
JOINED = ("ramping", "sending", "done")
_T = TypeVar("_T")
_memory: dict[tuple[str, str], tuple[float, Any]] = {}


def _kept(recall: str, what: str, make: Callable[[], _T]) -> _T:
    """What is dear to count is counted again only after twenty times the time it took."""
    key, at = (recall, what), time.monotonic()
    until, found = _memory.get(key, (0.0, None))
    if at >= until:
        found = make()
        took = time.monotonic() - at
        if len(_memory) > 500:
            _memory.clear()
        _memory[key] = (time.monotonic() + (20 * took if took > 0.03 else 0.0), found)
    return found


# --- O9 --------------------------------------------------------------------------------------


@policy("recall.view")
def launch(request: HttpRequest, ref: str) -> HttpResponse:
    """The launch check of one wave; a POST looks, tests, or launches."""
    recall = recall_named(ref)
    number = _wave_number(request)
    refusal = None
    if request.method == "POST":
        try:
            where = _launch_step(request, recall, number)
        except Refusal as refused:
            refusal = refused
        else:
            return redirect(where)
    wave = Wave.objects.filter(recall=recall.ref, number=number, channel=EMAIL).first()
    gates = _gates(recall, number, look=False)
    rows = [_gate_row(gate) for gate in gates]
    never = [
        row
        for row in rows
        if row["gate"].state == "red" and not row["may"] and row["gate"].words != NOT_LOOKED_AT
    ]
    told = _told(recall)
    state = {gate.name: gate.state for gate in gates}
    context = {
        "number": number,
        "wave": wave,
        "is_launched": wave is not None and wave.state != "planned",
        "gates": rows,
        "green": sum(1 for gate in gates if gate.state != "red"),
        "red": [row for row in rows if row["gate"].state == "red"],
        "never": never,
        "only_server": [row["gate"].name for row in never] == ["server"],
        "needs_test": state["test"] == "red",
        "texts": sorted(released_texts(recall)),
        "told": told,
        "waiting": sum(people for _law, _language, people, is_there in told if not is_there),
        "may_join": wave is not None and wave.state in JOINED,
        "people": next((g.words for g in gates if g.name == "people"), ""),
        "is_looked_at": all(gate.words != NOT_LOOKED_AT for gate in gates),
        "typed": request.POST if refusal else {},
    }
    return page(request, "desk/launch.html", context, recall=recall, tab="launch", refusal=refusal)


def _told(recall: Recall) -> list[tuple[str, str, int, bool]]:
    """Law, language and people of each text somebody is to get, and whether it may be sent."""
    laws, sent = text_laws(recall), sent_by_law(released_texts(recall).values())
    counted = heads(recall, sent, laws)
    found = [
        (profile(law or laws.own).name, name_in_words(language), people, True)
        for text, people in counted.given.most_common()
        for language, law in [named_text(text)]
    ]
    waiting = counted.waiting.most_common()
    return found + [(profile(law).name, "", people, False) for law, people in waiting]


def _wave_number(request: HttpRequest) -> int:
    word = request.POST.get("wave") or request.GET.get("wave") or "1"
    number = whole_number(word)
    if not 1 <= number <= 99:
        raise Unreadable("wave", _("A wave is a number from 1 to 99."))
    return number


def _gate_row(gate: Gate) -> dict[str, Any]:
    is_undone = gate.state == "red" and (gate.name == "test" or gate.words == NOT_LOOKED_AT)
    return {
        "gate": gate,
        "asks": _(gate.asks),
        "words": _(gate.words) if gate.words == NOT_LOOKED_AT else in_words(gate.words),
        "mark": "open" if is_undone else MARKS[gate.state],
        "may": gate.may_be_waived,
    }


def _gates(recall: Recall, number: int, *, look: bool) -> list[Gate]:
    setting = Setting.here()
    return look_at_gates(
        recall,
        wave=number,
        home=setting.home,
        key=setting.key,
        public_url=setting.public_url,
        probe=import_string(settings.LINK_PROBE) if look else None,
        is_quick=not look,
    )


def _launch_step(request: HttpRequest, recall: Recall, number: int) -> str:
    given, by, at = request.POST, request.actor, now()  # type: ignore[attr-defined]
    require_sending(by)
    step = given.get("step", "")
    here = f"{request.path}?wave={number}"
    setting = Setting.here()
    if step == "look":
        gates = _gates(recall, number, look=True)
        store_gates(recall=recall, wave=number, gates=gates, by=by, now=at)
        said(request, _("Looked at every gate just now."))
    elif step == "test":
        addresses = given.get("addresses", "").replace(",", " ").replace(";", " ").split()
        send_trial(recall=recall, wave=number, addresses=addresses, setting=setting, by=by, now=at)
        said(request, _("The test is on its way. Enter the code that stands in its subject."))
    elif step == "opened":
        texts = released_texts(recall)
        code = trial_code(setting.key, recall=recall.ref, texts=versions(texts.values()))
        confirm_trial(
            recall=recall, wave=number, code=code, entered=given.get("code", ""), by=by, now=at
        )
        said(request, _("The test arrived and was opened."))
    elif step == "join":
        added = _join(recall, number, setting, by, at)
        words = ngettext("%(n)s person is added.", "%(n)s people are added.", added)
        said(request, words % {"n": added})
    elif step == "launch":
        _launch(request, recall, number, setting)
        said(request, _("Launched. The first ones are going out."))
        return f"/recalls/{recall.ref}/outreach/"
    else:
        raise Unreadable("step", _("This page does not know that step."))
    return here


def _launch(request: HttpRequest, recall: Recall, number: int, setting: Setting) -> None:
    given, by, at = request.POST, request.actor, now()  # type: ignore[attr-defined]
    waivers = {
        name.removeprefix("waive_"): given.get(name, "").strip()
        for name in given
        if name.startswith("waive_") and given.get(name, "").strip()
    }
    gates = _gates(recall, number, look=True)
    with transaction.atomic():
        wave = open_wave(recall=recall.ref, number=number, channel=EMAIL, by=by, now=at)
        if not any(gate.state == "red" and not gate.may_be_waived for gate in gates):
            plan_wave(recall=recall, wave=wave, key=setting.key, host=id_host(), by=by, now=at)
        launch_wave(
            recall=recall,
            wave=wave,
            gates=gates,
            waivers=waivers,
            ramp_percent=100 if given.get("ramp") == "all" else 2,
            by=by,
            now=at,
        )
        if why_not_to_send(setting.home) and waivers.get("instance"):
            confirm_instance(
                home=setting.home, mark=token_hex(16), reason=waivers["instance"], by=by, now=at
            )


def _join(recall: Recall, number: int, setting: Setting, by: Actor, at: datetime) -> int:
    """Add whoever is not in a launched wave yet: people who waited for a text, or joined later."""
    with transaction.atomic():
        waves = Wave.objects.select_for_update().filter(recall=recall.ref, channel=EMAIL)
        wave = waves.filter(number=number, state__in=JOINED).first()
        if wave is None:
            raise Unreadable("wave", _("There is no such wave."))
        added = plan_wave(recall=recall, wave=wave, key=setting.key, host=id_host(), by=by, now=at)
        if added and wave.state == "done":
            reopen_wave(wave=wave, by=by, now=at)
    return added


# --- O10 -------------------------------------------------------------------------------------


@policy("recall.view")
def outreach(request: HttpRequest, ref: str) -> HttpResponse:
    """What was sent, answered and missed; a POST stops or resumes a wave."""
    recall = recall_named(ref)
    refusal = None
    if request.method == "POST":
        try:
            said(request, _stop_or_go(request, recall))
        except Refusal as refused:
            refusal = refused
        else:
            return redirect("recall_outreach", recall.ref)
    told = figures_of(recall, now=now()).figures.get("telling")
    results = _results(recall, told)
    launched = [result for result in results if result.wave.launched_at]
    missed = missed_from(told) if told else _kept(recall.ref, "missed", lambda: unreachable(recall))
    running = next((r for r in launched if r.wave.state in ("ramping", "sending", "paused")), None)
    context = {
        "results": launched,
        "running": running,
        "left": _left(running) if running else 0,
        "next_wave": next((r.wave for r in results if r.wave.state == "planned"), None),
        "total": _total(recall, told),
        "missed": [row for row in missed if row.orders],
        "missed_units": sum(row.units for row in missed),
        "chart": _chart(launched),
        "unclear": _unclear(recall),
        "has_texts": bool(released_texts(recall)),
        "typed": request.POST if refusal else {},
    }
    return page(
        request, "desk/outreach.html", context, recall=recall, tab="outreach", refusal=refusal
    )


def _results(recall: Recall, told: Mapping[str, Any] | None) -> list[WaveResult]:
    """Counted now; for a large recall as stored, and only what is being sent is counted now."""
    if told is None:
        return wave_results(recall)
    found = []
    for wave in waves(recall):
        numbers, answers = told["waves"].get(f"{wave.number}.{wave.channel}", [None, 0])
        if numbers is None or wave.state in SENDING:
            numbers = _counted(wave)
        found.append(WaveResult(wave, numbers, answers))
    return found


def _counted(wave: Wave) -> dict[str, int]:
    def make() -> dict[str, int]:
        return counts(wave.recall, wave=wave.number, channel=wave.channel)

    return _kept(wave.recall, f"wave {wave.number}.{wave.channel}", make)


def _total(recall: Recall, told: Mapping[str, Any] | None) -> dict[str, int]:
    if told is not None and not any(wave.state in SENDING for wave in waves(recall)):
        total: dict[str, int] = told["total"]
        return total
    return _kept(recall.ref, "total", lambda: counts(recall.ref))


def _left(result: WaveResult) -> int:
    return result.counts["queued"] + result.counts["attempting"]


def _unclear(recall: Recall) -> list[Message]:
    rows = Message.objects.filter(recall=recall.ref, is_listed_ambiguous=True)
    return list(rows.order_by("-unclear", "pk")[:MOST_UNCLEAR])


def _chart(results: list[WaveResult]) -> Any:
    if not any(result.answered for result in results):
        return None
    bars = [
        drawn.Wave(
            label=f"{result.wave.number} · {_('E-mail')}",
            when=moment(result.wave.launched_at),
            contacts=result.counts["accepted"],
            answers=result.answered,
        )
        for result in results
    ]
    words = drawn.Words(
        _("Answers per 1,000 contacts"),
        _("Wave"),
        _("Contacts"),
        _("Answers"),
        _("Per 1,000"),
    )
    return drawn.waves("wv", bars, say=count, words=words)


def _stop_or_go(request: HttpRequest, recall: Recall) -> str:
    given, by, at = request.POST, request.actor, now()  # type: ignore[attr-defined]
    if given.get("step") in ("accepted", "failed"):
        word = given.get("message", "")
        found = Message.objects.filter(recall=recall.ref, pk=whole_number(word))
        message = found.first()
        if message is None:
            raise Unreadable("message", _("There is no such message."))
        settle_unclear(
            message=message, decision=given["step"], reason=given.get("reason", ""), by=by, now=at
        )
        return _("Settled. It is not sent a third time.")
    number = _wave_number(request)
    wave = Wave.objects.filter(recall=recall.ref, number=number, channel=EMAIL).first()
    if wave is None:
        raise Unreadable("wave", _("There is no such wave."))
    step, reason = given.get("step", ""), given.get("reason", "").strip()
    if step == "pause":
        pause_wave(wave=wave, reason=reason or _("stopped by hand"), by=by, now=at)
        return _("Stopped. What is in the air, at most one window, still ends.")
    if step == "resume":
        resume_wave(wave=wave, reason=reason or _("resumed by hand"), by=by, now=at)
        return _("It goes on where it stopped; nobody is written to twice.")
    if step == "withdraw":
        withdraw_wave(wave=wave, reason=reason, by=by, now=at)
        return _("Withdrawn. What was not sent never is.")
    raise Unreadable("step", _("This page does not know that step."))


@policy("outreach.view")
def messages_csv(request: HttpRequest, ref: str) -> HttpResponseBase:
    """Every message with its state: the columns of `--export`."""
    recall = recall_named(ref)
    return csv_stream(
        f"{recall.ref}-messages.csv", EXPORT_COLUMNS, export_rows(recall.ref, by_address=False)
    )


@policy("outreach.view")
def unreachable_csv(request: HttpRequest, ref: str) -> HttpResponseBase:
    """Everybody who was not reached, with what is known to try another way."""
    recall = recall_named(ref)
    return csv_stream(f"{recall.ref}-not-reached.csv", UNREACHED_COLUMNS, unreachable_rows(recall))


@policy("recall.view")
def across(request: HttpRequest) -> HttpResponse:
    """Outreach of every live recall."""
    live = list(live_recalls()[:50])
    stored = stored_figures(live)
    rows: list[dict[str, Any]] = [
        {
            "recall": recall,
            "counts": _total(recall, stored.get(recall.pk, {}).get("telling")),
            "waves": [wave for wave in waves(recall) if wave.launched_at],
        }
        for recall in live
    ]
    missed = next((row for row in rows if row["counts"]["failed"]), None)
    context = {"rows": rows, "missed": missed}
    return page(request, "desk/outreach_all.html", context, nav="outreach")
