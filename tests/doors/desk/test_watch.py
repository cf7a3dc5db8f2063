"""Authorities' recalls at the desk: stop a sale, wave one off, take it back; feeds and a switch."""

from __future__ import annotations

import json
import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.translation import override
from PIL import Image

from holdfast.config.worker import run_reactions
from holdfast.decision.announcements.actions import import_announcements
from holdfast.decision.announcements.models import (
    Announcement,
    CatalogueMatch,
    Feed,
    JointAnnouncement,
    Photograph,
)
from holdfast.decision.announcements.queries import match_counts
from holdfast.decision.recalls.models import Recall
from holdfast.doors.desk.ruled import in_words
from holdfast.ground.journal.models import Entry
from holdfast.kit.actors import Actor
from holdfast.supply.catalog.models import Product
from tests.doors.desk.conftest import LATER, NOW

LINK = "https://recalls-rappels.canada.ca/en/alert-recall/warmo-oil-heaters-recalled"
CPSC = [{
    "RecallID": 9, "RecallNumber": "26101", "RecallDate": "2026-03-02T00:00:00", "URL": "",
    "Title": "Warmo Recalls <b>Oil Heaters</b>", "Description": "Model HX4000, in white.",
    "Products": [{"Name": "Oil heaters", "Model": "HX4000"}],
    "Manufacturers": [{"Name": "Warmo Inc."}],
    "Hazards": [{"Name": "It can catch fire. Call +1 800 555 0199."}],
    "Inconjunctions": [{"URL": LINK}],
}]  # fmt: skip
CANADA = [{
    "NID": "90001", "Title": "Warmo oil heaters HX4000 recalled", "Organization": "CFIA",
    "Product": "Warmo oil heater HX4000", "Issue": "Fire", "Last updated": "2026-03-02",
    "URL": LINK,
}]  # fmt: skip


@pytest.fixture
def matched(owner: Actor, tmp_path: Path) -> Product:
    """A heater of ours that two authorities have recalled, in one recall."""
    ours = Product.objects.create(
        code="H1", code_key="h1", title="Oil heater HX4000", brand="Warmo"
    )
    for source, records in (("cpsc", CPSC), ("health_canada", CANADA)):
        file = tmp_path / source
        file.write_text(json.dumps(records))
        import_announcements(path=file, source=source, by=owner, now=NOW)
    run_reactions(now=LATER)
    return ours


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_with_nothing_heard_the_page_says_how_to_hear(desk: Client) -> None:
    assert "Hear an authority" in text(desk.get("/watch/"))
    assert "off; nothing was ever asked" in text(desk.get("/watch/feeds/"))


def test_what_an_authority_took_back_is_shown_as_such(
    desk: Client, owner: Actor, tmp_path: Path
) -> None:
    Product.objects.create(code="W1", code_key="w1", title="Warmo", gtin="00708953602028")
    for number, kind in (("a-1", "Alert"), ("c-1", "Cancel")):
        (tmp_path / "cap").write_text(
            f"<alert><identifier>{number}</identifier><sender>s</sender><sent>2026-01-02</sent>"
            f"<status>Actual</status><msgType>{kind}</msgType><references>s,a-1,x</references>"
            "<info><headline>Warmo</headline><description>UPC 708953602028</description></info>"
            "</alert>"
        )
        import_announcements(
            path=tmp_path / "cap", source="cap", authority="OPSS", by=owner, now=NOW
        )
        run_reactions(now=LATER)
    assert "The authority has withdrawn this." not in text(desk.get("/watch/"))
    page = text(desk.get("/watch/?state=withdrawn"))
    assert page.count("The authority has withdrawn this.") == 1
    assert "c-1" in page
    assert "Look at it all the same" in page
    first, last = Announcement.objects.order_by("pk")
    assert "The authority has withdrawn this." in text(desk.get(f"/watch/{first.pk}/"))
    assert "announces nothing itself" in text(desk.get(f"/watch/{last.pk}/"))


