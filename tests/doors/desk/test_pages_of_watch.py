"""The pages of Watch say what is so in the reader's language and numbers, with a next step."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.translation import gettext, override

from holdfast.config.worker import run_jobs
from holdfast.decision.announcements.models import Feed
from holdfast.decision.intake.models import Inspection, InspectionSeries
from holdfast.decision.intake.queries import RushSeen
from holdfast.decision.intake.queries.rushes import About
from holdfast.decision.investigations.models import Investigation
from holdfast.decision.investigations.queries import letter_to_supplier
from holdfast.decision.recalls.actions import record_clock_start
from holdfast.decision.recalls.models import Recall
from holdfast.doors.desk.rushwords import rush_row
from holdfast.doors.desk.templatetags.desk import quoted
from holdfast.ground.access.models import Person
from holdfast.ground.journal.telling import page as journal_page
from holdfast.kit.actors import Actor
from holdfast.kit.signals.rush import Rush
from holdfast.supply.catalog.models import Product
from holdfast.supply.imports.models import ImportRun
from holdfast.supply.parties.models import Supplier
from holdfast.supply.traceability.models import Receipt

pytestmark = pytest.mark.django_db
GERMAN = {"Accept-Language": "de"}
NOW = datetime(2026, 3, 20, 9, 0, tzinfo=UTC)
BAD = """order,sku,quantity,date
1,A,one,2026-03-02
,A,1,2026-03-02
3,A,1,2026-13-45
4,A,1,2026-03-03
"""


def told(answer: Any) -> str:
    """What a page says, without its markup."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def next_step(answer: Any) -> str:
    """The block of the next step, with its link."""
    return answer.content.decode().split('<div class="next">')[1].split("<section")[0]


def test_rows_that_were_not_taken_in_say_why_in_german_and_as_they_stood(
    desk: Client, settings: Any, tmp_path: Path
) -> None:
    settings.HOME = tmp_path
    sent = {"kind": "orders", "file": SimpleUploadedFile("o.csv", BAD.encode())}
    address = desk.post("/data/", sent).headers["Location"]
    looked = told(desk.get(address, headers=GERMAN))
    assert "Tabelle der Bestellungen" in looked
    assert "utf-8 · Komma" in looked
    desk.post(address, {"step": "import"})
    run_jobs()
    run = ImportRun.objects.get()
    answer = desk.get(f"/data/runs/{run.pk}/", headers=GERMAN)
    for page in (looked, told(answer)):
        assert "keine Zahl: &#x27;one&#x27;" in page
        assert "keine Bestellnummer" in page
        assert "kein Datum: &#x27;2026-13-45&#x27;" in page
    assert '<bdi dir="ltr">,A,1,2026-03-02</bdi>' in answer.content.decode()
    assert "Bestellungen · csv" in told(desk.get("/data/", headers=GERMAN))
    # what programs read stays as it was
    assert b"not a number: 'one'" in b"".join(desk.get(f"/data/runs/{run.pk}/rejected.csv"))


def test_a_file_that_is_no_table_leads_to_another_file(
    desk: Client, settings: Any, tmp_path: Path
) -> None:
    settings.HOME = tmp_path
    sent = {"kind": "orders", "file": SimpleUploadedFile("o.csv", b"<html><p>Log in</p></html>")}
    answer = desk.get(desk.post("/data/", sent).headers["Location"], headers=GERMAN)
    assert "o.csv ist eine Webseite, keine Tabelle" in told(answer)
    assert 'href="/data/"' in next_step(answer)
    assert "Welche Spalte was bedeutet" not in told(answer)


def test_a_form_with_too_much_in_it_leads_to_where_a_file_is_brought_in(
    desk: Client, settings: Any
) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000
    answer = desk.post("/complaints/", {"text": "x" * 2_000}, "application/x-www-form-urlencoded")
    assert answer.status_code == 413
    assert 'class="btn" href="/data/"' in answer.content.decode()


def test_silent_feeds_stand_first_and_say_in_german_what_came_and_when_it_last_worked(
    desk: Client,
) -> None:
    for source in ("cpsc", "openfda"):
        desk.post("/watch/feeds/", {"step": "on", "source": source})
    heard = datetime.now(UTC) - timedelta(days=2, hours=1)
    Feed.objects.filter(source="cpsc").update(
        failures=2, heard_at=heard,
        last_words="CPSC recalls answered with no records: a page or XML instead of records.",
        drift=[{"kind": "unknown_field", "where": "Odd", "times": 3, "sentence":
                "CPSC recalls sends the field Odd, which is not known here (3 records)."}],
    )  # fmt: skip
    answer = desk.get("/watch/feeds/", headers=GERMAN)
    page = told(answer)
    assert page.index("CPSC recalls") < page.index("openFDA enforcement reports")
    assert "zuletzt gehört vor 2 Tagen" in page
    assert "antwortete ohne Datensätze: eine Webseite oder XML statt Datensätzen." in page
    assert "CPSC recalls sendet das Feld Odd, das hier nicht bekannt ist" in page
    assert 'href="/data/announcements/"' in next_step(answer)


