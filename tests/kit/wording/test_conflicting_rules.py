"""What one law demands and another forbids: how many were hurt, and that nobody was."""

from __future__ import annotations

from dataclasses import replace

import pytest

from holdfast.kit.renderings.content import NoticeContent, NoticeFacts, prose
from holdfast.kit.renderings.draft import draft
from holdfast.kit.wording.lint import lint_text
from holdfast.kit.wording.profile import profile
from holdfast.kit.wording.tongue import complete_languages

pytestmark = pytest.mark.once
NOBODY = {
    "en": "No injuries have been reported.",
    "de": "Es wurden keine Verletzungen gemeldet.",
    "fr": "Aucun blessé n’a été signalé.",
    "es": "No se ha notificado ningún accidente.",
    "ar": "لم يتم الإبلاغ عن أي إصابات.",
}
COUNTED = {
    "en": "The firm has received 12 reports of fires, with two people injured.",
    "de": "Es gab 12 Vorfälle und zwei Verletzte.",
    "fr": "Il y a eu 12 incidents et deux blessés.",
    "es": "Hubo 12 incidentes y dos heridos.",
    "ar": "وقع 12 حادث و2 إصابات.",
}
UNCOUNTED = {
    "en": "Was somebody injured? Report incidents here.",
    "de": "Wurde jemand verletzt? Melden Sie Unfälle hier.",
    "fr": "Quelqu’un a été blessé ? Signalez les incidents ici.",
    "es": "¿Hay heridos? Avise de los incidentes aquí.",
    "ar": "هل أصيب أحد؟ أبلغنا عن الحوادث.",
}
FACTS = NoticeFacts(
    shop="Lumen & Vale",
    product="Power bank",
    hazard="fire",
    lots=("B17",),
    phone="0800 555 0142",
    incidents="0",
    injuries="0",
    deaths="0",
)


def rules(text: str, language: str, regime: str) -> set[str]:
    return {one.rule for one in lint_text(text, regime=regime, language=language).findings}


@pytest.mark.parametrize("language", sorted(NOBODY))
def test_that_nobody_was_hurt_blocks_in_the_eu_and_is_asked_for_in_the_us(language):
    assert "banned.no_accidents" in rules(NOBODY[language], language, "eu_gpsr")
    found = rules(NOBODY[language], language, "us_cpsc_consumer")
    assert "banned.no_accidents" not in found
    assert "element.incidents" not in found


@pytest.mark.parametrize("language", sorted(COUNTED))
def test_a_us_notice_states_counts_and_a_mention_without_one_is_not_enough(language):
    assert "element.incidents" not in rules(COUNTED[language], language, "us_cpsc_consumer")
    assert "banned.no_accidents" not in rules(COUNTED[language], language, "eu_gpsr")
    assert "element.incidents" in rules(UNCOUNTED[language], language, "us_cpsc_consumer")


@pytest.mark.parametrize("language", complete_languages())
def test_one_set_of_facts_makes_a_text_for_each_and_neither_passes_for_the_other(language):
    texts = {}
    for regime in ("eu_gpsr", "us_cpsc_consumer"):
        facts = replace(FACTS, regime=regime)
        texts[regime], _ = prose(NoticeContent(language, facts, draft(facts, language)))
    european = lint_text(texts["eu_gpsr"], regime="eu_gpsr", language=language, has_picture=True)
    assert european.ok
    assert "banned.no_accidents" in rules(texts["us_cpsc_consumer"], language, "eu_gpsr")
    assert "element.incidents" not in rules(texts["us_cpsc_consumer"], language, "us_cpsc")
    assert "element.incidents" in rules(texts["eu_gpsr"], language, "us_cpsc_consumer")


@pytest.mark.parametrize("language", complete_languages())
def test_a_count_nobody_gave_is_left_out_and_not_taken_for_none(language):
    facts = replace(FACTS, regime="us_cpsc_consumer", deaths="")
    assert not any("0" in line for line in draft(facts, language)["particulars"])


def test_a_banned_word_cites_the_law_only_where_the_law_names_it():
    text = "A voluntary recall of a minor defect."
    cited = {
        one.rule: one.confidence
        for one in lint_text(text, regime="eu_gpsr", language="en").findings
        if one.rule.startswith("banned")
    }
    assert cited == {"banned.voluntary": "verified", "banned.minor": "house"}
    french = lint_text("Un rappel volontaire.", regime="eu_gpsr", language="fr").findings
    assert [one.confidence for one in french if one.rule == "banned.voluntary"] == ["recalled"]
    assert profile("us_cpsc_consumer").rule_for("voluntary").confidence == "recalled"
