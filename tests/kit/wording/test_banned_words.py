"""Every banned word is found in every form its data names, and its harmless neighbours are not."""

import pytest

from holdfast.kit.wording.checks import hits
from holdfast.kit.wording.folding import fold
from holdfast.kit.wording.lint import lint_text
from holdfast.kit.wording.tongue import complete_languages, languages, tongue

HITS = [
    (language, rule, sentence)
    for language in languages()
    for rule in tongue(language).banned
    for sentence in rule.hits
]
PASSES = [
    (language, rule, sentence)
    for language in languages()
    for rule in tongue(language).banned
    for sentence in rule.passes
]


@pytest.mark.parametrize(
    ("language", "rule", "sentence"), HITS, ids=[f"{a}-{b.id}-{c}" for a, b, c in HITS]
)
def test_a_softening_word_is_found(language, rule, sentence):
    folded = fold(sentence, latin=tongue(language).latin)
    assert hits(folded.text, rule.pattern, rule.harmless)


@pytest.mark.parametrize(
    ("language", "rule", "sentence"), PASSES, ids=[f"{a}-{b.id}-{c}" for a, b, c in PASSES]
)
def test_a_harmless_use_is_left_alone_by_every_rule(language, rule, sentence):
    found = lint_text(sentence, regime="eu_gpsr", language=language).findings
    assert [one for one in found if one.rule.startswith("banned")] == []


MECHANISMS = [
    (language, sentence)
    for language in complete_languages()
    for sentence in tongue(language).mechanism_examples[0]
]


@pytest.mark.parametrize(("language", "sentence"), MECHANISMS)
def test_a_mechanism_alone_blocks_in_the_eu_and_warns_in_the_us(language, sentence):
    for regime, severity in (("eu_gpsr", "block"), ("us_cpsc", "warn")):
        found = lint_text(sentence, regime=regime, language=language).findings
        assert [one.severity for one in found if one.rule == "mechanism_without_outcome"][:1] == [
            severity
        ]
