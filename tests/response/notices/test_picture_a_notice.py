"""The product's photo in a notice: drawn anew, in every form, part of what is approved."""

from __future__ import annotations

import email
import email.policy
import io
import json
import re

import pytest
from PIL import Image

from holdfast.decision.announcements.models import Photograph
from holdfast.ground.evidence.models import EvidenceFile
from holdfast.ground.evidence.queries import what_is_wrong
from holdfast.ground.journal.models import Entry
from holdfast.ground.outbox.mime import Letterhead, compile_parts
from holdfast.ground.outbox.models import Skeleton
from holdfast.kit.actors import SYSTEM, Actor
from holdfast.kit.refusals import Forbidden, NotPermitted, Unreadable
from holdfast.kit.renderings.joined import joined
from holdfast.kit.renderings.mail import email_parts
from holdfast.response.notices.actions import (
    approve_text,
    draft_notice,
    drop_photo,
    edit_text,
    match_photo_of_entry,
    set_photo,
    write_notice_file,
)
from holdfast.response.notices.models import NoticePhoto
from holdfast.response.notices.printing import PrintRoom, letters, page, specimen
from holdfast.response.notices.queries import (
    approved_texts,
    checked,
    content_of,
    page_photo,
    text_in,
)
from tests.kit.test_pictures import PLACE, bytes_of, scene

URL = "https://lumenvale.example/recall"
WRITER = Actor("person:2", "Writer", frozenset({"lead"}), 2)
APPROVER = Actor("person:3", "Approver", frozenset({"approver"}), 3)
VIEWER = Actor("person:4", "Viewer", frozenset({"viewer"}), 4)
ALTS = {
    "de": "Schwarze Powerbank VL-10K, Rückseite mit Etikett",
    "en": "Black power bank, its back",
}
KEY = b"k" * 32


def camera(**more) -> bytes:
    exif = Image.Exif()
    exif[0x010E] = PLACE.decode()
    return bytes_of(scene(1600, 1200), "JPEG", exif=exif, **more)


@pytest.fixture
def drafted(small):
    """A draft in German and English for one buyer with an address."""
    buyer = small.customer(language="de", street="1 Road", city="Town")
    small.scope({small.line(customer=buyer): 1})
    draft_notice(
        recall=small.recall,
        url=URL,
        changes={"phone": "0800 555 0142"},
        languages=["de", "en"],
        by=WRITER,
        now=small.now,
    )
    return small


def pictured(told, data=None, alts=ALTS, by=WRITER):
    return set_photo(recall=told.recall, data=data or camera(), alts=alts, by=by, now=told.now)


def approve(told, language="de"):
    return approve_text(text=text_in(told.recall, language), by=APPROVER, now=told.now)


def test_the_meter_counts_the_photo_as_the_picture(drafted):
    before = checked(text_in(drafted.recall, "de"))
    assert "picture" in {one.id for one in before.elements if not one.present}
    pictured(drafted)
    after = checked(text_in(drafted.recall, "de"))
    assert "picture" not in {one.id for one in after.elements if not one.present}
    assert after.present == before.present + 1
    assert not after.blocking


def test_the_photo_of_a_notice_helps_to_know_the_product_again(drafted):
    pictured(drafted)
    entry = Entry.objects.get(kind="NoticePhotoSet")
    for _twice in range(2):
        match_photo_of_entry(entry=entry, by=SYSTEM, now=drafted.now)
    photo = Photograph.objects.get()
    assert (photo.product.code, photo.origin) == (drafted.recall.product_code, "notice")
    assert photo.state == "waiting"


def test_a_changed_photo_ends_every_approval_and_what_was_released(drafted):
    for language in ("de", "en"):
        approve(drafted, language)
    assert set(approved_texts(drafted.recall)) == {"de", "en"}
    pictured(drafted)
    assert approved_texts(drafted.recall) == {}
    assert not Skeleton.objects.filter(is_released=True).exists()
    first = approve(drafted).sha256
    pictured(drafted, camera(quality=20))
    assert text_in(drafted.recall, "de").sha256 != first
    assert approved_texts(drafted.recall) == {}
    fact = json.loads(Entry.objects.filter(kind="NoticePhotoSet").last().payload)
    assert fact["were_approved"] == ["de"]


