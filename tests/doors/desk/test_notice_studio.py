"""O8: a draft in one click, blocked words named and put back, approval by what was read, files."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from holdfast.decision.recalls.models import Recall
from holdfast.ground.jobs.models import Job
from holdfast.ground.outbox.models import Skeleton
from holdfast.kit.actors import Actor
from holdfast.response.notices.jobs import print_file
from holdfast.response.notices.models import NoticeText
from holdfast.supply.orders.models import OrderLine
from tests.doors.desk.test_scope_and_decision import confirm
from tests.kit.test_pictures import bytes_of, scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def studio(desk: Client, recall: Recall, orders: list[OrderLine]) -> str:
    """The studio's address, with a first draft."""
    confirm(desk, recall)
    address = f"/recalls/{recall.ref}/notice/"
    assert "Write the draft" in desk.get(address).content.decode()
    assert desk.post(address, {"step": "draft"}).status_code == 302
    return address


def approve(desk: Client, address: str, language: str = "de") -> int:
    text = NoticeText.objects.filter(language=language).latest("notice__version")
    given = {"step": "approve", "language": language, "sha256": text.sha256}
    return desk.post(address, given).status_code


def test_the_draft_is_shown_as_page_email_and_letter(desk: Client, studio: str) -> None:
    page = desk.get(f"{studio}?language=de").content.decode()
    assert "Es kann Feuer fangen." in page
    assert "needs review by a person" in page
    assert "[link]" in desk.get(f"{studio}?language=de&as=email").content.decode()
    assert "de.svg" in desk.get(f"{studio}?language=de&as=letter").content.decode()
    drawn = desk.get(f"{studio}de.svg")
    assert drawn.headers["Content-Type"] == "image/svg+xml"
    assert b"<script" not in drawn.content


def test_a_blocked_word_is_named_and_the_library_sentence_comes_back(
    desk: Client, studio: str
) -> None:
    desk.post(
        studio,
        {"step": "edit", "language": "de", "hazard": "In seltenen Fällen kann es <b>brennen</b>."},
    )
    page = desk.get(f"{studio}?language=de").content.decode()
    assert "Use the library sentence" in page
    assert "<mark>seltenen</mark>" in page
    assert "&lt;b&gt;brennen" in page
    assert "<b>brennen" not in page
    assert approve(desk, studio) == 409
    desk.post(studio, {"step": "library", "language": "de", "field": "hazard"})
    assert approve(desk, studio) == 302
    assert Skeleton.objects.get(language="de").is_released


def test_an_approval_is_of_what_was_on_the_page(desk: Client, studio: str) -> None:
    read = NoticeText.objects.get(language="de").sha256
    desk.post(studio, {"step": "edit", "language": "de", "apology": "Das tut uns leid."})
    stale = desk.post(studio, {"step": "approve", "language": "de", "sha256": read})
    assert stale.status_code == 409
    assert not Skeleton.objects.filter(is_released=True).exists()


def test_all_languages_are_approved_by_the_hashes_on_the_page(desk: Client, studio: str) -> None:
    texts = [f"{text.language}:{text.sha256}" for text in NoticeText.objects.all()]
    assert desk.post(studio, {"step": "approve_all", "text": texts}).status_code == 302
    assert set(NoticeText.objects.values_list("state", flat=True)) == {"approved"}


def test_taking_an_approval_back_needs_a_reason(desk: Client, studio: str) -> None:
    approve(desk, studio)
    without = desk.post(studio, {"step": "withdraw", "language": "de", "reason": ""})
    assert without.status_code == 409
    desk.post(studio, {"step": "withdraw", "language": "de", "reason": "wrong number"})
    assert not Skeleton.objects.filter(is_released=True).exists()


def test_new_facts_write_a_new_version_in_the_languages_ticked(desk: Client, studio: str) -> None:
    desk.post(studio, {"step": "facts", "phone": "0800 555 0142", "languages": ["de", "ar"]})
    newest = NoticeText.objects.filter(notice__version=2)
    assert set(newest.values_list("language", flat=True)) == {"de", "ar"}
    assert 'dir="rtl"' in desk.get(f"{studio}?language=ar").content.decode()


def test_looking_changes_nothing(desk: Client, studio: str) -> None:
    before = list(NoticeText.objects.values())
    for query in ("", "?language=de&as=email", "?language=xx&as=xx", "print/"):
        assert desk.get(studio + query).status_code == 200
    assert list(NoticeText.objects.values()) == before


def test_nobody_else_sees_it_and_a_viewer_changes_nothing(
    desk: Client, studio: str, member: Callable[..., Actor]
) -> None:
    member("vera", "viewer")
    assert desk.get(f"{studio}xx.svg").status_code == 404


def test_files_are_written_by_the_worker_and_handed_out_as_downloads(
    desk: Client, studio: str, tmp_path: object, settings: object
) -> None:
    settings.HOME = tmp_path  # type: ignore[attr-defined]
    refused = desk.post(f"{studio}print/", {"form": "merge"})
    assert refused.status_code == 409
    texts = [f"{text.language}:{text.sha256}" for text in NoticeText.objects.all()]
    desk.post(studio, {"step": "approve_all", "text": texts})
    assert desk.post(f"{studio}print/", {"form": "merge"}).status_code == 302
    job = Job.objects.get(kind="notice_file")
    assert desk.get(f"{studio}print/{job.pk}").status_code == 404
    job.result, job.state = print_file(job), "done"
    job.save()
    answer = desk.get(f"{studio}print/{job.pk}")
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert b"buyer1@example.org" in b"".join(answer.streaming_content)  # type: ignore[attr-defined]


