"""Photos as people see them: in the notice, as proof from a phone, and at the desk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.browser.test_consumer_journey import LANGUAGES, REQUESTS, WEIGHT, _recalls, links, phone
from tests.kit.test_pictures import bytes_of, scene
from tests.plugins.browser import Sight, Visitor
from tests.plugins.instance import Demo

__all__ = ["links", "phone"]
pytestmark = [pytest.mark.once, pytest.mark.xdist_group("demo")]


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A photo as a camera gives it, full of detail."""
    path = tmp_path_factory.mktemp("camera") / "IMG_0001.jpg"
    path.write_bytes(bytes_of(scene(2000, 1500), "JPEG"))
    return path


@pytest.fixture(scope="module")
def asked(demo: Demo) -> Iterator[str]:
    """The live recall asks for a photo while these tests run."""
    ref = next(r["recall"] for r in _recalls(demo) if r["state"] == "telling")
    words = ("recall", "remedies", ref, "--offer", "refund", "--offer", "replacement")
    demo.instance.json(*words, "--proof", "photo")
    yield ref
    demo.instance.json(*words)


def test_a_photo_is_added_in_the_studio_without_javascript(
    demo: Demo, asked: str, snapshot: Path, visitor: Visitor, phone: Callable[..., Sight]
) -> None:
    sight = visitor(javascript=False)
    page = sight.open(f"{demo.url}/recalls/{asked}/notice/").page
    page.set_input_files("#p_file", snapshot)
    for field in page.locator("input[name^=alt_]").all():
        field.fill("VL-10K")
    sight.follow("button:has-text('Show this photo')")
    assert page.locator("#photo img").get_attribute("src").startswith("data:image/webp")
    assert sight.complaints == []
    demo.instance.json("recall", "notice", asked, "--approve", "all")
    for language in ("en", "de", "ar"):
        for start in (f"/recall/{asked}", demo.personal):
            seen = phone()  # an empty cache each time
            seen.open(f"{demo.url}{start}?l={language}")
            sizes = {url: size for url, size in seen.sizes.items() if not url.startswith("data:")}
            assert any("/recall/photo/" in url for url in sizes)
            assert len(sizes) <= REQUESTS, sizes
            assert sum(sizes.values()) <= WEIGHT, sizes
            shown = seen.page.locator("figure img")
            assert shown.evaluate("e => e.complete && e.naturalWidth > 200")
            assert shown.get_attribute("alt") == "VL-10K"


def test_proof_is_three_taps_and_a_photo_more_or_a_tap_past_it(
    demo: Demo, asked: str, links: Iterator[str], snapshot: Path, phone: Callable[..., Sight]
) -> None:
    for skips in (False, True):
        sight = phone()
        page = sight.open(f"{demo.url}{next(links)}?l=en").page
        sight.follow("text=Yes, I have it")
        page.click("label:has(input[value=refund])")
        page.click("label:has(input[name=ok])")
        sight.follow("button:has-text('Confirm')")
        if skips:
            sight.follow("text=Skip: I cannot take a photo")
            assert page.locator("text=Add a photo").count() == 1
        else:
            page.set_input_files("#p", [snapshot, snapshot])
            sight.follow("button:has-text('Send the photos')")
            assert page.locator("text=Add a photo").count() == 0
        assert page.locator("h1").inner_text().startswith("Done.")
        assert sight.complaints == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_new_pages_have_no_axe_violation_and_fit_a_phone(
    demo: Demo,
    asked: str,
    links: Iterator[str],
    snapshot: Path,
    visitor: Visitor,
    language: str,
) -> None:
    sight = visitor(language=language, width=320, height=700)
    page, path, ask = sight.page, next(links), f"?l={language}"
    faults: list[str] = []

    def look(where: str) -> None:
        faults.extend(f"{where}: {fault}" for fault in sight.faults_by_day_and_night())
        assert sight.overflow() <= 0, where

    sight.open(f"{demo.url}{path}/some{ask}")
    look("some")
    page.locator("form input").first.fill("0")
    sight.follow("form button")
    assert page.locator("[role=alert]").count() == 1
    look("some, nothing chosen")
    sight.open(f"{demo.url}{path}/remedy{ask}")
    page.check("input[value=refund]")
    page.check("input[name=ok]")
    sight.follow(page.locator("form button").last)
    assert "/photo" in page.url
    look("photo")
    sight.follow("form button")
    assert page.locator("[role=alert]").count() == 1
    look("photo, none chosen")
    page.set_input_files("#p", [snapshot] * 3)
    sight.follow("form button")
    assert f"{path}?" in page.url
    sight.open(f"{demo.url}{path}/photo{ask}")
    look("photo, three there")
    sight.open(f"{demo.url}/r/{'B' * 22}{ask}")
    look("dead link")
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize(("language", "javascript"), [("en", True), ("ar", True), ("en", False)])
def test_an_agent_sees_the_photo_and_makes_a_new_link(
    demo: Demo,
    asked: str,
    links: Iterator[str],
    visitor: Visitor,
    language: str,
    javascript: bool,
) -> None:
    used = next(links)
    order = visitor(javascript=False).open(f"{demo.url}{used}?l=en").page
    number = order.locator("bdi:has-text('LV-')").first.inner_text()
    sight = visitor(language=language, javascript=javascript)
    page = sight.open(f"{demo.url}/recalls/{asked}/claims/").page
    shot = page.locator("img.shot").first
    shot.scroll_into_view_if_needed()  # pictures below the window are fetched when it comes near
    assert shot.evaluate("e => e.decode().then(() => e.naturalWidth > 200)")
    faults = sight.faults_by_day_and_night() if javascript else []  # axe is a script
    page.fill("#q", number)
    sight.follow("form:has(#q) button")
    page.locator("input[name=reason]").last.fill("letter went astray")
    sight.follow("button[value=renew]")
    fresh = page.locator("#link").input_value()
    faults += sight.faults_by_day_and_night() if javascript else []
    assert not faults, "\n".join(faults)
    assert sight.overflow() <= 0
    path = fresh[fresh.index("/r/") :]
    assert path != used
    dead = visitor().open(f"{demo.url}{used}?l=en").page
    assert "This link does not work any more" in dead.locator("main").inner_text()
    again = visitor().open(f"{demo.url}{path}?l=en").page
    assert "Do you still have it?" in again.locator("main").inner_text()
