"""Every form of a notice says the same, in every language, and holds whatever it is given."""

from __future__ import annotations

import gzip
import io
import re
from datetime import UTC, date, datetime
from html import unescape

import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfast.kit.renderings.content import NoticeContent, NoticeFacts, content_sha256, prose
from holdfast.kit.renderings.draft import HAZARDS, draft
from holdfast.kit.renderings.letter import Recipient, fonts_for, letters_pdf
from holdfast.kit.renderings.mail import email_parts
from holdfast.kit.renderings.page import STYLE, page_body, policy_for, static_page
from holdfast.kit.renderings.signs import SIGNS, sign_svg
from holdfast.kit.wording.facts import facts_of
from holdfast.kit.wording.library import library_languages
from holdfast.kit.wording.lint import lint_text, parity

AT = datetime(2026, 5, 4, 10, 20, tzinfo=UTC)
FACTS = NoticeFacts(
    shop="Lumen & Vale",
    product="Power bank VL-10K",
    product_code="VL-10K",
    hazard="fire",
    lots=("B17",),
    url="https://lumenvale.example/recall",
    phone="0800 555 0142",
    email="recall@lumenvale.example",
    sold_from="2026-02-06",
    sold_to="2026-04-14",
    sender_lines=("14 Quay Street", "1010 Sampletown"),
)
LANGUAGES = library_languages()


def content(language: str = "en", facts: NoticeFacts = FACTS) -> NoticeContent:
    return NoticeContent(language, facts, draft(facts, language))


def text_of(pieces: list[object]) -> str:
    return "".join(one if isinstance(one, str) else "" for one in pieces)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("hazard", HAZARDS)
def test_every_draft_passes_its_own_linter(language, hazard):
    facts = NoticeFacts.from_json({**FACTS.as_json(), "hazard": hazard})
    made = content(language, facts)
    text, _spans = prose(made)
    report = lint_text(text, regime="eu_gpsr", language=language, has_picture=True)
    wrong = [one for one in report.findings if one.severity in ("block", "warn")]
    # "something else" needs the operator's own words for what can happen
    assert wrong == [], hazard
    assert made.missing() == []


def test_the_same_facts_stand_in_every_language():
    texts = {one: facts_of(prose(content(one))[0], one) for one in LANGUAGES}
    found = parity(texts)
    assert {one: rows for one, rows in found.items() if rows} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_email_begins_with_the_heading_and_the_danger(language):
    made = content(language)
    parts = email_parts(made)
    first = text_of(parts["text"]).split("\n\n")
    assert first[0] == made.line("headline")
    assert first[1] == f"{made.line('stop')} {made.line('hazard')}"
    assert parts["subject"] == [made.line("subject")]
    slots = {one["slot"] for one in parts["html"] if not isinstance(one, str)}
    assert slots == {"name", "items", "link"}
    assert len(text_of(parts["html"]).encode()) >= 2_000


def test_an_email_has_no_picture_no_script_and_nothing_from_elsewhere():
    html = text_of(email_parts(content())["html"])
    assert not re.search(r"<(img|script|link|iframe|form)|url\(|@import", html)
    assert "unsubscribe" not in html.lower()


HOSTILE = st.text(min_size=1, max_size=60)


@settings(max_examples=60, deadline=None)
@given(shop=HOSTILE, product=HOSTILE, lot=HOSTILE, words=HOSTILE)
def test_no_value_opens_a_tag_or_an_attribute(shop, product, lot, words):
    facts = NoticeFacts.from_json(
        {**FACTS.as_json(), "shop": shop, "product": product, "lots": [lot]}
    )
    made = draft(facts, "ar")
    made["hazard"] = words
    hostile = NoticeContent("ar", facts, made)
    plain = NoticeContent("ar", FACTS, draft(FACTS, "ar"))
    for render in (page_body, lambda one: static_page([one])):
        assert _tags(render(hostile)) == _tags(render(plain))


