"""Photos as proof and answers for some of several units, without a script; dead links; weight."""

import gzip
import io
import logging
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from holdfast.doors.portal.limits import PHOTOS
from holdfast.ground.evidence.models import EvidenceFile
from holdfast.ground.journal.models import Entry
from holdfast.kit.actors import Actor
from holdfast.kit.refusals import Forbidden, NotPermitted, Unreadable
from holdfast.response.notices.actions import approve_text, draft_notice, set_photo
from holdfast.response.notices.models import NoticePhoto
from holdfast.response.notices.queries import text_in
from holdfast.response.remedies.actions import (
    add_claim_photos,
    erase_claim_photos,
    renew_link,
    revoke_link,
    set_remedies,
)
from holdfast.response.remedies.models import Claim, ClaimPhoto, PersonalLink
from holdfast.response.remedies.queries import link_numbers
from holdfast.response.units.queries import units_by_state
from tests.kit.test_pictures import PLACE, bytes_of, png_of, scene

R = "/recall/R-2026-001"
KEY = b"k" * 32
VIEWER = Actor("person:4", "Viewer", frozenset({"viewer"}), 4)


@pytest.fixture
def client():
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def asked(told):
    """The recall asks for a photo."""
    set_remedies(
        recall=told.recall, options=["refund", "replacement"], proof="photo", by=told.by,
        now=told.now,
    )  # fmt: skip
    return told


def text(response) -> str:
    return response.content.decode()


def camera(name: str = "IMG_1.jpg") -> SimpleUploadedFile:
    exif = Image.Exif()
    exif[0x010E] = PLACE.decode()
    data = bytes_of(scene(800, 600), "JPEG", exif=exif)
    return SimpleUploadedFile(name, data, "image/jpeg")


def choose(client, told, remedy="refund"):
    return client.post(f"/r/{told.token}/remedy", {"r": remedy, "ok": "1"})


def send(client, told, *photos):
    return client.post(f"/r/{told.token}/photo", {"p": list(photos)})


def test_the_photo_is_asked_for_after_the_choice_is_kept(client, asked) -> None:
    answer = choose(client, asked)
    assert answer.status_code == 303
    assert answer["Location"].startswith(f"/r/{asked.token}/photo")
    assert {c.state for c in Claim.objects.all()} == {"chosen"}
    page = text(client.get(answer["Location"]))
    assert "Skip: I cannot take a photo" in page
    assert 'type="file"' in page
    assert "<script" not in page
    assert "Add a photo" in text(client.get(f"/r/{asked.token}"))


def test_a_photo_is_drawn_anew_and_stands_with_the_claim_only(client, asked) -> None:
    choose(client, asked)
    answer = send(client, asked, camera(), camera("b.jpg"))
    assert answer.status_code == 303
    assert [p.number for p in ClaimPhoto.objects.order_by("number")] == [1, 2]
    content = bytes(ClaimPhoto.objects.first().content)
    assert PLACE not in content
    assert Image.open(io.BytesIO(content)).format == "JPEG"
    assert not EvidenceFile.objects.exists()
    entry = Entry.objects.get(kind="ClaimPhotosAdded")
    assert '"count":2' in entry.payload.replace(" ", "")
    assert "sha" not in entry.payload
    assert "Add a photo" not in text(client.get(f"/r/{asked.token}"))


def test_three_are_the_most(client, asked) -> None:
    choose(client, asked)
    assert send(client, asked, camera(), camera(), camera(), camera()).status_code == 409
    assert not ClaimPhoto.objects.exists()
    assert send(client, asked, camera(), camera(), camera()).status_code == 303
    assert send(client, asked, camera()).status_code == 409
    assert ClaimPhoto.objects.count() == 3
    assert 'type="file"' not in text(client.get(f"/r/{asked.token}/photo"))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"MZ\x90 not a picture",
        b"<svg/>",
        png_of(12_000, 12_000),
        bytes_of(scene(), "PNG")[:99],
    ],
    ids=["empty", "program", "drawing", "bomb", "cut off"],
)
def test_what_is_no_photo_is_told_and_the_claim_stays(client, asked, data) -> None:
    choose(client, asked)
    answer = send(client, asked, SimpleUploadedFile("a.jpg", data, "image/jpeg"))
    assert answer.status_code == 400
    assert 'role="alert"' in text(answer)
    assert not ClaimPhoto.objects.exists()
    assert {c.state for c in Claim.objects.all()} == {"chosen"}


def test_one_bad_photo_keeps_none_of_them(client, asked) -> None:
    choose(client, asked)
    bad = SimpleUploadedFile("b.jpg", b"x" * 500, "image/jpeg")
    assert send(client, asked, camera(), bad).status_code == 400
    assert not ClaimPhoto.objects.exists()
    assert client.post(f"/r/{asked.token}/photo").status_code == 400


