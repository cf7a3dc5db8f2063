"""A mail's own words: answers stay wherever they stand, quotes go, what is forwarded stays."""

from __future__ import annotations

import pytest

from holdfast.kit.reading.quotes import words_of


@pytest.mark.parametrize(
    ("text", "own"),
    [
        (
            "Hello,\nOn Monday I wrote to you:\nit burned me.",
            "Hello,\nOn Monday I wrote to you:\nit burned me.",
        ),
        (
            "No.\n\nOn Mon, 2 Mar 2026 at 10:00, Shop <a@shop.example> wrote:\nIt can catch fire.",
            "No.",
        ),
        (
            "Hi,\nOn 2 March the shop wrote:\n> Did it burn?\nYes, my hand.\n> Where?\nAt home.",
            "Hi,\n\nYes, my hand.\nAt home.",
        ),
        ("Am 2. Maerz schrieb Shop:\n> Brannte es?\n\nJa, meine Hand.", "Ja, meine Hand."),
        (
            "Yes.\n\n-----Original Message-----\nFrom: Shop\nSent: Monday\n\nIt can catch fire.",
            "Yes.",
        ),
        (
            "Ja.\n\nVon: Shop <a@shop.example>\nGesendet: Montag\nAn: Kim\n\nEs kann brennen.",
            "Ja.",
        ),
        ("> only a quote\n", ""),
    ],
)
def test_what_is_answered_is_left_out_and_nothing_else(text: str, own: str) -> None:
    found = words_of(text, subject="Re: kettle")
    assert (found.own, found.is_forwarded) == (own, False)
    assert (found.quoted > 0) == (own != text)


@pytest.mark.parametrize(
    ("subject", "text", "own", "person"),
    [
        (
            "WG: Kessel",
            "Bitte.\n\n-----Ursprüngliche Nachricht-----\nVon: Kim <kim@example.org>\n"
            "Gesendet: Montag\nAn: Hilfe\n\nVerbrannt.",
            "Bitte.\n\nVerbrannt.",
            "Kim <kim@example.org>",
        ),
        (
            "kettle",
            "Begin forwarded message:\n\n> From: Kim <kim@example.org>\n> Subject: kettle\n"
            ">\n> It burned.",
            "It burned.",
            "Kim <kim@example.org>",
        ),
        (
            "Fwd: Re: kettle",
            "-- Forwarded message --\nFrom: Jo <jo@shop.example>\nTo: me\n\nSee below.\n\n"
            "From: Kim [mailto:kim@example.org]\nSent: Monday\nTo: Jo\n\nIt burned.",
            "See below.\n\nIt burned.",
            "Kim [mailto:kim@example.org]",
        ),
        ("Fwd: kettle", "It burned, says Kim.", "It burned, says Kim.", ""),
    ],
)
def test_what_is_forwarded_is_read_and_says_who_wrote_it(
    subject: str, text: str, own: str, person: str
) -> None:
    found = words_of(text, subject=subject, ours=["complaints@shop.example"])
    assert (found.own, found.person, found.is_forwarded) == (own, person, True)


def test_words_without_end_are_read_in_linear_time() -> None:
    for text in ("From: a\n" * 20_000, "On " * 60_000, "> " * 90_000, "\n" * 150_000):
        words_of(text, subject="Fwd: x")
        words_of(text)
