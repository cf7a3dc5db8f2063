"""Nine kinds of bad input: each is counted and shown, storms no alarms, and stops nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest

from holdfast.decision.announcements.actions import add_feed, switch_feed
from holdfast.decision.announcements.jobs import fetch_feed
from holdfast.decision.announcements.models import Feed
from holdfast.decision.announcements.queries import odd_feeds
from holdfast.decision.intake.actions import count_rushes_of_entry, take_in_all
from holdfast.decision.intake.models import Complaint
from holdfast.decision.intake.postbox import take_in
from holdfast.decision.intake.queries import recent_rushes, rush_told
from holdfast.decision.intake.queries.listing import waiting
from holdfast.decision.intake.queries.reports import voices
from holdfast.decision.investigations.actions import score_catalogue
from holdfast.decision.investigations.models import Alarm
from holdfast.decision.investigations.queries import floods
from holdfast.ground.journal.models import Entry
from holdfast.kit.actors import SYSTEM
from holdfast.kit.announcements import Heard
from holdfast.supply.imports.actions import bring_in
from holdfast.supply.imports.reading import Wishes
from tests.decision.conftest import LEAD, NOW, Shop
from tests.decision.investigations.conftest import BURNING, burning, tell, ten

pytestmark = pytest.mark.django_db
Shown = dict[str, object]
HATED = (
    "It caught fire", "Glass broke and cut me", "My son choked on a part", "I got a shock from it",
    "It fell on my foot", "It exploded",
)  # fmt: skip
WHO = ("aunt", "boss", "cook", "dad", "ex", "friend", "gran", "host", "inn", "judge")


def empty(shop: Shop, tmp_path: Path) -> Shown:
    (tmp_path / "f.csv").write_text("id,text,sku\n1,,KETTLE\n2,   ,KETTLE\n3,It hums.,KETTLE\n")
    done = bring_in(
        path=str(tmp_path / "f.csv"), kind="complaints", wishes=Wishes(), by=LEAD, now=NOW
    )
    return {"imported": done.imported, "rejected": [one.reason[:15] for one in done.rejects]}


def pasted(shop: Shop, tmp_path: Path) -> Shown:
    flood = [
        burning(n, NOW, email=f"b{n}@example.org", text=f"It caught fire, order {n}. Shame on you.")
        for n in range(60)
    ]
    take_in_all(tolds=flood, by=LEAD, now=NOW)
    score_catalogue(by=LEAD, now=NOW)
    (shown,) = floods(NOW)
    return {"kept": Complaint.objects.count(), "shown": shown["reports"]}


def one_person(shop: Shop, tmp_path: Path) -> Shown:
    tolds = [
        burning(n, NOW + timedelta(hours=n), email="one@example.org", text=f"{BURNING[n % 10]} {n}")
        for n in range(50)
    ]
    take_in_all(tolds=tolds, by=LEAD, now=NOW + timedelta(days=3))
    score_catalogue(by=LEAD, now=NOW + timedelta(days=3))
    return {"kept": Complaint.objects.count(), "voices": voices(Complaint.objects.all())}


def bombed(shop: Shop, tmp_path: Path) -> Shown:
    """Sixty people in their own words, six hazards, two days; on other days nothing."""
    tolds = [
        burning(
            n,
            NOW + timedelta(hours=n / 2),
            text=f"{HATED[n % 6]}, says my {WHO[n % 10]} number {n}.",
            kind="review",
            stars=1,
            lot="",
        )
        for n in range(60)
    ]
    others = [  # as many at once, of products nobody knows, each told of three times: no rush
        burning(n, NOW, email=f"o{n}@example.org", product=f"ODD-{n % 8}", text=f"It hums, {n}.")
        for n in range(24)
    ]
    unknown = [
        burning(n, NOW, email=f"g{n}@example.org", product="GHOST", text=f"It hums, I am {n}.")
        for n in range(21)
    ]
    tolds += others + unknown
    later = NOW + timedelta(days=2)
    take_in_all(tolds=tolds, by=LEAD, now=later)
    score_catalogue(by=LEAD, now=later)
    count_rushes_of_entry(entry=Entry.objects.latest("index"), by=LEAD, now=later)
    rush, ghost = map(rush_told, recent_rushes(later))
    assert (ghost.name, ghost.rush.voices, ghost.unnamed) == ("GHOST", 21, 21)
    (alarm,) = Alarm.objects.exclude(state="superseded")
    assert alarm.why["rush"]["hazards"].keys() >= {"fire", "laceration", "choking", "shock"}
    assert alarm.why["rush"]["bought"] == 0
    hurt = burning(
        80, later, text="Glass broke and cut my son, in hospital.", harm=3, kind="review"
    )
    tell([hurt])
    assert Alarm.objects.filter(hazard="laceration").exists(), "somebody was treated"
    return {
        "kept": Complaint.objects.count(),
        "voices": rush.rush.voices,
        "few_stars": rush.few_stars,
    }


def ahead(shop: Shop, tmp_path: Path) -> Shown:
    later = NOW + timedelta(days=4000)
    take_in_all(tolds=[burning(n, later) for n in range(2)], by=LEAD, now=NOW)
    score_catalogue(by=LEAD, now=NOW)
    days = {one.received_at for one in Complaint.objects.all()}
    return {"days": days, "said": "in the future" in Complaint.objects.earliest("pk").notes[0]}


def foreign(shop: Shop, tmp_path: Path) -> Shown:
    tell(
        [
            burning(0, NOW, text="Il bollitore ha preso fuoco e mio figlio si è bruciato la mano."),
            burning(1, NOW, text="Чайник загорелся на кухне, сын обжёг руку."),
            burning(2, NOW, text="Der Kocher steht gut und das Wasser wird schnell warm."),
        ]
    )
    found = Complaint.objects.filter(is_foreign=True)
    assert {one.urgency for one in found} == {1}, "not behind what names no hazard"
    return {"not read": waiting()["foreign"], "in": sorted(one.language for one in found)}


def heavy(shop: Shop, tmp_path: Path) -> Shown:
    told = EmailMessage()
    told["From"], told["Subject"] = "Ana <ana@example.org>", "My kettle"
    told["Message-ID"] = "<m4@example.org>"
    told.set_content("See the film: it smokes.")
    head, _blank, body = told.as_bytes().partition(b"\n\n")
    head = head.replace(b"text/plain", b"multipart/mixed; boundary=XX").replace(b"7bit", b"8bit")
    with (tmp_path / "big.eml").open("wb") as file:
        file.write(head + b"\n\n--XX\nContent-Type: text/plain\n\n" + body)
        file.write(b"--XX\nContent-Type: video/mp4\nContent-Transfer-Encoding: base64\n\n")
        for _ in range(50):
            file.write((b"A" * 1023 + b"\n") * 1024)
    done = take_in(tmp_path / "big.eml", by=LEAD, now=NOW)
    one = Complaint.objects.get()
    return {"imported": done.imported, "text": one.text, "said": "is not kept" in one.notes[0]}


def _feed(*bodies: bytes) -> Feed:
    feed = add_feed(source="rss", authority="OPSS", url="https://e.org/f", by=LEAD, now=NOW)
    feed = switch_feed(feed=feed, is_on=True, by=LEAD, now=NOW)
    for body in bodies:
        fetch_feed(feed=feed, transport=lambda _ask, b=body: Heard(200, b), by=SYSTEM, now=NOW)
    feed.refresh_from_db()
    assert feed.next_at is not None, "it is asked again"
    return feed


def html(shop: Shop, tmp_path: Path) -> Shown:
    feed = _feed(b"<!doctype html><html><body>We are busy</body></html>")
    return {"said": "a page of HTML" in feed.last_words, "failures": feed.failures}


def back(shop: Shop, tmp_path: Path) -> Shown:
    def rss(year: int) -> bytes:
        return (
            '<rss version="2.0"><channel><title>t</title><item><title>Heater</title>'
            f"<guid>{year}</guid><pubDate>Mon, 02 Feb {year} 10:00:00 GMT</pubDate></item>"
            "</channel></rss>"
        ).encode()

    feed = _feed(rss(2026), rss(2015))
    return {"said": [one["kind"] for one in feed.drift], "odd": odd_feeds()}


KINDS: list[tuple[Callable[[Shop, Path], Shown], int, Shown]] = [
    (empty, 0, {"imported": 1, "rejected": ["it says nothing"] * 2}),
    (pasted, 1, {"kept": 60, "shown": 60}),
    (one_person, 0, {"kept": 50, "voices": 1}),
    (bombed, 2, {"kept": 106, "voices": 60, "few_stars": 60}),
    (ahead, 0, {"days": {NOW}, "said": True}),
    (foreign, 0, {"not read": 2, "in": ["it", "und-Cyrl"]}),
    (heavy, 0, {"imported": 1, "text": "See the film: it smokes.", "said": True}),
    (html, 0, {"said": True, "failures": 1}),
    (back, 0, {"said": ["went_back"], "odd": 1}),
]


@pytest.mark.parametrize(("what", "alarms", "shown"), KINDS, ids=[one[0].__name__ for one in KINDS])
def test_bad_input_is_counted_and_shown_and_neither_storms_nor_stops(
    what: Callable[[Shop, Path], Shown], alarms: int, shown: Shown, shop: Shop, tmp_path: Path
) -> None:
    shop.product("KETTLE")
    shop.product("LAMP")
    assert what(shop, tmp_path) == shown
    assert Alarm.objects.exclude(state="superseded").count() <= alarms
    begin = NOW + timedelta(days=400)  # and what is sound afterwards still raises its alarm
    take_in_all(tolds=ten(begin, product="LAMP"), by=LEAD, now=begin + timedelta(days=30))
    score_catalogue(by=LEAD, now=begin + timedelta(days=30))
    assert Alarm.objects.filter(product=shop.products["LAMP"], hazard="fire").exists()
