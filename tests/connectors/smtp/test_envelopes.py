"""No address and no text can say anything to the server but itself."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.connectors.smtp.envelopes import UnusableAddress, envelope_address, wire_content


@pytest.mark.parametrize(
    ("address", "wire", "needs_utf8"),
    [
        ("jo@example.org", b"jo@example.org", False),
        ("o'hara+x@mail.example", b"o'hara+x@mail.example", False),
        ('"jo smith"@example.org', b'"jo smith"@example.org', False),
        ("jo@localhost", b"jo@localhost", False),
        ("jo@[127.0.0.1]", b"jo@[127.0.0.1]", False),
        ("jo@b\u00fccher.example", b"jo@xn--bcher-kva.example", False),
        ("j\u00f8@example.org", "j\u00f8@example.org".encode(), True),
    ],
)
def test_a_usable_address_is_written_as_a_server_reads_it(
    address: str, wire: bytes, needs_utf8: bool
) -> None:
    assert envelope_address(address) == (wire, needs_utf8)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "jo",
        "@example.org",
        "jo@",
        "jo@@example.org",
        "a@b@example.org",
        "jo@example.org\r\nRCPT TO:<x@y.z>",
        "jo\r\n@example.org",
        "jo@exam ple.org",
        "jo@example.org>",
        "<jo@example.org>",
        "jo@example.org\0",
        "jo@ex\u2028ample.org",
        "jo..x@example.org",
        "jo@.example.org",
        "jo@example..org",
        "jo@-example.org",
        "jo@[1.2.3]",
        '"jo\r\n"@example.org',
        '"jo" <jo@example.org>',
        "x" * 65 + "@example.org",
        "jo@" + "x" * 64 + ".org",
        "jo@" + ".".join(["x" * 60] * 5),
    ],
)
def test_an_unusable_address_never_reaches_a_server(address: str) -> None:
    with pytest.raises(UnusableAddress):
        envelope_address(address)


@given(st.text(max_size=40), st.text(max_size=40))
def test_no_address_carries_a_line_break_or_a_bracket(local: str, domain: str) -> None:
    try:
        wire, _ = envelope_address(f"{local}@{domain}")
    except UnusableAddress:
        return
    assert not re.search(rb"[\r\n\0]", wire)
    if not wire.startswith(b'"'):
        assert not re.search(rb"[<>\s]", wire)


PIECES = [b".", b"\r", b"\n", b"\r\n", b"a", b"..", b"\xc3\xa9"]


@given(st.lists(st.sampled_from(PIECES)).map(b"".join))
def test_the_text_arrives_as_it_was_but_for_its_line_ends(text: bytes) -> None:
    wire = wire_content(text)
    assert b"\r\n.\r\n" not in b"\r\n" + wire
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", wire)
    unstuffed = b"\r\n".join(
        line[1:] if line.startswith(b".") else line for line in wire.split(b"\r\n")
    )
    expected = re.sub(rb"\r\n|\r|\n", b"\r\n", text)
    if expected and not expected.endswith(b"\r\n"):
        expected += b"\r\n"
    assert unstuffed == expected
