"""No page of the desk is a dead end: each is found, says what to do next, or who may."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import URLPattern

from holdfast.decision.recalls.models import Recall
from holdfast.doors.desk.urls import urlpatterns
from holdfast.ground.access.models import Person
from holdfast.kit.actors import Actor

pytestmark = [pytest.mark.django_db, pytest.mark.once]
LINK = re.compile(r'href="(/[^"#?]*)')
# Their own form is the next thing to do, or they are no page.
ONE_FORM = {"scan", "trace", "search", "test_new", "inspection_new"}
NO_PAGE = re.compile(r"\.csv$|^preferences/|^evidence/package$|^$|^evidence/check$|ics$|/hooks/")


def pages() -> dict[str, str]:
    """The pages without arguments that are looked at, by the name of their address."""
    found = [one for one in urlpatterns if isinstance(one, URLPattern)]
    return {
        str(one.name): f"/{one.pattern}"
        for one in found
        if "<" not in str(one.pattern) and not NO_PAGE.search(str(one.pattern))
    }


def links(desk: Client, path: str) -> set[str]:
    answer = desk.get(path)
    assert answer.status_code == 200, path
    return set(LINK.findall(answer.content.decode()))


def test_every_page_is_three_clicks_from_the_room(desk: Client, recall: Recall) -> None:
    first = links(desk, f"/recalls/{recall.ref}/")
    known = set(pages().values())
    second = set().union(*(links(desk, path) for path in sorted(first & known)))
    third = set().union(*(links(desk, path) for path in sorted((second - first) & known)))
    # the bar has the search itself, as a form
    assert known - first - second - third == {"/go"}


def test_every_page_of_a_new_desk_says_what_to_do_next(desk: Client) -> None:
    silent = [
        name
        for name, path in pages().items()
        if name not in ONE_FORM and 'class="next"' not in desk.get(path).content.decode()
    ]
    assert silent == []


def test_who_may_only_look_is_led_nowhere_they_may_not_go(
    desk: Client, member: Callable[..., Actor]
) -> None:
    viewer = Person.objects.get(pk=member("vic", "viewer").person_id)
    Authenticator.objects.create(user=viewer, type="totp", data={})
    sees = Client(HTTP_HOST="127.0.0.1")
    sees.force_login(viewer)
    offered = links(sees, "/recalls/")
    assert "/alarms/" in offered
    refused = [path for path in offered if sees.get(path, follow=True).status_code == 403]
    assert refused == []
    sees.post("/preferences/language", {"language": "de"})
    told = sees.get("/people/").content.decode()
    assert "vic darf dies nicht: Personen hinzufügen" in told
    assert "Rückrufleitung" in told
    assert "Fragen Sie" in told
