"""Every page that can be reached from the demo, looked at as the people who will see it."""

from __future__ import annotations

import re
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from playwright.sync_api import Browser, ViewportSize

from tests.plugins.browser import COLOURS, Sight, Visitor, visitors
from tests.plugins.instance import Demo

pytestmark = [pytest.mark.once, pytest.mark.xdist_group("demo")]
MOST_PAGES = 80
SCREEN: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 320, "height": 640}
# The same page again and again: one of each kind is enough.
SAME = re.compile(
    r"/([A-Z]{1,2}-[0-9A-Z-]+|\d+|[A-Za-z0-9_-]{20,}|(?<=/decision/)[a-z_]+|(?<=/law/)[a-z0-9_]+)(?=[/.]|$)"
)


FILLED = """() => document.querySelector('.next .btn:not(.alt)')
    ? [...document.querySelectorAll('main .btn:not(.alt)')].filter(
        one => one.checkVisibility() && !one.closest('.next, .phone')).map(one => one.innerText)
    : []"""
BLANK = """() => [...document.querySelectorAll('input, textarea')].filter(
    one => !['hidden', 'checkbox', 'radio'].includes(one.type) && !one.defaultValue
        && one.checkVisibility()).map(one => one.name)"""
FLUSH = """() => [...document.querySelectorAll('td.n')].map(
    one => getComputedStyle(one).textAlign)"""


class Links(HTMLParser):
    """The addresses a page leads to."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.found += [value for name, value in attrs if name == "href" and value]


def pages(demo: Demo, *starts: str) -> list[str]:
    """Paths of the HTML pages that links lead to, one of each kind, without queries.

    A link that leads nowhere is a fault of the page it stands on.
    """
    todo, kinds, found = [(start, "the start") for start in starts], set(), []
    nowhere = []
    while todo and len(found) < MOST_PAGES:
        path, linked_from = todo.pop(0)
        kind = SAME.sub("/…", path)
        if kind in kinds:
            continue
        kinds.add(kind)
        try:
            with urllib.request.urlopen(demo.url + path, timeout=30) as answer:
                if not answer.headers.get("Content-Type", "").startswith("text/html"):
                    continue
                found.append(urlsplit(answer.url).path)
                links = Links()
                links.feed(answer.read().decode())
        except urllib.error.HTTPError as error:
            nowhere.append(f"{path}, linked from {linked_from}: {error.code}")
            continue
        for link in links.found:
            target = urlsplit(urldefrag(urljoin(demo.url + path, link)).url)
            if f"{target.scheme}://{target.netloc}" == demo.url and not target.query:
                todo.append((target.path, path))
    assert not nowhere, "\n" + "\n".join(nowhere)
    assert len(found) < MOST_PAGES, "more pages than are looked at: raise it, or name a kind"
    return list(dict.fromkeys(found))


@pytest.fixture(scope="module")
def everything(demo: Demo) -> list[str]:
    """Every page of the desk and of the consumer's side."""
    found = pages(demo, "/", "/recalls/", demo.personal)
    assert len(found) > 12, found
    return found


@dataclass
class Seen:
    """What one page is to a visitor: its language and direction, pixels too wide for a phone,
    filled buttons beside the one of the next step, where its columns of numbers are flush, and
    fields that are empty on paper."""

    complaints: list[str]
    faults: list[str]
    asked: set[str]
    way: tuple[str | None, str | None]
    too_wide: int
    filled: list[str]
    flush: set[str]
    blank: list[str]


Walk = Callable[[str], dict[str, Seen]]  # a language -> what each page is in it


@pytest.fixture(scope="module")
def walk(demo: Demo, everything: list[str], browser: Browser) -> Iterator[Walk]:
    """Goes once through every page in a language and looks at all there is to see."""
    with visitors(browser) as come:

        @cache
        def walk(language: str) -> dict[str, Seen]:
            sight = come(language=language)
            return {path: look(sight, demo.url + path, language == "en") for path in everything}

        yield walk


def look(sight: Sight, url: str, with_colours: bool) -> Seen:
    """Open a page, by day and by night, then on a small phone.

    A language changes no colour (house test), so colours are looked at in one.
    """
    sight.complaints.clear()
    sight.sizes.clear()
    sight.open(url)
    root = sight.page.locator("html")
    seen = Seen(
        faults=sight.faults_by_day_and_night() if with_colours else sight.faults(without=COLOURS),
        complaints=[line for line in sight.complaints if "favicon" not in line],
        asked=set(sight.sizes),
        way=(root.get_attribute("lang"), root.get_attribute("dir")),
        too_wide=0,
        filled=sight.page.evaluate(FILLED),
        flush=set(sight.page.evaluate(FLUSH)),
        blank=[],
    )
    sight.page.emulate_media(media="print")
    seen.blank = sight.page.evaluate(BLANK)
    sight.page.emulate_media(media="screen")
    sight.page.set_viewport_size(PHONE)
    seen.too_wide = sight.overflow()
    sight.page.set_viewport_size(SCREEN)
    return seen


