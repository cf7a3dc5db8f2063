"""Mails of customers become complaints once; machines, quotes and attachments do not."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from holdfast.decision.intake import postbox
from holdfast.decision.intake.actions import forget_informant, take_in_all
from holdfast.decision.intake.models import Complaint
from holdfast.decision.intake.postbox import KIND, take_in, watch
from holdfast.ground.journal.models import Entry
from holdfast.kit.reading.letter import open_letter
from holdfast.kit.refusals import NotPermitted, Unreadable
from holdfast.supply.imports.actions import ASIDE, settle_rejects
from holdfast.supply.imports.models import ImportReject, ImportRun
from holdfast.supply.imports.queries import waiting_rejects
from tests.decision.conftest import LEAD, NOW, VIEWER, Shop

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
    assert one.notes == [
        "What is attached to the mail (1, 0.3 MB) is not kept here.",
        "What it quotes of an earlier mail (54 letters) is left out.",
    ]
    assert one.links.get(kind="order").order_line == line
    assert (one.informant.email, one.known_at.hour) == ("ana@example.org", 7)
    assert take_in(file, by=LEAD, now=NOW).merged == 1


AGENT = (
    "From: Agent <agent@shop.example>\nTo: <complaints@shop.example>\nMessage-ID: <f%d@x>\n"
    "Subject: Fwd: kettle\n\nPlease handle.\n\n---------- Forwarded message ---------\n"
    "From: %s\nDate: Fri, 10 Apr 2026 at 10:00\nSubject: kettle\n"
    "To: <complaints@shop.example>\n\nThe kettle burned my hand.\n"
)


def test_what_an_agent_forwards_is_what_a_customer_told(shop: Shop, tmp_path: Path) -> None:
    for number, who in enumerate(("Ana <ana@example.org>", "Kim <kim@example.net>")):
        (tmp_path / f"{number}.eml").write_text(AGENT % (number, who))
    take_in(tmp_path, by=LEAD, now=NOW)
    one, two = Complaint.objects.order_by("pk")
    assert one.text == "Please handle.\n\nThe kettle burned my hand."
    assert (one.urgency, one.informant.email) == (0, "ana@example.org")
    assert one.voice != two.voice, "two people told it, not one agent"
    assert "It was forwarded: look when it was told first." in one.notes
    own = AGENT % (3, "Shop news <news@shop.example>")
    own = own.replace("Agent <agent@shop.example>", "Bea <bea@example.org>")
    (tmp_path / "3.eml").write_text(own)
    take_in(tmp_path / "3.eml", by=LEAD, now=NOW)
    three = Complaint.objects.latest("pk")
    assert three.text == "Please handle.", "what we wrote ourselves is no report"
    assert three.informant.email == "bea@example.org"


def test_a_mail_attached_to_a_mail_is_read_and_a_written_report_is_counted(
    shop: Shop, tmp_path: Path
) -> None:
    told = mail("See attached.", 8)
    told.replace_header("From", "agent@shop.example")
    told.add_attachment(mail("The charger caught fire.", 9))
    told.add_attachment("My hand was burned.", filename="report.txt")
    (tmp_path / "a.eml").write_bytes(told.as_bytes())
    take_in(tmp_path / "a.eml", by=LEAD, now=NOW)
    one = Complaint.objects.get()
    assert one.text == "See attached.\n\nThe charger caught fire."
    assert one.informant.email == "ana@example.org"
    assert "What is attached to the mail (1, 0.0 MB) is not kept here." in one.notes


FORM = (
    b"From: Shop <noreply@shop.example>\r\nReply-To: Ana <ana@example.org>\r\n"
    b"Auto-Submitted: auto-generated\r\nMessage-ID: <form@x>\r\n\r\nIt burned my hand.\r\n"
)


@pytest.mark.parametrize(
    "raw",
    [
        FORM,
        b"\xef\xbb\xbf" + FORM,
        FORM.decode().encode("utf-16"),
        b"%d\n" % len(FORM) + FORM + b"<plist/>",
        FORM.replace(
            b"\r\n\r\nIt burned my hand.",
            b"\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n"
            b"--b\r\nContent-Type: text/plain\r\n\r\n \r\n"
            b"--b\r\nContent-Type: text/html\r\n\r\n<p>It burned my hand.</p>\r\n--b--",
        ),
    ],
    ids=["form", "with a mark", "utf-16", "apple", "an empty plain part"],
)
def test_what_a_person_wrote_into_a_form_is_taken_in_however_it_was_saved(
    shop: Shop, tmp_path: Path, raw: bytes
) -> None:
    (tmp_path / "a.eml").write_bytes(raw)
    assert take_in(tmp_path / "a.eml", by=LEAD, now=NOW).imported == 1
    one = Complaint.objects.get()
    assert (one.text.strip(), one.informant.email) == ("It burned my hand.", "ana@example.org")


def test_a_sentence_that_begins_with_from_ends_no_mail(shop: Shop, tmp_path: Path) -> None:
    smoke = mail("Hello.\n\nFrom my kitchen I saw smoke.", 1).as_bytes()
    (tmp_path / "box").write_bytes(
        b"From x\n" + smoke + b"\n\nFrom y\n" + mail("No.", 2).as_bytes()
    )
    assert take_in(tmp_path / "box", by=LEAD, now=NOW).rows == 2
    assert "saw smoke" in Complaint.objects.order_by("pk")[0].text


def test_a_file_of_outlook_says_what_to_do(shop: Shop, tmp_path: Path) -> None:
    (tmp_path / "a.msg").write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 500)
    done = take_in(tmp_path / "a.msg", by=LEAD, now=NOW)
    assert done.rejects[0]["reason"] == "a file of Outlook (.msg), no mail: save it as .eml"


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
        first = watch(tmp_path / "in", home=tmp_path, by=LEAD, now=NOW)
        assert (first.imported, first.rejected) == (1, 1)
        again = watch(tmp_path / "in", home=tmp_path, by=LEAD, now=NOW)
        assert (again.imported, again.rejected) == (0, 0), "told once, not every minute"
        waits = waiting_rejects(KIND).get()
        assert (waits.file, waits.line) == ("a-locked.eml", 0)
        assert waits.reason == "it cannot be read: Permission denied"
        assert take_in(tmp_path / "in", by=LEAD, now=NOW).rejected == 1, "the others are read"
    assert watch(tmp_path / "in", home=tmp_path, by=LEAD, now=NOW).imported == 1
    assert not waiting_rejects(KIND).exists(), "it opens now, so nobody has to attend to it"


NAMELESS = (
    b"Subject: my hand\r\nDate: Mon, 13 Apr 2026 06:00:00 +0200\r\n\r\nIt burned my hand.\r\n"
)


@pytest.fixture
def box(shop: Shop, tmp_path: Path) -> Path:
    """A folder that is watched, with one sound mail and one of nobody about an injury."""
    folder = tmp_path / "in"
    folder.mkdir()
    put(folder / "a.eml", mail("The lid wobbles.", 1).as_bytes())
    put(folder / "hurt.eml", NAMELESS)
    return folder


def put(path: Path, content: bytes, at: int = 1) -> None:
    path.write_bytes(content)
    os.utime(path, (at, at))


def test_a_rejected_mail_waits_once_with_its_words_and_when_it_came(
    box: Path, tmp_path: Path
) -> None:
    os.utime(box / "hurt.eml", (NOW.timestamp() - 60,) * 2)
    done = watch(box, home=tmp_path, by=LEAD, now=NOW)
    assert (done.rows, done.imported, done.merged, done.rejected) == (2, 1, 0, 1)
    run, waits = ImportRun.objects.get(), waiting_rejects(KIND).get()
    assert (run.rows, run.imported, run.merged, run.rejected) == (2, 1, 0, 1)
    assert (run.file_name, waits.run, waits.file, waits.line) == (str(box), run, "hurt.eml", 1)
    assert waits.raw == "Subject: my hand\n\nIt burned my hand."
    assert waits.is_urgent
    assert waits.came_at == datetime(2026, 4, 13, 4, 0, tzinfo=UTC), "as its head says"
    entry = Entry.objects.filter(kind="FileImported").get()
    assert entry.fields["rejected"] == 1
    assert "hand" not in str(entry.fields)
    assert "hurt" not in str(entry.fields)
    assert watch(box, home=tmp_path, by=LEAD, now=NOW).rows == 0
    (tmp_path / postbox.SEEN).unlink()  # as after a restart in another home
    again = watch(box, home=tmp_path, by=LEAD, now=NOW)
    assert (again.rows, again.merged, again.rejected) == (2, 2, 0)
    assert waiting_rejects(KIND).count() == ImportRun.objects.count() == 1


def test_a_mail_mended_where_it_lies_needs_nobody_any_more(box: Path, tmp_path: Path) -> None:
    watch(box, home=tmp_path, by=LEAD, now=NOW)
    put(box / "hurt.eml", b"Subject: still of nobody\r\n\r\nIt burned my hand.\r\n", at=2)
    watch(box, home=tmp_path, by=LEAD, now=NOW)
    assert waiting_rejects(KIND).get().raw.startswith("Subject: still"), "of the two, the one there"
    put(box / "hurt.eml", b"From: kim@example.org\r\n" + NAMELESS, at=3)
    assert watch(box, home=tmp_path, by=LEAD, now=NOW).imported == 1
    assert not waiting_rejects(KIND).exists()
    assert Entry.objects.filter(kind="RejectedRowsSettled").count() == 2


def test_another_mail_under_the_name_of_a_rejected_one_settles_nothing(
    box: Path, tmp_path: Path
) -> None:
    watch(box, home=tmp_path, by=LEAD, now=NOW)
    (box / "hurt.eml").unlink()
    watch(box, home=tmp_path, by=LEAD, now=NOW)
    put(box / "hurt.eml", mail("Where is my parcel?", 9).as_bytes(), at=5)
    assert watch(box, home=tmp_path, by=LEAD, now=NOW).imported == 1
    assert waiting_rejects(KIND).get().raw.endswith("It burned my hand.")


def test_what_was_set_aside_stays_so_when_its_mailbox_grows(shop: Shop, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    away = mail("I am away.", 2, Auto_Submitted="auto-replied").as_bytes()
    put(folder / "box", b"From x\n" + away + b"\n\n")
    watch(folder, home=tmp_path, by=LEAD, now=NOW)
    waits = list(waiting_rejects(KIND))
    with pytest.raises(NotPermitted):
        settle_rejects(rejects=waits, how=ASIDE, why="on holiday", by=VIEWER, now=NOW)
    for why in ("  ", "ana@example.org wrote it"):
        with pytest.raises(Unreadable):
            settle_rejects(rejects=waits, how=ASIDE, why=why, by=LEAD, now=NOW)
    assert settle_rejects(rejects=waits, how=ASIDE, why="on holiday", by=LEAD, now=NOW) == 1
    assert settle_rejects(rejects=waits, how=ASIDE, why="again", by=LEAD, now=NOW) == 0
    more = b"From x\n" + away + b"\n\nFrom x\n" + mail("It leaks.", 3).as_bytes() + b"\n\n"
    put(folder / "box", more + b"From x\n" + NAMELESS + b"\n\n", at=2)
    done = watch(folder, home=tmp_path, by=LEAD, now=NOW)
    assert (done.rows, done.imported, done.merged, done.rejected) == (3, 1, 1, 1)
    assert [one.line for one in waiting_rejects(KIND)] == [3]
    told = take_in(folder, by=LEAD, now=NOW)
    assert (told.rows, told.imported, told.merged, told.rejected) == (3, 0, 1, 2), (
        "who asks is told"
    )
    assert waiting_rejects(KIND).get().run_id == told.run, "it waits once, where it came last"
    assert ImportReject.objects.filter(run=told.run, settled_why="on holiday").count() == 1


def test_an_empty_file_and_a_folder_that_is_gone_are_no_silence(shop: Shop, tmp_path: Path) -> None:
    gone = tmp_path / "in"
    for _minute in range(2):
        watch(gone, home=tmp_path, by=LEAD, now=NOW)
    assert waiting_rejects(KIND).get().reason == "there is no such folder"
    gone.mkdir()
    put(gone / "full-disk.eml", b"")
    for _minute in range(2):
        watch(gone, home=tmp_path, by=LEAD, now=NOW)
    assert waiting_rejects(KIND).get().reason == "the file is empty"
    put(gone / "full-disk.eml", mail("It leaks.", 3).as_bytes(), at=9)
    watch(gone, home=tmp_path, by=LEAD, now=NOW)
    assert not waiting_rejects(KIND).exists()


def test_one_mail_that_cannot_be_kept_holds_up_none_of_the_others(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(3):
        put(folder / f"{number}.eml", mail(f"It leaks, says {number}.", number).as_bytes())

    def breaking(*, tolds: Any, **named: Any) -> Any:
        if any("says 1" in one.text for one in tolds):
            raise ValueError("Ana Alves")
        return take_in_all(tolds=tolds, **named)

    monkeypatch.setattr(postbox, "take_in_all", breaking)
    done = watch(folder, home=tmp_path, by=LEAD, now=NOW)
    assert (done.rows, done.imported, done.rejected) == (3, 2, 1)
    waits = waiting_rejects(KIND).get()
    assert waits.reason == "it could not be kept (ValueError)"
    assert waits.raw.endswith("\nSubject: My kettle\n\nIt leaks, says 1.")
    assert "Alves" not in caplog.text


def test_who_is_forgotten_is_forgotten_in_rejected_mails_and_their_names_too(
    shop: Shop, tmp_path: Path
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    put(folder / "a.eml", mail("The lid wobbles.", 1).as_bytes())
    put(folder / "Ana Alves.eml", b"Subject: hello\r\n\r\nI am Ana Alves and it burned me.\r\n")
    watch(folder, home=tmp_path, by=LEAD, now=NOW)
    forget_informant(complaint=Complaint.objects.get(), by=LEAD, now=NOW)
    waits = waiting_rejects(KIND).get()
    assert (waits.raw, "Alves" in waits.file) == ("", False)
    assert waits.run.file_name == str(folder), "the path of the folder is ours"
