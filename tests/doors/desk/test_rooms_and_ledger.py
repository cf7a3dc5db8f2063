"""The room, stop sale, the ledger, results, evidence and the lists around them."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from holdfast.config.worker import run_reactions
from holdfast.decision.recalls.models import Recall
from holdfast.ground.access.models import Organisation
from holdfast.ground.evidence.models import EvidenceFile
from holdfast.ground.jobs.models import Job
from holdfast.ground.journal.models import Entry
from holdfast.insight.measures.figures import figures_of
from holdfast.insight.measures.models import RecallFigures
from holdfast.kit.actors import Actor
from holdfast.response.units.models import UnitGroup
from holdfast.supply.orders.models import OrderLine
from tests.doors.desk.conftest import LATER, NOW
from tests.doors.desk.test_scope_and_decision import confirm

pytestmark = pytest.mark.django_db


def test_places_are_ticked_with_one_proof(
    desk: Client, orders: list[OrderLine], recall: Recall
) -> None:
    address = f"/recalls/{recall.ref}/stop/"
    numbers = list(recall.holds.values_list("pk", flat=True))
    assert desk.post(address, {"step": "stop", "ticked": numbers, "proof": " "}).status_code == 409
    desk.post(address, {"step": "stop", "ticked": numbers, "proof": "listing off"})
    assert set(recall.holds.values_list("state", flat=True)) == {"stopped"}
    assert "2 of 2 places have stopped" in desk.get(address).content.decode()


def test_a_file_can_be_the_proof(desk: Client, orders: list[OrderLine], recall: Recall) -> None:
    hold = recall.holds.first()
    file = SimpleUploadedFile("screen.png", b"not really a picture")
    desk.post(
        f"/recalls/{recall.ref}/stop/",
        {"step": "stop", "ticked": [hold.pk], "proof": "", "file": file},
    )
    hold.refresh_from_db()
    assert hold.state == "stopped"
    assert len(hold.proof_sha256) == 64


def test_a_place_that_sells_again_is_open_again(
    desk: Client, orders: list[OrderLine], recall: Recall
) -> None:
    address = f"/recalls/{recall.ref}/stop/"
    hold = recall.holds.first()
    desk.post(address, {"step": "stop", "ticked": [hold.pk], "proof": "off"})
    desk.post(address, {"step": "fail", "hold": hold.pk, "reason": "an order came in"})
    hold.refresh_from_db()
    assert hold.state == "failed"


def test_the_room_names_one_next_step_and_it_changes_with_the_work(
    desk: Client, orders: list[OrderLine], recall: Recall
) -> None:
    address = f"/recalls/{recall.ref}/"
    assert "Stop all of them: 0 of 2" in desk.get(address).content.decode()
    numbers = list(recall.holds.values_list("pk", flat=True))
    desk.post(f"{address}stop/", {"step": "stop", "ticked": numbers, "proof": "off"})
    assert "<b>Confirm the scope</b>" in desk.get(address).content.decode()


def test_a_task_with_a_time_becomes_the_next_deadline(
    desk: Client, orders: list[OrderLine], recall: Recall
) -> None:
    address = f"/recalls/{recall.ref}/"
    due = {
        "step": "task",
        "phase": "tell",
        "words": "Call the authority",
        "due": "2035-01-02T10:00",
    }
    desk.post(address, due)
    page = desk.get(address).content.decode()
    assert "Call the authority" in page
    assert "none set" not in page
    desk.post(address, {"step": "done", "task": recall.tasks.get().pk})
    assert recall.tasks.get().done_at is not None


def test_closing_too_early_says_what_is_open(
    desk: Client, orders: list[OrderLine], recall: Recall
) -> None:
    answer = desk.post(f"/recalls/{recall.ref}/", {"step": "close", "reason": "enough"})
    assert answer.status_code == 409
    recall.refresh_from_db()
    assert recall.state == "open"


def test_the_ledger_balances_and_moves_only_on_evidence(
    desk: Client, orders: list[OrderLine], recall: Recall
) -> None:
    confirm(desk, recall)
    run_reactions(now=LATER)
    address = f"/recalls/{recall.ref}/units/"
    page = desk.get(address).content.decode()
    assert "every one in one state" in page
    group = UnitGroup.objects.filter(recall=recall, state="no_answer").first()
    order = group.line.order_number
    assert order in desk.get(f"{address}?order={order}").content.decode()
    move = {"step": "move", "group": group.pk, "target": "returned", "quantity": "1"}
    answer = desk.post(address, {**move, "kind": "statement", "proof": "says so", "order": order})
    assert answer.status_code == 409
    assert "needs receipt scan" in answer.content.decode()
    desk.post(address, {**move, "kind": "receipt", "proof": "scan 12", "order": order})
    page = desk.get(address).content.decode()
    assert "Received back" in page
    assert "every one in one state" in page


def test_an_unlikely_number_of_units_is_refused_in_words(
    desk: Client, orders: list[OrderLine], recall: Recall
) -> None:
    answer = desk.post(
        f"/recalls/{recall.ref}/units/", {"step": "count", "place": "x", "quantity": "many"}
    )
    assert answer.status_code == 400
    assert "is no number of units" in answer.content.decode()


def test_results_draw_both_reference_lines_and_give_their_numbers(
    desk: Client, orders: list[OrderLine], recall: Recall
) -> None:
    confirm(desk, recall)
    run_reactions(now=LATER)
    page = desk.get(f"/recalls/{recall.ref}/results/").content.decode()
    assert "press release only" in page
    assert "at least 95 % contacted directly" in page
    funnel = desk.get(f"/recalls/{recall.ref}/funnel.csv").content.decode().splitlines()
    assert funnel[0] == "step,units"
    assert funnel[1].startswith("in_scope,")


def test_figures_are_stored_after_facts_and_shown_until_the_next_one(
    desk: Client, orders: list[OrderLine], recall: Recall
) -> None:
    confirm(desk, recall)
    run_reactions(now=LATER)
    run_reactions(now=LATER + timedelta(seconds=1))
    recall = Recall.objects.get()
    stored = RecallFigures.objects.get(recall=recall)
    assert stored.entry == Entry.objects.filter(subject=recall.ref).count() or stored.entry > 0
    shown = figures_of(recall, now=NOW)
    assert shown.is_live
    assert shown.figures["levels"]["consumer"][1] == shown.figures["units"]


def test_a_large_recall_shows_old_figures_with_their_age(
    desk: Client, orders: list[OrderLine], recall: Recall, monkeypatch: pytest.MonkeyPatch
) -> None:
    confirm(desk, recall)
    run_reactions(now=LATER)
    monkeypatch.setattr("holdfast.insight.measures.figures.SMALL", 1)
    RecallFigures.objects.update(entry=0)
    page = desk.get(f"/recalls/{recall.ref}/").content.decode()
    assert "The figures of this large recall are from" in page


def test_a_look_changes_nothing(desk: Client, orders: list[OrderLine], recall: Recall) -> None:
    confirm(desk, recall)
    run_reactions(now=LATER)
    before = (Entry.objects.count(), RecallFigures.objects.count(), UnitGroup.objects.count())
    for tail in ("", "scope/", "decision/", "stop/", "units/", "results/", "evidence/"):
        assert desk.get(f"/recalls/{recall.ref}/{tail}").status_code == 200
    for path in ("/recalls/", "/inbox/", "/evidence/", "/go?q=B17", "/people/", "/settings/"):
        assert desk.get(path).status_code == 200
    after = (Entry.objects.count(), RecallFigures.objects.count(), UnitGroup.objects.count())
    assert after == before


def test_the_package_downloads_and_leaves_no_file_behind(
    desk: Client, orders: list[OrderLine], recall: Recall, settings
) -> None:
    answer = desk.post(f"/recalls/{recall.ref}/evidence/package", {"what": "package"})
    body = b"".join(answer.streaming_content)
    with zipfile.ZipFile(io.BytesIO(body)) as package:
        assert "verify.py" in package.namelist()
    assert not list(settings.HOME.glob(".export-*"))


def test_a_changed_entry_is_named_on_the_page(
    desk: Client, orders: list[OrderLine], recall: Recall
) -> None:
    page = desk.get("/evidence/check").content.decode()
    assert "hash to what was recorded" in page


def test_an_attached_file_is_only_ever_a_download(
    desk: Client, orders: list[OrderLine], recall: Recall
) -> None:
    file = SimpleUploadedFile("evil.html", b"<script>alert(1)</script>", "text/html")
    desk.post(f"/recalls/{recall.ref}/evidence/", {"file": file, "note": "a page"})
    listed = desk.get(f"/recalls/{recall.ref}/evidence/").content.decode()
    assert "evil.html" in listed
    number = EvidenceFile.objects.get().pk
    answer = desk.get(f"/recalls/{recall.ref}/files/{number}")
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["Content-Security-Policy"]

    def erase(number: object, reason: str) -> str:
        asked = {"erase": number, "reason": reason}
        return desk.post(f"/recalls/{recall.ref}/evidence/", asked, follow=True).content.decode()

    assert "There is no such file here." in erase("9" * 40, "x")
    assert "takes a reason" in erase(number, " ")
    assert f"Evidence file no. {number} was erased: a stranger" in erase(number, "a stranger")
    assert desk.get(f"/recalls/{recall.ref}/files/{number}").status_code == 404


def test_a_failed_job_is_shown_with_its_reason_and_runs_again(desk: Client, owner: Actor) -> None:
    job = Job.objects.create(
        kind="import", words="orders.csv", state="failed", error="disk full", asked_by="person:1",
        asked_at=NOW, ended_at=NOW,
    )  # fmt: skip
    page = desk.get("/recalls/").content.decode()
    assert "orders.csv" in page
    assert "disk full" in page
    desk.post(f"/jobs/{job.pk}/retry")
    job.refresh_from_db()
    assert job.state == "waiting"


def test_search_finds_recalls_orders_lots_and_pages(
    desk: Client, orders: list[OrderLine], recall: Recall
) -> None:
    def labels(words: str) -> list[str]:
        found = desk.get("/go", {"q": words}, headers={"accept": "application/json"}).json()
        return [hit["label"] for hit in found["hits"]]

    assert any(recall.ref in label for label in labels(recall.ref.lower()))
    assert "Order LV-1003" in labels("LV-1003")
    assert "Lot B17" in labels("B17")
    assert "Permissions" in labels("permiss")
    assert labels("nothing like this") == []


def test_totals_on_a_page_are_the_sum_of_its_rows(
    desk: Client, orders: list[OrderLine], recall: Recall
) -> None:
    confirm(desk, recall)
    run_reactions(now=LATER)
    ledger = figures_of(Recall.objects.get(), now=NOW).figures["ledger"]
    for balance in ledger["balances"]:
        rows = [Decimal(row["levels"].get(balance["level"], "0")) for row in ledger["rows"]]
        assert sum(rows) == Decimal(balance["in_scope"])


def test_every_time_is_the_shops(desk: Client, orders: list[OrderLine], recall: Recall) -> None:
    Organisation.objects.update(zone="Asia/Tokyo")
    Recall.objects.update(known_at=NOW)  # 09:00 UTC
    for _look in range(2):
        assert "20 Mar 18:00" in desk.get(f"/recalls/{recall.ref}/").content.decode()


def test_steps_with_numbers_speak_the_readers_language(
    desk: Client, orders: list[OrderLine], recall: Recall
) -> None:
    desk.post("/preferences/language", {"language": "de"})
    page = desk.get(f"/recalls/{recall.ref}/").content.decode()
    assert "Alle davon stoppen: 0 von 2" in page
