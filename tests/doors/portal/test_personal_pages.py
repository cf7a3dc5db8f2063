"""The personal link: three buttons, a choice, a status; and nothing for anybody else."""

import logging
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from holdfast.doors.portal import frame
from holdfast.doors.portal.kept import PUBLISHED
from holdfast.response.remedies.actions import export_payouts, pay_export
from holdfast.response.remedies.models import Claim, InjuryReport, PersonalLink
from holdfast.response.units.queries import units_by_state

NEVER = "A" * 22


@pytest.fixture
def client():
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def at(told):
    return f"/r/{told.token}"


@pytest.fixture
def clock(monkeypatch, told):
    """The pages' clock, set to the morning of the small recall."""
    moment = {"now": told.now}

    class Clock(datetime):
        @classmethod
        def now(cls, tz=None):
            return moment["now"].astimezone(tz or UTC)

    monkeypatch.setattr(frame, "datetime", Clock)
    return moment


def homes(told):
    return units_by_state(told.recall)["consumer"]


def text(response) -> str:
    return response.content.decode()


def test_the_notice_names_the_order_and_asks_one_question(client, told, at) -> None:
    page = text(client.get(at))
    assert "Stop using it now." in page
    assert "LV-1001" in page
    assert page.count("<button") == 3
    assert "Buyer 1" not in page
    assert "example.org" not in page


def test_yes_leads_to_a_choice_with_the_sum_and_no_preselection(client, told, at, clock) -> None:
    answer = client.post(at, {"a": "yes"})
    assert answer.status_code == 303
    page = text(client.get(answer["Location"]))
    assert "117.00" in page
    assert "checked" not in page
    assert "Fri\xa08\xa0May" in page
    assert homes(told) == {"has_it": 3}


def test_confirming_promises_a_day_and_shows_how_to_get_rid_of_it(client, told, at, clock) -> None:
    done = client.post(f"{at}/remedy", {"r": "refund", "ok": "1"})
    assert done.status_code == 303
    page = text(client.get(done["Location"]))
    assert "Done. Your refund of" in page
    assert "Fri\xa08\xa0May" in page
    assert "Not in the bin, not in the post, not on a plane" in page
    assert Claim.objects.first().reference in page
    assert text(client.get(at)).count("Done. Your refund") == 2  # title and heading: the status


def test_without_a_choice_or_the_promise_the_page_says_what_is_missing(client, told, at) -> None:
    first = client.post(f"{at}/remedy", {"ok": "1"})
    assert "Please choose one of the offers" in text(first)
    second = client.post(f"{at}/remedy", {"r": "replacement"})
    assert "Please tick" in text(second)
    assert 'value="replacement" checked' in text(second)
    assert Claim.objects.filter(state="chosen").count() == 0


def test_i_no_longer_have_it_takes_two_taps(client, told, at) -> None:
    asked = client.post(at, {"a": "gone"})
    done = client.post(asked["Location"], {"g": "given_away"})
    page = text(client.get(done["Location"]))
    assert "Thank you" in page
    assert "send this address" in page
    assert homes(told) == {"given_away": 3}


def test_a_mistake_can_be_taken_back(client, told, at) -> None:
    client.post(f"{at}/gone", {"g": "discarded"})
    answer = client.post(f"{at}/done", {"a": "yes"})
    assert answer["Location"].startswith(f"{at}/remedy")
    assert homes(told) == {"has_it": 3}


def test_a_passed_promise_apologises_and_offers_the_money(client, told, at, clock) -> None:
    client.post(f"{at}/remedy", {"r": "replacement", "ok": "1"})
    clock["now"] = told.now + timedelta(days=30)
    page = text(client.get(at))
    assert "We are late, and we are sorry" in page
    assert "Take the refund instead" in page
    client.post(at, {"a": "late_refund"})
    assert set(Claim.objects.values_list("remedy", flat=True)) == {"refund"}


def test_a_paid_refund_is_shown_as_settled(client, told, at, clock) -> None:
    client.post(f"{at}/remedy", {"r": "refund", "ok": "1"})
    export_payouts(recall=told.recall, export="P-1", by=told.by, now=told.now)
    pay_export(recall=told.recall, export="P-1", evidence="bank", by=told.by, now=told.now)
    page = text(client.get(at))
    assert "Settled." in page
    assert "Change my choice" not in page


