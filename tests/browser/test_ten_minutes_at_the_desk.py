"""The ten minutes again, done by one person in a browser: with a mouse, keys, no JavaScript."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser.hands import Hands
from tests.browser.journey import (
    ME,
    bring_orders,
    decide,
    launch,
    open_recall,
    scope_by_dates,
    stop_the_sale,
    wait_until_told,
    write_notice,
)
from tests.plugins.browser import Visitor
from tests.plugins.instance import Instance, free_port
from tests.smtp_sink import Manner, Sink

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
MOST_CLICKS, MOST_TYPED = 25, 60
WAYS = {
    "mouse": {"keyboard": False, "javascript": True},
    "keyboard alone": {"keyboard": True, "javascript": True},
    "without javascript": {"keyboard": False, "javascript": False},
}


# What hands do in the browser knows no database; one way through is enough on the second one.
@pytest.mark.parametrize(
    "way",
    [
        pytest.param("mouse", marks=pytest.mark.once),
        pytest.param("keyboard alone", marks=pytest.mark.once),
        "without javascript",
    ],
)
def test_one_person_gets_from_the_mail_to_people_told(
    instance: Instance, visitor: Visitor, way: str
) -> None:
    how = WAYS[way]
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with Sink(Manner(keep_text=True)) as sink:
        instance.serve(port=port, HOLDFAST_SMTP_URL=sink.url, HOLDFAST_PUBLIC_URL=url)
        sight = visitor(javascript=how["javascript"])
        hands = Hands(sight.page, keyboard=how["keyboard"])
        sight.open(f"{url}/start")
        open_recall(hands, (EXAMPLES / "supplier-mail.txt").read_text("utf-8"))
        stop_the_sale(hands)
        bring_orders(hands, EXAMPLES / "orders.csv")
        scope_by_dates(hands)
        decide(hands)
        write_notice(hands)
        launch(hands, sink)
        told = wait_until_told(instance)
    got = {who: n for (who, _), n in sink.ledger.copies.items() if who != ME}
    assert len(got) == len(told)
    assert set(got.values()) == {1}, "somebody was written to twice"
    assert sight.complaints == []
    assert hands.clicks <= MOST_CLICKS, (hands.clicks, hands.did)
    assert hands.typed <= MOST_TYPED, (hands.typed, hands.did)
