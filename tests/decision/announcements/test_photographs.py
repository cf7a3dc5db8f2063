"""A picture of a product or of an announcement is read by the worker, and joins the matching."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from holdfast.config.worker import run_reactions
from holdfast.decision.announcements import jobs
from holdfast.decision.announcements.actions import (
    add_feed,
    add_photograph,
    drop_photograph,
    hear_feed,
    import_announcements,
    picturing,
    switch_feed,
)
from holdfast.decision.announcements.models import Announcement, CatalogueMatch, Photograph
from holdfast.decision.announcements.rules import pictures_of
from holdfast.decision.announcements.sources import source_named
from holdfast.kit.actors import SYSTEM, Actor
from holdfast.kit.announcements import Ask, Heard, Transport, Unreachable, read_best
from holdfast.kit.phototext import PhotoText
from holdfast.kit.refusals import NotPermitted, Unreadable
from holdfast.supply.catalog.models import Product

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 4, 14, 8, 5, tzinfo=UTC)
LATER = datetime(2126, 4, 14, tzinfo=UTC)
LEAD = Actor("person:1", "Lea Lead", frozenset({"lead"}), 1)
VIEWER = Actor("person:3", "Vi Viewer", frozenset({"viewer"}), 3)
KETTLE = "4006381333931"


def picture(colour: str = "white") -> bytes:
    out = BytesIO()
    Image.new("RGB", (60, 40), colour).save(out, "PNG")
    return out.getvalue()


def recalled(number: str, **more: object) -> dict[str, object]:
    return {
        "RecallID": 9, "RecallNumber": number, "RecallDate": "2026-04-02T00:00:00", "URL": "",
        "Title": "Certain goods recalled", "Description": "", "Products": [{"Name": "Goods"}],
        "Manufacturers": [], "Hazards": [], **more,
    }  # fmt: skip


@pytest.fixture
def announced(tmp_path: Path) -> Announcement:
    """An announcement that names nothing by which our kettle could be known."""
    file = tmp_path / "cpsc.json"
    file.write_text(json.dumps([recalled("26101")]))
    import_announcements(path=file, source="cpsc", by=LEAD, now=NOW)
    run_reactions(now=NOW)
    return Announcement.objects.get()


@pytest.fixture
def kettle() -> Product:
    return Product.objects.create(code="K1", code_key="k1", title="Kettle", gtin="0" + KETTLE)


@pytest.fixture
def says(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the reader sees in any picture; it is far too large to be installed in every test."""
    told = ["Brewmaster\n4 006381 333931"]
    monkeypatch.setattr(picturing, "can_read_words", lambda: True)
    monkeypatch.setattr(picturing, "read_text", lambda data: PhotoText(told[0], has_words=True))
    return told


def look(transport: Transport | None = None) -> None:
    jobs.look_at_photographs(transport=transport, by=SYSTEM)
    run_reactions(now=LATER)


def test_a_number_in_a_picture_of_the_recall_is_looked_at_until_the_picture_is_taken_out(
    announced: Announcement, kettle: Product, says: list[str]
) -> None:
    assert says
    photo = add_photograph(data=picture(), announcement=announced, by=LEAD, now=NOW)
    assert add_photograph(data=picture(), announcement=announced, by=LEAD, now=NOW) == photo
    assert bytes(photo.content)[:3] == b"\xff\xd8\xff"  # drawn anew, whatever was sent
    look()
    match = CatalogueMatch.objects.get(product=kettle)
    assert (match.answer, match.is_current) == ("review", True)
    assert f"photograph of the recall shows {KETTLE}" in match.reason
    drop_photograph(photograph=photo, by=LEAD, now=NOW)
    run_reactions(now=LATER)
    match.refresh_from_db()
    assert not match.is_current


def test_a_picture_of_our_product_tells_what_no_column_says(
    announced: Announcement, says: list[str], tmp_path: Path
) -> None:
    assert says
    pot = Product.objects.create(code="P1", code_key="p1", title="Pot")
    add_photograph(data=picture(), product=pot, by=LEAD, now=NOW)
    look()
    file = tmp_path / "again.json"
    file.write_text(json.dumps([recalled("26102", ProductUPCs=[{"UPC": KETTLE}])]))
    import_announcements(path=file, source="cpsc", by=LEAD, now=NOW)
    run_reactions(now=NOW)
    match = CatalogueMatch.objects.get(product=pot)
    assert match.answer == "review"
    assert f"photograph of the product shows {KETTLE}" in match.reason
    assert match.announcement != announced


