"""How somebody works a page: with a mouse or a finger, or with the keyboard alone; both count."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Locator, Page

MOST_TABS = 250


@dataclass
class Hands:
    """Clicks and types, and keeps count: what a journey costs its person.

    A click is a button, a link, a choice or a tick; what is pasted or dropped is not typed.
    """

    page: Page
    keyboard: bool = False
    clicks: int = 0
    typed: int = 0
    did: list[str] = field(default_factory=list)

    def press(self, name: str | re.Pattern[str], *, within: str = "body") -> None:
        """A button or a link, by what it says; the page that follows is waited for."""
        area = self.page.locator(within)
        target = area.get_by_role("button", name=name).or_(area.get_by_role("link", name=name))
        self._press(target.first, "Enter")
        self.did.append(f"press {name if isinstance(name, str) else name.pattern}")

    def next_step(self) -> None:
        """The one next best action that every page of the desk offers."""
        target = self.page.locator(".next").locator("button, a.btn").first
        self.did.append(f"next: {' '.join(target.inner_text().split())}")
        self._press(target, "Enter")

    def choose(self, selector: str) -> None:
        """A radio button or a tick box."""
        target = self.page.locator(selector)
        self.did.append(f"choose {selector}")
        self.clicks += 1
        if not self.keyboard:
            target.check()
            return
        if target.get_attribute("type") == "radio":
            name = target.get_attribute("name")
            self._tab_to(self.page.locator(f'input[type=radio][name="{name}"]'))
            self.page.keyboard.press("Space")
            for _ in range(MOST_TABS):
                if target.is_checked():
                    return
                self.page.keyboard.press("ArrowDown")
        else:
            self._tab_to(target)
            self.page.keyboard.press("Space")
        assert target.is_checked(), f"{selector} cannot be chosen with the keyboard"

    def paste(self, selector: str, text: str) -> None:
        """Paste: one movement, nothing typed."""
        self.did.append(f"paste into {selector}")
        if self.keyboard:
            self._tab_to(self.page.locator(selector))
        self.page.locator(selector).fill(text)

    def type(self, selector: str, text: str) -> None:
        """Type over what stands there."""
        self.did.append(f"type {text!r} into {selector}")
        self.typed += len(text)
        if not self.keyboard:
            self.page.locator(selector).fill(text)
            return
        self._tab_to(self.page.locator(selector))
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def day(self, selector: str, iso: str) -> None:
        """A date, typed as eight digits the way the browser's own field takes them."""
        self.did.append(f"day {iso} into {selector}")
        self.typed += 8
        target = self.page.locator(selector)
        if not self.keyboard:
            target.fill(iso)
            return
        self._tab_to(target)
        year, month, date = iso.split("-")
        self.page.keyboard.type(f"{month}{date}{year}")  # the field shows month first in English
        assert target.input_value() == iso, target.input_value()

    def pick(self, selector: str, file: Path) -> None:
        """Choose a file in the system's own window."""
        self.did.append(f"pick {file.name}")
        if self.keyboard:
            self._tab_to(self.page.locator(selector))
        self.page.locator(selector).set_input_files(file)

    def _press(self, target: Locator, key: str) -> None:
        self.clicks += 1
        if self.keyboard:
            self._tab_to(target)
        with self.page.expect_navigation(wait_until="load"):
            if self.keyboard:
                self.page.keyboard.press(key)
            else:
                target.click()

    def _tab_to(self, targets: Locator) -> None:
        """Tab until one of them has the focus, from wherever the focus is."""
        targets.first.wait_for(state="attached")
        for _ in range(MOST_TABS):
            self.page.keyboard.press("Tab")
            if targets.evaluate_all("found => found.includes(document.activeElement)"):
                return
        raise AssertionError(f"{MOST_TABS} tabs never reach {targets}")
