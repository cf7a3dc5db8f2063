"""The public side: list, notice, check, claims without a link; and GETs that write nothing."""

import gzip
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles import finders
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver

from holdfast.doors.portal.kept import PUBLISHED, Kept
from holdfast.doors.portal.limits import WRITES as LIMIT
from holdfast.ground.limits.rules import Trusted
from holdfast.response.outreach.rules import mark_in, page_mark
from holdfast.response.remedies.models import Claim, InjuryReport

R = "/recall/R-2026-001"
WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")


@pytest.fixture
def client():
    return Client(enforce_csrf_checks=True)


def text(response) -> str:
    return response.content.decode()


def portal_addresses(told) -> list[str]:
    """Every address of the portal, filled with real and with dead values."""
    found = []
    for pattern in get_resolver("holdfast.doors.portal.urls").url_patterns:
        route = "/" + str(pattern.pattern)
        for ref, token in (("R-2026-001", told.token), ("R-1999-9", "B" * 22)):
            filled = route.replace("<str:ref>", ref).replace("<str:token>", token)
            found.append(filled.replace("<int:number>", "1"))
    return sorted(set(found))


def rows() -> dict[str, int]:
    return {m._meta.label: m.objects.count() for m in apps.get_models()}


@pytest.mark.parametrize("answered", [False, True])
def test_no_get_and_no_head_changes_anything(client, told, answered: bool) -> None:
    if answered:
        client.post(f"/r/{told.token}/remedy", {"r": "refund", "ok": "1"})
    before = rows()
    addresses = portal_addresses(told)
    assert len(addresses) > 30
    for address in addresses:
        for ask in (client.get, client.head, client.options):
            with CaptureQueriesContext(
                connection,
            ) as asked:
                ask(address + "?l=de&a=yes&r=refund&ok=1&g=sold&code=B17&what=x")
            written = [q["sql"] for q in asked if q["sql"].lstrip().upper().startswith(WRITES)]
            assert written == [], address
    assert rows() == before


def test_every_page_of_the_portal_says_it_is_open_to_all() -> None:
    for pattern in get_resolver("holdfast.doors.portal.urls").url_patterns:
        assert pattern.callback.policy == "open to all", pattern


def test_the_list_is_the_address_people_type(client, told) -> None:
    page = text(client.get("/recall"))
    assert "Power bank VL-10K, lot B17" in page
    assert client.get("/recall")["Cache-Control"] == "public, max-age=60"
    ours = page_mark(settings.LINK_KEY)
    assert mark_in(page) == mark_in(text(client.get("/r/look"))) == ours
    notice = mark_in(text(client.get(R)))
    assert notice == page_mark(settings.LINK_KEY, recall="R-2026-001")  # no text is approved


def test_a_recall_nobody_was_told_of_is_not_public(client, told) -> None:
    told.recall.state = "decided"
    told.recall.save()
    PUBLISHED.forget()
    assert "VL-10K" not in text(client.get("/recall"))
    assert client.get(R).status_code == 404
    assert "VL-10K" not in text(client.get(R))


def test_a_closed_recall_keeps_its_page_and_its_rights(client, told) -> None:
    told.recall.state, told.recall.closed_at = "closed", told.now
    told.recall.save()
    PUBLISHED.forget()
    page = text(client.get(R))
    assert "You can still claim" in page


@pytest.mark.parametrize(
    ("typed", "heading"),
    [
        ("B17", "Yours is affected"),
        ("b-17 ", "Yours is affected"),
        ("BI7", "Yours is affected"),
        ("C03", "not affected"),
        ("co3", "not affected"),
    ],
)
def test_the_check_answers_whatever_way_the_code_is_typed(client, told, typed, heading) -> None:
    for address in (f"{R}/check", "/check/R-2026-001"):
        assert heading in text(client.post(address, {"code": typed, "a": "check"}))


def test_the_check_over_all_recalls_finds_the_recall(client, told) -> None:
    page = text(client.post("/check", {"code": "B17", "a": "check"}))
    assert "Yours is affected" in page
    assert f"{R}/remedy" in page


def test_after_two_unknown_codes_i_cannot_read_it_comes_first(client, told) -> None:
    page, tries = "", "0"
    for _ in range(2):
        page = text(client.post(f"{R}/check", {"code": "QQ99", "a": "check", "tries": tries}))
        tries = page.split('name="tries" value="')[1].split('"')[0]
    assert tries == "2"
    assert page.index('value="unreadable"') < page.index('value="check"')
    assert 'value="QQ99"' in page
    unreadable = text(client.post(f"{R}/check", {"a": "unreadable"}))
    assert "treat yours as affected" in unreadable
    assert f"{R}/remedy" in unreadable


def test_the_check_writes_nothing(client, told) -> None:
    before = rows()
    for code in ("B17", "C03", "", "?", "(01)09506000134352(10)B17", "x" * 5000):
        with CaptureQueriesContext(connection) as asked:
            client.post(f"{R}/check", {"code": code, "a": "check", "tries": "9"})
        assert not [q for q in asked if q["sql"].lstrip().upper().startswith(WRITES)]
    assert rows() == before


def claim(client, **more):
    form = {"r": "refund", "ok": "1", "order": "", "email": "", "postcode": "", "phone": "", **more}
    return client.post(f"{R}/remedy", form)


