"""The phrase library is complete, slot by slot, in every language, and passes its own linter."""

import pytest

from holdfast.kit.wording.library import library, library_languages
from holdfast.kit.wording.lint import lint_text
from holdfast.kit.wording.tongue import complete_languages, tongue


def test_every_language_of_the_linter_has_a_library():
    assert library_languages() == complete_languages() == ("ar", "de", "en", "es", "fr")


@pytest.mark.parametrize("language", library_languages())
def test_every_language_has_the_same_sentences_with_the_same_slots(language):
    english, other = library("en").phrases, library(language).phrases
    assert other.keys() == english.keys()
    assert {key: one.slots for key, one in other.items()} == {
        key: one.slots for key, one in english.items()
    }


@pytest.mark.parametrize("language", library_languages())
def test_no_sentence_claims_a_review_that_did_not_happen(language):
    for phrase in library(language).phrases.values():
        assert (phrase.reviewer, phrase.status) == ("", "needs review by a person")
        assert phrase.version >= 1


@pytest.mark.parametrize("language", library_languages())
def test_no_sentence_holds_a_softening_word_or_more_than_twenty_words(language):
    for phrase in library(language).phrases.values():
        found = lint_text(phrase.text, regime="eu_gpsr", language=language).findings
        wrong = [one for one in found if one.rule.startswith(("banned", "sentence", "mechanism"))]
        assert wrong == [], phrase.id


HAZARDS = [
    (language, key)
    for language in library_languages()
    for key in library(language).phrases
    if key.startswith("hazard.")
]


@pytest.mark.parametrize(("language", "key"), HAZARDS)
def test_every_hazard_sentence_is_recognised_as_an_outcome(language, key):
    text = library(language).phrases[key].text
    found = lint_text(text, regime="eu_gpsr", language=language)
    present = {element.id: element.present for element in found.elements}
    assert present["hazard"] is True


@pytest.mark.parametrize("language", library_languages())
def test_headings_and_the_instruction_to_stop_are_recognised(language):
    words = library(language)
    text = words.say("heading.lot", product="VL-10K", lot="B17") + ".\n\n" + words.say("stop")
    present = {
        one.id: one.present for one in lint_text(text, regime="eu_gpsr", language=language).elements
    }
    assert present["heading"]
    assert present["stop_using"]
    assert present["identification"]


def test_codes_are_isolated_in_a_right_to_left_sentence():
    said = library("ar").say("identify", lot="B17")
    assert "\u2066B17\u2069" in said
    assert "\u2066" not in library("en").say("identify", lot="B17")


def test_a_value_cannot_smuggle_in_line_breaks_or_direction_marks():
    said = library("en").say("contact.email", email="a@b.example\r\nBcc: x\u202e")
    assert said == "Write to a@b.example Bcc: x."


def test_french_heading_is_marked_as_unknown_and_spanish_as_recalled():
    assert tongue("fr").heading_confidence == "unknown"
    assert tongue("es").heading_confidence == "recalled"
    assert tongue("de").heading_confidence == tongue("en").heading_confidence == "verified"