def test_a_picture_on_which_the_reader_breaks_keeps_no_other_from_being_read(
    announced: Announcement, kettle: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    Announcement.objects.update(number="26-101@recalls.example.org")
    announced.refresh_from_db()
    bad = add_photograph(data=picture("black"), announcement=announced, by=LEAD, now=NOW)
    good = add_photograph(data=picture(), product=kettle, by=LEAD, now=NOW)

    def read(data: bytes) -> PhotoText:
        if data == bytes(bad.content):
            raise RuntimeError("a reader of somebody else's")
        return PhotoText("Brewmaster", has_words=True)

    monkeypatch.setattr(picturing, "read_text", read)
    look()
    assert [Photograph.objects.get(pk=one.pk).state for one in (bad, good)] == ["failed", "read"]


def test_where_only_barcodes_were_read_the_words_follow_once_the_reader_is_there(
    announced: Announcement, says: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(picturing, "can_read_words", lambda: False)
    monkeypatch.setattr(picturing, "read_text", lambda data: PhotoText("", has_words=False))
    photo = add_photograph(data=picture(), announcement=announced, by=LEAD, now=NOW)
    look()
    photo.refresh_from_db()
    assert (photo.state, photo.has_words) == ("read", False)
    monkeypatch.setattr(picturing, "can_read_words", lambda: True)
    monkeypatch.setattr(picturing, "read_text", lambda data: PhotoText(says[0], has_words=True))
    look()
    photo.refresh_from_db()
    announced.refresh_from_db()
    assert photo.has_words
    assert "Brewmaster" in announced.photo_text


def test_pictures_of_a_feed_are_fetched_only_while_it_is_on(
    tmp_path: Path, says: list[str]
) -> None:
    assert says
    url = "https://authority.example/a.png"
    file = tmp_path / "cpsc.json"
    file.write_text(json.dumps([recalled("26103", Images=[{"URL": url}])]))
    source = source_named("cpsc")
    feed = add_feed(source="cpsc", by=LEAD, now=NOW)
    hear_feed(feed=feed, answer=read_best(file, source.shapes), marks={}, by=SYSTEM, now=NOW)
    asked: list[str] = []

    def transport(ask: Ask) -> Heard:
        asked.append(ask.url)
        if len(asked) == 1:
            raise Unreachable("no answer in time")
        return Heard(status=200, body=picture())

    look(transport)
    assert asked == []
    switch_feed(feed=feed, is_on=True, by=LEAD, now=NOW)
    look(transport)
    photo = Photograph.objects.get()
    assert (photo.state, photo.words) == ("waiting", "no answer in time")
    look(transport)
    photo.refresh_from_db()
    assert (photo.state, photo.url, asked) == ("read", url, [url, url])
    assert "Brewmaster" in Announcement.objects.get().photo_text


def test_what_is_no_picture_is_refused_and_a_viewer_adds_none(
    announced: Announcement, kettle: Product
) -> None:
    with pytest.raises(Unreadable, match="not a picture"):
        add_photograph(data=b"%PDF-1.7", announcement=announced, by=LEAD, now=NOW)
    with pytest.raises(Unreadable, match="one product"):
        add_photograph(data=picture(), announcement=announced, product=kettle, by=LEAD, now=NOW)
    with pytest.raises(NotPermitted):
        add_photograph(data=picture(), product=kettle, by=VIEWER, now=NOW)
    assert not Photograph.objects.exists()


def test_pictures_are_known_by_the_name_of_their_field() -> None:
    record = {
        "URL": "https://e.org/page", "Images": [{"URL": "https://e.org/1.jpg", "Caption": "x"}],
        "product": {"photoUrl": "https://e.org/2.jpg"}, "picture": "none", "enclosures": [
            "https://e.org/3.jpg", "https://e.org/4.jpg"],
    }  # fmt: skip
    assert pictures_of(record) == [f"https://e.org/{n}.jpg" for n in (1, 2, 3)]