def test_a_recall_of_two_authorities_is_one_row_and_is_stopped_as_one(
    desk: Client, matched: Product
) -> None:
    page = text(desk.get("/watch/"))
    assert page.count('value="stop"') == 1
    assert "1 to stop, 0 to look at" in page
    assert "1 product of ours is named: stop its sale" in text(desk.get("/inbox/"))
    assert "Also announced by" in page
    assert "&lt;b&gt;Oil Heaters" in page or "<b>Oil" not in page
    assert 'value="fire" selected' in page, page[page.index('<select id="out') :][:900]
    match = CatalogueMatch.objects.order_by("-answer").first()
    assert match
    answer = desk.post("/watch/", {"step": "stop", "match": match.pk, "outcome": "fire"})
    recall = Recall.objects.get()
    assert answer["Location"] == f"/recalls/{recall.ref}/stop/"
    assert (recall.product_code, recall.outcome) == ("H1", "fire")
    assert {key: count for key, count in match_counts().items() if count} == {"stopped": 2}
    assert recall.ref in text(desk.get("/watch/?state=stopped"))
    desk.post("/watch/", {"step": "undo", "match": match.pk})
    assert match_counts()["stopped"] == 0
    assert f"Stop the sale in {recall.ref}" in text(desk.get("/watch/"))
    desk.post("/watch/", {"step": "stop", "match": match.pk, "recall": recall.ref})
    assert Recall.objects.count() == 1


def test_not_ours_needs_a_reason_and_can_be_taken_back(desk: Client, matched: Product) -> None:
    match = CatalogueMatch.objects.order_by("-answer").first()
    assert match
    assert desk.post("/watch/", {"step": "refuse", "match": match.pk}).status_code == 400
    desk.post("/watch/", {"step": "refuse", "match": match.pk, "because": "the 12 V type"})
    assert "No visible match" in text(desk.get("/watch/"))
    assert "does not mean that a product is safe" in text(desk.get("/watch/"))
    assert "the 12 V type" in text(desk.get("/watch/?state=not_ours"))
    assert "Authorities" not in text(desk.get("/inbox/")).split("<main")[1].split("</main")[0]
    desk.post("/watch/", {"step": "undo", "match": match.pk})
    assert "stop its sale" in text(desk.get("/inbox/"))


def test_an_announcement_shows_its_record_and_its_duplicates_can_be_parted(
    desk: Client, matched: Product
) -> None:
    match = CatalogueMatch.objects.filter(announcement__source="cpsc").get()
    url = f"/watch/{match.announcement_id}/"
    page = text(desk.get(url))
    assert "RecallNumber" in page
    assert "Health" in page or "CFIA" in page
    assert "Say whether" in page.split("<h2>")[0], "the next step stands first"
    german = text(desk.get(url, headers={"Accept-Language": "de"}))
    with override("de"):
        for reason in (match.reason, JointAnnouncement.objects.get().reason):
            assert reason not in german
            assert in_words(reason) in german
    pair = JointAnnouncement.objects.get()
    assert desk.post(url, {"step": "part", "pair": pair.pk}).status_code == 400
    desk.post(url, {"step": "part", "pair": pair.pk, "because": "another plant"})
    assert "another plant" in text(desk.get(url))
    desk.post(url, {"step": "join", "pair": pair.pk})
    assert not JointAnnouncement.objects.get().is_parted


