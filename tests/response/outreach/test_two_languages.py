"""A person in a country with two languages gets both: one message, one row, two approvals."""

from __future__ import annotations

import csv
import email
import email.policy
import io
import threading
import zipfile
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pypdf
import pytest

from holdfast.ground.outbox.actions import claim_window, move_wave, open_wave
from holdfast.ground.outbox.flight import Ended
from holdfast.ground.outbox.jobs import Sender, flight_for
from holdfast.ground.outbox.mime import Letterhead
from holdfast.ground.outbox.models import Message, Wave
from holdfast.ground.outbox.worker import Worker
from holdfast.kit.actors import SYSTEM
from holdfast.response.notices import printing
from holdfast.response.notices.actions import (
    approve_text,
    draft_notice,
    edit_text,
    withdraw_approval,
)
from holdfast.response.notices.queries import coverage, needed_languages, text_in, text_laws
from holdfast.response.outreach.actions import plan_wave
from holdfast.response.outreach.queries import reach

KEY = b"k" * 32
HOST = "lumenvale.example"
URL = f"https://{HOST}"


@pytest.fixture
def lands(small):
    """One owner in each of these countries; nobody said what they read."""
    people = {}
    for land in ("CH", "BE", "LU", "CA", "FI", "DE"):
        people[land] = small.customer(
            country=land, language="", street="1 Road", city="Town", name=f"Owner {land}"
        )
    small.scope({small.line(customer=one, market=land): 1 for land, one in people.items()})
    small.people = people
    return small


def approved(lands: Any, *languages: str) -> None:
    draft_notice(
        recall=lands.recall,
        url=f"{URL}/recall",
        changes={"phone": "0800 555 0142"},
        languages=languages,
        by=lands.by,
        now=lands.now,
    )
    for language in languages:
        approve_text(text=text_in(lands.recall, language), by=lands.by, now=lands.now)


def planned(lands: Any) -> Wave:
    wave = open_wave(recall=lands.recall.ref, number=1, channel="email", by=SYSTEM, now=lands.now)
    plan_wave(recall=lands.recall, wave=wave, key=KEY, host=HOST, by=lands.by, now=lands.now)
    return wave


def told(lands: Any) -> dict[str, list[str]]:
    rows = Message.objects.select_related("skeleton", "second").order_by("pk")
    found = {}
    for row in rows:
        land = next(k for k, one in lands.people.items() if row.recipient == f"customer:{one.pk}")
        texts = [row.skeleton, row.second] if row.second else [row.skeleton]
        found[land] = [text.language for text in texts]
    return found


BOTH = {
    "CH": ["de", "fr"],
    "BE": ["fr", "de"],
    "LU": ["fr", "de"],
    "CA": ["en", "fr"],
    "FI": ["en"],
    "DE": ["de"],
}


def test_both_languages_stand_in_one_row(lands):
    approved(lands, "de", "en", "fr")
    planned(lands)
    assert told(lands) == BOTH
    assert Message.objects.count() == len(BOTH)
    assert len(set(Message.objects.values_list("message_id", flat=True))) == len(BOTH)


def test_letters_and_message_files_follow_the_same_rule(lands):
    approved(lands, "de", "en", "fr")
    room = printing.PrintRoom.of(lands.recall, key=KEY, public_url=URL)
    people = list(printing.with_address(lands.recall))
    assert {one.country: list(room.texts_for(one)) for one in people} == BOTH
    pdf, _remarks = printing.letters(room, people, now=lands.now)
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]
    assert len(pages) == sum(map(len, BOTH.values()))
    swiss = [page for page in pages if "Owner CH" in page]
    assert ["Charge" in swiss[0], "Rappel" in swiss[1]] == [True, True]
    files = zipfile.ZipFile(io.BytesIO(printing.eml_zip(room, people, now=lands.now)))
    assert len(files.namelist()) == len(BOTH)
    name = next(one for one in files.namelist() if "-de-fr.eml" in one)
    message = email.message_from_bytes(files.read(name), policy=email.policy.default)
    text = message.get_body(preferencelist=("plain",)).get_content()
    assert text.index("Produktsicherheitsrückruf") < text.index("Rappel de produit")
    table = io.StringIO(printing.merge_csv(room, people).decode("utf-8-sig"), newline="")
    rows = {row["name"]: row for row in csv.DictReader(table)}
    assert {name[6:]: row["language"].split(", ") for name, row in rows.items()} == BOTH
    assert "Rappel de produit" in rows["Owner CH"]["text"]


