"""A report is begun, filled in and released without JavaScript, and can be read in every look."""

from __future__ import annotations

import pytest

from tests.plugins.browser import Visitor
from tests.plugins.instance import Instance

pytestmark = pytest.mark.once


def test_a_report_is_begun_from_its_duty_filled_in_and_released(
    instance: Instance, visitor: Visitor
) -> None:
    ref = instance.json("recall", "open", "--product", "VL-10K", "--outcome", "choking")["recall"]
    instance.run(
        "recall", "clock", ref, "--category", "toys", "--role", "importer", "--sold-in", "CH",
        "--fact", "reportable_information=2026-01-20T10:00:00+01:00", expect=None,
    )  # fmt: skip
    serving = instance.serve("serve")
    try:
        address = f"{serving.url}/recalls/{ref}/filings/"
        sight = visitor(javascript=False, width=390).open(address)
        page = sight.page
        sight.follow(page.get_by_role("button", name="Begin").first)
        assert page.url.endswith("/filings/1/")
        assert "fields are empty" in page.locator(".next").inner_text()
        for field in page.locator("#missing form [name^='fact:']").all():
            if field.evaluate("one => one.tagName") == "SELECT":
                field.select_option(index=1)
            else:
                field.fill("? being looked up")
        sight.follow(page.get_by_role("button", name="State these facts"))
        sight.follow(page.get_by_role("button", name="Propose it"))
        assert "SHA-256" in page.locator("main").inner_text()
        sight.follow(page.get_by_role("button", name="Release", exact=True))
        assert "alone" in page.locator("main").inner_text()
        instance.run("recall", "filing", ref, "--draft", "us_cpsc.full_report", "--country", "US",
                     expect=None)  # fmt: skip
        for where in ("", "1/", "2/"):
            for theme, language in (("light", "en"), ("dark", "ar")):
                sight = visitor(theme=theme, language=language, width=390).open(address + where)
                assert not sight.faults(), where
                assert sight.overflow() == 0, where
    finally:
        serving.stop()
