"""Every page that can be reached from the demo, looked at as the people who will see it."""

from __future__ import annotations

import re
import urllib.error
import urllib.request
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest

from tests.plugins.browser import Sight, Visitor
from tests.plugins.instance import Demo

pytestmark = [pytest.mark.once, pytest.mark.xdist_group("demo")]
MOST_PAGES = 80
LOOKS = [("light", "en"), ("dark", "en"), ("light", "ar"), ("dark", "ar")]
# The same page again and again: one of each kind is enough.
SAME = re.compile(
    r"/(R-\d{4}-\d{3}|\d+|[A-Za-z0-9_-]{20,}|(?<=/decision/)[a-z_]+|(?<=/law/)[a-z0-9_]+)(?=[/.]|$)"
)


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
    return list(dict.fromkeys(found))


@pytest.fixture(scope="module")
def everything(demo: Demo) -> list[str]:
    """Every page of the desk and of the consumer's side."""
    found = pages(demo, "/", "/recalls/", demo.personal)
    assert len(found) > 12, found
    return found


def _complaints(sight: Sight, url: str) -> list[str]:
    sight.open(url)
    theirs = [line for line in sight.complaints if "favicon" not in line]
    sight.complaints.clear()
    return theirs


@pytest.mark.parametrize(("theme", "language"), LOOKS, ids=["-".join(look) for look in LOOKS])
def test_no_page_has_an_axe_violation(
    demo: Demo, everything: list[str], visitor: Visitor, theme: str, language: str
) -> None:
    sight = visitor(theme=theme, language=language)
    faults = []
    for path in everything:
        faults += [f"{path}: {line}" for line in _complaints(sight, demo.url + path)]
        faults += [f"{path}: {line}" for line in sight.faults()]
    assert not faults, f"{len(faults)} faults:\n" + "\n".join(faults)


def test_arabic_pages_run_from_right_to_left(
    demo: Demo, everything: list[str], visitor: Visitor
) -> None:
    sight = visitor(language="ar")
    ways = {}
    for path in everything:
        if path.startswith("/r/"):
            continue  # a personal page speaks the language its person was written to in
        sight.open(demo.url + path)
        root = sight.page.locator("html")
        ways[path] = (root.get_attribute("lang"), root.get_attribute("dir"))
    assert {path: way for path, way in ways.items() if way != ("ar", "rtl")} == {}


@pytest.mark.parametrize("language", ["en", "ar", "de"])
def test_no_page_is_wider_than_a_small_phone(
    demo: Demo, everything: list[str], visitor: Visitor, language: str
) -> None:
    sight = visitor(language=language, width=320, height=640)
    wide = {}
    for path in everything:
        sight.open(demo.url + path)
        if sight.overflow() > 0:
            wide[path] = sight.overflow()
    assert wide == {}


def test_no_page_asks_anybody_else(demo: Demo, everything: list[str], visitor: Visitor) -> None:
    sight = visitor()
    for path in everything:
        sight.open(demo.url + path)
    assert {url for url in sight.sizes if not url.startswith((demo.url, "data:"))} == set()


def test_pages_read_the_same_without_javascript(
    demo: Demo, everything: list[str], visitor: Visitor
) -> None:
    sight = visitor(javascript=False)
    for path in everything:
        sight.open(demo.url + path)
        assert sight.page.locator("h1").count() == 1, path
        assert sight.page.locator("h1").inner_text().strip(), path


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
    sight.page.evaluate("document.body.setAttribute('style', 'color: red')")
    assert any("style" in line for line in sight.complaints), "the content policy did not refuse"
