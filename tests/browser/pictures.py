"""Takes the pictures of the README and of docs/ from a fresh demo; run it as `make pictures`.

`make pictures PICTURES="--all FOLDER"` takes every page that can be reached, on a desk and on a
phone, light and dark, in English and Arabic: to be looked at, not committed.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
import time
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from tests.browser.test_every_page import pages
from tests.plugins.browser import FLAGS, chromium
from tests.plugins.instance import Demo, instances, personal_page

ROOT = Path(__file__).resolve().parents[2]
LOOKS = [("light", "en"), ("dark", "en"), ("light", "ar"), ("dark", "ar")]
DESK = {"width": 1280, "height": 860}
PHONE = {"width": 390, "height": 780}


def take(
    browser: Browser,
    url: str,
    file: Path,
    *,
    size: dict[str, int],
    theme: str = "light",
    language: str = "en",
    whole: bool = False,
) -> None:
    """One picture of one page."""
    context = browser.new_context(
        viewport=size, color_scheme=theme, locale=language, reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(url)
    file.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=file, full_page=whole)
    context.close()
    with Image.open(file) as taken:  # flat colours: a palette is a third of the size
        flat = taken.convert("RGB").quantize(
            256, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE
        )
        flat.save(file, optimize=True)
    print(file)


def readme(browser: Browser, demo: Demo) -> None:
    """The journey, page by page."""
    found = pages(demo, "/recalls/")
    room = next(path for path in found if re.search(r"/R-\d{4}-\d{3}/$", path))
    alarm = next(path for path in found if re.search(r"/alarms/A-[\d-]+/$", path))
    folder = ROOT / "docs" / "pictures"
    for name, path in {
        "alarm": alarm,
        "room": room,
        "scope": f"{room}scope/",
        "notice": f"{room}notice/",
        "outreach": f"{room}outreach/",
        "units": f"{room}units/",
        "results": f"{room}results/",
        "deadlines": f"{room}deadlines/",
    }.items():
        take(browser, demo.url + path, folder / f"{name}.png", size=DESK)
    personal = demo.url + demo.personal
    take(browser, personal, folder / "consumer.png", size=PHONE)
    take(
        browser,
        f"{personal}?l=ar",
        folder / "consumer-ar.png",
        size=PHONE,
        language="ar",
        theme="dark",
    )


def everything(browser: Browser, demo: Demo, folder: Path) -> None:
    """Every page as every kind of visitor."""
    for path in pages(demo, "/", "/recalls/", demo.personal):
        name = re.sub(r"\W+", "-", path).strip("-")[:60] or "front"
        for theme, language in LOOKS:
            for kind, size in (("desk", DESK), ("phone", PHONE)):
                take(
                    browser,
                    demo.url + path,
                    folder / f"{name}.{kind}.{theme}.{language}.png",
                    size=size,
                    theme=theme,
                    language=language,
                    whole=True,
                )


def main() -> None:
    """Serve a demo in a folder that goes away, and take the pictures."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--all", metavar="FOLDER", type=Path)
    asked = words.parse_args()
    with tempfile.TemporaryDirectory() as folder, instances(Path(folder), None) as make:
        instance = make(bare=True)
        began = time.monotonic()
        serving = instance.serve("demo", "--no-browser")
        demo = Demo(instance, serving, personal_page(serving))
        print(f"the demo answered after {time.monotonic() - began:.1f} s", file=sys.stderr)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
            if asked.all:
                everything(browser, demo, asked.all)
            else:
                readme(browser, demo)
            browser.close()


if __name__ == "__main__":
    main()
