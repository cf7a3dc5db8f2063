"""A drill in the browser: started from the page, violet inside, no sender, scored at the end."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.plugins.browser import Visitor
from tests.plugins.instance import Instance

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
pytestmark = pytest.mark.once


def test_a_drill_is_started_practised_and_scored(instance: Instance, visitor: Visitor) -> None:
    instance.run("import", "receipts", EXAMPLES / "receipts.csv")
    instance.run("import", "orders", EXAMPLES / "orders.csv")
    serving = instance.serve()
    sight = visitor()
    page = sight.page
    sight.open(f"{serving.url}/drills/")
    assert sight.faults() == []
    sight.follow(".next .btn")
    real = page.url
    sight.follow(page.get_by_role("link", name="Open the drill").first)
    page.wait_for_url(lambda here: not here.startswith(serving.url))
    inside = "/".join(page.url.split("/")[:3])

    assert page.title().startswith("DRILL")
    assert page.locator("body.drill").count() == 1
    page.goto(f"{inside}/recalls/")
    sight.follow("table a")
    strip = page.locator(".strip").inner_text()
    assert "Messages sent" in strip
    assert "sender not present in a drill" in strip
    assert sight.faults() == []
    page.goto(f"{inside}/drills/")
    assert "Gaps so far" in page.locator("main").inner_text()

    page.goto(real)
    sight.follow(page.get_by_role("button", name="End and score"))
    assert "has ended" in page.locator(".said").inner_text()
    assert page.locator("details summary", has_text="gap").count() == 1
    assert "DRILL" not in page.title()
