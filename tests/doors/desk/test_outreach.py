"""The launch check and outreach, as pages: looked at, tested, launched, stopped, resumed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as here
from django.core.cache import cache
from django.test import Client

from holdfast.decision.recalls.actions import open_recall
from holdfast.decision.recalls.models import Recall, ScopeLine, ScopeVersion
from holdfast.doors.desk import outreach
from holdfast.ground.access.models import Organisation
from holdfast.ground.journal.models import Entry
from holdfast.ground.outbox.actions import found_mark, move_wave, release_skeleton
from holdfast.ground.outbox.carriers import WayOut
from holdfast.ground.outbox.models import Message, Wave
from holdfast.kit.actors import SYSTEM, Actor
from holdfast.response.outreach.rules import Fetched, page_mark
from holdfast.supply.orders.models import OrderLine
from tests.doors.desk.conftest import NOW

PARTS = {"subject": ["Stop"], "text": ["Dear ", {"slot": "name"}, "\nstop.\n"]}


@pytest.fixture
def recall(
    owner: Actor, orders: list[OrderLine], settings: Any, tmp_path: Path, monkeypatch: Any
) -> Recall:
    """Decided, scoped, with an English text; every page of ours answers, and the mail server."""
    settings.HOME = tmp_path
    Organisation.objects.update_or_create(pk=1, defaults={"name": "Lumen & Vale"})
    settings.LINK_PROBE = "tests.doors.desk.test_outreach.answers"
    monkeypatch.setenv("HOLDFAST_SMTP_URL", "smtp://127.0.0.1:9")
    monkeypatch.setattr(
        "holdfast.connectors.smtp.carrier.greet",
        lambda server: WayOut(True, f"{server} greeted us"),
    )
    outreach._memory.clear()
    cache.clear()  # head counts are kept a minute by the key of a scope
    found_mark(home=tmp_path, mark="m", by=SYSTEM, now=NOW)
    recall = open_recall(
        outcome="fire", title="Power bank", products=("VL-10K",), by=owner, now=NOW
    )
    scope = ScopeVersion.objects.create(
        recall=recall, number=1, state="confirmed", digest="0" * 64,
        proposed_by="person:1", proposed_at=NOW,
    )  # fmt: skip
    ScopeLine.objects.bulk_create(
        ScopeLine(
            version=scope, line=line, certainty="confirmed", units=line.quantity, rule="lot",
            reason="its lot",
        )
        for line in orders
    )  # fmt: skip
    Recall.objects.filter(pk=recall.pk).update(state="decided")
    release_skeleton(
        recall=recall.ref, language="en", channel="email", text_sha256="1", parts=PARTS,
        by=SYSTEM, now=NOW,
    )  # fmt: skip
    recall.refresh_from_db()
    return recall


def answers(url: str, own: str) -> Fetched:
    """Every page answers as this instance; the notice itself is not there yet."""
    mark = f'<meta name="holdfast" content="{page_mark(here.LINK_KEY)}">'
    return Fetched(404 if "/n/" in url else 200, url, mark)


def text(page: Any) -> str:
    return str(page.content.decode())


def test_looking_at_the_page_changes_nothing(desk: Client, recall: Recall) -> None:
    before = Entry.objects.count(), Wave.objects.count()
    for path in ("launch/", "launch/?wave=2", "outreach/", "messages.csv", "missed.csv"):
        assert desk.get(f"/recalls/{recall.ref}/{path}").status_code == 200
    assert desk.get("/outreach/").status_code == 200
    assert (Entry.objects.count(), Wave.objects.count()) == before


def test_a_closed_gate_stops_the_launch_and_a_reason_opens_it(desk: Client, recall: Recall) -> None:
    path = f"/recalls/{recall.ref}/launch/"
    assert desk.post(path, {"step": "look", "wave": "1"}).status_code == 302
    shown = text(desk.get(path))
    assert "A test was sent to you, and you opened it" in shown
    refused = desk.post(path, {"step": "launch", "wave": "1"})
    assert refused.status_code == 409
    assert not Message.objects.exists()
    said = {"step": "launch", "wave": "1", "ramp": "all", "waive_test": "tested by telephone"}
    said["waive_languages"] = "all of them read English"
    assert desk.post(path, said).status_code == 302
    wave = Wave.objects.get(recall=recall.ref, number=1)
    assert wave.state == "sending"
    assert Message.objects.filter(recall=recall.ref, state="queued").count() == 9
    waived = Entry.objects.filter(kind="GateWaived").values_list("payload", flat=True)
    assert any("tested by telephone" in payload for payload in waived)
    recall.refresh_from_db()
    assert recall.state == "telling"


def test_the_draft_asks_who_speaks_where_nobody_named_the_shop(
    desk: Client, recall: Recall
) -> None:
    Organisation.objects.update(name="My shop")
    asked = text(desk.get(f"/recalls/{recall.ref}/notice/"))
    assert 'id="d_shop" name="shop" required value=""' in asked


def test_another_mail_server_has_to_be_looked_at_anew(
    desk: Client, recall: Recall, monkeypatch: Any
) -> None:
    path = f"/recalls/{recall.ref}/launch/"
    desk.post(path, {"step": "look", "wave": "1"})
    assert "smtp://127.0.0.1:9 greeted us" in text(desk.get(path))
    monkeypatch.setenv("HOLDFAST_SMTP_URL", "smtp://127.0.0.1:10")
    assert "Look at every gate" in text(desk.get(path))
    monkeypatch.setenv("HOLDFAST_SMTP_URL", "bogus")
    assert "expected smtp, smtps or smtp+starttls" in text(desk.get(path))


def test_who_waits_for_the_text_of_their_law_is_told_once_it_is_approved(
    desk: Client, recall: Recall, orders: list[OrderLine]
) -> None:
    buyer = orders[1].customer
    assert buyer is not None
    buyer.country = "US"
    buyer.save()
    notice = f"/recalls/{recall.ref}/notice/"
    desk.post(notice, {"step": "draft"})
    counts = {"incidents": "4", "injuries": "0", "deaths": "0", "units": "380"}
    assert desk.post(notice, {"step": "facts", "languages": ["en"], **counts}).status_code == 302
    path = f"/recalls/{recall.ref}/launch/"
    shown = text(desk.get(path))
    assert "1 waits for the text of their law" in shown
    assert "Tell whoever is not in this wave yet" not in shown
    desk.post(path, {"step": "look", "wave": "1"})
    assert "1 people wait for the text of their law: us_cpsc_consumer 1" in text(desk.get(path))
    said = {"step": "launch", "wave": "1", "ramp": "all", "waive_test": "x", "waive_languages": "x"}
    assert desk.post(path, said).status_code == 409
    assert desk.post(path, said | {"waive_laws": "counsel reads it"}).status_code == 302
    waiting = Message.objects.filter(recipient=f"customer:{buyer.pk}")
    assert not waiting.exists()
    others = Message.objects.count()
    join = {"step": "join", "wave": "1"}
    assert desk.post(path, join).status_code == 302
    assert Message.objects.count() == others
    american = release_skeleton(
        recall=recall.ref, language="en", law="us_cpsc_consumer", channel="email",
        text_sha256="2", parts=PARTS, by=SYSTEM, now=NOW,
    )  # fmt: skip
    assert "Tell whoever is not in this wave yet" in text(desk.get(path))
    assert desk.post(path, join).status_code == 302
    assert waiting.get().skeleton_id == american.pk
    assert Message.objects.count() == others + 1


def test_a_wave_is_stopped_resumed_and_withdrawn(desk: Client, recall: Recall) -> None:
    said = {"step": "launch", "wave": "1", "ramp": "all", "waive_test": "x", "waive_languages": "x"}
    desk.post(f"/recalls/{recall.ref}/launch/", said)
    path = f"/recalls/{recall.ref}/outreach/"
    assert "is going out" in text(desk.get(path))
    desk.post(path, {"step": "pause", "wave": "1", "reason": "wrong picture"})
    assert Wave.objects.get(number=1).state == "paused"
    assert "wrong picture" in text(desk.get(path))
    desk.post(path, {"step": "resume", "wave": "1"})
    assert Wave.objects.get(number=1).state == "sending"
    assert desk.post(path, {"step": "withdraw", "wave": "1", "reason": " "}).status_code == 409
    desk.post(path, {"step": "withdraw", "wave": "1", "reason": "another lot"})
    assert Wave.objects.get(number=1).state == "withdrawn"


def test_who_was_not_reached_is_listed_with_what_is_known(desk: Client, recall: Recall) -> None:
    rows = b"".join(desk.get(f"/recalls/{recall.ref}/missed.csv").streaming_content).decode()
    assert rows.count("no_customer") == 2
    assert "Order without a buyer" in text(desk.get(f"/recalls/{recall.ref}/outreach/"))


def test_a_message_unclear_twice_is_settled_by_a_person(desk: Client, recall: Recall) -> None:
    said = {"step": "launch", "wave": "1", "ramp": "all", "waive_test": "x", "waive_languages": "x"}
    desk.post(f"/recalls/{recall.ref}/launch/", said)
    held = Message.objects.filter(recall=recall.ref).order_by("pk")[0]
    Message.objects.filter(pk=held.pk).update(
        state="ambiguous", unclear=2, is_listed_ambiguous=True
    )
    path = f"/recalls/{recall.ref}/outreach/"
    assert "waits for a person" in text(desk.get(path))
    desk.post(path, {"step": "failed", "message": held.pk, "reason": "she says no"})
    held.refresh_from_db()
    assert (held.state, held.is_listed_ambiguous) == ("failed", True)
    again = desk.post(path, {"step": "accepted", "message": held.pk, "reason": "x"})
    assert again.status_code == 409


def test_a_reminder_is_proposed_and_needs_its_own_launch(desk: Client, recall: Recall) -> None:
    said = {"step": "launch", "wave": "1", "ramp": "all", "waive_test": "x", "waive_languages": "x"}
    desk.post(f"/recalls/{recall.ref}/launch/", said)
    Message.objects.filter(recall=recall.ref).update(state="accepted")
    move_wave(wave=Wave.objects.get(recall=recall.ref, number=1), move="finish", by=SYSTEM, now=NOW)
    assert "Approve wave 2" in text(desk.get(f"/recalls/{recall.ref}/outreach/"))
    assert list(Wave.objects.order_by("number").values_list("state", flat=True)) == [
        "done",
        *["planned"] * 4,
    ]
