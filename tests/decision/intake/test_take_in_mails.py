"""Mails of customers become complaints once; machines, quotes and attachments do not."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from holdfast.decision.intake.models import Complaint
from holdfast.decision.intake.postbox import take_in, watch
from holdfast.kit.reading.letter import open_letter
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


def nested(depth: int) -> bytes:
    told = b"From: deep@example.org\r\nTo: shop@example.org\r\nMessage-ID: <deep@example.org>\r\n"
    for at in range(depth):
        told += b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (at, at)
    return told + b"Content-Type: text/plain\r\n\r\nIt caught fire.\r\n"


def test_a_mail_nested_without_end_keeps_no_other_from_being_read(
    shop: Shop, tmp_path: Path
) -> None:
    (tmp_path / "a.eml").write_bytes(nested(1_500))
    (tmp_path / "b.eml").write_bytes(mail("It caught fire!", 3).as_bytes())
    (tmp_path / "c.eml").write_bytes(nested(20))
    done = take_in(tmp_path, by=LEAD, now=NOW)
    assert (done.rows, done.imported, done.rejected) == (3, 2, 1)
    assert done.rejects[0]["reason"] == "its parts are nested too deep to be read"
    assert open_letter(nested(1_500)).text


HEAD = b"From: Ana <ana@example.org>\r\nTo: shop@example.org\r\nMessage-ID: <h@example.org>\r\n"


@pytest.mark.parametrize(
    "rest",
    [
        b"Content-Type: multipart/mixed\r\n\r\nIt smokes, says Kim.\r\n",
        b"Content-Type: multipart/mixed; boundary=z\r\n\r\n--z\r\n"
        b"Content-Type: message/rfc822\r\n\r\n"
        b"From: kim@example.org\r\nSubject: kettle\r\n\r\nIt smokes, says Kim.\r\n--z--\r\n",
        b"X-Long: " + b"a" * 30_000 + b"\r\n\r\nIt smokes, says Kim.\r\n",
    ],
)
def test_the_head_of_a_mail_is_never_its_text(shop: Shop, tmp_path: Path, rest: bytes) -> None:
    (tmp_path / "a.eml").write_bytes(HEAD + rest)
    take_in(tmp_path / "a.eml", by=LEAD, now=NOW)
    assert Complaint.objects.get().text == "It smokes, says Kim."


@pytest.mark.parametrize(
    ("head", "why"),
    [
        ("", "it says nothing"),
        ("Return-Path: <>\r\n", "a report of a mail server (holdfast recall bounces takes it)"),
        ("X-Autoreply: yes\r\n", "an automatic answer"),
        ("Precedence: auto_reply\r\n", "an automatic answer"),
    ],
)
def test_what_no_person_wrote_is_listed(shop: Shop, tmp_path: Path, head: str, why: str) -> None:
    body = b"" if not head else b"I am away; call the fire brigade."
    (tmp_path / "a.eml").write_bytes(HEAD + head.encode() + b"\r\n" + body)
    done = take_in(tmp_path / "a.eml", by=LEAD, now=NOW)
    assert [one["reason"] for one in done.rejects] == [why]
    assert not Complaint.objects.exists()


def test_a_mail_is_known_since_the_own_server_took_it_not_since_its_sender_says(
    shop: Shop, tmp_path: Path
) -> None:
    told = mail("It caught fire!", 5, Received="from a by mx.shop; Mon, 13 Apr 2026 11:30:00 +0200")
    told.replace_header("Date", "Thu, 1 Jan 1998 00:00:00 +0000")
    (tmp_path / "a.eml").write_bytes(told.as_bytes())
    take_in(tmp_path / "a.eml", by=LEAD, now=NOW)
    assert Complaint.objects.get().known_at == datetime(2026, 4, 13, 9, 30, tzinfo=UTC)


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