def test_a_photo_closes_the_picture_and_is_part_of_what_is_approved(
    desk: Client, studio: str
) -> None:
    assert "drawing of the label stands in" in desk.get(studio).content.decode()
    languages = list(NoticeText.objects.values_list("language", flat=True))
    assert approve(desk, studio) == 302
    sent = SimpleUploadedFile("bank.png", bytes_of(scene(), "PNG"), "image/png")
    given = {"step": "photo", "language": "de", "photo": sent}
    assert desk.post(studio, given).status_code == 400  # no words for who cannot see it
    sent.seek(0)
    alts = {f"alt_{language}": "Schwarze Powerbank" for language in languages}
    assert desk.post(studio, {**given, **alts}).status_code == 302
    page = desk.get(f"{studio}?language=de").content.decode()
    assert page.count("data:image/webp;base64,") == 2  # the photo itself, and in the preview
    assert "drawing of the label stands in until then" not in page
    assert not Skeleton.objects.filter(is_released=True).exists()
    assert approve(desk, studio) == 302
    assert b"data:image/jpeg" in desk.get(f"{studio}de.svg").content
    assert desk.post(studio, {"step": "no_photo", "language": "de"}).status_code == 302
    assert not Skeleton.objects.filter(is_released=True).exists()


def test_what_is_no_photo_is_refused_with_its_reason(desk: Client, studio: str) -> None:
    for data in (b"<svg/>", b"", b"\x89PNG\r\n\x1a\n"):
        sent = SimpleUploadedFile("x.png", data, "image/png")
        answer = desk.post(studio, {"step": "photo", "photo": sent, "alt_de": "x"})
        assert answer.status_code == 400
    assert desk.post(studio, {"step": "photo"}).status_code == 400


def test_a_file_that_is_being_written_has_a_page_with_its_progress_and_can_be_stopped(
    desk: Client, studio: str, tmp_path: object, settings: object
) -> None:
    settings.HOME = tmp_path  # type: ignore[attr-defined]
    texts = [f"{text.language}:{text.sha256}" for text in NoticeText.objects.all()]
    desk.post(studio, {"step": "approve_all", "text": texts})
    asked = desk.post(f"{studio}print/", {"form": "merge"})
    job = Job.objects.get(kind="notice_file")
    assert asked.headers["Location"] == f"{studio}print/{job.pk}/job"
    Job.objects.update(state="working", done=30, total=120, started_at=job.asked_at)
    page = desk.get(asked.headers["Location"])
    assert page.headers["Refresh"]
    said = page.content.decode()
    assert '<progress max="100" value="25"' in said
    assert "30 of 120 written." in said
    assert "Refresh" not in desk.get(f"{asked.headers['Location']}?still=1").headers
    assert f"print/{job.pk}/job" in desk.get(f"{studio}print/").content.decode()
    assert desk.get(f"{studio}print/{job.pk}/stop").status_code == 405
    assert desk.post(f"{studio}print/{job.pk}/stop").status_code == 302
    job.refresh_from_db()
    assert job.is_cancel_asked
    assert "disabled" in desk.get(f"{studio}print/{job.pk}/job").content.decode()
    Job.objects.update(state="cancelled")
    ended = desk.get(f"{studio}print/{job.pk}/job")
    assert "Refresh" not in ended.headers
    assert "Nothing of it was kept" in ended.content.decode()
    assert desk.post(f"{studio}print/{job.pk}/stop").status_code == 302
    Job.objects.update(is_cancel_asked=False)
    Job.objects.update(state="done", result=print_file(job))
    assert f"print/{job.pk}" in desk.get(f"{studio}print/{job.pk}/job").content.decode()
    assert desk.get(f"{studio}print/{job.pk + 1}/job").status_code == 404


def test_a_notice_under_two_laws_has_a_text_for_each_and_asks_for_the_numbers_one_needs(
    desk: Client, recall: Recall, orders: list[OrderLine]
) -> None:
    buyer = orders[1].customer
    assert buyer is not None
    buyer.country, buyer.language = "US", "en"
    buyer.save()
    confirm(desk, recall)
    address = f"/recalls/{recall.ref}/notice/"
    desk.post(address, {"step": "draft"})
    american = "en:us_cpsc_consumer"
    page = desk.get(f"{address}?language=en").content.decode()
    assert "Laws this notice stands under" in page
    assert '<span class="s wn">missing</span>' in page
    assert not NoticeText.objects.filter(law="us_cpsc_consumer").exists()
    given = {"step": "approve", "language": american}
    facts = {"step": "facts", "languages": ["en", "de"], "incidents": "4", "injuries": "0"}
    facts |= {"deaths": "0", "units": "380"}
    assert desk.post(address, facts).status_code == 302
    own = desk.get(f"{address}?language=en").content.decode()
    assert "Incidents: 4. Injuries: 0" not in own
    page = desk.get(f"{address}?language={american}").content.decode()
    assert "Incidents: 4. Injuries: 0. Deaths: 0." in page
    assert "15 USC 2064" in page
    assert "Say the numbers this law asks for" not in page
    assert (
        f"{american}.svg" in desk.get(f"{address}?language={american}&as=letter").content.decode()
    )
    assert desk.get(f"{address}{american}.svg").status_code == 200
    text = NoticeText.objects.get(law="us_cpsc_consumer", notice__version=2)
    assert desk.post(address, given | {"sha256": text.sha256}).status_code == 302
    assert list(Skeleton.objects.values_list("language", "law")) == [("en", "us_cpsc_consumer")]
    launch = desk.get(f"/recalls/{recall.ref}/launch/").content.decode()
    assert "waits for the text of their law" in launch or "wait for the text of their law" in launch
    strange = desk.get(f"{address}?language=en:../x")
    assert strange.status_code == 200