def test_a_form_that_is_too_large_is_not_read(client, asked) -> None:
    choose(client, asked)
    answer = client.post(
        f"/r/{asked.token}/photo", {"p": camera()}, headers={"content-length": "99000000"}
    )
    assert answer.status_code == 400
    assert "too large" in text(answer)


def test_photos_are_limited_by_place_and_the_notice_is_not(client, asked) -> None:
    choose(client, asked)
    bad = SimpleUploadedFile("b.jpg", b"x" * 500, "image/jpeg")
    for _ in range(PHOTOS.most):
        assert send(client, asked, bad).status_code == 400
        bad.seek(0)
    assert send(client, asked, camera()).status_code == 429
    assert client.get(f"/r/{asked.token}").status_code == 200


def test_no_file_sent_to_another_form_touches_the_disk(client, told, settings, tmp_path) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path / "none")  # writing there would fail
    big = SimpleUploadedFile("x.bin", b"x" * 6_000_000)
    for address in (f"{R}/hurt", f"{R}/remedy", f"/r/{told.token}", f"/r/{told.token}/gone"):
        assert client.post(address, {"what": "smoke", "f": big}).status_code < 500
        big.seek(0)


def test_nothing_of_a_photo_is_in_the_log(client, asked, caplog) -> None:
    caplog.set_level(logging.DEBUG)
    choose(client, asked)
    send(client, asked, camera("Mette-Hansen-kitchen.jpg"))
    assert "Mette-Hansen" not in caplog.text


def test_a_claim_without_a_link_may_show_a_photo_too(client, asked) -> None:
    form = {"r": "refund", "ok": "1", "email": "somebody@example.org"}
    answer = client.post(f"{R}/remedy", form)
    assert "/photo" in answer["Location"]
    token = answer["Location"].split("/")[2]
    assert client.post(f"/r/{token}/photo", {"p": [camera()]}).status_code == 303
    claim = ClaimPhoto.objects.get().claim
    assert claim.state == "in_review"
    assert claim.reference in text(client.get(f"/r/{token}"))


def test_a_photo_without_a_claim_or_a_link_leads_nowhere(client, asked) -> None:
    assert send(client, asked, camera()).status_code == 303  # to the notice: nothing is chosen yet
    assert not ClaimPhoto.objects.exists()
    dead = client.post("/r/" + "B" * 22 + "/photo", {"p": [camera()]})
    assert "This link does not work any more" in text(dead)


def test_photos_go_with_a_reason_and_only_by_those_who_work_on_claims(client, asked) -> None:
    choose(client, asked)
    send(client, asked, camera())
    claim = ClaimPhoto.objects.get().claim
    shared = {"claim": claim, "now": asked.now}
    with pytest.raises(NotPermitted):
        erase_claim_photos(reason="asked", by=VIEWER, **shared)
    with pytest.raises(Unreadable):
        erase_claim_photos(reason=" ", by=asked.by, **shared)
    assert erase_claim_photos(reason="the person asked", by=asked.by, **shared) == 1
    assert not ClaimPhoto.objects.exists()
    with pytest.raises(NotPermitted):
        add_claim_photos(claim=claim, pictures=[b"x"], by=VIEWER, now=asked.now)


# parts -----------------------------------------------------------------------


def test_two_of_three_in_a_few_taps(client, told) -> None:
    client.post(f"/r/{told.token}", {"a": "yes"})
    assert f"/r/{told.token}/some" in text(client.get(f"/r/{told.token}/remedy"))
    page = text(client.get(f"/r/{told.token}/some"))
    one, two = sorted(told.lines, key=lambda line: line.quantity)
    assert f'name="n{one.pk}"' in page
    answer = client.post(
        f"/r/{told.token}/some", {f"n{one.pk}": "0", f"n{two.pk}": "2", "g": "discarded"}
    )
    assert answer["Location"].startswith(f"/r/{told.token}/remedy")
    remedy = text(client.get(f"/r/{told.token}/remedy"))
    assert "€78.00" in remedy
    assert "€117.00" not in remedy
    choose(client, told)
    assert units_by_state(told.recall)["consumer"] == {"claim_open": 2, "discarded": 1}
    assert "€78.00" in text(client.get(f"/r/{told.token}"))


def test_a_number_that_is_none_is_asked_for_again(client, told) -> None:
    for typed in ("x", "", "9", "-1", "NaN", "1e400"):
        form = {f"n{line.pk}": typed for line in told.lines}
        answer = client.post(f"/r/{told.token}/some", {**form, "g": "sold"})
        assert answer.status_code == 400, typed
        assert "as a number" in text(answer)
    assert not Claim.objects.exists()


def test_what_happened_to_the_others_is_asked(client, told) -> None:
    form = {f"n{line.pk}": "0" for line in told.lines}
    answer = client.post(f"/r/{told.token}/some", form)
    assert answer.status_code == 400
    assert "what happened to it" in text(answer)
    answer = client.post(f"/r/{told.token}/some", {**form, "g": "sold"})
    assert answer["Location"].startswith(f"/r/{told.token}/done")