def test_the_same_photo_again_changes_nothing(drafted):
    data = camera()
    pictured(drafted, data)
    approve(drafted)
    entries = Entry.objects.count()
    pictured(drafted, data, alts={})
    assert Entry.objects.count() == entries
    assert "de" in approved_texts(drafted.recall)


def test_each_language_says_what_the_photo_shows_or_it_is_refused(drafted):
    with pytest.raises(Unreadable) as refused:
        pictured(drafted, alts={"de": "Powerbank", "en": "  "})
    assert refused.value.extra["languages"] == ["en"]
    assert not NoticePhoto.objects.exists()
    with pytest.raises(Unreadable):
        pictured(drafted, alts={**ALTS, "pl": "Powerbank"})
    pictured(drafted)
    edit_text(
        text=text_in(drafted.recall, "de"), changes={"picture_alt": ""}, by=WRITER, now=drafted.now
    )
    with pytest.raises(Forbidden) as incomplete:
        approve(drafted)
    assert "picture_alt" in incomplete.value.extra["missing"]


def test_photo_and_words_outlive_a_new_draft(drafted):
    pictured(drafted)
    digest = NoticePhoto.objects.get().sha256
    draft_notice(
        recall=drafted.recall, url=URL, changes={"phone": "0800 1"}, languages=["de", "en", "fr"],
        by=WRITER, now=drafted.now,
    )  # fmt: skip
    text = text_in(drafted.recall, "de")
    assert text.notice.version == 2
    assert text.notice.facts["picture"] == digest
    assert text.content["picture_alt"] == ALTS["de"]
    assert checked(text_in(drafted.recall, "fr")).missing == ("picture_alt",)


def test_taken_out_again_the_drawn_label_stands_in(drafted):
    plain = text_in(drafted.recall, "de").sha256
    pictured(drafted)
    drop_photo(recall=drafted.recall, by=WRITER, now=drafted.now)
    text = text_in(drafted.recall, "de")
    assert text.sha256 == plain
    assert content_of(text).photo is None


def test_nobody_else_may_and_nothing_but_a_picture_is_taken(drafted):
    with pytest.raises(NotPermitted):
        pictured(drafted, by=VIEWER)
    with pytest.raises(Unreadable):
        pictured(drafted, data=b"<svg onload='alert(1)'/>")
    assert not NoticePhoto.objects.exists()
    assert not EvidenceFile.objects.exists()
    with pytest.raises(Unreadable):
        draft_notice(
            recall=drafted.recall, url=URL, changes={"picture": "0" * 64}, by=WRITER,
            now=drafted.now,
        )  # fmt: skip


def test_three_drawings_without_anything_but_pixels_are_kept_within_their_bytes(drafted):
    pictured(drafted)
    row = NoticePhoto.objects.get()
    for name, most in (("paper", 120_000), ("mail", 12_000), ("page", 6_000)):
        content = bytes(getattr(row, name))
        assert len(content) <= most
        assert PLACE not in content
        assert list(Image.open(io.BytesIO(content)).size) == row.sizes[name]
    file = EvidenceFile.objects.get(sha256=row.sha256)
    assert what_is_wrong(file) == ""
    assert page_photo(row.sha256) == bytes(row.page)
    assert page_photo("0" * 64) is None


