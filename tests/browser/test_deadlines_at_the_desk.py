"""A fact told without JavaScript starts a clock: in words, on the strip, in every look."""

from __future__ import annotations

import pytest

from tests.plugins.browser import Visitor
from tests.plugins.instance import Instance

pytestmark = pytest.mark.once


def test_the_law_is_asked_a_fact_is_told_and_the_clock_runs(
    instance: Instance, visitor: Visitor
) -> None:
    opened = instance.json("recall", "open", "--product", "VL-10K", "--outcome", "choking")
    serving = instance.serve("serve")
    try:
        address = f"{serving.url}/recalls/{opened['recall']}/deadlines/"
        sight = visitor(javascript=False, width=390).open(address)
        page = sight.page
        page.get_by_label("Toys").check()
        page.get_by_label("Importer").check()
        page.get_by_label("Countries beside those of the scope").fill("US")
        sight.follow(page.get_by_role("button", name="Ask the law with this"))
        assert "Report to the CPSC" in page.locator("main").inner_text()
        page.locator("#fact").select_option("reportable_information")
        page.locator("#at").fill("2026-01-20T10:00")
        page.locator("#zone").fill("America/New_York")
        sight.follow(page.get_by_role("button", name="Tell this fact"))
        assert "Wed 21 Jan, 10:00 Washington" in page.locator(".strip").inner_text()
        assert "late" in page.locator(".next").inner_text()
        for theme, language in (("light", "en"), ("dark", "ar")):
            sight = visitor(theme=theme, language=language, width=390).open(address)
            assert not sight.faults()
            assert sight.overflow() == 0
    finally:
        serving.stop()