def test_one_unit_is_not_asked_how_many(client, small) -> None:
    from holdfast.kit.actors import SYSTEM
    from holdfast.response.remedies.actions import make_links
    from holdfast.response.remedies.rules import link_token

    buyer = small.customer()
    small.scope({small.line(1, buyer): 1})
    make_links(recall=small.recall, customer_ids=[buyer.pk], key=KEY, by=SYSTEM, now=small.now)
    token = link_token(KEY, recall=small.recall.ref, recipient=f"customer:{buyer.pk}")
    assert "/some" not in text(client.get(f"/r/{token}/remedy"))


# links -----------------------------------------------------------------------


def test_a_revoked_link_says_how_to_get_a_new_one_and_the_new_one_works(client, told) -> None:
    shared = {"recall": told.recall, "customer_id": told.buyer.pk, "by": told.by, "now": told.now}
    choose(client, told)
    _link, token = renew_link(key=KEY, reason="sent to a wrong address", **shared)
    old = text(client.get(f"/r/{told.token}"))
    assert "This link does not work any more" in old
    assert "sends you a new link" in old
    assert 'href="/recall/write' in old
    unknown = text(client.get("/r/" + "B" * 22))
    assert old == unknown.replace("B" * 22, told.token)
    assert "Your refund of" in text(client.get(f"/r/{token}"))
    assert link_numbers(told.recall) == {f"customer:{told.buyer.pk}": 2}
    kinds = list(Entry.objects.order_by("index").values_list("kind", flat=True))
    assert kinds[-2:] == ["LinkRevoked", "LinkRenewed"]
    revoke_link(reason="phone was stolen", **shared)
    assert "This link does not work any more" in text(client.get(f"/r/{token}"))
    with pytest.raises(Forbidden):
        revoke_link(reason="again", **shared)
    assert PersonalLink.objects.count() == 2


def test_only_those_who_work_on_claims_take_a_link_and_only_with_a_reason(told) -> None:
    shared = {"recall": told.recall, "customer_id": told.buyer.pk, "now": told.now, "key": KEY}
    with pytest.raises(NotPermitted):
        renew_link(reason="x", by=VIEWER, **shared)
    with pytest.raises(Unreadable):
        renew_link(reason=" ", by=told.by, **shared)
    assert PersonalLink.objects.get().revoked_at is None


# weight ----------------------------------------------------------------------


@pytest.fixture
def pictured(told):
    """An approved notice with a photo full of detail, in English and Arabic."""
    writer = Actor("person:2", "Writer", frozenset({"lead"}), 2)
    approver = Actor("person:3", "Approver", frozenset({"approver"}), 3)
    draft_notice(
        recall=told.recall, url="https://lumenvale.example/recall", languages=["en", "ar", "de"],
        changes={"phone": "0800 555 0142"}, by=writer, now=told.now,
    )  # fmt: skip
    set_photo(
        recall=told.recall,
        data=bytes_of(scene(1600, 1200), "PNG"),
        alts={"en": "Black power bank", "ar": "بطارية سوداء", "de": "Schwarze Powerbank"},
        by=writer,
        now=told.now,
    )
    for language in ("en", "ar", "de"):
        approve_text(text=text_in(told.recall, language), by=approver, now=told.now)
    return told


def test_the_notice_with_its_photo_keeps_its_weight_and_three_requests(client, pictured) -> None:
    style = gzip.compress(Path(finders.find("portal/portal.css")).read_bytes())
    row = NoticePhoto.objects.get()
    for start in (f"/r/{pictured.token}", R, f"{R}/check"):
        for language in ("en", "ar", "de"):
            page = client.get(f"{start}?l={language}")
            assert text(page).count("<img") == 1
            image = client.get(f"/recall/photo/{row.sha256}.webp")
            assert f'src="/recall/photo/{row.sha256}.webp"' in text(page)
            weight = len(gzip.compress(page.content)) + len(style) + len(image.content)
            assert weight <= 14 * 1024, (start, language, weight)


def test_a_photo_is_asked_for_once_and_known_by_its_hash_only(client, pictured) -> None:
    row = NoticePhoto.objects.get()
    image = client.get(f"/recall/photo/{row.sha256}.webp")
    assert image["Content-Type"] == "image/webp"
    assert "immutable" in image["Cache-Control"]
    assert image["X-Content-Type-Options"] == "nosniff"
    assert image.content == bytes(row.page)
    assert client.get("/recall/photo/" + "0" * 64 + ".webp").status_code == 404
    assert client.get("/recall/photo/x.webp").status_code == 404
    assert client.post(f"/recall/photo/{row.sha256}.webp").status_code == 405