def test_a_pattern_leads_to_what_was_counted_with_the_readers_numbers(desk: Client) -> None:
    for code in ("S", "T"):
        supplier = Supplier.objects.create(code=code, name=code)
        product = Product.objects.create(code=f"P{code}", code_key=f"p{code}".casefold())
        series = InspectionSeries.objects.create(product=product, supplier=supplier)
        for n in range(12):
            lot, at = f"{code}{n}", datetime.now(UTC) - timedelta(days=n)
            Receipt.objects.create(lot=lot, product=product, supplier=supplier, received_at=at)
            Inspection.objects.create(
                series=series, lot=lot, looked_at=20, found=0, inspected_at=at, identity=lot,
                verdict="rejected" if code == "S" and n < 9 else "accepted",
                recorded_at=at, recorded_by="person:1",
            )  # fmt: skip
    answer = desk.get("/patterns/", headers=GERMAN)
    page = answer.content.decode()
    assert "9 von 9 abgewiesenen Chargen, erwartet 4,5" in page
    assert re.search(r"p = 0,\d+ · q = 0,\d+", page)
    assert "expected" not in page
    assert 'href="/inspections/' in next_step(answer)
    assert 'href="/inspections/?supplier=S"' in page
    refused = told(desk.get("/patterns/?component=moon", headers=GERMAN))
    assert "Keine Charge und kein Produkt namens „moon“" in refused
    carried = desk.get("/patterns/?component=S1", headers=GERMAN)
    assert 'action="#component"' in carried.content.decode()


def test_a_rush_of_one_day_names_its_day_once() -> None:
    day = date(2026, 11, 27)
    seen = RushSeen(Rush(day, day, 70, 70, 0.2), About(None, "uc"), "UC-3", "USB cable")
    with override("de"):
        assert rush_row(seen)["words"].count("27 Nov 2026") == 1


def test_a_fact_that_clocks_count_from_is_told_in_german_with_the_persons_name(
    desk: Client, owner: Actor, recall: Recall
) -> None:
    record_clock_start(
        recall=recall, fact="incident_known", at=NOW, source="complaint C-7, received here",
        known_by=owner.key, by=owner, now=NOW,
    )  # fmt: skip
    page = told(desk.get(f"/recalls/{recall.ref}/deadlines/", headers=GERMAN))
    assert f"{Person.objects.get().name} · Beschwerde C-7, hier eingegangen" in page
    assert owner.key not in page
    entry = next(one for one in journal_page().entries if one.kind == "ClockStartRecorded")
    with override("de"):
        assert entry.here.startswith("Die Firma wusste von einem Vorfall")
    assert entry.words.startswith("The firm knew of an incident")


def test_who_may_not_is_told_beside_the_form_whom_to_ask(
    owner: Actor, member: Callable[..., Actor]
) -> None:
    viewer = member("vera", "viewer")
    person = Person.objects.get(pk=viewer.person_id)
    Authenticator.objects.create(user=person, type="totp", data={})
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(person)
    answer = client.post("/watch/feeds/", {"step": "on", "source": "cpsc"}, headers=GERMAN)
    assert answer.status_code == 403
    with override("de"):
        assert gettext("Switch feeds of authorities on and off") in told(answer)
    assert "may not" not in told(answer)
    assert "It takes one of these roles" not in told(answer)


def test_the_letter_to_the_supplier_is_in_one_language(owner: Actor) -> None:
    found = Investigation(pk=7, product_words="Torch", hazard="chemical", known_at=NOW)
    german = letter_to_supplier(found, "de")
    assert "Kontakt mit schädlichem Stoff" in german
    assert "harmful" not in german
    assert "harmful substance" in letter_to_supplier(found, "en")
    with override("ar"):
        assert "harmful substance" in letter_to_supplier(found, "en")


def test_words_of_others_stand_between_the_readers_quotes() -> None:
    for language, shown in (("en", "“<bdi>a&lt;b</bdi>”"), ("de", "„<bdi>a&lt;b</bdi>“")):
        with override(language):
            assert quoted("a<b") == shown