@pytest.mark.parametrize("language", ["en", "ar"])
def test_no_page_has_an_axe_violation(walk: Walk, language: str) -> None:
    faults = [
        f"{path}: {line}"
        for path, seen in walk(language).items()
        for line in (*seen.complaints, *seen.faults)
    ]
    assert not faults, f"{len(faults)} faults:\n" + "\n".join(faults)


def test_arabic_pages_run_from_right_to_left(walk: Walk) -> None:
    # a personal page speaks the language its person was written to in
    ways = {path: seen.way for path, seen in walk("ar").items() if not path.startswith("/r/")}
    assert {path: way for path, way in ways.items() if way != ("ar", "rtl")} == {}


def test_digits_of_a_column_stand_below_each_other_in_both_directions(walk: Walk) -> None:
    """Numbers run from left to right in Arabic too: flush left, 7 would stand below the 1 of 18."""
    for language, edge in (("en", "end"), ("ar", "start")):
        flush = {path: seen.flush for path, seen in walk(language).items() if seen.flush}
        assert len(flush) > 5
        assert {path: edges for path, edges in flush.items() if edges != {edge}} == {}


def test_only_the_next_step_is_a_filled_button(walk: Walk) -> None:
    assert {path: seen.filled for path, seen in walk("en").items() if seen.filled} == {}


def test_no_empty_field_of_the_desk_is_printed(walk: Walk) -> None:
    """Paper takes no answer; what was typed or ticked is on it."""
    desk = {
        path: one for path, one in walk("en").items() if not path.startswith(("/r/", "/recall/"))
    }
    assert {path: seen.blank for path, seen in desk.items() if seen.blank} == {}


@pytest.mark.parametrize("language", ["en", "ar"])
def test_no_page_is_wider_than_a_small_phone(walk: Walk, language: str) -> None:
    wide = {path: seen.too_wide for path, seen in walk(language).items() if seen.too_wide > 0}
    assert wide == {}


def test_no_page_asks_anybody_else(demo: Demo, walk: Walk) -> None:
    asked = {url for seen in walk("en").values() for url in seen.asked}
    assert asked
    assert {url for url in asked if not url.startswith((demo.url, "data:"))} == set()


def test_pages_loaded_on_a_small_phone_without_javascript_fit_and_read_the_same(
    demo: Demo, everything: list[str], visitor: Visitor
) -> None:
    """In German, whose words are the longest."""
    sight, wide = visitor(language="de", javascript=False, **PHONE), {}
    for path in everything:
        wide[path] = sight.open(demo.url + path).overflow()
        assert sight.page.locator("h1").count() == 1, path
        assert sight.page.locator("h1").inner_text().strip(), path
    assert {path: pixels for path, pixels in wide.items() if pixels > 0} == {}


def test_the_consumers_pages_keep_their_weight(demo: Demo, visitor: Visitor) -> None:
    found = [path for path in pages(demo, demo.personal) if path.startswith(("/r/", "/recall/"))]
    assert found
    for path in found:
        sight = visitor()  # an empty cache each time
        sight.open(demo.url + path)
        sizes = {url: size for url, size in sight.sizes.items() if "favicon" not in url}
        assert sum(sizes.values()) <= 14 * 1024, (path, sizes)
        assert len(sizes) <= 3, (path, sizes)
        assert sight.page.locator("script").count() == 0, path


def test_what_is_wrong_with_a_page_is_found(demo: Demo, visitor: Visitor) -> None:
    sight = visitor(width=320).open(f"{demo.url}/recalls/")
    assert not sight.faults()
    sight.page.evaluate(
        "document.querySelector('main').insertAdjacentHTML('beforeend',"
        " '<img src=\"/nowhere.png\"><p class=\"wide\">' + 'wide'.repeat(300) + '</p>')"
    )
    assert any("image-alt" in line for line in sight.faults())
    assert sight.overflow() > 0
    sight.page.evaluate("document.documentElement.style.setProperty('--ink', '#23262c')")
    pale = [line for line in sight.faults_by_day_and_night() if "color-contrast" in line]
    assert pale
    assert all(line.startswith("dark: ") for line in pale), pale
    sight.page.evaluate("document.body.setAttribute('style', 'color: red')")
    assert any("style" in line for line in sight.complaints), "the content policy did not refuse"
