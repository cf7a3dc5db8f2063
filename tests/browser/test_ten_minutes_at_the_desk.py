"""The ten minutes again, done by one person in a browser: with a mouse, keys, no JavaScript."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.browser.hands import Hands
from tests.plugins.browser import Visitor
from tests.plugins.instance import Instance
from tests.smtp_sink import Manner, Sink

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
MOST_CLICKS, MOST_TYPED = 25, 60
WAYS = {
    "mouse": {"keyboard": False, "javascript": True},
    "keyboard alone": {"keyboard": True, "javascript": True},
    "without javascript": {"keyboard": False, "javascript": False},
}


@pytest.mark.parametrize("way", WAYS)
def test_one_person_gets_from_the_mail_to_people_told(
    instance: Instance, visitor: Visitor, way: str
) -> None:
    how = WAYS[way]
    with Sink(Manner()) as sink:
        serving = instance.serve(HOLDFAST_SMTP_URL=sink.url)
        sight = visitor(javascript=how["javascript"])
        hands = Hands(sight.page, keyboard=how["keyboard"])
        sight.open(f"{serving.url}/start")
        open_recall(hands)
        stop_the_sale(hands)
        bring_orders(hands, EXAMPLES / "orders.csv")
        scope(hands)
        decide(hands)
        write(hands)
        launch(hands)
        wait_for(hands, "accepted", sink)
    assert sight.complaints == []
    assert hands.clicks <= MOST_CLICKS, (hands.clicks, hands.did)
    assert hands.typed <= MOST_TYPED, (hands.typed, hands.did)


def open_recall(hands: Hands) -> None:
    """0:30 The supplier's mail is pasted and read; what can happen to a person is picked."""
    hands.paste("#mail", (EXAMPLES / "supplier-mail.txt").read_text("utf-8"))
    hands.press("Read it", within="#mailform")
    hands.choose('input[name=outcome][value="fire"]')
    hands.next_step()
    assert re.search(r"/recalls/R-\d{4}-\d{3}/", hands.page.url), hands.page.url


def stop_the_sale(hands: Hands) -> None:
    """1:15 Where it is sold is named and ticked, with what shows it."""
    hands.type("#name", "Web shop")
    hands.press("Add", within="main")
    hands.choose("input[name=ticked]")
    hands.type("#proof", "listing off")
    hands.next_step()
    hands.next_step()


def bring_orders(hands: Hands, orders: Path) -> None:
    """2:00 The export is dropped, recognised and imported; the page waits for its job by itself."""
    hands.next_step()
    hands.pick("#file", orders)
    hands.next_step()
    hands.next_step()
    hands.page.wait_for_url(re.compile("/data/runs/"), timeout=120_000)


def scope(hands: Hands) -> None:
    """3:00 When the lot came and went lets dates decide; the answer is confirmed."""
    hands.next_step()
    hands.day("input[name=came]", "2026-02-20")
    hands.day("input[name=gone]", "2026-03-25")
    hands.press("Let dates decide")
    hands.next_step()
    hands.next_step()


def decide(hands: Hands) -> None:
    """3:30 Risk, decision, remedies, signature."""
    hands.choose('input[name=severity][value="4"]')
    hands.type("#probability", "1/1000")
    hands.type("#why", "3 of 600 burned")
    hands.next_step()
    hands.next_step()


def write(hands: Hands) -> None:
    """5:00 A complete draft; every language is read and approved."""


def launch(hands: Hands) -> None:
    """7:30 The gates, a message to oneself, the launch."""


def wait_for(hands: Hands, words: str, sink: Sink) -> None:
    """10:00 The room shows who was told."""
