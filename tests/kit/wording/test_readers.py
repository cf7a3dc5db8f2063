"""One rule says in which languages a person is told, whatever the form."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.kit.wording.library import library_languages
from holdfast.kit.wording.readers import languages_given, languages_lacking, languages_read

pytestmark = pytest.mark.once
ALL = library_languages()


@pytest.mark.parametrize(
    ("country", "told_in"),
    [
        ("BE", ("fr", "de")),
        ("CH", ("de", "fr")),
        ("CA", ("en", "fr")),
        ("LU", ("fr", "de")),
        ("MA", ("ar", "fr")),
        ("CM", ("fr", "en")),
        ("DE", ("de",)),
        ("IE", ("en",)),
        ("ES", ("es",)),
        ("FI", ("en",)),
        ("PL", ("en",)),
        ("", ("en",)),
        ("Belgium", ("en",)),
    ],
)
def test_a_country_with_two_languages_is_told_in_both(country, told_in):
    assert languages_given(languages_read("", "", country), ALL, "en") == told_in


def test_what_a_person_said_comes_before_their_order_and_their_country():
    assert languages_read("fr-CH", "de", "CH") == ("fr",)
    assert languages_read("", "de_CH", "CH") == ("de",)
    assert languages_read(" ", "\u0000", "ch")[0] == "de"


def test_whoever_reads_nothing_there_is_told_in_the_first_of_the_organisation_else_english():
    assert languages_given(("pl",), ("de", "en", "fr"), "de") == ("de",)
    assert languages_given(("pl",), ("en", "fr"), "de") == ("en",)
    assert languages_given(("pl",), ("es", "fr"), "de") == ("es",)
    assert languages_given(("pl",), (), "de") == ()


@pytest.mark.parametrize(
    ("country", "texts", "lacking"),
    [
        ("CH", ("de", "fr"), ()),
        ("CH", ("de",), ("fr",)),
        ("CH", ("fr",), ("de",)),
        ("BE", ("fr", "de"), ("nl",)),  # no library can write it, and most people there read it
        ("BE", ("fr",), ("nl", "de")),
        ("FI", ("en",), ("fi",)),
        ("PL", ALL, ("pl",)),
        ("IE", ("en",), ()),
        ("", ("en",), ()),
    ],
)
def test_the_languages_a_person_is_not_covered_in_are_named(country, texts, lacking):
    reads = languages_read("", "", country)
    assert languages_lacking(reads, texts, ALL) == lacking


CODES = st.sampled_from(("ar", "de", "en", "es", "fr", "nl", "pl"))


@given(
    st.lists(CODES, unique=True, max_size=4),
    st.lists(CODES, unique=True, max_size=5),
    CODES,
)
def test_nobody_gets_three_and_nobody_none_while_there_is_a_text(reads, texts, first):
    given_ = languages_given(reads, texts, first)
    lacking = languages_lacking(reads, texts, ALL)
    assert len(given_) <= 2
    assert bool(given_) == bool(texts)
    assert set(given_) <= set(texts)
    assert not set(lacking) & set(texts)
    assert set(lacking) <= set(reads)
    if not set(reads) & set(texts):
        assert bool(lacking) == bool(reads)
