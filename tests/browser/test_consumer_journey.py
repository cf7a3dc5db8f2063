"""The consumer on a phone: four taps, no JavaScript, by keyboard, in Arabic and in the dark."""

from __future__ import annotations

import itertools
import urllib.request
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest

from holdfast.response.remedies.rules import link_token
from tests.plugins.browser import Sight, Visitor
from tests.plugins.instance import Demo

pytestmark = [pytest.mark.once, pytest.mark.xdist_group("demo")]
LANGUAGES = ["en", "ar"]
WEIGHT, REQUESTS = 14 * 1024, 3
MOST_TAPS = 4


class Thumb:
    """Taps on a page and counts them."""

    def __init__(self, sight: Sight) -> None:
        self.sight, self.taps = sight, 0

    def __call__(self, selector: str) -> None:
        """What leads to another page."""
        self.sight.follow(selector)
        self.taps += 1

    def choose(self, selector: str) -> None:
        """What stays on the page."""
        self.sight.page.locator(selector).first.click()
        self.taps += 1


@pytest.fixture(scope="module")
def links(demo: Demo) -> Iterator[str]:
    """Personal links nobody has used yet, one after the other."""
    key = (demo.instance.home / "links.key").read_bytes()
    recall = next(r["recall"] for r in _recalls(demo) if r["state"] == "telling")

    def unused() -> Iterator[str]:
        for number in itertools.count(1):
            assert number < 3000, "no unused link left in the demo"
            token = link_token(key, recall=recall, recipient=f"customer:{number}")
            path = f"/r/{token}"
            with urllib.request.urlopen(demo.url + path + "?l=en", timeout=30) as answer:
                page = answer.read().decode()
            if path != demo.personal and "Do you still have it?" in page:
                yield path

    return unused()


def _recalls(demo: Demo) -> list[dict[str, str]]:
    found: list[dict[str, str]] = demo.instance.json("recall", "list")["recalls"]
    return found


@pytest.fixture
def phone(visitor: Visitor) -> Callable[..., Sight]:
    def make(**more: object) -> Sight:
        return visitor(width=390, height=844, **{"javascript": False, **more})

    return make


def test_from_the_message_to_done_in_at_most_four_taps(
    demo: Demo, links: Iterator[str], phone: Callable[..., Sight]
) -> None:
    sight = phone()
    sight.open(demo.url + next(links) + "?l=en")
    tap = Thumb(sight)
    tap("text=Yes, I have it")
    assert sight.page.locator("input:checked").count() == 0
    tap.choose("label:has(input[value=refund])")
    tap.choose("label:has(input[name=ok])")
    tap("button:has-text('Confirm')")
    assert "/done" in urlsplit(sight.page.url).path
    assert sight.page.locator("h1").inner_text().startswith("Done.")
    assert sight.page.locator(".ticket code").inner_text()
    assert tap.taps <= MOST_TAPS
    assert sight.complaints == []


def test_i_no_longer_have_it_in_two_taps(
    demo: Demo, links: Iterator[str], phone: Callable[..., Sight]
) -> None:
    sight = phone()
    sight.open(demo.url + next(links) + "?l=en")
    tap = Thumb(sight)
    tap("text=No, I no longer have it")
    tap("text=I gave it to somebody")
    assert "Thank you" in sight.page.locator("h1").inner_text()
    assert tap.taps == 2


def test_the_whole_way_by_keyboard_alone(
    demo: Demo, links: Iterator[str], phone: Callable[..., Sight]
) -> None:
    sight = phone()
    page = sight.open(demo.url + next(links) + "?l=en").page

    def reach(selector: str) -> None:
        for _ in range(40):
            page.keyboard.press("Tab")
            if page.locator(selector).first.evaluate("e => e === document.activeElement"):
                return
        raise AssertionError(f"{selector} cannot be reached by keyboard")

    reach("button[value=yes]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/remedy*")
    reach("input[name=r]")
    page.keyboard.press("ArrowDown")
    reach("input[name=ok]")
    page.keyboard.press("Space")
    reach("button:has-text('Confirm')")
    page.keyboard.press("Enter")
    page.wait_for_url("**/done*")


