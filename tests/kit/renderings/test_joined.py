"""A message in two languages is one message: both texts, in order, each whole and marked."""

from __future__ import annotations

import email
import email.policy
import re
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest

from holdfast.ground.outbox.mime import Letterhead, compile_parts
from holdfast.kit.renderings.content import NoticeContent, NoticeFacts
from holdfast.kit.renderings.draft import draft
from holdfast.kit.renderings.joined import joined
from holdfast.kit.renderings.mail import email_parts

pytestmark = pytest.mark.once
FACTS = NoticeFacts(
    shop="Lumen & Vale",
    product="Power bank <b>VL</b></body>",
    hazard="fire",
    lots=("B17",),
    url="https://lumenvale.example/recall",
    phone="0800 555 0142",
)
AT = datetime(2026, 5, 4, 10, 20, tzinfo=UTC)
HEAD = Letterhead("recall@shop.example", "Lumen & Vale")
VALUES = {"name": "Zoë", "items": "1 × VL (LV-1)", "link": "https://x.example/r/t"}


def mail(*languages: str, facts: NoticeFacts = FACTS) -> EmailMessage:
    parts = joined(
        [(one, email_parts(NoticeContent(one, facts, draft(facts, one)))) for one in languages]
    )
    data = compile_parts(parts, language=", ".join(languages), letterhead=HEAD).fill(
        VALUES, to="jo@example.org", message_id="<1@shop.example>", at=AT
    )
    assert max(map(len, data.partition(b"\r\n\r\n")[2].split(b"\r\n"))) <= 76
    found = email.message_from_bytes(data, policy=email.policy.default)
    assert isinstance(found, EmailMessage)
    return found


def body(message: EmailMessage, kind: str) -> str:
    found = message.get_body(preferencelist=(kind,))
    assert found is not None
    return str(found.get_content()).replace("\r\n", "\n")


def test_both_texts_stand_in_one_message_in_order():
    message = mail("de", "fr")
    assert message.get_all("Message-ID") == ["<1@shop.example>"]
    assert message["Content-Language"] == "de, fr"
    assert [one.get_content_type() for one in message.iter_parts()] == ["text/plain", "text/html"]
    for kind in ("plain", "html"):
        said = body(message, kind)
        places = [
            said.index(words)
            for words in ("Deutsch", "Benutzen Sie es ab sofort nicht", "Cessez de l’utiliser")
            if words in said
        ]
        assert places == sorted(places)
        assert said.index("Produktsicherheitsrückruf") < said.index("Rappel de produit")
        assert said.count(VALUES["link"]) == (2 if kind == "plain" else 4)
        assert said.count("Zoë") == 2


def test_the_subject_says_it_in_both():
    subject = str(mail("de", "fr")["Subject"])
    assert "Produktsicherheitsrückruf" in subject
    assert " / Rappel de produit" in subject


def test_it_is_one_page_with_each_language_marked_and_nothing_of_people_can_end_it():
    page = body(mail("ar", "fr"), "html")
    for tag in ("<html", "<head>", "<body", "</body>", "</html>", "<title>"):
        assert page.count(tag) == 1, tag
    assert page.rstrip().endswith("</html>")
    assert re.findall(r'<div lang="(\w+)" dir="(\w+)">', page) == [("ar", "rtl"), ("fr", "ltr")]
    assert page.count("&lt;/body&gt;") >= 2


def test_one_language_stays_as_it_was():
    parts = email_parts(NoticeContent("de", FACTS, draft(FACTS, "de")))
    assert joined([("de", parts)]) == parts


def test_a_drill_says_so_in_both():
    message = mail("de", "fr", facts=replace(FACTS, is_drill=True))
    assert str(message["Subject"]).count("[DRILL]") == 2
    assert body(message, "plain").count("DRILL") == 2


def test_plain_texts_without_html_are_joined_as_plain_texts():
    parts = joined(
        [
            ("de", {"subject": ["Stop"], "text": ["Hallo ", {"slot": "name"}, "\n"]}),
            (
                "fr",
                {"subject": ["Stop"], "text": ["Bonjour ", {"slot": "name"}, "\n"], "html": ["x"]},
            ),
        ]
    )
    assert "html" not in parts
    assert parts["text"][0].endswith("Hallo ")
