"""The desk by keyboard: the command menu, rows, the next step, help; and none of it needed."""

from __future__ import annotations

import pytest

from tests.plugins.browser import Visitor
from tests.plugins.instance import Demo

pytestmark = [pytest.mark.once, pytest.mark.xdist_group("demo")]


def test_the_command_menu_finds_a_recall_and_goes_there(demo: Demo, visitor: Visitor) -> None:
    page = visitor().open(f"{demo.url}/recalls/").page
    page.keyboard.press("Control+k")
    page.keyboard.type("VL-10K")
    page.locator("#hits [aria-selected=true]", has_text="VL-10K").wait_for()
    page.keyboard.press("Enter")
    page.wait_for_url("**/recalls/R-*/")
    assert "VL-10K" in page.locator(".strip").inner_text()


def test_the_menu_closes_and_gives_the_page_back(demo: Demo, visitor: Visitor) -> None:
    page = visitor().open(f"{demo.url}/recalls/").page
    page.keyboard.press("Control+k")
    assert page.locator("#menu").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator("#menu").is_visible()


def test_rows_are_walked_with_j_and_k_and_opened_with_enter(demo: Demo, visitor: Visitor) -> None:
    page = visitor().open(f"{demo.url}/recalls/").page
    page.keyboard.press("j")
    first = page.evaluate("document.activeElement.textContent")
    page.keyboard.press("j")
    second = page.evaluate("document.activeElement.textContent")
    assert first != second
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.textContent") == first
    page.keyboard.press("Enter")
    page.wait_for_url("**/recalls/R-*/")


def test_n_leads_to_the_next_step(demo: Demo, visitor: Visitor) -> None:
    page = visitor().open(f"{demo.url}/recalls/").page
    page.keyboard.press("n")
    assert page.evaluate("document.activeElement.closest('.next') !== null")


def test_letters_typed_into_a_field_stay_letters(demo: Demo, visitor: Visitor) -> None:
    page = visitor().open(f"{demo.url}/start").page
    page.locator("#product").focus()
    page.keyboard.type("jknx?/")
    assert page.locator("#product").input_value() == "jknx?/"
    assert not page.locator("#keys").is_visible()


def test_keys_can_be_changed_and_are_remembered(demo: Demo, visitor: Visitor) -> None:
    page = visitor().open(f"{demo.url}/recalls/").page
    page.keyboard.press("?")
    assert page.locator("#keys").is_visible()
    page.locator("input[data-key=down]").fill("s")
    page.locator("input[data-key=down]").blur()
    page.locator("#keys [data-close]").click()
    page.reload()
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement === document.body")
    page.keyboard.press("s")
    assert page.evaluate("document.activeElement.tagName") == "A"


def test_the_first_tab_leads_past_the_bar(demo: Demo, visitor: Visitor) -> None:
    page = visitor().open(f"{demo.url}/recalls/").page
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")


def test_without_javascript_the_field_in_the_bar_is_a_search(demo: Demo, visitor: Visitor) -> None:
    page = visitor(javascript=False).open(f"{demo.url}/recalls/").page
    page.locator(".go input").fill("VL-10K")
    page.locator(".go input").press("Enter")
    page.wait_for_url("**/go?q=VL-10K")
    assert page.locator(".li a").first.inner_text().startswith("R-")


def test_the_theme_is_chosen_without_javascript_and_wins_over_the_system(
    demo: Demo, visitor: Visitor
) -> None:
    sight = visitor(javascript=False, theme="light").open(f"{demo.url}/recalls/")
    page = sight.page
    sight.follow("button[name=t][value=dark]")
    assert page.locator("html").get_attribute("data-theme") == "dark"
    shade = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert shade == "rgb(15, 18, 22)"


def test_printed_pages_are_black_on_white_and_open_their_numbers(
    demo: Demo, visitor: Visitor
) -> None:
    page = visitor(theme="dark").open(f"{demo.url}/recalls/").page
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    assert not page.locator(".bar").is_visible()


def test_the_desk_keeps_its_weight_on_the_wire(demo: Demo, visitor: Visitor) -> None:
    sight = visitor().open(f"{demo.url}/recalls/")
    style = sum(size for url, size in sight.sizes.items() if ".css" in url)
    script = sum(size for url, size in sight.sizes.items() if ".js" in url)
    assert 0 < style <= 20 * 1024
    assert 0 < script <= 35 * 1024
