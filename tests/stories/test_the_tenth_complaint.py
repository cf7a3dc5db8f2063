"""From the tenth complaint through the alarm and the investigation to a recall whose clocks run."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client

from holdfast.config.reacting import run_reactions
from holdfast.decision.intake.actions import take_in_complaint
from holdfast.decision.intake.models import Complaint
from holdfast.decision.intake.rules.told import Told
from holdfast.decision.investigations.models import Alarm, Investigation
from holdfast.decision.recalls.models import Recall
from holdfast.ground.access.actions import found_instance
from holdfast.ground.access.models import Person
from holdfast.ground.access.queries import actor_for
from holdfast.supply.catalog.models import Product
from tests.decision.investigations.conftest import BURNING, ten
from tests.kit.signals.labelled import COMPLAINTS
from tests.plugins.instance import Instance

BUCKYBALLS_RECALLED = date(2013, 4, 12)
LATER = datetime(2040, 1, 1, tzinfo=UTC)


def written(path: Path, rows: list[dict[str, object]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.DictWriter(file, fieldnames=list(rows[0]))
        out.writeheader()
        out.writerows(rows)
    return path


def test_ten_complaints_lead_to_a_recall_on_the_command_line(
    instance: Instance, tmp_path: Path
) -> None:
    today = datetime.now(UTC)
    first = today - timedelta(days=30)
    catalogue = [{"product": "KETTLE", "title": "Kettle K-2"}]
    instance.run("import", "products", written(tmp_path / "products.csv", catalogue))
    lots = [
        {"lot": lot, "product": "KETTLE", "site": "Gdansk", "quantity": 500, "supplier": "S-07",
         "received_at": f"2026-0{month}-03 08:00"}
        for month, lot in enumerate(("B14", "B15", "B16", "B17", "B18", "B19"), 1)
    ]  # fmt: skip
    instance.run("import", "receipts", written(tmp_path / "receipts.csv", lots))
    rows = [
        {"text": text, "product": "KETTLE", "lot": "B17" if n != 3 else "",
         "received_at": (first + timedelta(days=3 * n)).strftime("%Y-%m-%d %H:%M"),
         "email": f"person{n}@example.org"}
        for n, text in enumerate(BURNING)
    ]  # fmt: skip
    taken = instance.json("import", "complaints", written(tmp_path / "told.csv", rows))
    assert (taken["rows"], taken["imported"]) == (10, 10)

    waiting = instance.json("watch", "alarms")["alarms"]
    alarm = next(one for one in waiting if one["hazard"] == "fire")
    assert alarm["urgent"]
    assert alarm["pointed_lots"] == ["B17"]
    assert "Kettle K-2" in alarm["sentence"]
    found = instance.json("watch", "investigate", alarm["alarm"])
    assert found["lots"] == ["B17"]
    assert any(task["kind"] == "supplier" for task in found["tasks"])
    ref = str(found["investigation"])
    assert "B17" in instance.json("watch", "investigation", ref, "--letter", "de")["letter"]
    photo = tmp_path / "base.csv"
    photo.write_text("minute,degrees\n10,140\n")
    words = ("--found", "The base reaches 140 degrees", "--bearing", "for", "--evidence", photo)
    worked = instance.json("watch", "investigation", ref, *words, "--done", "2", "--note", "hot")
    assert worked["findings"][0]["evidence"]
    opened = instance.json("watch", "open-recall", ref, "--mechanism", "the switch stays on")
    recall = str(opened["recall"])
    assert (opened["products"], opened["lots"], opened["outcome"]) == (["KETTLE"], ["B17"], "fire")

    asked = ("--category", "electrical_consumer", "--role", "importer", "--sold-in", "DE")
    clock = instance.json("recall", "clock", recall, *asked, expect=None)
    starts = {one["fact"]: one for one in clock["facts"] if not one.get("withdrawn_at")}
    known = datetime.fromisoformat(starts["first_information"]["at"])
    earliest = first.replace(second=0, microsecond=0)
    assert abs(known - earliest) < timedelta(days=1), (
        "the first complaint is what clocks count from"
    )
    assert "investigation_started" in starts
    assert "injury_known" in starts, "one of the ten was burned"
    duties = instance.json("recall", "duties", recall, expect=None)
    assert duties["duties"], "its deadlines are shown"
    assert instance.run("doctor").code == 0


@pytest.mark.django_db
def test_the_same_at_the_desk_with_one_click_each() -> None:
    begin = datetime.now(UTC) - timedelta(days=30)
    found_instance(now=begin)
    owner = actor_for(Person.objects.get(is_local_owner=True))
    Product.objects.create(code="KETTLE", code_key="kettle", title="Kettle K-2")
    for told in ten(begin):
        take_in_complaint(told=told, by=owner, now=told.received_at or begin)
    run_reactions(now=LATER)
    alarm = Alarm.objects.get(hazard="fire", state="open")
    desk = Client(HTTP_HOST="127.0.0.1")
    assert alarm.ref in desk.get("/alarms/").content.decode()
    assert f"/alarms/{alarm.ref}/" in desk.get("/inbox/").content.decode()
    page = desk.get(f"/alarms/{alarm.ref}/").content.decode()
    assert "<mark>" in page
    assert "measure its heat" in page
    assert page.count("<svg") >= 2, "a wide and a narrow drawing"
    gone = desk.post(f"/alarms/{alarm.ref}/", {"step": "dismiss", "reason": ""})
    assert gone.status_code == 403 or gone.status_code == 409
    assert desk.get("/alarms/").status_code == 200
    assert desk.post(f"/alarms/{alarm.ref}/", {"step": "investigate"}).status_code == 302
    found = Investigation.objects.get()
    where = f"/investigations/{found.ref}/"
    assert desk.get("/investigations/").content.decode().count(found.ref) >= 1
    task = found.tasks.order_by("pk")[1]
    for form in (
        {"step": "done", "task": task.pk, "note": "It melts."},
        {"step": "task", "kind": "test", "words": "Try the switch a thousand times"},
        {"step": "found", "words": "The switch does not cut off", "bearing": "for"},
        {"step": "lots", "lots": "B17, B18"},
    ):
        assert desk.post(where, form).status_code == 302, form
    assert "The switch does not cut off" in desk.get(where).content.decode()
    first, before = alarm.why["complaints"][0], begin - timedelta(days=5)
    one = Complaint.objects.get(pk=int(first.removeprefix("C-")))
    told = Told(one.text, channel="email", source_id="m-1@mail", product="KETTLE")
    again = take_in_complaint(
        told=replace(told, received_at=before), by=owner, now=datetime.now(UTC)
    )
    assert again.duplicate_of == one, "told by mail too, and before"
    answer = desk.post(where, {"step": "recall", "outcome": "fire", "mechanism": "stays on"})
    recall = Recall.objects.get()
    assert answer.headers["Location"] == f"/recalls/{recall.ref}/stop/"
    run_reactions(now=LATER)
    starts = {one.fact: one.at for one in recall.clock_starts.all()}
    assert starts["first_information"] == before
    assert recall.clock_starts.get(fact="first_information").source.startswith(again.ref, 10)
    found.refresh_from_db()
    assert (found.state, found.recall_ref) == ("recall_opened", recall.ref)
    assert desk.get(f"/recalls/{recall.ref}/deadlines/").status_code == 200


def test_the_history_of_buckyballs_raises_the_alarm_long_before_the_recall(
    instance: Instance, real_data: Path
) -> None:
    taken = instance.json("import", "complaints", real_data / COMPLAINTS, expect=None)
    assert taken["imported"] > 1_300
    scored = instance.json("watch", "score", "--since", "2011-01-01")
    raised = [
        one
        for one in scored["alarms"]
        if "maxfield" in str(one["maker_key"]) and one["hazard"] == "ingestion"
    ]
    assert raised
    first = min(date.fromisoformat(str(one["on"])) for one in raised)
    assert (BUCKYBALLS_RECALLED - first).days >= 480
    assert len(scored["alarms"]) <= 40, "no storm of alarms"