def test_a_stranger_finds_out_and_claims_without_a_link(
    demo: Demo, phone: Callable[..., Sight]
) -> None:
    sight = phone()
    page = sight.open(demo.url + "/check").page
    page.fill("#code", "b-17")
    sight.follow("button:has-text('Check')")
    assert page.locator("h1").inner_text() == "Yours is affected"
    sight.follow("text=Choose what you get")
    page.check("input[value=refund]")
    page.fill("#email", "stranger@example.org")
    page.check("input[name=ok]")
    sight.follow("button:has-text('Confirm')")
    assert "We have your claim" in page.locator("h1").inner_text()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_behind_the_buttons_have_no_axe_violation(
    demo: Demo, links: Iterator[str], visitor: Visitor, language: str
) -> None:
    sight = visitor(language=language, width=390, height=844)
    path = next(links)
    ask, faults = f"?l={language}", []

    def look(where: str) -> None:
        faults.extend(f"{where}: {fault}" for fault in sight.faults_by_day_and_night())
        assert sight.overflow() <= 0, where

    for page in ("", "/check", "/gone", "/remedy", "/hurt", "/write", "/real"):
        sight.open(demo.url + path + page + ask)
        look(page or "notice")
    sight.open(demo.url + path + "/remedy" + ask)
    sight.follow(sight.page.locator("form button").last)
    assert sight.page.locator("[role=alert]").count() == 1
    look("remedy, nothing chosen")
    for code in ("QQ99", "B17", "B14"):
        sight.open(demo.url + path + "/check" + ask)
        sight.page.fill("#code", code)
        sight.follow("form button")
        look(f"check {code}")
    sight.open(demo.url + path + "/remedy" + ask)
    sight.page.check("input[value=replacement]")
    sight.page.check("input[name=ok]")
    sight.follow(sight.page.locator("form button").last)
    assert "/done" in urlsplit(sight.page.url).path
    look("done")
    assert not faults, "\n".join(faults)


def test_every_step_keeps_its_weight_and_asks_nobody_else(
    demo: Demo, links: Iterator[str], phone: Callable[..., Sight]
) -> None:
    path = next(links)
    for page in ("", "/check", "/gone", "/remedy", "/hurt"):
        for language in ("en", "ar"):
            sight = phone()  # an empty cache each time
            sight.open(f"{demo.url}{path}{page}?l={language}")
            sizes = {url: size for url, size in sight.sizes.items() if not url.startswith("data:")}
            assert len(sizes) <= REQUESTS, sizes
            assert sum(sizes.values()) <= WEIGHT, sizes
            assert all(url.startswith(demo.url) for url in sizes)


def test_everything_people_press_is_large_enough_for_a_thumb(
    demo: Demo, links: Iterator[str], visitor: Visitor
) -> None:
    sight = visitor(width=390, height=844)
    path = next(links)
    for page in ("", "/check", "/gone", "/remedy", "/hurt"):
        sight.open(demo.url + path + page)
        small = sight.page.evaluate(
            """() => [...document.querySelectorAll(`a[href]:not(.skip), button, label.pick,
                label.sure, input:not([type=radio]):not([type=checkbox]):not([type=hidden])`)]
                .map(e => [e.outerHTML.slice(0, 80), e.getBoundingClientRect()])
                .filter(([, r]) => r.height < 47.5 || r.width < 40)
                .map(([h, r]) => `${h} ${r.width}x${r.height}`)"""
        )
        assert small == [], page


def test_the_page_reads_at_twice_the_text_size_on_a_small_phone(
    demo: Demo, links: Iterator[str], visitor: Visitor
) -> None:
    sight = visitor(width=320, height=640)
    path = next(links)
    for page in ("", "/remedy", "/check"):
        for language in ("en", "de", "ar"):
            sight.open(f"{demo.url}{path}{page}?l={language}")
            sight.page.evaluate("document.documentElement.style.fontSize = '200%'")
            assert sight.overflow() <= 0, (page, language)
