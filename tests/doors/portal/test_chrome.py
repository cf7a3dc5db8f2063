"""Page chrome: the same keys, the same slots, in every language; softening words in none."""

import string

import pytest

from holdfast.doors.portal.speech import SPOKEN, Speech, choose_language, table

SLOTS = string.Formatter()


def slots(text: str) -> set[str]:
    return {name for _text, name, _spec, _how in SLOTS.parse(text) if name}


def flat(language: str) -> dict[str, object]:
    found = dict(table(language))
    found.update({f"errors.{key}": value for key, value in found.pop("errors").items()})
    return found


@pytest.mark.parametrize("language", SPOKEN)
def test_every_language_has_the_same_keys_and_the_same_slots(language: str) -> None:
    english, other = flat("en"), flat(language)
    assert set(english) == set(other)
    for key, text in english.items():
        assert type(text) is type(other[key]), key
        if isinstance(text, str):
            assert slots(text) == slots(other[key]), key
        else:
            assert len(text) == len(other[key]), key


@pytest.mark.parametrize("language", SPOKEN)
def test_no_string_is_empty_shouts_or_holds_markup(language: str) -> None:
    for key, value in flat(language).items():
        if key == "reviewer":
            continue
        for text in [value] if isinstance(value, str) else value:
            assert text.strip(), key
            assert "!" not in text, key
            assert "<" not in text, key


@pytest.mark.parametrize(
    ("asked", "known", "accepted", "expected"),
    [
        ("ar", "de", "fr", "ar"),
        ("", "de-AT", "fr", "de"),
        ("", "", "nl, fr;q=0.8, es;q=0.9", "es"),
        ("xx", "", "*;q=zz", "en"),
        ("", "", "", "en"),
    ],
)
def test_the_language_is_the_one_asked_for_then_the_persons_then_the_browsers(
    asked: str, known: str, accepted: str, expected: str
) -> None:
    assert choose_language(asked=asked, known=known, accepted=accepted) == expected


@pytest.mark.parametrize(
    ("accepted", "country", "first", "expected"),
    [
        ("fr", ("de", "fr"), "en", "fr"),  # of a country's languages, the one the browser reads
        ("", ("nl", "fr", "de"), "en", "fr"),
        ("pl", ("fi", "sv"), "de", "de"),
        ("", (), "", "en"),
    ],
)
def test_who_said_nothing_reads_what_their_country_does_then_what_the_shop_does(
    accepted: str, country: tuple[str, ...], first: str, expected: str
) -> None:
    chosen = choose_language(asked="", known="", accepted=accepted, country=country, first=first)
    assert chosen == expected


def test_codes_and_sums_keep_their_direction() -> None:
    said = Speech("ar").say("for_items", n="2", product="<b>", order="LV-1001")
    assert '<bdi dir="ltr" class="c">LV-1001</bdi>' in said
    assert "&lt;b&gt;" in said
