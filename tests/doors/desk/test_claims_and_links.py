"""One person at the desk: found, their photos seen, their link revoked and made anew."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from holdfast.decision.recalls.models import Recall
from holdfast.ground.journal.models import Entry
from holdfast.kit.actors import PUBLIC, Actor
from holdfast.response.remedies.actions import add_claim_photos, claim_publicly
from holdfast.response.remedies.models import ClaimPhoto, PersonalLink
from holdfast.supply.orders.models import OrderLine
from tests.doors.desk.conftest import NOW
from tests.doors.desk.test_inbox import choose, told
from tests.kit.test_pictures import bytes_of, scene

__all__ = ["told"]
pytestmark = pytest.mark.django_db
LINK = re.compile(r'value="[^"]*(/r/[A-Za-z0-9_-]{22})"')


def address(recall: Recall) -> str:
    return f"/recalls/{recall.ref}/claims/"


def photographed(recall: Recall, line: OrderLine, reference: str = "LV-1"):
    claim = choose(recall, line, "refund", reference)
    add_claim_photos(claim=claim, pictures=[bytes_of(scene(), "PNG")], by=PUBLIC, now=NOW)
    return claim


@pytest.mark.parametrize("by", ["order", "email", "reference"])
def test_a_person_is_found_by_order_mail_or_reference(
    desk: Client, told: Recall, orders: list[OrderLine], by: str
) -> None:
    line = orders[0]
    claim = choose(told, line, "refund", "LV-7")
    line.customer.email = "jane@example.org"
    line.customer.save()
    words = {"order": f"#{line.order_number}", "email": "Jane@example.org", "reference": "lv-7"}
    words["email"] = "jane@example.org"
    page = desk.get(address(told), {"q": words[by]}).content.decode()
    assert claim.reference in page
    assert "jane@example.org" in page
    assert "none that works" in page


def test_nobody_is_said_to_be_nobody(desk: Client, told: Recall) -> None:
    page = desk.get(address(told), {"q": "nobody@example.org"}).content.decode()
    assert "Nobody in this recall fits" in page


def test_a_new_link_is_shown_once_and_the_old_one_is_dead(
    desk: Client, told: Recall, orders: list[OrderLine]
) -> None:
    person = orders[0].customer
    given = {"q": orders[0].order_number, "person": person.pk, "reason": "letter went astray"}
    first = LINK.search(desk.post(address(told), {**given, "step": "renew"}).content.decode())
    assert first
    again = desk.post(address(told), {**given, "step": "renew"})
    assert again["Cache-Control"] == "private, no-store"
    second = LINK.search(again.content.decode())
    assert second
    assert first.group(1) != second.group(1)
    public = Client()
    assert "does not work any more" in public.get(first.group(1)).content.decode()
    assert "does not work any more" not in public.get(second.group(1)).content.decode()
    page = desk.get(address(told), {"q": orders[0].order_number}).content.decode()
    assert not LINK.search(page)
    assert "1 revoked" in page
    entries = Entry.objects.filter(kind__in=("LinkRevoked", "LinkRenewed"))
    assert [one.kind for one in entries.order_by("index")] == [
        "LinkRenewed",
        "LinkRevoked",
        "LinkRenewed",
    ]
    assert all(second.group(1)[3:] not in one.payload for one in entries)


def test_a_reason_is_needed_and_a_stranger_to_the_recall_gets_none(
    desk: Client, told: Recall, orders: list[OrderLine]
) -> None:
    person = orders[0].customer
    given = {"q": "x", "person": person.pk, "step": "renew"}
    assert desk.post(address(told), given).status_code == 400
    assert desk.post(address(told), {**given, "person": "999999"}).status_code == 404
    assert desk.post(address(told), {**given, "person": "x"}).status_code == 404
    assert not PersonalLink.objects.exists()


def test_only_revoked_it_opens_nothing(desk: Client, told: Recall, orders: list[OrderLine]) -> None:
    person = orders[0].customer
    given = {"q": orders[0].order_number, "person": person.pk, "reason": "stolen phone"}
    desk.post(address(told), {**given, "step": "renew"})
    assert desk.post(address(told), {**given, "step": "revoke"}).status_code == 302
    assert not PersonalLink.objects.filter(revoked_at__isnull=True).exists()


def test_a_photo_is_seen_at_its_claim_and_kept_by_no_browser(
    desk: Client, told: Recall, orders: list[OrderLine]
) -> None:
    claim = photographed(told, orders[0])
    page = desk.get(address(told)).content.decode()
    where = f"{address(told)}{claim.reference}/photo/1"
    assert f'src="{where}"' in page
    image = desk.get(where)
    assert image["Content-Type"] == "image/jpeg"
    assert image["Cache-Control"] == "private, no-store"
    assert image.content == bytes(ClaimPhoto.objects.get().content)
    assert desk.get(f"{address(told)}{claim.reference}/photo/2").status_code == 404
    assert desk.get(f"{address(told)}NOPE/photo/1").status_code == 404


def test_a_stranger_sees_no_photo(
    desk: Client, told: Recall, orders: list[OrderLine], owner: Actor
) -> None:
    claim = photographed(told, orders[0])
    elsewhere = Client(REMOTE_ADDR="203.0.113.9", HTTP_HOST="localhost")
    assert elsewhere.get(f"{address(told)}{claim.reference}/photo/1").status_code == 404


def test_photos_are_erased_for_a_reason(
    desk: Client, told: Recall, orders: list[OrderLine]
) -> None:
    claim = photographed(told, orders[0])
    given = {"step": "erase", "claim": claim.reference, "q": ""}
    assert desk.post(address(told), given).status_code == 400
    assert desk.post(address(told), {**given, "reason": "asked to"}).status_code == 302
    assert not ClaimPhoto.objects.exists()
    assert Entry.objects.filter(kind="ClaimPhotosErased").count() == 1


def test_the_inbox_says_that_a_photo_is_there(desk: Client, told: Recall) -> None:
    claim = claim_publicly(
        recall=told,
        order="",
        contact={"email": "a@example.org"},
        remedy="refund",
        stopped=True,
        reference="LV-9",
        token_sha256="0" * 64,
        language="en",
        by=PUBLIC,
        now=NOW,
    )
    add_claim_photos(claim=claim, pictures=[bytes_of(scene(), "JPEG")] * 2, by=PUBLIC, now=NOW)
    page = desk.get("/inbox/").content.decode()
    assert "2 photos" in page
    assert f"{address(told)}?q=LV-9" in page
    assert f"{address(told)}LV-9/photo/2" in desk.get(address(told), {"q": "LV-9"}).content.decode()
