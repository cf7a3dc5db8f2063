"""Which law a person's text follows, and which laws share one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from holdfast.kit.regimes.coverage import covers
from holdfast.kit.regimes.places import place, places
from holdfast.kit.regimes.reading import regime
from holdfast.kit.renderings.content import NoticeFacts
from holdfast.kit.renderings.laws import TextLaws, counts_lacking, in_order, lines_given
from holdfast.kit.wording.laws import law_followed, named_text, text_name
from holdfast.kit.wording.profile import general_regime, profile, regimes

pytestmark = pytest.mark.once
FACTS = NoticeFacts(shop="Lumen & Vale", product="Power bank", hazard="fire", phone="0800")
COUNTED = replace(FACTS, units="380", incidents="4", injuries="0", deaths="0")


@pytest.mark.parametrize(
    ("country", "own", "law"),
    [
        ("DE", "eu_gpsr", "eu_gpsr"),
        ("NO", "us_cpsc_consumer", "eu_gpsr"),
        ("XI", "uk_gpsr", "eu_gpsr"),
        ("GB", "eu_gpsr", "uk_gpsr"),
        ("United States", "eu_gpsr", "us_cpsc_consumer"),
        ("US", "us_fda_food_rfr", "us_fda_food_rfr"),
        ("FR", "eu_food", "eu_food"),
        ("", "us_cpsc", "us_cpsc_consumer"),
        ("AQ", "eu_gpsr", "eu_gpsr"),
    ],
)
def test_the_law_of_the_country_else_the_recalls_own(country, own, law):
    assert law_followed(country, own) == law


def test_the_table_of_countries_is_that_of_the_law():
    """A profile holds where the law's own data says it does."""
    for name in regimes():
        law = regime(name, date(2026, 11, 28))
        kinds = frozenset(law.categories) - frozenset(law.excludes)
        there = {one.code for one in places() if one.code != "EU" and covers(law, one, kinds)}
        assert set(profile(name).countries) <= there, name
    for name in ("eu_gpsr", "uk_gpsr", "us_cpsc_consumer"):
        law = regime(name, date(2026, 11, 28))
        kinds = frozenset(law.categories) - frozenset(law.excludes)
        there = {one.code for one in places() if one.code != "EU" and covers(law, one, kinds)}
        assert set(profile(name).countries) == there, name
    assert general_regime(place("XI").code) == "eu_gpsr"


def test_laws_whose_words_are_the_same_share_a_text():
    laws = TextLaws(("eu_gpsr", "us_cpsc_consumer", "au_acl", "uk_gpsr"), COUNTED)
    assert laws.texts() == ("", "us_cpsc_consumer")
    assert laws.served_by("") == ("eu_gpsr", "au_acl", "uk_gpsr")
    assert laws.text_of("ca_ccpsa") == ""
    american = TextLaws(("us_cpsc_consumer", "eu_gpsr", "uk_gpsr"), FACTS)
    assert american.texts() == ("", "eu_gpsr")
    assert american.text_of("ca_ccpsa") == "eu_gpsr"
    assert TextLaws(("us_cpsc_consumer",), FACTS).text_of("eu_gpsr") == "eu_gpsr"


def test_a_law_that_differs_and_has_no_text_is_its_own_answer():
    laws = TextLaws(("eu_gpsr",), COUNTED)
    assert laws.text_for("US") == "us_cpsc_consumer"
    assert laws.texts() == ("",)


def test_a_law_whose_counts_nobody_gave_has_no_text_of_its_own_and_asks_for_them():
    laws = TextLaws(("eu_gpsr", "us_cpsc_consumer"), replace(COUNTED, deaths=""))
    assert laws.texts() == ("",)
    assert laws.text_for("US") == ""
    assert laws.counts_asked() == {"us_cpsc_consumer": ("deaths",)}
    own = TextLaws(("us_cpsc_consumer", "eu_gpsr"), FACTS)
    assert own.texts() == ("", "eu_gpsr")
    assert own.counts_asked() == {}


def test_those_known_best_come_first_behind_the_own():
    others = ["uk_gpsr", "au_acl", "eu_gpsr", "us_cpsc", "uk_gpsr"]
    assert in_order("us_cpsc", others) == ("us_cpsc_consumer", "eu_gpsr", "au_acl", "uk_gpsr")


def test_a_count_that_is_none_is_given_and_one_nobody_gave_is_not():
    facts = NoticeFacts(
        shop="L", product="P", hazard="fire", regime="us_cpsc_consumer", incidents="0", injuries="0"
    )
    assert counts_lacking(facts) == ("units", "deaths")
    assert "incidents" not in lines_given(facts)
    assert counts_lacking(FACTS) == ()


def test_a_text_is_named_by_language_and_foreign_law():
    assert text_name("en", "") == "en"
    assert named_text(text_name("en", "us_cpsc_consumer")) == ("en", "us_cpsc_consumer")
    assert named_text(" de ") == ("de", "")
