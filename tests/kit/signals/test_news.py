"""Who speaks of a recall that was made is told from who asks for one."""

from __future__ import annotations

import pytest

from holdfast.kit.signals.news import speaks_of_recall


@pytest.mark.parametrize(
    "text",
    [
        "Then today I have an email from the shop about the recall.",
        "I know this product has already been recalled, but ours broke too.",
        "We did not know that there was a recall on it until we looked.",
        "It should be sold no more. The store told us of a recall.",
        "Replacement (due to recall) of the drum sticks was done.",
        "Rückruf war schon in der Zeitung.",
    ],
)
def test_news_of_a_recall(text: str) -> None:
    assert speaks_of_recall(text)


@pytest.mark.parametrize(
    "text",
    [
        "This toy should be recalled before a child is hurt.",
        "Please recall this product!",
        "The caller is asking for these bubbles to be recalled.",
        "They informed her that the product has not been recalled.",
        "There is no recall by the manufacturer that I see.",
        "I don't recall the exact date of purchase.",
        "It sparked and smoked.",
    ],
)
def test_a_wish_a_denial_and_a_memory_are_no_news(text: str) -> None:
    assert not speaks_of_recall(text)


def test_a_text_made_to_be_slow_is_read_in_time() -> None:
    assert speaks_of_recall("'" * 100_000 + " not " + "a' " * 50_000 + "recall " * 1_000)
