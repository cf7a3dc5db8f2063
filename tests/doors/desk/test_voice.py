"""What people say, as a page: pasted, ranked, settled and taken back; signed deliveries."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

from django.conf import settings as here
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from holdfast.decision.intake.models import Complaint
from holdfast.response.answers.actions import add_mention_source
from holdfast.response.answers.models import Mention, MentionSource
from holdfast.response.answers.rules import signature, source_secret
from tests.doors.desk.conftest import NOW

HOSTILE = "<script>alert(1)</script> just freeze it, perfectly safe to eat"


def test_posts_are_pasted_filtered_settled_and_taken_back(
    desk: Client, settings: Any, tmp_path: Path
) -> None:
    settings.HOME = tmp_path
    assert "Feed it" in desk.get("/voice/").content.decode()
    desk.post("/voice/", {"step": "paste", "text": HOSTILE})
    table = b"text,author\nMy son was burned by the lamp,@kim\nIs B17 affected?,@lee\n,x\n"
    done = desk.post(
        "/voice/", {"step": "file", "file": SimpleUploadedFile("p.csv", table)}, follow=True
    ).content.decode()
    assert "2 new, 0 copies or known, 1 rejected" in done
    body = desk.get("/voice/").content.decode()
    assert "<script>alert" not in body
    assert body.index("son was burned") < body.index("just freeze it") < body.index("Is B17")
    assert "Is B17" not in desk.get("/voice/", {"tag": "injury"}).content.decode()

    hurt = Mention.objects.get(text__contains="son was burned")
    desk.post("/voice/", {"step": "complaint", "mention": hurt.pk})
    assert Complaint.objects.get().kind == "injury"
    wrong = Mention.objects.get(text=HOSTILE)
    desk.post("/voice/", {"step": "ignore", "mention": wrong.pk})
    assert "Undo" in desk.get("/voice/").content.decode()
    desk.post("/voice/", {"step": "undo", "mention": wrong.pk})
    wrong.refresh_from_db()
    assert wrong.state == "open"
    for step in ("answer", "correct", "nonsense"):
        assert desk.post("/voice/", {"step": step, "mention": wrong.pk}).status_code in (404, 409)
    assert desk.post("/voice/", {"step": "ignore", "mention": "²"}).status_code == 404


def test_a_delivery_is_taken_in_only_with_its_signature(desk: Client, owner: Any) -> None:
    source = add_mention_source(kind="webhook", title="Listener", salt="s", by=owner, now=NOW)
    secret = source_secret(here.LINK_KEY, source.pk, source.salt)
    address = f"/voice/hook/{source.pk}"

    def deliver(body: bytes, key: bytes = secret) -> Any:
        moment = str(int(time.time()))
        return desk.post(
            address,
            body,
            content_type="application/json",
            headers={
                "X-Holdfast-Timestamp": moment,
                "X-Holdfast-Signature": "sha256=" + signature(key, moment, body),
            },
        )

    body = json.dumps([{"text": "Where is the lot?", "id": "1"}, {"text": ""}]).encode()
    assert deliver(body).json()["imported"] == 1
    assert deliver(body).json()["merged"] == 1
    assert Mention.objects.get().copies == 1
    assert deliver(body, b"guess").status_code == 404
    assert desk.get(address).status_code == 405
    assert deliver(b"{").status_code == 400
    assert deliver(b"[" + b" " * 1_000_001 + b"]").status_code == 413
    assert MentionSource.objects.get(pk=source.pk).failure
