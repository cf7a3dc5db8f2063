"""The URL of the mail server is read strictly and never shows its password."""

import pytest

from holdfast.connectors.smtp.server import parse_server
from holdfast.kit.refusals import Unreadable


def test_the_three_kinds_of_connection() -> None:
    assert parse_server("smtp://127.0.0.1:2525").security == "plain"
    assert parse_server("smtp+starttls://u:p%40ss@mail.example.org").password == "p@ss"
    server = parse_server("smtps://mail.example.org?connections=20&timeout=5&helo=shop.example")
    assert (server.port, server.connections, server.timeout) == (465, 20, 5.0)
    assert server.helo == "shop.example"


def test_the_password_is_never_printed() -> None:
    assert "hunter2" not in str(parse_server("smtps://me:hunter2@mail.example.org"))


@pytest.mark.parametrize(
    "url",
    [
        "",
        "mail.example.org",
        "http://mail.example.org",
        "smtp://",
        "smtp://host:99999",
        "smtp://host?connections=0",
        "smtp://host?connections=many",
        "smtp://host?timeout=-1",
        "smtp://host?timeout=nan",
        "smtp://host?tls=off",
        "smtp://host?helo=a%0d%0aRSET",
        "smtp://me:pw@mail.example.org",
    ],
)
def test_a_url_that_cannot_be_right_is_refused_with_a_hint(url: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        parse_server(url)
    assert refusal.value.code == "smtp_url"
    assert refusal.value.hint


def test_a_password_in_clear_is_allowed_only_on_this_machine() -> None:
    assert parse_server("smtp://me:pw@127.0.0.1:2525").user == "me"
