"""Mails of customers become complaints once; machines, quotes and attachments do not."""

from __future__ import annotations

import os
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from holdfast.decision.intake.models import Complaint
from holdfast.decision.intake.postbox import take_in, watch
from tests.decision.conftest import LEAD, NOW, Shop

pytestmark = pytest.mark.django_db


def mail(text: str, number: int, **headers: str) -> EmailMessage:
    made = EmailMessage()
    made["From"] = "Ana Alves <ana@example.org>"
    made["Subject"] = "My kettle"
    made["Date"] = "Mon, 13 Apr 2026 09:00:00 +0200"
    made["Message-ID"] = f"<m{number}@example.org>"
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    return made


def test_a_mail_is_taken_in_once_without_what_it_quotes(shop: Shop, tmp_path: Path) -> None:
    line = shop.line("KETTLE", order_number="1001")
    told = mail(
        "The lid wobbles. Order no. 1001.\n\nOn Fri, 10 Apr 2026 Shop wrote:\n> It can catch fire.",
        1,
    )
    told.add_attachment(b"x" * 300_000, maintype="image", subtype="jpeg", filename="a.jpg")
    file = tmp_path / "one.eml"
    file.write_bytes(told.as_bytes())
    done = take_in(file, by=LEAD, now=NOW)
    assert (done.rows, done.imported, done.merged, done.rejected) == (1, 1, 0, 0)
    one = Complaint.objects.get()
    assert (one.text, one.title) == ("The lid wobbles. Order no. 1001.", "My kettle")
    assert not one.hazards.filter(hazard="fire").exists()
    assert one.notes == ["Its 1 attachments (0.3 MB) are not kept; ask the mail."]
    assert one.links.get(kind="order").order_line == line
    assert (one.informant.email, one.known_at.hour) == ("ana@example.org", 7)
    assert take_in(file, by=LEAD, now=NOW).merged == 1


def test_a_folder_is_watched_and_machines_are_listed(shop: Shop, tmp_path: Path) -> None:
    folder, home = tmp_path / "in", tmp_path / "home"
    folder.mkdir()
    home.mkdir()
    away = mail("I am away.", 2, Auto_Submitted="auto-replied")
    letters = [mail("It caught fire!", 3), away]
    mbox = b"".join(b"From x\n" + one.as_bytes() + b"\n\n" for one in letters)
    (folder / "box").write_bytes(mbox)
    (folder / "junk.eml").write_bytes(b"\x00\x01 no mail at all")
    for one in folder.iterdir():
        os.utime(one, (1, 1))
    done = watch(folder, home=home, by=LEAD, now=NOW)
    assert (done.rows, done.imported, done.rejected) == (3, 1, 2)
    assert done.rejects[0]["reason"] == "an automatic answer"
    assert watch(folder, home=home, by=LEAD, now=NOW).rows == 0


def test_a_file_that_cannot_be_read_keeps_no_other_from_being_read(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "in").mkdir()
    for number, name in enumerate(("a-locked.eml", "b.eml")):
        file = tmp_path / "in" / name
        file.write_bytes(mail(f"It caught fire, says {name}.", number).as_bytes())
        os.utime(file, (1, 1))
    opened = Path.open

    def locked(self: Path, *args: Any, **named: Any) -> Any:
        if self.name.startswith("a-locked"):
            raise PermissionError(13, "Permission denied", str(self))
        return opened(self, *args, **named)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", locked)
        assert watch(tmp_path / "in", home=tmp_path, by=LEAD, now=NOW).imported == 1
    assert watch(tmp_path / "in", home=tmp_path, by=LEAD, now=NOW).imported == 1
    assert watch(tmp_path / "gone", home=tmp_path, by=LEAD, now=NOW).rows == 0