def test_the_second_language_is_drafted_too(lands):
    assert set(needed_languages(lands.recall)) == {"de", "fr", "en"}


def test_the_head_count_names_every_language_somebody_lacks(lands):
    approved(lands, "de")
    found = reach(lands.recall).coverage
    assert dict(found.given) == {"de": 6}
    assert dict(found.uncovered) == {"fr": 4, "nl": 1, "en": 1, "fi": 1}
    assert (found.not_covered, found.everybody) == (5, 6)
    assert (
        coverage(lands.recall, {"": ["de"]}, text_laws(lands.recall)).uncovered == found.uncovered
    )
    approved(lands, "de", "en", "fr")
    found = reach(lands.recall).coverage
    assert dict(found.uncovered) == {"nl": 1, "fi": 1}
    assert found.not_covered == 2


def test_nothing_of_it_leaves_while_one_of_the_two_is_not_approved(lands):
    approved(lands, "de", "en", "fr")
    wave = planned(lands)
    wave = move_wave(wave=wave, move="launch", ramp_percent=100, by=SYSTEM, now=lands.now)
    wave = move_wave(wave=wave, move="finish_ramp", by=SYSTEM, now=lands.now)
    french = text_in(lands.recall, "fr")
    withdraw_approval(text=french, reason="a word is wrong", by=lands.by, now=lands.now)
    window = claim_window(wave=wave, most=100, worker="me", by=SYSTEM, now=lands.now)
    alone = [land for land, languages in BOTH.items() if "fr" not in languages]
    assert len(window.rows) == len(alone) == 2


def test_new_words_of_the_second_language_reach_whoever_waits(lands):
    approved(lands, "de", "en", "fr")
    planned(lands)
    before = set(Message.objects.exclude(second=None).values_list("second_id", flat=True))
    edit_text(
        text=text_in(lands.recall, "fr"),
        changes={"share": "Parlez de ce rappel autour de vous."},
        by=lands.by,
        now=lands.now,
    )
    text = approve_text(text=text_in(lands.recall, "fr"), by=lands.by, now=lands.now)
    swiss = Message.objects.get(recipient=f"customer:{lands.people['CH'].pk}")
    assert swiss.second.text_sha256 == text.sha256
    assert swiss.second_id not in before
    belgian = Message.objects.get(recipient=f"customer:{lands.people['BE'].pk}")
    assert belgian.skeleton.text_sha256 == text.sha256


class Post:
    """A carrier that accepts everything and keeps it."""

    sender, retry_for, trouble, down_for = "recall@lumenvale.example", 60.0, None, 0.0

    def __init__(self) -> None:
        self.kept: dict[str, list[bytes]] = {}
        self.ended: list[Any] = []

    def put(self, parcels: Iterable[tuple[Any, str, bytes]]) -> None:
        for key, address, data in parcels:
            self.kept.setdefault(address, []).append(data)
            self.ended.append(key)

    def turn(self, timeout: float) -> list[Any]:
        ended, self.ended = self.ended, []
        return [Ended(key, "accepted", 250, "250 ok") for key in ended]

    def take_back(self) -> list[Any]:
        return []

    def close(self) -> None:
        pass


def test_one_message_arrives_with_both_texts(lands, tmp_path):
    approved(lands, "de", "en", "fr")
    wave = planned(lands)
    wave = move_wave(wave=wave, move="launch", ramp_percent=100, by=SYSTEM, now=lands.now)
    wave = move_wave(wave=wave, move="finish_ramp", by=SYSTEM, now=lands.now)
    worker, post = Worker("host", "boot", 1, "1"), Post()
    sender = Sender(
        wave=wave,
        carrier=post,
        flight=flight_for(tmp_path, worker),
        worker=worker,
        letterhead=Letterhead(Post.sender, "Lumen & Vale"),
        fill=lambda row: {**row.values, "link": f"{URL}/r/x"},
        home=tmp_path,
        alone=True,
        hold=timedelta(0),
    )
    assert sender.run(threading.Event()) == "done"
    assert {len(copies) for copies in post.kept.values()} == {1}
    message = email.message_from_bytes(
        post.kept[lands.people["CH"].email][0], policy=email.policy.default
    )
    assert message["Content-Language"] == "de, fr"
    text = message.get_body(preferencelist=("plain",)).get_content()
    assert text.index("Produktsicherheitsrückruf") < text.index("Rappel de produit")
