"""Mails that could not be taken in: found from every side, typed in, set aside, never silent."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from holdfast.config import worker
from holdfast.decision.intake.models import Complaint
from holdfast.decision.intake.postbox import KIND
from holdfast.ground.access.models import Person
from holdfast.ground.journal.models import Entry
from holdfast.kit.actors import Actor
from holdfast.supply.imports.models import ImportReject, ImportRun
from holdfast.supply.imports.queries import waiting_rejects

pytestmark = pytest.mark.django_db
HURT = (
    b"Subject: my hand\r\nDate: Mon, 13 Apr 2026 06:00:00 +0000\r\n\r\n"
    b"The VL-10K burned my hand <b>badly</b>.\r\n"
)
AWAY = (
    b"From: Kim <kim@example.org>\r\nAuto-Submitted: auto-replied\r\nMessage-ID: <%d@a>\r\n\r\n"
    b"I am away.\r\n"
)
GERMAN = {"Accept-Language": "de"}


@pytest.fixture
def box(tmp_path: Path, settings: object, desk: Client) -> Path:
    """A folder that the worker watches: one mail of nobody about an injury, two of machines."""
    folder = tmp_path / "mails"
    folder.mkdir()
    for name, content in (("hurt.eml", HURT), ("1.eml", AWAY % 1), ("2.eml", AWAY % 2)):
        (folder / name).write_bytes(content)
        os.utime(folder / name, (1, 1))
    settings.COMPLAINT_MAILS = str(folder)  # type: ignore[attr-defined]
    settings.HOME = tmp_path  # type: ignore[attr-defined]
    worker.look_for_complaints()
    return folder


def test_what_could_not_be_taken_in_is_counted_where_people_look(desk: Client, box: Path) -> None:
    worker.look_for_complaints()
    for page in ("/inbox/", "/recalls/"):
        shown = desk.get(page).content.decode()
        assert "3 mails of customers could not be taken in" in shown, page
        assert "3 E-Mails von Kunden" in desk.get(page, headers=GERMAN).content.decode(), page
    shown = desk.get("/complaints/").content.decode()
    assert shown.index("hurt.eml") < shown.index("2.eml") < shown.index("1.eml"), "harm first"
    assert "speaks of injury or fire" in shown
    assert "burned my hand &lt;b&gt;badly" in shown
    assert str(box) in shown
    assert (
        "eine automatische Antwort (2)" in desk.get("/complaints/", headers=GERMAN).content.decode()
    )
    run = ImportRun.objects.get()
    assert (run.rows, run.imported, run.merged, run.rejected) == (3, 0, 0, 3)
    whole = desk.get(f"/data/runs/{run.pk}/").content.decode()
    assert "waits for somebody" in whole
    assert "hurt.eml" in whole
    csv = b"".join(desk.get(f"/data/runs/{run.pk}/rejected.csv").streaming_content).decode()
    assert csv.splitlines()[0].endswith("file,line,column,reason,row")
    assert "hurt.eml,1,,it has no sender: no mail" in csv


def test_a_rejected_mail_is_typed_in_with_its_words_and_its_day(
    desk: Client, box: Path, orders: list[object]
) -> None:
    waits = waiting_rejects(KIND).get(file="hurt.eml")
    form = desk.get(f"/complaints/?reject={waits.pk}").content.decode()
    assert "From the mail" in form
    assert 'value="2026-04-13T' in form
    assert "my hand\nThe VL-10K burned my hand &lt;b&gt;badly" in form
    told = {"text": "my hand\nThe VL-10K burned my hand badly.", "kind": "complaint"}
    refused = desk.post("/complaints/", {**told, "text": " ", "reject": waits.pk})
    assert refused.status_code == 400
    assert f'name="reject" value="{waits.pk}"' in refused.content.decode()
    received = {"received_at": "2026-04-13T06:00+00:00", "reject": waits.pk}
    assert desk.post("/complaints/", {**told, **received}).status_code == 302
    one = Complaint.objects.get()
    assert (one.channel, one.source, one.urgency) == ("email", "mail", 0)
    assert one.known_at == datetime(2026, 4, 13, 6, tzinfo=UTC), "clocks count from the mail"
    waits.refresh_from_db()
    assert (waits.settled_how, waits.settled_why) == ("typed", f"Typed in as {one.ref}.")
    settled = Entry.objects.get(kind="RejectedRowsSettled")
    assert settled.fields["reason"] == f"Typed in as {one.ref}."
    assert one.ref in desk.get(f"/data/runs/{waits.run_id}/").content.decode()
    worker.look_for_complaints()
    assert waiting_rejects(KIND).count() == 2
    assert "hurt.eml" not in desk.get("/complaints/").content.decode()


def test_a_reason_sets_aside_what_machines_sent_but_nothing_of_harm(
    desk: Client, box: Path
) -> None:
    aside = {"step": "aside", "which": "", "why": "machines"}
    none = desk.post("/complaints/", aside)
    assert "No mail was ticked." in none.content.decode()
    unsaid = desk.post("/complaints/", {**aside, "which": "an automatic answer", "why": " "})
    assert unsaid.status_code == 400
    assert "This takes a reason; it is kept." in unsaid.content.decode()
    ImportReject.objects.filter(file="1.eml").update(is_urgent=True)
    done = desk.post("/complaints/", {**aside, "which": "an automatic answer"}, follow=True)
    assert "1 mail was set aside." in done.content.decode()
    assert {one.file for one in waiting_rejects(KIND)} == {"hurt.eml", "1.eml"}
    ticked = [one.pk for one in waiting_rejects(KIND)]
    named = desk.post("/complaints/", {**aside, "reject": ticked, "why": "told kim@example.org"})
    assert "the journal keeps no personal data" in named.content.decode()
    assert named.content.decode().count(" checked") == 2, "what was ticked stays ticked"
    desk.post("/complaints/", {**aside, "reject": ticked, "why": "called back"})
    assert not waiting_rejects(KIND).exists()
    assert "could not be taken in" not in desk.get("/inbox/").content.decode()
    assert Entry.objects.filter(kind="RejectedRowsSettled").last().fields["reason"] == "called back"


def test_who_may_not_know_who_wrote_sees_only_how_many(
    desk: Client, box: Path, member: Callable[..., Actor]
) -> None:
    viewer = member("vi", "viewer")
    person = Person.objects.get(pk=viewer.person_id)
    Authenticator.objects.create(user=person, type="totp", data={})
    browser = Client(HTTP_HOST="localhost", REMOTE_ADDR="203.0.113.9")
    browser.force_login(person, "allauth.account.auth_backends.AuthenticationBackend")
    shown = browser.get("/complaints/").content.decode()
    assert "3 wait for somebody" in shown
    assert "hurt.eml" not in shown
    assert (
        "burned"
        not in browser.get(f"/complaints/?reject={waiting_rejects(KIND)[0].pk}").content.decode()
    )
    ticked = [one.pk for one in waiting_rejects(KIND)]
    tried = browser.post("/complaints/", {"step": "aside", "reject": ticked, "why": "no"})
    assert tried.status_code == 403
    assert waiting_rejects(KIND).count() == 3
