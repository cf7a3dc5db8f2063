"""The ten minutes on a real shop's 541,909 order lines, from the upload to the proof, by browser.

Lots, receipts and addresses are no part of that file: they are simulated on top, and every page
says so, the consumer's too.
"""

from __future__ import annotations

import email
import email.policy
import re
import time
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Error, Page

from tests.browser.hands import Hands
from tests.browser.journey import (
    ME,
    RUN,
    decide,
    launch,
    open_recall,
    stop_the_sale,
    wait_until_told,
    write_notice,
)
from tests.plugins.browser import Visitor
from tests.plugins.instance import Instance, free_port
from tests.smtp_sink import Manner, Sink

# One lane pays for half a million lines here; both do on the command line (tests/stories).
pytestmark = pytest.mark.once
REAL = "orders_online_retail/online_retail_2010-12-01_2011-12-09.csv.zst"
ROWS, PRODUCT, LOT = "541,909", "85123A", "K12-85123A"
SIMULATED = "Lots, receipts and addresses are simulated on top of the imported orders."
MAIL = f"""From: quality desk <quality@supplier.example>
Subject: {PRODUCT}, lot {LOT}

The fitting of product {PRODUCT}, lot {LOT}, overheats. We received it back from one shop.
Please stop selling it.
"""
PERSONAL = re.compile(r"https?://\S+/r/[\w-]+")


def test_from_half_a_million_real_lines_to_people_told_and_the_proof(
    instance: Instance, visitor: Visitor, real_data: Path, tmp_path: Path
) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with Sink(Manner(keep_text=True)) as sink:
        instance.serve(port=port, HOLDFAST_SMTP_URL=sink.url, HOLDFAST_PUBLIC_URL=url)
        sight = visitor()
        page, hands = sight.page, Hands(sight.page)
        sight.open(f"{url}/start")
        open_recall(hands, MAIL)
        stop_the_sale(hands)
        bring_the_real_orders(hands, real_data / REAL)
        instance.run("import", "simulate")
        scope(hands, url)
        ask_for_more_and_stop(hands, url)
        page.goto(f"{url}/recalls/R-2026-001/decision/")
        decide(hands)
        write_notice(hands)
        launch(hands, sink, at_once=True)
        told = wait_until_told(instance)
        copies = {who: n for (who, _), n in sink.ledger.copies.items() if who != ME}
        letter = next(texts[0] for who, texts in sink.ledger.texts.items() if who != ME)
    found = instance.json("recall", "status", "R-2026-001")["scope"]
    assert found["probable"] == {"lines": 442, "units": 7_205, "people": 306}
    assert len(told) <= 306 - found["unreachable"]["people_without_contact"]
    assert len(told) > 280, "the others have no e-mail and get a letter"
    assert len(copies) == len(told)
    assert set(copies.values()) == {1}, "somebody was written to twice"
    answer_as_one_of_them(visitor, letter)
    assert not sight.complaints
    the_room_knows(page, url, len(told))
    take_the_proof(page, url, tmp_path)
    checked = instance.json(
        *("evidence", "verify", tmp_path / "evidence.zip"),
        *("--checkpoint", tmp_path / "checkpoint.json"),
    )
    assert checked == {**checked, "ok": True, "faults": []}


def bring_the_real_orders(hands: Hands, orders: Path) -> None:
    """Drop the file, see which column is what, watch the job, read the counts."""
    page = hands.page
    hands.next_step()
    hands.pick("#file", orders)
    hands.next_step()
    mapping = {"order": "InvoiceNo", "product": "StockCode", "quantity": "Quantity"}
    for field, column in mapping.items():
        assert page.locator(f"[name=map_{field}]").input_value() == column
    hands.next_step()
    seen = watch(page, RUN)
    assert any(0 < percent < 100 for percent, _ in seen), seen
    assert any("rows a second" in words for _, words in seen), seen
    assert f"Imported {ROWS}" in " ".join(page.locator("main").inner_text().split())


def watch(page: Page, until: re.Pattern[str]) -> list[tuple[int, str]]:
    """What a job's page shows, look after look, until it leads on by itself."""
    seen: list[tuple[int, str]] = []
    late = time.monotonic() + 600
    while not until.search(page.url):
        assert time.monotonic() < late, seen
        with suppress(Error):  # the page leads on while it is looked at
            percent, words = page.evaluate(
                "[document.querySelector('progress')?.value ?? 0,"
                " document.querySelector('main').innerText]"
            )
            seen.append((int(percent), " ".join(words.split())))
        page.wait_for_timeout(200)
    page.wait_for_load_state()
    return seen


def scope(hands: Hands, url: str) -> None:
    """The lot of the mail is known from its (simulated) receipt; the version is confirmed."""
    page = hands.page
    page.goto(f"{url}/recalls/R-2026-001/scope/")
    assert SIMULATED in page.locator("footer").inner_text()
    hands.next_step()
    assert page.locator("h1").inner_text() == "Scope"
    words = " ".join(page.locator("main").inner_text().split())
    assert f"lot {LOT}" in words
    assert "Confirm scope v1" in words
    hands.next_step()


def ask_for_more_and_stop(hands: Hands, url: str) -> None:
    """Everything of one supplier means half a million lines to judge: a job, which is stopped."""
    page = hands.page
    page.goto(f"{url}/recalls/R-2026-001/scope/")
    for field in ("products", "lots"):
        page.locator(f"#id_{field}").fill("")
    page.locator("#rules summary").click()
    page.locator("#id_suppliers").fill("SIM-S1")
    page.locator("#id_rationale").fill("what if it were all of them?")
    hands.press("Propose v2", within="#rules")
    assert "/scope/jobs/" in page.url
    assert page.locator("progress").count() == 1
    assert "order lines to judge" in page.locator("main").inner_text()
    hands.press("Stop it", within="main")
    page.get_by_text("Stopped. Nothing of it was kept").wait_for()
    hands.next_step()
    assert page.locator("#id_suppliers").input_value() == "SIM-S1"
    assert page.locator("#id_rationale").input_value() == "what if it were all of them?"


def answer_as_one_of_them(visitor: Visitor, letter: bytes) -> None:
    """Somebody opens the link of their message on a phone and chooses their money back."""
    message = email.message_from_bytes(letter, policy=email.policy.default)
    body = message.get_body(("plain",))
    assert body is not None
    found = PERSONAL.search(body.get_content())
    assert found
    phone = visitor(width=390, height=844, javascript=False)
    page = phone.open(f"{found.group()}?l=en").page
    assert SIMULATED in page.locator("body").inner_text()
    phone.follow("text=Yes, I have it")
    page.click("label:has(input[value=refund])")
    page.click("label:has(input[name=ok])")
    phone.follow("button:has-text('Confirm')")
    assert page.locator("h1").inner_text().startswith("Done.")
    assert phone.complaints == []


def the_room_knows(page: Page, url: str, told: int) -> None:
    """People told, and the one who answered, are in the room and in the inbox."""
    page.goto(f"{url}/recalls/R-2026-001/outreach/")
    assert f"{told:,}" in page.locator("main").inner_text()
    page.goto(f"{url}/inbox/")
    assert "refund" in page.locator("main").inner_text().casefold()


def take_the_proof(page: Page, url: str, folder: Path) -> None:
    """The package and its checkpoint, as downloads."""
    page.goto(f"{url}/recalls/R-2026-001/evidence/")
    for button, name in (
        ("Export package", "evidence.zip"),
        ("Checkpoint", "checkpoint.json"),
    ):
        with page.expect_download() as coming:
            page.get_by_role("button", name=button, exact=True).click()
        coming.value.save_as(folder / name)
