"""Letters, mail merge, message files and the page hold approved words and nobody else's data."""

from __future__ import annotations

import csv
import email
import hashlib
import io
import os
import zipfile
from email import policy as mail_policy

import pypdf
import pytest

from holdfast.ground.access.models import Person
from holdfast.ground.journal.models import Entry
from holdfast.kit.actors import Actor
from holdfast.kit.refusals import Forbidden, NotPermitted
from holdfast.response.notices import printing
from holdfast.response.notices.actions import (
    approve_text,
    ask_notice_file,
    draft_notice,
    edit_text,
    note_printed,
)
from holdfast.response.notices.jobs import file_of, print_file
from holdfast.response.notices.queries import text_in, ways_to_reach
from holdfast.response.remedies.models import PersonalLink

URL = "https://lumenvale.example/recall"
KEY = b"k" * 32
HOSTILE = '=cmd|"/c calc"!A1\r\nBcc: x@y.example <script>#let x=1'


@pytest.fixture
def told(small):
    people = [
        {"country": "DE", "language": "de", "street": "Lange Zeile 3", "city": "Köln"},
        {"country": "EG", "language": "ar", "street": "1 Nile St", "city": "Cairo"},
        {"country": "DE", "language": "de", "name": HOSTILE, "street": HOSTILE, "city": "Köln"},
        {"country": "DE", "language": "de", "email": "", "street": "Weg 1", "city": "Bonn"},
        {"country": "DE", "language": "de"},
    ]
    small.scope({small.line(customer=small.customer(**one)): 1 for one in people})
    draft_notice(
        recall=small.recall, url=URL, changes={"phone": "0800 1"}, by=small.by, now=small.now
    )
    for language in ("de", "ar"):
        approve_text(text=text_in(small.recall, language), by=small.by, now=small.now)
    return small


@pytest.fixture
def room(told):
    return printing.PrintRoom.of(told.recall, key=KEY, public_url="https://lumenvale.example")


def test_nothing_is_printed_before_a_text_is_approved(small):
    with pytest.raises(Forbidden):
        printing.PrintRoom.of(small.recall, key=KEY, public_url="https://x.example")


def test_each_letter_is_one_sheet_with_the_owners_own_values(told, room):
    people = list(printing.with_address(told.recall))
    assert len(people) == 4
    pdf, _remarks = printing.letters(room, people, now=told.now)
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    assert len(pages) == 4
    said = [" ".join(page.extract_text().split()) for page in pages]
    assert sum("Lange Zeile 3" in one for one in said) == 1
    assert sum("Produktsicherheitsrückruf" in one for one in said) == 3
    assert all("B17" in one for one in said)
    assert sum("#let x=1" in one for one in said) == 1, "typed text is never code"


def test_where_a_country_has_two_languages_the_letter_has_two_sheets(told):
    person = told.customer(country="CH", language="", street="Rue 1", city="Biel", name="Bi Lingue")
    known = told.customer(country="CH", language="fr", street="Rue 2", city="Biel")
    told.scope({told.line(customer=one, market="CH"): 1 for one in (person, known)})
    draft_notice(recall=told.recall, url=URL, languages=["de", "fr"], by=told.by, now=told.now)
    for language in ("de", "fr"):
        approve_text(text=text_in(told.recall, language), by=told.by, now=told.now)
    room = printing.PrintRoom.of(told.recall, key=KEY, public_url="https://lumenvale.example")
    people = list(printing.with_address(told.recall))
    pdf, _remarks = printing.letters(room, people, now=told.now)
    said = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]
    assert len(said) == 3
    assert sum("Bi Lingue" in one for one in said) == 2


def test_letters_can_be_for_those_without_email_only(told):
    only = list(printing.with_address(told.recall, only_without_email=True))
    assert [person.city for person in only] == ["Bonn"]


def test_the_same_letters_are_the_same_bytes(told, room):
    people = list(printing.with_address(told.recall))
    assert printing.letters(room, people, now=told.now) == printing.letters(
        room, people, now=told.now
    )


def test_a_merge_row_a_person_and_no_cell_is_a_formula(told, room):
    people = list(printing.with_email(told.recall))
    table = printing.merge_csv(room, people).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(table, newline="")))
    assert len(rows) == 4
    assert {row["language"] for row in rows} == {"de", "ar"}
    for row in rows:
        assert row["link"].startswith("https://lumenvale.example/r/")
        assert not any(value.startswith(("=", "+", "-", "@", "\t", "\r")) for value in row.values())
    assert len({row["link"] for row in rows}) == 4


