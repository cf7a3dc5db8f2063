"""The steps from the supplier's mail to people told, as one person does them at the desk."""

from __future__ import annotations

import csv
import email
import email.policy
import re
import time
from collections import Counter
from pathlib import Path

from tests.browser.hands import Hands
from tests.plugins.instance import Instance
from tests.smtp_sink import Sink

ME = "a@b.de"
RUN = re.compile("/data/runs/")


def open_recall(hands: Hands, mail: str) -> None:
    """0:30 The supplier's mail is pasted and read; what can happen to a person is picked."""
    hands.paste("#mail", mail)
    hands.press("Read it", within="#mailform")
    hands.choose('input[name=outcome][value="fire"]')
    hands.next_step()
    assert re.search(r"/recalls/R-\d{4}-\d{3}/", hands.page.url), hands.page.url


def stop_the_sale(hands: Hands) -> None:
    """1:15 Where it is sold is named and ticked, with what shows it."""
    hands.type("#name", "Shop")
    hands.press("Add", within="main")
    hands.choose("input[name=ticked]")
    hands.type("#proof", "off")
    hands.next_step()
    hands.next_step()


def bring_orders(hands: Hands, orders: Path) -> None:
    """2:00 The export is dropped, recognised and imported; the page waits for its job by itself."""
    hands.next_step()
    hands.pick("#file", orders)
    hands.next_step()
    hands.next_step()
    hands.page.wait_for_url(RUN, timeout=600_000)


def scope_by_dates(hands: Hands) -> None:
    """3:00 When the lot came and went lets dates decide; the answer is confirmed."""
    hands.next_step()
    hands.day("input[name=came]", "2026-02-20")
    hands.day("input[name=gone]", "2026-03-25")
    hands.press("Let dates decide")
    hands.next_step()
    hands.next_step()


def decide(hands: Hands) -> None:
    """3:30 Risk, decision, remedies, signature."""
    hands.choose('input[name=severity][value="4"]')
    hands.type("#probability", "1/1000")
    hands.type("#why", "cells")
    hands.next_step()
    hands.next_step()


def write_notice(hands: Hands) -> None:
    """5:00 Who speaks; a complete draft from library sentences; what a law asks; all approved."""
    hands.type("#d_shop", "Lumo")
    hands.type("#d_phone", "0305550142")
    hands.next_step()
    asked = [
        name
        for name in ("units", "incidents", "injuries", "deaths")
        if hands.page.locator(f"input[name={name}]").count()  # a law of some owners asks for it
    ]
    for name in asked:
        hands.type(f"input[name={name}]", "0" if name != "units" else "36")
    if asked:
        hands.press("Write a new version")
    hands.press(re.compile("Approve all"))
    hands.next_step()


def launch(hands: Hands, sink: Sink, *, at_once: bool = False) -> None:
    """7:30 The gates are looked at, a message to oneself is opened, the wave is launched.

    More than the first few people are told after a pause, unless everybody is told `at_once`.
    """
    hands.next_step()
    hands.type("#addresses", ME)
    hands.press("Send the test")
    hands.paste("#code", code_in_mail(sink))
    hands.press("It arrived")
    if at_once:
        hands.choose('input[name=ramp][value="all"]')
    hands.next_step()
    assert hands.page.url.endswith("/outreach/"), hands.page.url


def code_in_mail(sink: Sink) -> str:
    """The code in the subject of the test, as its reader sees it in the mailbox."""
    until = time.monotonic() + 600
    while time.monotonic() < until:
        for text in sink.ledger.texts.get(ME, []):
            subject = email.message_from_bytes(text, policy=email.policy.default)["Subject"]
            if found := re.search(r"\[TEST (\w{6})\]", subject):
                return found.group(1)
        time.sleep(0.2)
    raise AssertionError("no test message came")


def wait_until_told(instance: Instance) -> set[str]:
    """10:00 Everybody with an address was written to: the ramp, then the rest."""
    until = time.monotonic() + 600
    while time.monotonic() < until:
        listed = instance.home / "told.csv"
        instance.run("recall", "notify", "R-2026-001", "--export", listed, expect=None)
        with listed.open(newline="") as file:
            rows = list(csv.DictReader(file))
        if rows and {row["state"] for row in rows} == {"accepted"}:
            return {row["recipient"] for row in rows}
        time.sleep(1)
    raise AssertionError(Counter(row["state"] for row in rows))
