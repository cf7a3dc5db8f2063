"""Signing in where accounts exist: password and a second factor, or a passkey; strict policy on."""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct
import time

import pytest

from tests.plugins.browser import Sight, Visitor
from tests.plugins.instance import Instance, Serving

PASSWORD = "correct horse battery"
MAIL = "ana@example.org"
pytestmark = pytest.mark.once


def code(secret: str) -> str:
    """The six digits an authenticator app shows now (RFC 6238)."""
    key = base64.b32decode(secret, casefold=True)
    digest = hmac.new(key, struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
    offset = digest[-1] & 15
    number = struct.unpack(">I", digest[offset : offset + 4])[0] & 0x7FFFFFFF
    return f"{number % 10**6:06d}"


@pytest.fixture
def served(instance: Instance) -> Serving:
    """An instance in which one lead has a password, so that nobody enters without it."""
    instance.run(
        *("people", "add", MAIL, "--name", "Ana", "--role", "lead", "--password-stdin"),
        stdin=PASSWORD + "\n",
    )
    return instance.serve()


def with_password(sight: Sight, url: str) -> None:
    """The first step."""
    page = sight.page
    page.goto(f"{url}/account/login/")
    page.fill("[name=login]", MAIL)
    page.fill("[name=password]", PASSWORD)
    sight.follow(page.get_by_role("button", name="Sign in", exact=True))


def confirm(sight: Sight) -> None:
    """Where allauth asks for the password once more before a factor is changed."""
    if "reauthenticate" in sight.page.url:
        sight.page.fill("[name=password]", PASSWORD)
        sight.follow(sight.page.get_by_role("button", name="Confirm"))


def set_up_totp(sight: Sight, url: str) -> None:
    """From the first sign-in to a working second factor."""
    page = sight.page
    with_password(sight, url)
    confirm(sight)
    page.wait_for_url("**/totp/activate/**")
    assert sight.faults() == []
    secret = page.input_value("#authenticator_secret")
    page.fill("[name=code]", code(secret))
    sight.follow(page.get_by_role("button", name="Activate"))


def test_a_password_alone_opens_nothing(served: Serving, visitor: Visitor) -> None:
    sight = visitor()
    page = sight.page
    assert page.goto(f"{served.url}/recalls/").status == 404  # type: ignore[union-attr]
    with_password(sight, served.url)
    page.goto(f"{served.url}/recalls/")
    assert "/account/" in page.url


def test_password_and_code_open_the_desk(served: Serving, visitor: Visitor) -> None:
    sight = visitor()
    set_up_totp(sight, served.url)
    sight.open(f"{served.url}/recalls/")
    assert "Ana" in sight.page.locator(".foot").inner_text()
    sight.follow(sight.page.get_by_role("button", name="Sign out"))
    assert sight.page.goto(f"{served.url}/recalls/").status == 404  # type: ignore[union-attr]

    later = visitor()
    with_password(later, served.url)
    later.page.wait_for_url("**/2fa/authenticate/**")
    assert later.faults() == []
    later.page.fill("[name=code]", "000000")
    later.follow(later.page.get_by_role("button", name="Sign In"))
    assert later.page.locator(".oops").is_visible()
    assert later.page.goto(f"{served.url}/recalls/").status == 404  # type: ignore[union-attr]


def test_a_passkey_opens_the_desk_under_the_strict_policy(
    served: Serving, visitor: Visitor
) -> None:
    url = served.url.replace("127.0.0.1", "localhost")  # a passkey belongs to a name
    sight = visitor()
    set_up_totp(sight, url)
    page = sight.page
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    tools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    page.goto(f"{url}/account/2fa/webauthn/add/")
    confirm(sight)
    assert sight.faults() == []
    page.fill("[name=name]", "This laptop")
    if page.locator("[name=passwordless]").count():
        page.check("[name=passwordless]")
    page.click("#mfa_webauthn_add")
    page.wait_for_url(lambda here: "/webauthn/add" not in here)
    page.goto(f"{url}/account/2fa/webauthn/")
    assert "This laptop" in page.locator("main").inner_text()
    assert sight.faults() == []

    page.goto(f"{url}/recalls/")
    sight.follow(page.get_by_role("button", name="Sign out"))
    page.goto(f"{url}/account/login/?next=/recalls/")
    page.click("#passkey_login")
    page.wait_for_url(f"{url}/recalls/")
    assert "Ana" in page.locator(".foot").inner_text()
    assert not [line for line in sight.complaints if "Content Security Policy" in line]


def test_the_door_looks_like_the_house(served: Serving, visitor: Visitor) -> None:
    for theme, language in (("light", "en"), ("dark", "ar"), ("dark", "de")):
        sight = visitor(theme=theme, language=language, width=320)
        sight.open(f"{served.url}/account/login/")
        assert sight.faults() == []
        assert sight.overflow() <= 0