def _tags(html: str) -> list[str]:
    """Tag names in order, without the isolating marks that depend on the values."""
    return [tag for tag in re.findall(r"</?([a-z0-9]+)", html) if tag != "bdi"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_static_page_is_small_and_allows_nothing_but_its_own_style(language):
    html = static_page([content(language)], answer_url=FACTS.url)
    assert len(gzip.compress(html.encode())) <= 14_000
    found = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', html)
    assert found is not None
    assert unescape(found.group(1)) == policy_for(STYLE)
    assert "<script" not in html
    assert 'style="' not in html


def test_a_static_page_links_only_where_a_link_may_lead():
    assert "javascript:" not in static_page([content()], answer_url="javascript:alert(1)")


def test_all_five_languages_fit_one_small_page():
    html = static_page([content(one) for one in LANGUAGES], answer_url=FACTS.url)
    assert len(gzip.compress(html.encode())) <= 14_000
    assert 'dir="rtl"' in html


def test_there_is_a_drawn_sign_for_every_hazard():
    assert set(HAZARDS) == set(SIGNS)
    for hazard in HAZARDS:
        assert 'aria-label="a&quot;b"' in sign_svg(hazard, 'a"b')


def person(language: str, **more: object) -> Recipient:
    values = {
        "language": language,
        "name": "Ana Muster",
        "address": ("27 Long Lane, flat 3", "1016 Sampletown", "NETHERLANDS"),
        "order": "LV-47702",
        "month": "March 2026",
        "link": "https://lumenvale.example/r/abcdefghijklmnop",
        "reference": "R-2026-014",
        **more,
    }
    return Recipient(**values)


@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_a_letter_of_every_language_fits_one_sheet(paper):
    contents = {one: content(one) for one in LANGUAGES}
    pdf = letters_pdf(
        contents, [person(one) for one in LANGUAGES], on=date(2026, 5, 4), at=AT, paper=paper
    )
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    assert len(pages) == len(LANGUAGES)
    width = float(pages[0].mediabox.width)
    assert round(width) == (595 if paper == "a4" else 612)


def test_the_address_stands_in_the_window_and_nothing_else_does():
    """DIN 5008 form B: 20 to 105 mm from the left edge, 45 to 90 mm from the top."""
    pdf = letters_pdf({"de": content("de")}, [person("de")], on=date(2026, 5, 4), at=AT)
    page = pypdf.PdfReader(io.BytesIO(pdf)).pages[0]
    inside: list[str] = []

    def visit(text: str, cm: list[float], tm: list[float], _font: object, _size: float) -> None:
        mm = 25.4 / 72
        x = (tm[4] * cm[0] + tm[5] * cm[2] + cm[4]) * mm
        y = 297 - (tm[4] * cm[1] + tm[5] * cm[3] + cm[5]) * mm
        if text.strip() and 20 <= x <= 105 and 45 <= y <= 90:
            inside.append(" ".join(text.split()))

    page.extract_text(visitor_text=visit)
    said = " ".join(inside)
    for line in ("Ana Muster", "27 Long Lane, flat 3", "1016 Sampletown", "NETHERLANDS"):
        assert line in said
    assert "Produktsicherheitsrückruf" not in said


def test_a_letter_names_address_and_code_beside_the_qr_sign():
    pdf = letters_pdf({"en": content()}, [person("en")], on=date(2026, 5, 4), at=AT)
    said = " ".join(pypdf.PdfReader(io.BytesIO(pdf)).pages[0].extract_text().split())
    assert "lumenvale.example/recall, then your order number LV-47702" in said
    assert "0800 555 0142" in said
    assert "IMPORTANT SAFETY RECALL" in said


def test_without_an_arabic_font_the_letter_is_still_set_and_it_is_said():
    fonts, remark = fonts_for("ar", frozenset(("Libertinus Serif",)))
    assert fonts == ["DejaVu Sans Mono"]
    assert "Noto Sans Arabic" in remark
    assert fonts_for("ar", frozenset(("Noto Sans Arabic",)))[1] == ""


def test_the_hash_changes_with_every_word_fact_and_language():
    words = draft(FACTS, "en")
    first = content_sha256("en", FACTS.as_json(), words)
    assert content_sha256("en", FACTS.as_json(), dict(reversed(words.items()))) == first
    assert content_sha256("de", FACTS.as_json(), words) != first
    assert content_sha256("en", FACTS.as_json(), {**words, "stop": "Stop."}) != first
    assert content_sha256("en", {**FACTS.as_json(), "phone": "1"}, words) != first
