"""Theme, language, people, permissions, settings, errors and the strict policy of every page."""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

import holdfast.ground.look
from holdfast.decision.recalls.models import Recall
from holdfast.ground.access.models import Organisation, Person
from holdfast.ground.access.permissions import PERMISSIONS, ROLES
from holdfast.kit.actors import Actor
from holdfast.kit.sheets import neutral

pytestmark = pytest.mark.django_db
STATIC = Path(holdfast.ground.look.__file__).parent / "static" / "look"


def test_theme_and_language_are_cookies_set_by_a_form(desk: Client) -> None:
    answer = desk.post("/preferences/theme", {"t": "dark", "next": "/permissions/"})
    assert answer.headers["Location"] == "/permissions/"
    assert 'data-theme="dark"' in desk.get("/permissions/").content.decode()
    desk.post("/preferences/language", {"language": "ar", "next": "/permissions/"})
    assert '<html lang="ar" dir="rtl"' in desk.get("/permissions/").content.decode()
    desk.post("/preferences/theme", {"t": "<script>"})
    assert "data-theme" not in desk.get("/permissions/").content.decode()


def test_a_preference_never_leads_to_another_site(desk: Client) -> None:
    for evil in ("https://evil.example/", "//evil.example/", "javascript:alert(1)"):
        answer = desk.post("/preferences/theme", {"t": "light", "next": evil})
        assert answer.headers["Location"] == "/"


def test_a_preference_is_not_set_by_looking(desk: Client) -> None:
    assert desk.get("/preferences/theme?t=dark").status_code == 405


def test_numbers_that_are_none_are_no_fault_of_a_page(desk: Client) -> None:
    for page in ("/alarms/?before={}", "/investigations/?before={}"):
        for odd in ("²", "9" * 5000):
            assert desk.get(page.format(odd)).status_code == 200
    for step in ("close", "roles"):
        assert desk.post("/people/", {"step": step, "person": "²"}).status_code == 404


def test_every_permission_stands_on_one_page(desk: Client) -> None:
    page = desk.get("/permissions/").content.decode()
    for key, (words, _holders) in PERMISSIONS.items():
        assert key in page
        assert words in page.replace("&#x27;", "'")
    for words in ROLES.values():
        assert words in page


def test_adding_somebody_shows_a_first_password_once(desk: Client) -> None:
    answer = desk.post(
        "/people/", {"step": "add", "name": "Vera", "email": "vera@example.org", "roles": ["agent"]}
    )
    shown = re.search(r"<code>([\w-]{16})</code>", answer.content.decode())
    assert shown is not None
    assert Person.objects.get(email="vera@example.org").check_password(shown[1])


def test_a_person_without_a_role_is_not_added_and_the_form_keeps_the_name(desk: Client) -> None:
    answer = desk.post("/people/", {"step": "add", "name": "Vera", "email": "vera@example.org"})
    assert answer.status_code == 400
    assert 'value="Vera"' in answer.content.decode()
    assert "Tick at least one role" in answer.content.decode()


def test_the_last_lead_stays(desk: Client, owner: Actor) -> None:
    answer = desk.post(
        "/people/", {"step": "roles", "person": owner.person_id, "roles": ["viewer"]}
    )
    assert answer.status_code == 409
    assert "Nobody would be left as recall lead" in answer.content.decode()


def test_settings_are_checked_and_kept(desk: Client) -> None:
    good = {"name": "Lumen & Vale", "zone": "Europe/Berlin", "currency": "eur", "country": "de"}
    assert desk.post("/settings/", {**good, "zone": "Berlin"}).status_code == 400
    desk.post("/settings/", good)
    org = Organisation.objects.get()
    assert (org.name, org.zone, org.currency, org.country) == (
        "Lumen & Vale",
        "Europe/Berlin",
        "EUR",
        "DE",
    )
    assert not org.is_one_person


def test_what_is_not_there_is_said_in_our_look(desk: Client) -> None:
    answer = desk.get("/recalls/R-1999-001/")
    assert answer.status_code == 404
    assert "There is no recall" in answer.content.decode()
    assert "base.css" in answer.content.decode()


def test_a_number_that_is_none_breaks_no_page(desk: Client, recall: Recall) -> None:
    for odd in ("²", "9" * 5000, "-1", "\x00", "٣"):
        for path in ("/recalls/?before=", "/inbox/?after=", f"/recalls/{recall.ref}/scope/?job="):
            assert desk.get(path + quote(odd)).status_code in (200, 404), (path, odd[:9])
        launch = desk.post(f"/recalls/{recall.ref}/launch/", {"step": "look", "wave": odd})
        assert launch.status_code in (302, 400, 409, 422)
        found = desk.post("/go", {"q": odd})
        assert found.status_code < 500


def test_pages_carry_no_inline_script_or_style(desk: Client, recall: Recall) -> None:
    for path in ("/recalls/", "/start", f"/recalls/{recall.ref}/", "/people/"):
        answer = desk.get(path)
        page = answer.content.decode()
        assert not re.search(r"\sstyle=|<style|\son\w+=", page), path
        assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", page)), path
        policy = answer.headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy


def test_forms_travel_with_their_origin(desk: Client) -> None:
    assert desk.get("/start").headers["Referrer-Policy"] == "strict-origin"


def test_a_form_without_its_token_is_refused_in_words() -> None:
    strict = Client(enforce_csrf_checks=True, HTTP_HOST="127.0.0.1")
    answer = strict.post("/preferences/theme", {"t": "dark"})
    assert answer.status_code == 403
    assert "This form is too old" in answer.content.decode()


def test_a_form_with_too_much_in_it_is_refused_in_words(desk: Client, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000
    answer = desk.post(
        "/complaints/",
        f"text={'x' * 2_000}",
        content_type="application/x-www-form-urlencoded",
        headers={"Accept-Language": "de"},
    )
    assert answer.status_code == 413
    assert '<html lang="de"' in answer.content.decode()
    assert "mehr, als ein Formular aufnimmt" in answer.content.decode()
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    stranger = desk.get("/complaints/", headers={"Host": "elsewhere.example"})
    assert (stranger.status_code, b"Holdfast" in stranger.content) == (400, False)


def test_the_desk_keeps_its_weight() -> None:
    css = sum(len(gzip.compress((STATIC / n).read_bytes())) for n in ("base.css", "desk.css"))
    js = len(gzip.compress((STATIC / "desk.js").read_bytes()))
    assert css <= 20 * 1024
    assert (STATIC / "desk.js").stat().st_size <= 9 * 1024
    assert js <= 6 * 1024


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-x", "@SUM(A1)", "\tx", "\rx"])
def test_cells_are_never_formulas(cell: str) -> None:
    assert neutral(cell) == "'" + cell


@pytest.mark.parametrize("cell", ["-3", "-3.5", "12", "B17", ""])
def test_numbers_and_words_stay_what_they_are(cell: str) -> None:
    assert neutral(cell) == cell
