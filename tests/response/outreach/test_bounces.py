"""A message that came back is failed, its person gets a letter; what is forged changes nothing."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from holdfast.ground.journal.models import Entry
from holdfast.ground.journal.rules import refuse_personal_data
from holdfast.ground.outbox.actions import Planned, open_wave, plan_messages, release_skeleton
from holdfast.ground.outbox.models import Message
from holdfast.ground.outbox.rules import for_the_journal
from holdfast.insight.exports.sending import Sending
from holdfast.kit.actors import SYSTEM, Actor
from holdfast.kit.refusals import NotPermitted, Unreadable
from holdfast.response.notices.printing import with_address
from holdfast.response.notices.queries import ways_to_reach
from holdfast.response.outreach.postbox import take_in, watch
from holdfast.response.outreach.queries import unreachable, unreachable_rows
from tests.plugins.instance import Instance
from tests.returned import ARRIVED, ID, LATE, TO, UNKNOWN_USER, report
from tests.sending import REF, SEND, exported, mail_server, prepare

NOW = datetime(2026, 5, 6, 9, 0, tzinfo=UTC)


@pytest.fixture
def told(small: Any) -> Any:
    """Three people were told by e-mail; each has a postal address."""
    skeleton = release_skeleton(
        recall=small.recall.ref, language="en", channel="email", text_sha256="1",
        parts={"subject": ["Stop"], "text": ["Stop\n"]}, by=SYSTEM, now=NOW,
    )  # fmt: skip
    wave = open_wave(recall=small.recall.ref, number=1, channel="email", by=SYSTEM, now=NOW)
    people = [small.customer(street="1 Road", city="Town") for _ in range(3)]
    small.scope({small.line(customer=one): 1 for one in people})
    plan_messages(
        wave=wave,
        planned=[
            Planned(f"customer:{one.pk}", one.email, skeleton.pk, f"<{one.pk:032x}@v.example>")
            for one in people
        ],
        by=SYSTEM,
        now=NOW,
    )
    Message.objects.update(state="accepted", attempts=1, provider_reply="250 ok")
    small.people = people
    return small


def about(told: Any, number: int, group: str = UNKNOWN_USER, address: str = "") -> bytes:
    person = told.people[number]
    message_id = Message.objects.get(recipient=f"customer:{person.pk}").message_id
    return report([group.replace(TO, address or person.email)]).replace(
        ID.encode(), message_id.encode()
    )


def row(told: Any, number: int) -> Message:
    return Message.objects.get(recipient=f"customer:{told.people[number].pk}")


def taken(told: Any, folder: Path, *contents: bytes) -> dict[str, Any]:
    for number, content in enumerate(contents):
        (folder / f"{number}.eml").write_bytes(content)
    return take_in(folder, by=told.by, now=NOW).as_json()


def test_a_message_that_came_back_is_failed_and_its_person_gets_a_letter(told, tmp_path):
    found = taken(told, tmp_path, about(told, 1))
    assert (found["failed"], found["unmatched"], found["listed"]) == (1, 0, [])
    assert [row(told, n).state for n in range(3)] == ["accepted", "failed", "accepted"]
    assert row(told, 1).provider_reply.startswith("came back 5.1.1 550 5.1.1")
    missed = {one.reason: one.people for one in unreachable(told.recall)}
    assert missed["failed"] == 1
    (line,) = unreachable_rows(told.recall)
    assert "User unknown" in line[-1]
    assert ways_to_reach(told.recall) == {"email": 3, "post": 3, "post_only": 1}
    letters = with_address(told.recall, only_without_email=True)
    assert [one.id for one in letters] == [told.people[1].pk]


def test_the_journal_says_it_without_a_name_and_agrees_with_the_rows(told, tmp_path):
    taken(told, tmp_path, about(told, 1), about(told, 2, LATE))
    entry = Entry.objects.filter(kind="BouncesNoted").get()
    fields = json.loads(entry.payload)
    assert (fields["failed"], fields["delayed"], entry.subject) == (1, 1, told.recall.ref)
    assert "@example.org" not in entry.payload
    assert {state for _, state, *_ in fields["deliveries"]} == {"failed", "accepted"}
    seen = Sending()
    assert seen.see(entry)
    assert seen.last[row(told, 1).message_id] == "failed"


def test_a_delay_is_noted_and_changes_no_state(told, tmp_path):
    found = taken(told, tmp_path, about(told, 0, LATE))
    assert (found["delayed"], found["failed"]) == (1, 0)
    assert row(told, 0).state == "accepted"
    assert row(told, 0).provider_reply == (
        "250 ok · later: delayed 4.4.1 421 4.4.1 connection timed out"
    )


def test_taking_it_in_again_changes_nothing_more(told, tmp_path):
    contents = [about(told, 1), about(told, 0, LATE)]
    taken(told, tmp_path, *contents)
    before = (Entry.objects.count(), list(Message.objects.order_by("pk").values()))
    again = taken(told, tmp_path, *contents)
    assert (again["known"], again["failed"], again["delayed"]) == (2, 0, 0)
    assert (Entry.objects.count(), list(Message.objects.order_by("pk").values())) == before


def test_a_late_delay_does_not_bring_a_failed_one_back(told, tmp_path):
    taken(told, tmp_path, about(told, 1), about(told, 1, LATE), about(told, 1, ARRIVED))
    assert row(told, 1).state == "failed"


def test_what_is_forged_or_about_somebody_else_is_listed_and_changes_nothing(told, tmp_path):
    before = (Entry.objects.count(), list(Message.objects.order_by("pk").values()))
    found = taken(
        told,
        tmp_path,
        report([UNKNOWN_USER]),
        about(told, 0, address="forwarded@elsewhere.example"),
        b"Subject: On holiday\n\nBack on Monday.\n",
        about(told, 0, "Action: failed\nStatus: 5.1.1"),
        about(told, 2, ARRIVED),
    )
    assert (found["unmatched"], found["not_reports"], found["delivered"]) == (3, 1, 1)
    assert sorted(str(one["file"]) for one in found["listed"]) == [
        *("0.eml", "1.eml", "2.eml", "3.eml")
    ]
    assert not any("@" in str(one["why"]) for one in found["listed"])
    assert (Entry.objects.count(), list(Message.objects.order_by("pk").values())) == before


@pytest.mark.parametrize("state", ["queued", "attempting", "suppressed"])
def test_nobody_fails_a_message_that_was_not_handed_over(told, tmp_path, state):
    """Whoever read the id of a notice could else keep the next one from being sent."""
    content = about(told, 1)
    Message.objects.update(state=state)
    found = taken(told, tmp_path, content)
    assert found["unmatched"] == 1
    assert row(told, 1).state == state
    assert not Entry.objects.filter(kind="BouncesNoted").exists()


def test_an_unclear_message_that_came_back_is_not_sent_again(told, tmp_path):
    Message.objects.update(state="ambiguous", unclear=1, is_listed_ambiguous=True)
    taken(told, tmp_path, about(told, 1))
    assert (row(told, 1).state, row(told, 1).is_listed_ambiguous) == ("failed", True)


def test_only_who_may_send_takes_reports_in(told, tmp_path):
    (tmp_path / "0.eml").write_bytes(about(told, 1))
    viewer = Actor("person:9", "Viewer", frozenset({"viewer"}), 9)
    with pytest.raises(NotPermitted):
        take_in(tmp_path, by=viewer, now=NOW)
    assert row(told, 1).state == "accepted"


def test_what_cannot_be_read_is_refused(told, tmp_path):
    for path in (tmp_path / "none.eml", Path("/dev/null")):
        with pytest.raises(Unreadable):
            take_in(path, by=told.by, now=NOW)


def test_the_folder_is_read_once_and_not_while_a_file_is_being_written(told, tmp_path):
    folder, home = tmp_path / "mail", tmp_path / "home"
    (folder / "new").mkdir(parents=True)
    home.mkdir()
    file = folder / "new" / "1.mx"
    file.write_bytes(about(told, 1))
    (folder / "link").symlink_to(file)
    fresh = NOW.timestamp() - 0.5
    os.utime(file, (fresh, fresh))
    assert watch(folder, home=home, by=SYSTEM, now=NOW).mails == 0
    os.utime(file, (fresh - 60, fresh - 60))
    assert watch(folder, home=home, by=SYSTEM, now=NOW).ends["failed"] == 1
    assert row(told, 1).state == "failed"
    assert watch(folder, home=home, by=SYSTEM, now=NOW).mails == 0
    assert sorted(path.name for path in folder.rglob("*")) == ["1.mx", "link", "new"]
    assert watch(tmp_path / "gone", home=home, by=SYSTEM, now=NOW).mails == 0


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.text(alphabet="+0123456789 ()./-@ax<>,.:tel", max_size=140))
def test_no_words_of_a_server_can_make_the_journal_refuse(words):
    refuse_personal_data(for_the_journal(words))


def test_a_mailbox_on_the_command_line(instance: Instance, tmp_path: Path) -> None:
    prepare(instance, tmp_path, 3)
    with mail_server(tmp_path) as server:
        instance.json(*SEND, HOLDFAST_SMTP_URL=server.url)
    rows = {one["recipient"]: one for one in exported(instance, tmp_path)}
    back, late = rows["c0@example.org"], rows["c1@example.org"]
    reports = [
        report([UNKNOWN_USER.replace(TO, "c0@example.org")]).replace(
            ID.encode(), back["message_id"].encode()
        ),
        report([LATE.replace(TO, "c1@example.org")]).replace(
            ID.encode(), late["message_id"].encode()
        ),
        report([UNKNOWN_USER]),
    ]
    box = tmp_path / "returned.mbox"
    box.write_bytes(b"".join(b"From x Mon May  4 10:20:00 2026\n" + one + b"\n" for one in reports))
    tried = instance.json("recall", "bounces", box, "--dry-run", expect=1)
    assert (tried["failed"], tried["dry_run"]) == (1, True)
    found = instance.json("recall", "bounces", box, expect=1)
    assert [found[name] for name in ("mails", "failed", "delayed", "unmatched")] == [3, 1, 1, 1]
    assert found["listed"][0]["mail"] == 3
    rows = {one["recipient"]: one for one in exported(instance, tmp_path)}
    assert rows["c0@example.org"]["state"] == "failed"
    assert rows["c1@example.org"]["state"] == "accepted"
    missed = instance.json("recall", "notify", REF)["unreachable"]["failed"]
    assert missed["people"] == 1
    reminded = instance.json("recall", "bounces", tmp_path / "none.mbox", expect=2)
    assert reminded["error"]["code"] == "unreadable"