def test_the_mail_carries_the_photo_and_asks_nobody_for_it(drafted):
    pictured(drafted)
    parts = email_parts(content_of(text_in(drafted.recall, "de")))
    head = Letterhead(sender="recall@lumenvale.example", name="Lumen & Vale")
    wire = compile_parts(parts, language="de", letterhead=head).fill(
        {"name": "Mette", "items": "1 × VL-10K", "link": "https://lumenvale.example/r/x"},
        to="mette@example.org",
        message_id="<1@lumenvale.example>",
        at=drafted.now,
    )
    assert max(map(len, wire.split(b"\r\n"))) < 998
    message = email.message_from_bytes(wire, policy=email.policy.default)
    assert not message.defects
    kinds = [part.get_content_type() for part in message.walk()]
    assert kinds == [
        "multipart/alternative",
        "text/plain",
        "multipart/related",
        "text/html",
        "image/jpeg",
    ]
    image = list(message.walk())[-1]
    assert not image.defects
    html = message.get_body(("html",)).get_content()
    plain = message.get_body(("plain",)).get_content()
    assert f"cid:{image['Content-ID'].strip('<>')}" in html
    assert image.get_content() == bytes(NoticePhoto.objects.get().mail)
    assert "Mette" in html
    assert ALTS["de"] in html
    assert ALTS["de"] in plain
    assert not re.search(r'src="(?!cid:)', html)


def test_two_languages_in_one_message_carry_one_photo(drafted):
    pictured(drafted)
    texts = [
        (code, email_parts(content_of(text_in(drafted.recall, code)))) for code in ("de", "en")
    ]
    parts = joined(texts)
    assert len(parts["photo"]) == 1
    head = Letterhead(sender="recall@lumenvale.example", name="Lumen & Vale")
    wire = compile_parts(parts, language="de, en", letterhead=head).fill(
        {}, to="a@example.org", message_id="<1@x.example>", at=drafted.now
    )
    message = email.message_from_bytes(wire, policy=email.policy.default)
    images = [part for part in message.walk() if part.get_content_type() == "image/jpeg"]
    assert len(images) == 1
    html = message.get_body(("html",)).get_content()
    assert html.count(f"cid:{images[0]['Content-ID'].strip('<>')}") == 2


def test_thousands_of_message_files_leave_the_photo_out_and_say_so(drafted, monkeypatch):
    drafted.customer(language="de")
    pictured(drafted)
    approve(drafted)
    shared = {"recall": drafted.recall, "form": "eml", "key": KEY, "by": WRITER, "now": drafted.now}
    whole = write_notice_file(public_url=URL, **shared)
    monkeypatch.setattr("holdfast.response.notices.printing.MOST_WITH_PHOTO", 0)
    small = write_notice_file(public_url=URL, **shared)
    assert whole.remarks == ()
    assert "photo is left out" in small.remarks[0]
    assert len(small.content) < len(whole.content) - 8_000


def test_letter_and_page_show_it(drafted):
    pictured(drafted)
    for language in ("de", "en"):
        approve(drafted, language)
    room = PrintRoom.of(drafted.recall, key=KEY, public_url="https://lumenvale.example")
    file = page(room)
    assert file.count("data:image/webp;base64,") == 2
    assert ALTS["de"] in file
    assert "<script" not in file
    drawn = specimen(room.contents["de"], reference="R-2026-001", now=drafted.now)
    assert "data:image/jpeg;base64," in drawn


def test_twenty_letters_hold_the_photo_once(drafted):
    """The typesetter stores one picture, however many sheets show it."""
    buyers = [drafted.customer(language="de", street="1 Road", city="Town") for _ in range(20)]
    drafted.scope({drafted.line(customer=buyer): 1 for buyer in buyers})
    pictured(drafted)
    approve(drafted)
    room = PrintRoom.of(drafted.recall, key=KEY, public_url="https://lumenvale.example")
    from holdfast.response.notices.printing import with_address

    people = list(with_address(drafted.recall))
    assert len(people) == 20
    pdf, _remarks = letters(room, people, now=drafted.now)
    photo = len(NoticePhoto.objects.get().paper)
    assert len(pdf) < 1_000_000 + 2 * photo
    assert pdf.count(b"/DCTDecode") == 1
