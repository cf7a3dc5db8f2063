"""Sign-in and encryption: done as announced, or nothing is sent and the reason is said."""

from __future__ import annotations

import base64
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from holdfast.connectors.smtp.handshake import CannotOpen, open_connection
from holdfast.connectors.smtp.server import parse_server


@contextmanager
def scripted(*turns: bytes) -> Iterator[tuple[int, list[bytes]]]:
    """A server that greets with the first words and answers each line with the next."""
    listener = socket.create_server(("127.0.0.1", 0))
    heard: list[bytes] = []

    def serve() -> None:
        peer, _ = listener.accept()
        with peer:
            peer.sendall(turns[0])
            for answer in turns[1:]:
                heard.append(peer.recv(4096))
                peer.sendall(answer)
            peer.settimeout(1)
            with suppress(OSError):
                heard.append(peer.recv(4096))

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1], heard
    finally:
        thread.join(3)
        listener.close()


HELLO = b"250-sink\r\n250-PIPELINING\r\n250-SIZE 1000000\r\n250-AUTH %b\r\n250 8BITMIME\r\n"


def test_what_the_server_announces_is_believed() -> None:
    with scripted(b"220-hi\r\n220 there\r\n", HELLO % b"PLAIN") as (port, heard):
        sock, features = open_connection(parse_server(f"smtp://127.0.0.1:{port}?helo=shop.example"))
        sock.close()
    assert heard[0] == b"EHLO shop.example\r\n"
    assert (features.pipelining, features.eight_bit, features.utf8, features.size) == (
        True,
        True,
        False,
        1_000_000,
    )


def test_an_old_server_is_greeted_the_old_way() -> None:
    with scripted(b"220 hi\r\n", b"502 what\r\n", b"250 hello\r\n") as (port, heard):
        sock, features = open_connection(parse_server(f"smtp://127.0.0.1:{port}"))
        sock.close()
    assert heard[1].startswith(b"HELO ")
    assert not features.pipelining


def test_signing_in_with_plain() -> None:
    with scripted(b"220 hi\r\n", HELLO % b"LOGIN PLAIN", b"235 fine\r\n") as (port, heard):
        sock, _ = open_connection(parse_server(f"smtp://me:s%40fe@127.0.0.1:{port}"))
        sock.close()
    assert base64.b64decode(heard[1].split()[2]) == b"\0me\0s@fe"


def test_signing_in_with_login() -> None:
    turns = (
        b"220 hi\r\n",
        HELLO % b"LOGIN",
        b"334 VXNlcg==\r\n",
        b"334 UGFzcw==\r\n",
        b"235 ok\r\n",
    )
    with scripted(*turns) as (port, heard):
        sock, _ = open_connection(parse_server(f"smtp://me:safe@127.0.0.1:{port}"))
        sock.close()
    assert [base64.b64decode(word) for word in heard[2:4]] == [b"me", b"safe"]


@pytest.mark.parametrize(
    ("turns", "lasting", "words"),
    [
        ((HELLO % b"PLAIN", b"535 5.7.8 no\r\n"), True, "user name or password"),
        ((HELLO % b"PLAIN", b"454 4.7.0 later\r\n"), False, "user name or password"),
        ((HELLO % b"XOAUTH2",), True, "no way to sign in"),
        ((b"250 sink\r\n",), True, "no way to sign in"),
    ],
)
def test_a_refused_sign_in_says_so(turns: tuple[bytes, ...], lasting: bool, words: str) -> None:
    with (
        scripted(b"220 hi\r\n", *turns) as (port, _),
        pytest.raises(CannotOpen, match=words) as error,
    ):
        open_connection(parse_server(f"smtp://me:safe@127.0.0.1:{port}"))
    assert error.value.lasting is lasting
    assert "safe" not in str(error.value)


def test_words_in_clear_after_starttls_end_it() -> None:
    """A stranger on the wire could put them there, to be taken for the server's own."""
    hello = b"250-sink\r\n250 STARTTLS\r\n"
    with (
        scripted(b"220 hi\r\n", hello, b"220 go\r\n250 injected\r\n") as (port, heard),
        pytest.raises(CannotOpen, match="in clear"),
    ):
        open_connection(parse_server(f"smtp+starttls://127.0.0.1:{port}"))
    assert heard[1] == b"STARTTLS\r\n"


@pytest.mark.parametrize("greeting", [b"554 go away\r\n", b"HTTP/1.1 400\r\n", b"", b"250 odd\r\n"])
def test_another_greeting_opens_nothing(greeting: bytes) -> None:
    with scripted(greeting) as (port, _), pytest.raises(CannotOpen):
        open_connection(parse_server(f"smtp://127.0.0.1:{port}?timeout=0.5"))