def test_the_file_to_keep_has_the_reference_and_the_dates(client, told, at, clock) -> None:
    client.post(f"{at}/remedy", {"r": "refund", "ok": "1"})
    kept = client.get(f"{at}/save")
    assert kept["Content-Disposition"].startswith("attachment")
    assert Claim.objects.first().reference in text(kept)
    assert "<" not in text(kept)


def test_somebody_was_hurt_needs_no_claim(client, told, at) -> None:
    page = text(client.get(f"{at}/hurt"))
    assert "emergency number" in page
    thanks = client.post(f"{at}/hurt", {"what": "It burned my hand", "contact": ""})
    report = InjuryReport.objects.get()
    assert report.reference in text(thanks)
    assert report.customer_id == told.buyer.pk
    assert Claim.objects.count() == 0


@pytest.mark.parametrize("state", ["unknown", "revoked", "expired", "odd"])
def test_dead_links_look_alike_and_lead_to_the_check(client, told, state: str) -> None:
    token = NEVER if state == "unknown" else told.token
    if state == "revoked":
        PersonalLink.objects.update(revoked_at=told.now)
    if state == "expired":
        PersonalLink.objects.update(expires_at=told.now)
    if state == "odd":
        token = "%F0%9F%94%A5"
    pages = [text(client.get(f"/r/{token}{page}")) for page in ("", "/remedy", "/done", "/hurt")]
    assert len(set(pages)) == 1
    assert "Nothing is lost" in pages[0]
    assert token not in pages[0]
    assert "LV-1001" not in pages[0]
    assert client.post(f"/r/{token}", {"a": "yes"}).content == client.get(f"/r/{token}").content
    assert Claim.objects.count() == 0


def test_personal_pages_are_kept_by_nobody_and_tell_nobody(client, told, at) -> None:
    for page in ("", "/remedy", "/gone", "/check", "/hurt", "/write", "/real"):
        answer = client.get(at + page)
        assert answer["Cache-Control"] == "no-store", page
        assert answer["Referrer-Policy"] == "no-referrer", page
        assert "noindex" in text(answer), page
        assert not answer.cookies, page
        assert "default-src 'none'" in answer["Content-Security-Policy"], page


def test_the_token_reaches_no_log(client, told, at, caplog, settings) -> None:
    caplog.set_level(logging.DEBUG)
    settings.DEBUG = False
    for page in ("", "/remedy", "/nothing-here", "/hurt"):
        client.get(at + page)
        client.post(at + page, {"a": "yes"})
    client.put(at)
    assert told.token not in caplog.text


def test_arabic_pages_run_right_to_left_with_codes_left_to_right(client, told, at) -> None:
    page = text(client.get(f"{at}?l=ar"))
    assert 'lang="ar" dir="rtl"' in page
    assert '<bdi dir="ltr" class="c">LV-1001</bdi>' in page


def test_the_language_of_the_person_is_kept_through_the_forms(client, told, at) -> None:
    told.buyer.language = "de"
    told.buyer.save()
    page = text(client.get(at, headers={"accept-language": "fr"}))
    assert "Ja, ich habe es noch" in page
    assert client.post(f"{at}?l=es", {"a": "yes"})["Location"].endswith("l=es")


def test_when_the_scope_was_narrowed_the_page_says_not_affected(client, told, at) -> None:
    told.scope({})
    page = text(client.get(at))
    assert "Yours is not affected by this recall" in page
    assert "Stop using it now" not in page
    assert client.post(at, {"a": "yes"}).status_code == 409


def test_a_closed_recall_can_still_be_answered(client, told, at) -> None:
    told.recall.state, told.recall.closed_at = "closed", told.now
    told.recall.save()
    PUBLISHED.forget()
    assert "You can still claim" in text(client.get(at))
    client.post(f"{at}/remedy", {"r": "refund", "ok": "1"})
    assert homes(told) == {"claim_open": 3}
