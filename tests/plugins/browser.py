"""`browser`: a real Chromium; where none is to be had the tests fail, they are not skipped."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Request

NAMES = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
FLAGS = [
    "--headless",
    "--no-sandbox",  # it only ever opens pages this suite serves, and may run as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

VIOLATIONS = """([only, without]) => axe.run({
    resultTypes: ['violations'], ...(only ? {runOnly: {type: 'rule', values: only}} : {}),
    rules: Object.fromEntries(without.map(rule => [rule, {enabled: false}])),
}).then(found => found.violations)"""
COLOURS = ["color-contrast", "link-in-text-block"]
"""The rules of axe about colours: all that a theme changes, and no language (house tests)."""


def chromium() -> str:
    """The path of a Chromium, or a failure that says how to get one."""
    named = os.environ.get("HOLDFAST_CHROMIUM")
    found = named or next(filter(None, map(shutil.which, NAMES)), None)
    if not found or not os.access(found, os.X_OK):
        pytest.fail(
            f"no Chromium for the browser tests (looked for {named or ', '.join(NAMES)}); "
            "run bin/need-chromium, or name one in HOLDFAST_CHROMIUM",
            pytrace=False,
        )
    return found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the whole run of this process; make a context for each test."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        loop = asyncio._get_running_loop()
        yield opened
        asyncio._set_running_loop(loop)
        opened.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Playwright's loop stays running in this thread; tests without a browser must not meet it.

    Django refuses a database where it sees one.
    """
    loop = asyncio._get_running_loop()
    if loop is None or "browser" in getattr(item, "fixturenames", ()):
        return (yield)
    asyncio._set_running_loop(None)
    try:
        return (yield)
    finally:
        if not loop.is_closed():
            asyncio._set_running_loop(loop)


@dataclass
class Sight:
    """One page as one kind of visitor sees it, with everything it complained about."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    sizes: dict[str, int] = field(default_factory=dict)
    under_way: int = 0

    def open(self, url: str) -> Sight:
        """Go there and wait until it is quiet; an error page is a failure."""
        answer = self.page.goto(url, wait_until="load")
        assert answer is not None
        assert answer.status < 400, f"{url} answered {answer.status}"
        for _ in range(500):  # the page may be loaded before the last size is told
            if self.under_way <= 0:
                break
            self.page.wait_for_timeout(20)
        return self

    def follow(self, target: Locator | str) -> None:
        """Click on what leads to a page, and wait until that page is there."""
        found = self.page.locator(target).first if isinstance(target, str) else target
        with self.page.expect_navigation(wait_until="load"):
            found.click()

    def faults(self, only: list[str] | None = None, without: Sequence[str] = ()) -> list[str]:
        """What axe finds against WCAG 2.2 AA and its own best practice, a line for each node."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE_SCRIPT)
        return [
            f"{violation['id']}: {node['html'][:140]} ({node.get('failureSummary', '')[:200]!r})"
            for violation in self.page.evaluate(VIOLATIONS, [only, list(without)])
            for node in violation["nodes"]
        ]

    def faults_by_day_and_night(self) -> list[str]:
        """The faults of the page as it stands, in the light and then in the dark theme."""
        found = []
        for theme, rules in (("light", None), ("dark", COLOURS)):
            self.page.emulate_media(color_scheme=theme)
            found += [f"{theme}: {line}" for line in self.faults(rules)]
        return found

    def overflow(self) -> int:
        """Pixels by which the page is wider than the window."""
        return int(
            self.page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
        )


Visitor = Callable[..., Sight]


@contextmanager
def visitors(browser: Browser) -> Iterator[Visitor]:
    """A maker of visitors: theme, language, screen width, JavaScript on or off."""
    contexts: list[BrowserContext] = []

    def come(
        *,
        theme: str = "light",
        language: str = "en",
        width: int = 1280,
        height: int = 900,
        javascript: bool = True,
        **more: Any,
    ) -> Sight:
        context = browser.new_context(
            color_scheme=theme,
            locale=language,
            viewport={"width": width, "height": height},
            java_script_enabled=javascript,
            reduced_motion="reduce",
            # axe is put into the page by the tests, which the strict content policy forbids
            bypass_csp=False,
            **more,
        )
        context.set_default_timeout(300_000)  # a loaded machine is no fault of the page
        contexts.append(context)
        sight = Sight(context.new_page())
        _listen(sight)
        return sight

    try:
        yield come
    finally:
        for context in contexts:
            context.close()


@pytest.fixture
def visitor(browser: Browser) -> Iterator[Visitor]:
    """Visitors who leave at the end of the test."""
    with visitors(browser) as come:
        yield come


def _listen(sight: Sight) -> None:
    """Note errors of scripts, refusals of the content policy, and what was fetched from where."""
    page = sight.page

    def asked(_request: Request) -> None:
        sight.under_way += 1

    def fetched(request: Request) -> None:
        sight.sizes[request.url] = max(0, request.sizes()["responseBodySize"])  # -1: cached
        sight.under_way -= 1

    def failed(request: Request) -> None:
        sight.complaints.append(f"{request.url} failed")
        sight.under_way -= 1

    def said(message: ConsoleMessage) -> None:
        if message.type == "error":
            sight.complaints.append(f"{page.url}: {message.text}")

    page.on("request", asked)
    page.on("requestfinished", fetched)
    page.on("console", said)
    page.on("pageerror", lambda error: sight.complaints.append(f"{page.url}: {error}"))
    page.on("requestfailed", failed)
