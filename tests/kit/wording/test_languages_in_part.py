"""A language with half a list, or none, is linted as far as it goes, and the rest is said."""

from __future__ import annotations

import pytest

from holdfast.kit.refusals import NotFound
from holdfast.kit.wording.lint import lint_text
from holdfast.kit.wording.tongue import complete_languages, languages, tongue

pytestmark = pytest.mark.once
IN_PART = sorted(set(languages()) - set(complete_languages()))


def test_which_languages_are_known_in_part():
    assert IN_PART == ["it", "nl", "pl", "pt"]


@pytest.mark.parametrize("language", languages())
def test_no_list_claims_a_review_that_did_not_happen(language):
    assert (tongue(language).reviewer, tongue(language).status) == ("", "needs review by a person")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("it", "Un richiamo volontario."),
        ("nl", "Een vrijwillige terugroepactie."),
        ("pl", "Dobrowolne wycofanie."),
        ("pt", "Uma recolha voluntária."),
    ],
)
def test_banned_words_block_and_the_other_checks_are_listed_as_not_made(language, text):
    report = lint_text(text, regime="eu_gpsr", language=language)
    assert {one.rule for one in report.findings if one.severity == "block"} >= {"banned.voluntary"}
    listed = {one.id for one in report.not_checked}
    assert {"language.outcome", "language.elements", "language.mechanism", "heading"} <= listed
    assert "language.banned" not in listed
    present = {one.id: one.present for one in report.elements}
    assert present["stop_using"] is None
    assert present["contact"] is False


@pytest.mark.parametrize("language", ["hu", "sv", "fi", "ja", "ga", "mt"])
def test_a_language_without_a_list_is_warned_about_and_never_passed_in_silence(language):
    report = lint_text("0800 555 0142", regime="eu_gpsr", language=language)
    said = {one.rule: one.severity for one in report.findings}
    assert said["not_checked.banned"] == "warn"
    assert "Not checked in this language" in " ".join(one.why for one in report.not_checked)
    assert {one.present for one in report.elements} == {None, True}


def test_a_heading_recalled_from_the_law_is_looked_for_where_there_is_no_list():
    text = "Sikkerhedsbegrundet tilbagekaldelse af produkt: lampe"
    found = lint_text(text, regime="eu_gpsr", language="da")
    assert {one.id: one.present for one in found.elements}["heading"] is True
    assert {one.id: one.confidence for one in found.not_checked}["heading"] == "recalled"


@pytest.mark.parametrize("language", ["xx", "../en", "", "root", "12"])
def test_what_is_no_language_is_refused(language):
    with pytest.raises(NotFound) as refused:
        lint_text("…", regime="eu_gpsr", language=language)
    assert "Choose one of" in str(refused.value.hint)
