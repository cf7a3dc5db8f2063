"""A mail server is greeted before a launch: who lets us in, who may yet, and who never will."""

from __future__ import annotations

import pytest

from holdfast.connectors.smtp.carrier import SmtpCarrier
from holdfast.connectors.smtp.greeting import greet
from holdfast.connectors.smtp.server import parse_server
from tests.connectors.smtp.test_handshake import HELLO, scripted


def test_a_server_that_lets_us_in_is_left_politely() -> None:
    with scripted(b"220 hi\r\n", HELLO % b"PLAIN") as (port, heard):
        found = greet(parse_server(f"smtp://127.0.0.1:{port}"))
    assert (found.is_open, found.words) == (True, f"smtp://127.0.0.1:{port} greeted us")
    assert heard == [b"EHLO localhost\r\n", b"QUIT\r\n"]


@pytest.mark.parametrize(
    ("turns", "user", "is_open", "may_come", "words"),
    [
        ((b"421 4.3.2 too busy\r\n",), "", True, False, "greeted with 421 4.3.2 too busy"),
        ((b"HTTP/1.1 400 Bad Request\r\n",), "", False, True, "no connection to smtp://"),
        (
            (b"220 hi\r\n", HELLO % b"PLAIN", b"535 5.7.8 no\r\n"),
            "me:secret@", False, False, "does not accept the user name or password",
        ),
    ],
)  # fmt: skip
def test_why_a_server_takes_nothing_is_said(turns, user, is_open, may_come, words) -> None:
    with scripted(*turns) as (port, _):
        found = greet(parse_server(f"smtp://{user}127.0.0.1:{port}"))
    assert (found.is_open, found.may_come) == (is_open, may_come)
    assert words in found.words
    assert f"127.0.0.1:{port}" in found.words
    assert "secret" not in found.words


def test_an_address_that_is_none_is_refused_without_asking_anybody(monkeypatch) -> None:
    monkeypatch.setenv("HOLDFAST_SMTP_URL", "mail.example.org:25")
    found = SmtpCarrier.way_out(ask=True)
    assert (found.is_open, found.may_come) == (False, False)
    assert "expected smtp, smtps or smtp+starttls" in found.words
    monkeypatch.setenv("HOLDFAST_SMTP_URL", "smtp://127.0.0.1:1")
    named = SmtpCarrier.way_out(ask=False)
    assert (named.words, named.is_asked) == ("smtp://127.0.0.1:1", False)