def test_a_message_file_a_person_and_no_value_becomes_a_header(told, room):
    people = list(printing.with_email(told.recall))
    content = printing.eml_zip(room, people, now=told.now)
    assert content == printing.eml_zip(room, people, now=told.now)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        messages = [
            email.message_from_bytes(archive.read(name), policy=mail_policy.default)
            for name in names
        ]
    assert len(messages) == 4
    for message in messages:
        assert message["Bcc"] is None
        assert message["X-Unsent"] == "1"
        html = message.get_body(("html",)).get_content()
        assert "<script>" not in html
        assert "B17" in html
    assert len({message["Message-ID"] for message in messages}) == 4


def test_the_page_to_upload_has_every_approved_language(told, room):
    html = printing.page(room)
    assert 'lang="de"' in html
    assert 'dir="rtl"' in html
    assert URL in html


def test_a_page_of_a_shop_without_a_public_address_answers_by_mail(told, room):
    facts = room.contents["de"].facts
    assert printing.answer_address(facts) == URL
    local = type(facts)(
        shop="x",
        product="y",
        hazard="fire",
        url="http://127.0.0.1:8765/recall",
        email="a@b.example",
    )
    assert printing.answer_address(local) == "mailto:a@b.example"


def test_a_printed_file_is_recorded_with_its_hash_and_its_words(told, room):
    note_printed(
        recall=told.recall,
        form="letters",
        people=4,
        texts=room.hashes(room.texts),
        file_sha256=hashlib.sha256(b"x").hexdigest(),
        by=told.by,
        now=told.now,
    )
    entry = Entry.objects.filter(kind="NoticesPrinted").latest("index")
    assert room.texts["de"].sha256 in entry.payload


def test_a_file_whose_words_changed_meanwhile_is_not_kept(told, room):
    edit_text(
        text=text_in(told.recall, "de"),
        changes={"apology": "Das tut uns leid."},
        by=told.by,
        now=told.now,
    )
    with pytest.raises(Forbidden):
        note_printed(
            recall=told.recall,
            form="letters",
            people=4,
            texts=room.hashes(room.texts),
            file_sha256="0" * 64,
            by=told.by,
            now=told.now,
        )


def test_a_viewer_prints_no_names(told, room):
    with pytest.raises(NotPermitted):
        note_printed(
            recall=told.recall,
            form="merge",
            people=1,
            texts=room.hashes(room.texts),
            file_sha256="0" * 64,
            by=Actor("person:4", "Viewer", frozenset({"viewer"}), 4),
            now=told.now,
        )


def test_a_run_without_anybody_says_so_on_a_sheet(told, room):
    pdf, _remarks = printing.letters(room, [], now=told.now)
    assert "No letters" in pypdf.PdfReader(io.BytesIO(pdf)).pages[0].extract_text()


def test_people_are_counted_by_the_ways_to_reach_them(told):
    assert ways_to_reach(told.recall) == {"email": 4, "post": 4, "post_only": 1}


def test_the_worker_writes_the_file_and_drops_yesterdays(told, tmp_path, settings):
    settings.HOME = tmp_path
    job = ask_notice_file(
        recall=told.recall,
        form="eml",
        paper="a4",
        only_without_email=False,
        by=told.by,
        now=told.now,
    )
    again = ask_notice_file(
        recall=told.recall,
        form="eml",
        paper="a4",
        only_without_email=False,
        by=told.by,
        now=told.now,
    )
    assert again.pk == job.pk, "asked twice, written once"
    Person.objects.create(pk=1, email="lead@example.org", name="Lead", roles=["lead"])
    old = file_of(999, "merge")
    old.parent.mkdir()
    old.write_text("names")
    os.utime(old, (0, 0))
    result = print_file(job)
    path = file_of(job.pk, "eml")
    assert hashlib.sha256(path.read_bytes()).hexdigest() == result["sha256"]
    assert path.stat().st_mode & 0o077 == 0
    assert not old.exists()
    assert PersonalLink.objects.filter(recall=told.recall).count() == 4


def test_somebody_who_left_gets_no_file(told, tmp_path, settings):
    settings.HOME = tmp_path
    job = ask_notice_file(
        recall=told.recall,
        form="eml",
        paper="a4",
        only_without_email=False,
        by=told.by,
        now=told.now,
    )
    with pytest.raises(NotPermitted):
        print_file(job)
    assert not (tmp_path / "prints").exists()
