"""A mail that could not be taken in, from the list of recalls to a complaint, as people see it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.plugins.browser import Visitor
from tests.plugins.instance import Instance


@pytest.mark.once
def test_a_rejected_mail_is_found_and_typed_in(
    instance: Instance, visitor: Visitor, tmp_path: Path
) -> None:
    folder = tmp_path / "mails"
    folder.mkdir()
    (folder / "hurt.eml").write_bytes(
        b"Subject: my hand\r\nDate: Fri, 27 Nov 2026 06:00:00 +0000\r\n\r\nIt burned my hand.\r\n"
    )
    (folder / "empty.eml").write_bytes(b"")
    told = instance.json("import", "complaints", folder, expect=1)
    assert (told["rows"], told["rejected"]) == (2, 2)
    listed = instance.json("import", "rejected")
    assert [(one["file"], one["urgent"]) for one in listed["rejects"]] == [
        ("hurt.eml", True),
        ("empty.eml", False),
    ]
    serving = instance.serve("serve", "--no-worker")
    arab = visitor(language="ar", width=320).open(f"{serving.url}/complaints/")
    assert (arab.overflow(), arab.faults()) == (0, [])
    desk = visitor().open(f"{serving.url}/recalls/")
    link = desk.page.get_by_role
    desk.follow(link("link", name="2 mails of customers could not be taken in"))
    assert desk.faults_by_day_and_night() == []
    desk.follow(link("link", name="Type it in"))
    assert desk.page.locator("#text").is_visible()
    assert desk.page.locator("#text").input_value() == "my hand\nIt burned my hand."
    assert desk.page.locator("#received_at").input_value() == "2026-11-27T06:00"
    desk.follow("#new button")
    assert "C-1" in desk.page.locator("main").inner_text()
    desk.open(f"{serving.url}/complaints/")
    desk.page.locator("[name=reject]").check()
    desk.page.locator("#why").fill("sent again by them")
    desk.follow("#rejected button")
    assert desk.page.locator("#rejected").count() == 0
    desk.open(f"{serving.url}/data/runs/{told['run']}/")
    assert "Typed in as C-1." in desk.page.locator("main").inner_text()
    assert desk.faults() == []
    refused = instance.json("import", "rejected", "--set-aside", "9", "--reason", "x", expect=2)
    assert refused["error"]["code"] == "not_waiting"
