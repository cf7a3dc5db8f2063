"""Notices: drafts linted, letters set, one notice of five languages; no real data needed."""

from __future__ import annotations

import json
import time
from datetime import UTC, date, datetime

from holdfast.kit.renderings.content import NoticeContent, NoticeFacts, prose
from holdfast.kit.renderings.draft import draft
from holdfast.kit.renderings.letter import Recipient, letters_pdf
from holdfast.kit.wording.library import library_languages
from holdfast.kit.wording.lint import lint_text

LETTERS = 1_000
LINTED = 200
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
)


def recipient(number: int, language: str) -> Recipient:
    """A different person for every letter."""
    return Recipient(
        language=language,
        name=f"Owner {number}",
        address=(f"{number} Long Lane", "1016 Sampletown"),
        order=f"LV-{number}",
        month="March 2026",
        link=f"https://lumenvale.example/r/{number:022}",
        reference="R-2026-014",
    )


def main() -> None:
    """Measure, and print one object."""
    languages = library_languages()
    contents = {one: NoticeContent(one, FACTS, draft(FACTS, one)) for one in languages}
    texts = {one: prose(content)[0] for one, content in contents.items()}
    for one, text in texts.items():
        lint_text(text, regime="eu_gpsr", language=one)
    begun = time.perf_counter()
    for number in range(LINTED):
        one = languages[number % len(languages)]
        lint_text(texts[one], regime="eu_gpsr", language=one)
    linted = (time.perf_counter() - begun) / LINTED
    people = [recipient(number, languages[number % len(languages)]) for number in range(LETTERS)]
    begun = time.perf_counter()
    pdf = letters_pdf(contents, people, on=date(2026, 5, 4), at=datetime(2026, 5, 4, tzinfo=UTC))
    took = time.perf_counter() - begun
    figures = [
        {
            "name": "notice linted, ms",
            "value": round(linted * 1_000, 1),
            "unit": "ms",
            "note": "about 200 words, EU profile, five languages in turn",
        },
        {
            "name": "letters set, ms each",
            "value": round(took / LETTERS * 1_000, 1),
            "unit": "ms",
            "note": f"{LETTERS} letters in five languages, one PDF of {len(pdf) // 1_024} KiB",
        },
    ]
    print(json.dumps({"figures": figures}))


if __name__ == "__main__":
    main()
