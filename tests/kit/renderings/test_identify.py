"""A notice names the units as its scope is bounded: by lot, by ship dates, by country."""

from __future__ import annotations

from dataclasses import replace

import pytest

from holdfast.kit.renderings.content import NoticeContent, NoticeFacts, prose
from holdfast.kit.renderings.draft import draft
from holdfast.kit.wording.facts import facts_of
from holdfast.kit.wording.library import library, library_languages
from holdfast.kit.wording.lint import lint_text, parity

pytestmark = pytest.mark.once
LANGUAGES = library_languages()
DATED = NoticeFacts(
    shop="Lumen & Vale",
    product="Power bank",
    hazard="fire",
    url="https://lumenvale.example/recall",
    phone="0800 555 0142",
    shipped_from="2026-02-20",
    shipped_to="2026-03-10",
    sold_from="2026-02-20",
    sold_to="2026-03-10",
)
WRITTEN = {
    "en": ("20 February 2026", "10 March 2026"),
    "de": ("20. Februar 2026", "10. März 2026"),
    "fr": ("20 février 2026", "10 mars 2026"),
    "es": ("20 de febrero de 2026", "10 de marzo de 2026"),
    "ar": ("20 فبراير 2026", "10 مارس 2026"),
}
BOUNDS = {
    "both ends": DATED,
    "from a day on": replace(DATED, shipped_to=""),
    "up to a day": replace(DATED, shipped_from=""),
    "one day": replace(DATED, shipped_to="2026-02-20"),
    "lots and dates": replace(DATED, lots=("B17", "B18")),
    "lots, dates and countries": replace(DATED, lots=("B17",), markets=("DE", "FR")),
    "countries": replace(DATED, shipped_from="", shipped_to="", markets=("DE", "FR")),
}


def identify(facts: NoticeFacts, language: str) -> str:
    return str(draft(facts, language)["identify"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_dates_stand_as_the_language_writes_them_and_nobody_reads_all_units(language):
    said = identify(DATED, language)
    first, last = WRITTEN[language]
    assert first in said
    assert said.index(first) < said.index(last)
    assert library(language).say("identify.all") not in said


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("bound", BOUNDS)
def test_the_linter_sees_which_units_are_affected(bound, language):
    facts = BOUNDS[bound]
    content = NoticeContent(language, facts, draft(facts, language))
    report = lint_text(prose(content)[0], regime="eu_gpsr", language=language, has_picture=True)
    assert [one for one in report.findings if one.severity in ("block", "warn")] == []
    assert {one.id: one.present for one in report.elements}["identification"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("bound", ["both ends", "from a day on", "up to a day", "one day"])
def test_the_sentence_about_dates_alone_names_the_units(bound, language):
    said = identify(BOUNDS[bound], language)
    report = lint_text(said, regime="eu_gpsr", language=language)
    assert {one.id: one.present for one in report.elements}["identification"]


@pytest.mark.parametrize("bound", BOUNDS)
def test_every_language_names_the_same_lots_and_days(bound):
    facts = BOUNDS[bound]
    texts = {
        one: facts_of(prose(NoticeContent(one, facts, draft(facts, one)))[0], one)
        for one in LANGUAGES
    }
    assert {one: rows for one, rows in parity(texts).items() if rows} == {}


def test_lots_countries_and_dates_all_bound_it():
    said = identify(BOUNDS["lots, dates and countries"], "en")
    assert "lot code B17" in said
    assert "between 20 February 2026 and 10 March 2026" in said
    assert "Germany and France" in said
    assert "Allemagne et France" in identify(BOUNDS["countries"], "fr")
    assert "ألمانيا" in identify(BOUNDS["countries"], "ar")


def test_a_day_is_never_counted_out():
    """Both ends belong to it; whoever does not know the date is told to stop as well."""
    assert "on or after 20 February 2026" in identify(BOUNDS["from a day on"], "en")
    assert "on or before 10 March 2026" in identify(BOUNDS["up to a day"], "en")
    assert "shipped on 20 February 2026" in identify(BOUNDS["one day"], "en")
    for bound in BOUNDS:
        assert bound == "countries" or "treat it as affected" in identify(BOUNDS[bound], "en")


def test_a_scope_without_any_bound_is_about_all_units():
    free = replace(DATED, shipped_from="", shipped_to="")
    assert identify(free, "en") == "All units of this product are affected."
