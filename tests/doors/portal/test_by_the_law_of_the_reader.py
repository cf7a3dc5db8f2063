"""A link shows the text of its person's law; the public page the own one, others by choice."""

from __future__ import annotations

import pytest

from holdfast.doors.portal.kept import PUBLISHED
from holdfast.kit.actors import SYSTEM
from holdfast.response.notices.actions import approve_text, draft_notice
from holdfast.response.notices.queries import text_in
from holdfast.response.remedies.actions import make_links
from holdfast.response.remedies.rules import link_token
from tests.doors.portal.conftest import KEY

COUNTS = {"incidents": "4", "injuries": "0", "deaths": "0", "units": "4200"}
COUNTED = "Injuries: 0"


@pytest.fixture
def both(told):
    """A buyer in Ireland and one in the US, each with a link; nothing is approved yet."""
    told.buyer.country = "IE"
    told.buyer.save()
    abroad = told.customer(country="US")
    told.scope(dict.fromkeys(told.lines, 1) | {told.line(1, abroad, market="US"): 1})
    make_links(recall=told.recall, customer_ids=[abroad.pk], key=KEY, by=SYSTEM, now=told.now)
    told.american = link_token(KEY, recall=told.recall.ref, recipient=f"customer:{abroad.pk}")
    draft_notice(
        recall=told.recall,
        url="https://x.example/recall",
        changes={"phone": "0800", **COUNTS},
        by=told.by,
        now=told.now,
    )
    return told


def approved(both, *names: str) -> None:
    for name in names:
        approve_text(text=text_in(both.recall, name), by=both.by, now=both.now)
    PUBLISHED.forget()


def page(client, address: str) -> str:
    return client.get(address).content.decode()


def test_a_link_shows_the_text_of_the_law_of_its_person(client, both) -> None:
    approved(both, "en", "en:us_cpsc_consumer")
    assert COUNTED not in page(client, f"/r/{both.token}")
    assert COUNTED in page(client, f"/r/{both.american}")
    assert "c=US" not in page(client, f"/r/{both.american}")
    assert COUNTED not in page(client, f"/r/{both.token}?c=US")


def test_who_holds_a_link_is_told_to_stop_while_their_own_text_waits(client, both) -> None:
    approved(both, "en")
    shown = page(client, f"/r/{both.american}")
    assert COUNTED not in shown
    assert "Stop using it" in shown


def test_the_public_page_shows_the_own_law_and_the_others_by_choice(client, both) -> None:
    approved(both, "en", "en:us_cpsc_consumer")
    address = f"/n/{both.recall.ref}"
    own = page(client, address)
    assert COUNTED not in own
    assert "United States" in own
    assert "c=US" in own
    american = page(client, f"{address}?l=en&c=US")
    assert COUNTED in american
    assert "European Union" in american
    assert COUNTED not in page(client, f"{address}?c=EU")
    assert COUNTED not in page(client, f"{address}?c=GB")
    assert page(client, f"{address}?c=%22%3E") == own
    moved = client.post(f"{address}?l=en&c=US", {"a": "yes"})
    assert moved.headers["Location"].endswith("?l=en&c=US")


def test_one_law_makes_no_choice(client, both) -> None:
    approved(both, "en")
    assert "c=US" not in page(client, f"/n/{both.recall.ref}")