def test_a_feed_is_added_switched_and_asked_by_the_worker(desk: Client) -> None:
    desk.post("/watch/feeds/", {"step": "on", "source": "cpsc"})
    feed = Feed.objects.get()
    assert feed.is_on
    assert Feed.objects.get().next_at
    Feed.objects.update(next_at=LATER)
    desk.post("/watch/feeds/", {"step": "ask", "feed": feed.pk})
    assert Feed.objects.get().next_at < LATER
    assert Entry.objects.filter(kind="FeedAsked").count() == 1
    Feed.objects.update(
        failures=3, last_words="answered 500", drift=[{"kind": "empty", "where": "", "times": 1,
                                                       "sentence": "CPSC sent an empty list."}]
    )  # fmt: skip
    page = text(desk.get("/watch/feeds/"))
    for words in ("3 attempts in a row failed; never heard", "answered 500", "an empty list"):
        assert words in page
    assert "1 is silent or odd." in text(desk.get("/inbox/"))
    desk.post("/watch/feeds/", {"step": "off", "feed": feed.pk})
    assert desk.post("/watch/feeds/", {"step": "ask", "feed": feed.pk}).status_code == 409
    refused = desk.post("/watch/feeds/", {"step": "add", "source": "rss", "url": "x"})
    assert refused.status_code == 400
    desk.post("/watch/feeds/", {"step": "add", "source": "rss", "authority": "OPSS",
                                "url": "https://www.gov.uk/x.atom"})  # fmt: skip
    assert "https://www.gov.uk/x.atom" in text(desk.get("/watch/feeds/"))


def test_a_picture_is_added_at_the_desk_and_what_reads_it_is_said(
    desk: Client, matched: Product
) -> None:
    told = CatalogueMatch.objects.filter(product=matched).earliest("pk").announcement
    page = text(desk.get(f"/watch/{told.pk}/"))
    assert "Words in photographs are not read here, only barcodes." in page
    assert "holdfast[photos]" in page
    out = BytesIO()
    Image.new("RGB", (60, 40)).save(out, "PNG")
    for about in ({"about": told.pk}, {"product": "h1"}):
        sent = {"step": "add", "file": SimpleUploadedFile("a.png", out.getvalue()), **about}
        assert desk.post("/watch/photographs/", sent).status_code == 302
    of_told, of_ours = Photograph.objects.order_by("pk")
    assert (of_told.announcement, of_ours.product) == (told, matched)
    assert "waits to be read" in text(desk.get(f"/watch/{told.pk}/"))
    assert "H1" in text(desk.get("/watch/photographs/"))
    shown = desk.get(f"/watch/photographs/{of_ours.pk}")
    assert shown["Content-Type"] == "image/jpeg"
    sent = {"step": "add", "file": SimpleUploadedFile("a.png", b"GIF89a"), "product": "H1"}
    assert "not a picture" in text(desk.post("/watch/photographs/", sent))
    assert "no product with this code" in text(
        desk.post(
            "/watch/photographs/",
            {"step": "add", "file": SimpleUploadedFile("a.png", out.getvalue()), "product": "X"},
        )
    )
    desk.post("/watch/photographs/", {"step": "drop", "photo": of_ours.pk})
    assert Photograph.objects.get() == of_told


def test_a_file_is_looked_at_brought_in_once_and_every_record_is_told(
    desk: Client, owner: Actor, tmp_path: Path, settings: Any
) -> None:
    settings.HOME = tmp_path

    def sent(body: bytes, **more: str) -> str:
        file = SimpleUploadedFile("cpsc.json", body)
        shown = text(desk.post("/data/announcements/", {"file": file, "source": "cpsc", **more}))
        return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", shown))

    records = json.dumps([*CPSC, {**CPSC[0], "RecallNumber": ""}]).encode()
    looked = sent(records, only_look="1")
    assert "Nothing was stored" in looked
    assert not Announcement.objects.exists()
    assert "cpsc.json 2 1 0 1" in sent(records)
    assert "cpsc.json 2 0 1 1" in sent(records), "the same file again changes nothing"
    assert Announcement.objects.count() == 1
    html = sent(b"<!doctype html><html>busy</html>")
    assert "answered with no records: a page or XML" in html
    assert str(tmp_path) not in html
    assert "Write the name of the authority" in sent(b"a,b\n1,2\n", source="csv")
    assert "No authority is known as" in sent(b"{}", source="nobody")
    assert "No file was chosen" in text(desk.post("/data/announcements/", {"source": "cpsc"}))
    assert list((tmp_path / "uploads").glob("announcements-*")) == []
    assert Announcement.objects.count() == 1
