"""Every address has a name and says who may go there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, path
from django.views.generic import View

from holdfast.ground.access.permissions import PERMISSIONS, SCOPES
from tests.house.tree import none

OPEN = "open to all"
# Sign-in and second factor: allauth guards its own pages, and a stranger has to reach them.
FOREIGN = ("allauth.",)
# Addresses a stranger may open, by name. A new one is put here on purpose or not at all.
OPEN_TO_ALL = {
    "front",  # sends a stranger on to sign-in
    "theme",
    "language",
    "mention_hook",  # signed with the secret of its source; machines cannot sign in
    "api_complaints_schema",  # the shape of a request; nothing of this shop
    "calendar_feed",  # behind a secret that can be revoked; calendars cannot sign in
}
# What a program opens with a token of that scope; `tests/doors/api` walks these.
TOKEN = "token "
OPEN_DOOR = "holdfast.doors.portal."


def addresses(
    patterns: list[URLPattern | URLResolver], before: str = ""
) -> Iterator[tuple[str, str, Callable[..., Any]]]:
    """Every address: its pattern, its name, and its view."""
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, route)
        else:
            yield route, pattern.name or "", pattern.callback


def without_policy(found: list[tuple[str, str, Callable[..., Any]]]) -> list[str]:
    """Addresses whose view names no permission, or one that does not exist."""
    faults = []
    for route, name, view in found:
        if view.__module__.startswith(FOREIGN):
            continue
        policy = getattr(view, "policy", None)
        if policy is None:
            faults.append(f"/{route} ({name}): names no policy")
        elif policy == OPEN:
            if not view.__module__.startswith(OPEN_DOOR) and name not in OPEN_TO_ALL:
                faults.append(f"/{route} ({name}): open to all, and not on the list of those")
        elif policy.startswith(TOKEN):
            if policy.removeprefix(TOKEN) not in SCOPES:
                faults.append(f"/{route} ({name}): names a scope that no token holds")
        elif policy not in PERMISSIONS:
            faults.append(f"/{route} ({name}): names {policy!r}, which is no permission")
    return faults


def test_every_address_names_its_policy() -> None:
    found = list(addresses(get_resolver().url_patterns))
    assert len(found) > 10
    none(without_policy(found))


def test_every_address_has_a_name() -> None:
    found = addresses(get_resolver().url_patterns)
    assert [route for route, name, _view in found if not name] == []


def test_an_address_without_policy_is_found() -> None:
    def view(request: object) -> None: ...

    def bad(**marks: str) -> list[str]:
        def marked(request: object) -> None: ...

        vars(marked).update(marks)
        return without_policy(list(addresses([path("x/", marked, name="x")])))

    assert without_policy(list(addresses([path("x/", view, name="x")])))
    assert without_policy(list(addresses([path("x/", View.as_view(), name="x")])))
    assert bad(policy="moon.land")
    assert bad(policy="token moon.land")
    assert bad(policy=OPEN)
    assert not bad(policy="recall.view")
