"""Each message says what was approved, to one person, and nothing else can get in."""

from __future__ import annotations

import email
import email.policy
import re
from datetime import UTC, datetime
from email.message import EmailMessage

from hypothesis import given
from hypothesis import strategies as st

from holdfast.ground.outbox.mime import Compiled, Letterhead, compile_parts, header_address

AT = datetime(2026, 5, 4, 10, 20, tzinfo=UTC)
HEAD = Letterhead("recall@shop.example", "Lümen & Vale", "help@shop.example")
PARTS = {
    "subject": ["Rückruf: ", {"slot": "reference"}],
    "text": ["Dear ", {"slot": "name"}, ",\n\n.leading dot\nstöp = now \n", {"slot": "items"}],
    "html": ["<p>Dear ", {"slot": "name"}, '</p>\n<a href="', {"slot": "link"}, '">page</a>'],
}


def fill(**values: str) -> bytes:
    compiled = compile_parts(PARTS, language="de", letterhead=HEAD)
    return compiled.fill(values, to="jo@example.org", message_id="<1@shop.example>", at=AT)


def read(data: bytes) -> EmailMessage:
    found = email.message_from_bytes(data, policy=email.policy.default)
    assert isinstance(found, EmailMessage)
    return found


def part(message: EmailMessage, kind: str) -> str:
    found = message.get_body(preferencelist=(kind,))
    assert found is not None
    return str(found.get_content()).replace("\r\n", "\n")


def test_a_message_reads_as_it_was_written() -> None:
    message = read(fill(name="Zoë", items="1 × lamp\n2 × wire", link="https://x.example/r/1?a=b"))
    assert message["Subject"] == "Rückruf:"
    assert message["From"] == "Lümen & Vale <recall@shop.example>"
    assert message["To"] == "jo@example.org"
    assert message["Reply-To"] == "help@shop.example"
    assert message["Message-ID"] == "<1@shop.example>"
    assert message["Date"] == "Mon, 04 May 2026 10:20:00 +0000"
    assert message["Content-Language"] == "de"
    text = part(message, "plain")
    assert text.startswith("Dear Zoë,\n\n.leading dot\nstöp = now \n1 × lamp\n2 × wire")
    assert 'href="https://x.example/r/1?a=b"' in part(message, "html")


def test_a_resend_is_the_same_byte_for_byte() -> None:
    assert fill(name="Jo", link="x") == fill(name="Jo", link="x")


HOSTILE = st.text(max_size=120) | st.sampled_from(
    [
        "Eve\r\nBcc: all@world.example",
        "\n.\nMAIL FROM:<x@y.z>",
        "<script>alert(1)</script>",
        '" onmouseover="x',
        "=?utf-8?q?x?=",
        "--=_",
        ".",
        "\u2028\u2029\x85",
        "x" * 3000,
        "=0D=0A",
    ]
)


@given(name=HOSTILE, items=HOSTILE, link=HOSTILE, reference=HOSTILE)
def test_whatever_a_value_holds_the_message_keeps_its_shape(
    name: str, items: str, link: str, reference: str
) -> None:
    data = fill(name=name, items=items, link=link, reference=reference)
    assert data.isascii()
    assert all(len(line) <= 998 for line in data.split(b"\r\n"))
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", data)
    plain = read(fill(name="n", items="i", link="l", reference="r"))
    message = read(data)
    assert message.keys() == plain.keys()
    assert [p.get_content_type() for p in message.walk()] == [
        p.get_content_type() for p in plain.walk()
    ]
    html = part(message, "html")
    assert html.count("<") - html.count("<br>") == part(plain, "html").count("<")
    assert html.count('"') == 2


@given(HOSTILE)
def test_an_address_cannot_end_its_header(address: str) -> None:
    assert not re.search(r"[\s<>,;\x00-\x20\x7f]", header_address(address)[1:-1])


@given(HOSTILE, HOSTILE)
def test_a_letterhead_cannot_add_a_header(name: str, language: str) -> None:
    compiled = Compiled(PARTS, language=language, letterhead=Letterhead("a@b.example", name))
    message = read(compiled.fill({}, to="c@d.example", message_id="<1@x>", at=AT))
    assert sorted(message.keys()) == sorted(
        [
            *("Message-ID", "Date", "To", "Subject", "From", "MIME-Version"),
            *("Content-Language", "Auto-Submitted", "Content-Type"),
        ]
    )
