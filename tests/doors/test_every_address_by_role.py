"""Every address × every role: who may enter does, other members are told, strangers get 404."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import get_resolver

from holdfast.decision.recalls.actions import open_recall
from holdfast.ground.access.actions import add_person, found_instance
from holdfast.ground.access.models import Person
from holdfast.ground.access.permissions import PERMISSIONS, ROLES
from holdfast.ground.access.queries import actor_for
from tests.house.test_addresses import FOREIGN, OPEN, TOKEN, addresses

NOW = datetime(2026, 3, 20, 9, 0, tzinfo=UTC)
ELSEWHERE = "203.0.113.9"  # not this machine, so nobody is let in as the sole owner
PARAMETER = re.compile(r"<(?:(\w+):)?(\w+)>")
pytestmark = pytest.mark.django_db


def staff_addresses() -> list[tuple[str, str, str]]:
    """Route, name and permission of every address that is not open to all."""
    return [
        (route, name, view.policy)
        for route, name, view in addresses(get_resolver().url_patterns)
        if not view.__module__.startswith(FOREIGN)
        and getattr(view, "policy", OPEN) != OPEN
        and not view.policy.startswith(TOKEN)  # no role opens these: see tests/doors/api
    ]


@pytest.fixture
def recall() -> str:
    """The short id of a recall in an instance with accounts."""
    found_instance(now=NOW)
    lead = add_person(
        email="lena@example.org",
        name="Lena",
        roles=["lead"],
        password="a long pass phrase",
        by=actor_for(Person.objects.get(is_local_owner=True)),
        now=NOW,
    )
    return open_recall(
        outcome="fire", title="Power bank", products=("VL-10K",), by=actor_for(lead), now=NOW
    ).ref


@pytest.fixture
def enter(recall: str) -> Callable[[str], Client]:
    """A browser elsewhere in which somebody of that role has signed in; "stranger" has not."""

    def come(role: str) -> Client:
        client = Client(raise_request_exception=False, REMOTE_ADDR=ELSEWHERE, HTTP_HOST="localhost")
        if role == "stranger":
            return client
        person, _ = Person.objects.get_or_create(
            email=f"{role}@example.org", defaults={"name": role, "roles": [role]}
        )
        Authenticator.objects.get_or_create(user=person, type="totp", defaults={"data": {}})
        client.force_login(person, "allauth.account.auth_backends.AuthenticationBackend")
        return client

    return come


def filled(route: str, recall: str) -> str:
    """An address with its slots filled: the recall that is there, the first row of anything."""

    def fill(slot: re.Match[str]) -> str:
        converter, name = slot.groups()
        if name == "ref":
            return recall
        return "1" if converter == "int" else "en" if name == "language" else "x"

    return "/" + PARAMETER.sub(fill, route).replace("^", "").replace("$", "")


def answers(client: Client, address: str) -> tuple[int, int]:
    """What the address answers to a GET and to an empty form."""
    return (
        client.get(address).status_code,
        client.post(address, headers={"origin": "http://localhost"}).status_code,
    )


# A role is asked for before any row is; the lead, who enters everywhere, meets both databases.
WALKS = [
    role if role in {"lead", "stranger"} else pytest.param(role, marks=pytest.mark.once)
    for role in (*ROLES, "stranger")
]


@pytest.mark.parametrize("role", WALKS)
def test_an_address_lets_in_whom_its_permission_names(
    role: str, enter: Callable[[str], Client], recall: str
) -> None:
    client = enter(role)
    faults = []
    for route, name, permission in staff_addresses():
        address = filled(route, recall)
        got = answers(client, address)
        _words, roles = PERMISSIONS[permission]
        if role == "stranger":
            right = set(got) == {404}
        elif role in roles:
            # 404, 400, 409: a row that is not there, an empty form, a move that is not due;
            # 403 to a form: seeing the page takes less than what its buttons do
            right = got[0] != 403 and 500 not in got
        else:
            right = set(got) == {403}
        if not right:
            faults.append(f"{role} at {address} ({name}, {permission}): {got}")
    assert not faults, "\n" + "\n".join(faults)


def test_the_walk_meets_real_pages(enter: Callable[[str], Client], recall: str) -> None:
    """Were everything 404, strangers would be told nothing apart: the lead sees pages."""
    client = enter("lead")
    seen = [
        name
        for route, name, _ in staff_addresses()
        if client.get(filled(route, recall)).status_code == 200
    ]
    assert len(seen) > len(staff_addresses()) / 2, seen


def test_a_stranger_cannot_tell_a_recall_from_none(
    enter: Callable[[str], Client], recall: str
) -> None:
    client = enter("stranger")
    there = client.get(f"/recalls/{recall}/")
    nowhere = client.get("/recalls/R-1999-999/")
    assert there.status_code == nowhere.status_code == 404

    def bare(answer: Any) -> str:
        return re.sub(r'R-\d{4}-\d{3}|value="\w{64}"', "…", answer.content.decode())

    assert bare(there) == bare(nowhere)


def test_a_get_changes_nothing(enter: Callable[[str], Client], recall: str) -> None:
    from holdfast.insight.measures.health import examine

    client = enter("lead")
    before = examine()
    for route, _name, _permission in staff_addresses():
        client.get(filled(route, recall))
    after = examine()
    assert before["journal"] == after["journal"]
    assert before["tables"] == after["tables"]