def test_a_claim_without_a_link_gets_a_page_of_its_own(client, told) -> None:
    answer = claim(client, order="LV-1001", email=told.buyer.email)
    assert answer.status_code == 303
    page = text(client.get(answer["Location"]))
    assert Claim.objects.get(source="public").reference in page
    assert "We have your claim" in page


def test_whether_an_order_matched_is_shown_to_nobody(client, told) -> None:
    def shown(**more) -> str:
        answer = claim(client, email="me@example.org", **more)
        page = text(client.get(answer["Location"]))
        token = answer["Location"].split("/r/")[1].split("?")[0]
        reference = Claim.objects.order_by("-pk").first().reference
        return page.replace(token, "T").replace(reference, "X")

    matched = shown(order="LV-1001", postcode=told.buyer.postcode)
    stray = shown(order="LV-1001", postcode="99999")
    assert {c.state for c in Claim.objects.all()} == {"chosen", "in_review"}
    assert matched == stray


def test_a_claim_asks_for_one_way_to_answer_and_keeps_what_was_typed(client, told) -> None:
    page = text(claim(client, order="LV-1001"))
    assert "Please leave an e-mail address or a phone number" in page
    assert 'value="LV-1001"' in page
    assert Claim.objects.count() == 0


def test_claims_are_limited_by_place_and_the_safety_answer_is_not(client, told) -> None:
    for number in range(LIMIT.most):
        assert claim(client, email=f"{number}@example.org").status_code == 303
    stopped = claim(client, email="last@example.org")
    assert stopped.status_code == 429
    assert "stop using it" in text(stopped)
    assert "Yours is affected" in text(client.post(f"{R}/check", {"code": "B17", "a": "check"}))
    assert client.post(R + "/hurt", {"what": "x"}).status_code == 429
    assert "0" in text(client.get(R))


def hurt(client, peer: str, told_by: str = "") -> int:
    headers = {"x-forwarded-for": told_by} if told_by else {}
    form = {"what": "smoke"}
    return client.post(R + "/hurt", form, REMOTE_ADDR=peer, headers=headers).status_code


def test_a_forged_header_gives_nobody_more_turns(client, told, settings) -> None:
    for number in range(LIMIT.most):
        assert hurt(client, "203.0.113.5", f"198.51.100.{number}") == 200
    assert hurt(client, "203.0.113.5", "198.51.100.99") == 429
    settings.TRUSTED_PROXIES = Trusted.parse("10.0.0.0/8")
    # through our proxy the same place is still the same place, whatever it adds in front
    assert hurt(client, "10.0.0.1", "198.51.100.99, 203.0.113.5") == 429
    assert hurt(client, "10.0.0.1", "198.51.100.99") == 200
    # and past our proxy nobody is believed
    assert hurt(client, "203.0.113.5", "198.51.100.99") == 429


def test_an_injury_can_be_told_on_every_page(client, told) -> None:
    for address in portal_addresses(told):
        page = text(client.get(address, follow=True))
        if "<html" in page:
            assert "Somebody was hurt" in page, address
    client.post("/recall/hurt", {"what": "smoke", "contact": "me"})
    assert InjuryReport.objects.get().recall_id is None


def test_what_people_type_is_shown_as_text(client, told) -> None:
    nasty = '"><script>alert(1)</script>'
    for address, form in (
        (f"{R}/check", {"code": nasty, "a": "check"}),
        (f"{R}/remedy", {"order": nasty, "email": nasty}),
        (f"{R}/hurt", {"what": "", "contact": nasty}),
    ):
        page = text(client.post(address, form))
        assert "<script" not in page
        assert "&lt;script&gt;" in page


def test_no_page_of_the_portal_needs_a_script_or_another_place(client, told) -> None:
    for address in portal_addresses(told):
        page = text(client.get(address, follow=True))
        assert "<script" not in page, address
        assert " style=" not in page, address
        assert page.count("<link") in (0, 2), address
        assert not re.search(r' src="(?!/recall/photo/)', page), address


def test_page_and_style_stay_under_fourteen_kilobytes(client, told) -> None:
    style = Path(finders.find("portal/portal.css")).read_bytes()
    for language in ("en", "ar"):
        page = client.get(f"/r/{told.token}?l={language}").content
        assert len(gzip.compress(page)) + len(gzip.compress(style)) < 14 * 1024


def test_odd_methods_and_odd_numbers_are_refused_politely(client, told) -> None:
    assert client.put(R).status_code == 405
    assert client.delete(f"/r/{told.token}").status_code == 405
    assert client.post(f"{R}/check", {"code": "?", "tries": "9" * 400}).status_code == 200
    assert client.get(R + "?l=%00xx").status_code == 200
    hurt = {"what": "it b\x00urned me", "contact": "a\x00@example.org"}
    assert client.post(f"{R}/hurt", hurt).status_code in (200, 303, 400)
    claim = {"r": "refund", "ok": "1", "order": "10\x0001", "email": "a\x00@example.org"}
    assert client.post(f"{R}/remedy", claim).status_code in (200, 303, 400, 409, 422)


def test_what_is_published_is_read_once_a_second(client, told) -> None:
    kept = Kept(seconds=1)
    reads = []
    for at in (0.0, 0.5, 0.99, 1.0, 1.5):
        kept.get("words", lambda: reads.append(1), at=at)
    assert len(reads) == 2
    client.post("/check", {"code": "B17", "a": "check"})
    with CaptureQueriesContext(connection) as asked:
        client.post("/check", {"code": "B17", "a": "check"})
    assert len(asked) == 0
