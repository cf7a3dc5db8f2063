"""The door for programs: a token of the right scope, each complaint once, problems with a place."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver
from jsonschema import Draft202012Validator

from holdfast.decision.intake.models import Complaint
from holdfast.doors.api.complaints import SCHEMA, told_from
from holdfast.doors.api.problems import Problem
from holdfast.ground.access.actions import found_instance, issue_api_token, revoke_api_token
from holdfast.ground.access.models import ApiToken, Person
from holdfast.ground.access.queries import actor_for
from holdfast.ground.journal.models import Entry
from holdfast.supply.catalog.models import Product
from tests.house.test_addresses import TOKEN, addresses

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 4, 14, 8, 5, tzinfo=UTC)
SECRET = "hf_a-secret-of-a-test-0123456789"
URL = "/api/v1/complaints"
BODY = {
    "text": "The adapter caught fire.",
    "product": "vl-10k",
    "id": "T-100001",
    "person": {"email": "ana@example.org"},
}


@pytest.fixture
def program(db: None) -> Client:
    """A program elsewhere with a token, and the product it speaks of."""
    found_instance(now=NOW)
    owner = actor_for(Person.objects.get())
    issue_api_token(name="Tickets", scope="complaints.write", secret=SECRET, by=owner, now=NOW)
    Product.objects.create(code="VL-10K", code_key="vl-10k")
    return Client(HTTP_AUTHORIZATION=f"Bearer {SECRET}", REMOTE_ADDR="203.0.113.9")


def send(client: Client, body: object, **headers: str) -> Any:
    told = body if isinstance(body, bytes) else json.dumps(body)
    kind = headers.pop("content_type", "application/json")
    return client.post(URL, told, content_type=kind, headers=headers)


def test_a_complaint_is_kept_once_and_the_answer_says_what_was_read(program: Client) -> None:
    first = send(program, BODY, **{"Idempotency-Key": "k-1"})
    assert first.status_code == 201
    told = first.json()
    assert (told["urgency"], told["product"], told["hazards"][0]) == ("urgent", "VL-10K", "fire")
    again = send(program, BODY, **{"Idempotency-Key": "k-1"})
    assert (again.status_code, again.json()) == (201, told)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert send(program, BODY).status_code == 200
    other = send(program, {"text": "Another one."}, **{"Idempotency-Key": "k-1"})
    assert (other.status_code, Complaint.objects.count()) == (422, 1)
    one = Complaint.objects.get()
    assert (one.channel, one.source, one.taken_in_by) == ("api", "Tickets", "token:1")
    told_all = "".join(Entry.objects.values_list("payload", flat=True))
    assert not any(word in told_all for word in (SECRET, "ana@", "caught fire"))


def test_what_no_database_stores_is_replaced_and_said(program: Client) -> None:
    told = {"text": "It burned \ud800 me", "title": "a\ud800", "lot": "L\udfff",
            "received_at": "0001-01-01T00:00:00+14:00"}  # fmt: skip
    answer = send(program, told)
    assert answer.status_code == 201
    assert answer.json()["notes"] == [
        "It says that it was received in the year 1, which cannot be."
    ]
    assert Complaint.objects.get().text == "It burned ? me"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'{"text": "It burned me", "\\ud800": 1}', 422),
        (b'{"text": "It burned me", "text": "all is well"}', 400),
        (b'{"text": "\\u200b\\u200b"}', 422),
        (b'{"text": "It burned me", "country": "?!"}', 422),
    ],
)
def test_what_cannot_be_meant_is_refused_as_a_problem(
    program: Client, body: bytes, status: int
) -> None:
    answer = send(program, body)
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert not Complaint.objects.exists()
    other = program.put(URL, b"{}", content_type="application/json")
    assert (other.status_code, other.headers["Allow"]) == (405, "POST")
    assert other.json()["status"] == 405


def test_no_role_and_no_session_opens_it_but_a_token_does(program: Client) -> None:
    found = [
        (f"/{route}", view.policy)
        for route, _name, view in addresses(get_resolver().url_patterns)
        if getattr(view, "policy", "").startswith(TOKEN)
    ]
    assert found == [(URL, "token complaints.write")]
    owner = Client(HTTP_HOST="127.0.0.1")  # the sole owner at their own machine
    strangers = [owner, Client(HTTP_AUTHORIZATION="Bearer hf_wrong-token-0123456789012")]
    for client in strangers:
        answer = send(client, BODY)
        assert answer.status_code == 401
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert program.get(URL).status_code == 405
    by = actor_for(Person.objects.get())
    revoke_api_token(token=ApiToken.objects.get(), by=by, now=NOW)
    assert send(program, BODY).status_code == 401
    assert not Complaint.objects.exists()


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b"[1]", "application/json", 400),
        (b"text=1", "application/x-www-form-urlencoded", 415),
        (b'{"text": "' + b"x" * 1_000_001 + b'"}', "application/json", 413),
    ],
)
def test_what_is_no_complaint_is_told_so(
    program: Client, body: bytes, kind: str, status: int
) -> None:
    answer = send(program, body, content_type=kind)
    assert (answer.status_code, answer.json()["status"]) == (status, status)
    assert not Complaint.objects.exists()


WRONG: list[dict[str, Any]] = [
    {},
    {"text": "  "},
    {"text": "a", "harm": True},
    {"text": "a", "harm": 5},
    {"text": "a", "stars": "5"},
    {"text": "a", "kind": "rant"},
    {"text": "a", "colour": "red"},
    {"text": "a", "lot": "x" * 121},
    {"text": "a", "person": {"iban": "DE"}},
    {"text": "a", "person": "Ana"},
]


def test_the_published_schema_and_the_reader_agree() -> None:
    schema = json.loads(SCHEMA.read_text("utf-8"))
    validator = Draft202012Validator(schema)
    for good in (BODY, {"text": "a", "harm": None, "person": None}, *schema["examples"]):
        assert validator.is_valid(good)
        assert told_from(good, source="x").text == good["text"]
    for bad in WRONG:
        assert not validator.is_valid(bad), bad
        with pytest.raises(Problem) as caught:
            told_from(bad, source="x")
        assert caught.value.errors[0][0].startswith("/")


def test_too_many_at_once_are_told_to_wait(program: Client, monkeypatch: Any) -> None:
    from datetime import timedelta

    from holdfast.doors.api import policy
    from holdfast.ground.limits.rules import Limit

    monkeypatch.setattr(policy, "WRITES", Limit("api.write", 1, timedelta(hours=1)))
    assert send(program, BODY).status_code == 201
    answer = send(program, {"text": "Another one."})
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "5")


def test_a_lead_makes_and_revokes_tokens_and_sees_one_once(program: Client) -> None:
    desk = Client(HTTP_HOST="127.0.0.1")
    made = desk.post(
        "/permissions/", {"step": "issue", "name": "Shop", "scope": "complaints.write"}
    ).content.decode()
    secret = made.partition('value="hf_')[2].partition('"')[0]
    assert len(secret) > 40
    assert f"hf_{secret}" not in desk.get("/permissions/").content.decode()
    shop = Client(HTTP_AUTHORIZATION=f"Bearer hf_{secret}")
    assert send(shop, {"text": "It wobbles."}).status_code == 201
    desk.post("/permissions/", {"step": "revoke", "token": ApiToken.objects.get(name="Shop").pk})
    assert send(shop, {"text": "It wobbles more."}).status_code == 401
