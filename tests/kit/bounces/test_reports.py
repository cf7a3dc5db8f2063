"""Reports of mail servers are read as the standard has it, and nothing hostile takes long."""

from __future__ import annotations

import base64
import contextlib
import io
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfast.kit.bounces.mailbox import mails
from holdfast.kit.bounces.report import LONGEST, NoReport, read_report
from tests.returned import ARRIVED, GIVEN_UP, ID, LATE, TO, UNKNOWN_USER, report

pytestmark = pytest.mark.once


def only(content: bytes):
    found = read_report(content)
    assert len(found) == 1
    return found[0]


def test_a_mailbox_that_does_not_exist():
    found = only(report([UNKNOWN_USER]))
    assert (found.message_id, found.action, found.status) == (ID, "failed", "5.1.1")
    assert found.is_final
    assert found.is_about(TO.upper())
    assert not found.is_about("somebody@else.example")
    assert found.words == f"550 5.1.1 <{TO}>: Recipient address rejected: User unknown"


@pytest.mark.parametrize(
    ("group", "action"),
    [
        (LATE, "delayed"),
        (GIVEN_UP, "failed"),
        (ARRIVED, "delivered"),
        (f"Final-Recipient: rfc822; {TO}\nStatus: 5.2.2", "failed"),
        (f"Final-Recipient: rfc822; {TO}\nStatus: 4.2.2", "delayed"),
        (f"Final-Recipient: rfc822; {TO}\nDiagnostic-Code: smtp; 550 no such user", "failed"),
        (f"Final-Recipient: rfc822; {TO}\nAction: Failed (no such user)", "failed"),
        (f"Final-Recipient: rfc822; {TO}\nAction: relayed\nStatus: 2.1.9", "relayed"),
    ],
)
def test_what_became_of_it_is_the_servers_own_word(group, action):
    assert only(report([group])).action == action


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(report([UNKNOWN_USER]).replace(b"\n", b"\r\n"), id="line ends of the wire"),
        pytest.param(
            report(
                [UNKNOWN_USER],
                original_kind="message/rfc822",
                original=f"Received: from x\nMESSAGE-ID:\n {ID}\nTo: {TO}\n\n--B=_2\nbody\n",
            ),
            id="the whole mail comes back, its id folded",
        ),
        pytest.param(
            report(
                [UNKNOWN_USER.replace("rfc822", "utf-8")],
                status_kind="message/global-delivery-status",
                original_kind="message/global-headers",
            ),
            id="the standard for addresses beyond ASCII",
        ),
        pytest.param(
            report(
                [UNKNOWN_USER],
                original_kind="text/rfc822-headers",
                more="Content-Transfer-Encoding: base64\n",
                original=base64.encodebytes(f"Message-ID: {ID}\n".encode()).decode(),
            ),
            id="headers in base64",
        ),
        pytest.param(report([UNKNOWN_USER], kind='multipart/mixed; boundary="B=_1"'), id="mixed"),
        pytest.param(report([UNKNOWN_USER]).rpartition(b"\n--B=_1--")[0], id="cut off at the end"),
        pytest.param(report([], per_mail=UNKNOWN_USER), id="no blank line before the recipient"),
        pytest.param(
            report([UNKNOWN_USER.replace("; " + TO, f";<{TO}>")]), id="address in angle brackets"
        ),
    ],
)
def test_shapes_that_are_seen_in_the_wild(content):
    found = only(content)
    assert (found.message_id, found.action, found.is_about(TO)) == (ID, "failed", True)


def test_an_address_in_xtext_and_one_of_another_alphabet():
    group = "Final-Recipient: rfc822; jo+2Bx+40example.org\nAction: failed\nStatus: 5.1.1"
    assert only(report([group])).is_about("jo+x@example.org")
    group = "Final-Recipient: rfc822; jo@xn--bcher-kva.example\nAction: failed\nStatus: 5.1.1"
    assert only(report([group])).is_about("jo@bücher.example")


def test_each_recipient_of_a_report_is_a_report_of_its_own():
    other = UNKNOWN_USER.replace(TO, "kim@example.org")
    found = read_report(report([LATE, other]))
    assert [one.action for one in found] == ["delayed", "failed"]
    assert [one.is_about(TO) for one in found] == [True, False]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "no delivery report"),
        (b"\n\n", "no delivery report"),
        (b"Subject: I am on holiday\n\nBack on Monday.\n", "no delivery report"),
        (b"\xff\xfe\x00" * 1000, "no delivery report"),
        (report([UNKNOWN_USER], original="Subject: x\n"), "which message"),
        (report([UNKNOWN_USER], original_kind="text/plain"), "which message"),
        (report([UNKNOWN_USER], status_kind="text/plain"), "a machine can read"),
        (report([]), "names no recipient"),
        (report([f"Final-Recipient: rfc822; {TO}"]), "does not say"),
        (
            report([f"Final-Recipient: rfc822; {TO}\nAction: exploded"]),
            "the standard does not know",
        ),
        (report([f"Final-Recipient: rfc822; {TO}\nAction: failed\nStatus: 2.0.0"]), "contradicts"),
        (report([UNKNOWN_USER], kind="multipart/report"), "a machine can read"),
        (report([UNKNOWN_USER], kind="multipart/report; boundary=" + "x" * 300), "can read"),
        (
            report([UNKNOWN_USER], kind="multipart/report; boundary*=bad'%%%; boundary*1=x"),
            "can read",
        ),
        (report([UNKNOWN_USER]) + b"x" * LONGEST, "bytes"),
    ],
)
def test_what_is_no_report_says_why(content, why):
    with pytest.raises(NoReport, match=why):
        read_report(content)


def test_the_id_of_the_report_itself_is_never_taken_for_ours():
    with pytest.raises(NoReport, match="which message"):
        read_report(report([UNKNOWN_USER], original=f"X-Was: {ID}\n\nMessage-ID: {ID}\n"))


HOSTILE = [
    pytest.param(b"--B=_1\n" * 400_000, id="boundaries"),
    pytest.param(b"\n\n" * 1_500_000, id="blank lines"),
    pytest.param(b"a:\n" * 1_000_000, id="fields"),
    pytest.param(b"<" * 3_000_000, id="brackets"),
    pytest.param(b"Content-Type: multipart/mixed; boundary=b\n\n--b\n" * 60_000, id="nests"),
    pytest.param(b" " * 3_000_000, id="spaces"),
]


@pytest.mark.parametrize("stuff", HOSTILE)
@pytest.mark.parametrize("where", ["head", "status", "original", "body"])
def test_megabytes_of_malice_take_no_longer_than_megabytes(stuff, where):
    words = stuff.decode()
    content = {
        "head": lambda: stuff + report([UNKNOWN_USER]),
        "status": lambda: report([words]),
        "original": lambda: report([UNKNOWN_USER], original=words),
        "body": lambda: report([UNKNOWN_USER], original=f"Message-ID: {ID}\n\n" + words),
    }[where]()
    began = time.perf_counter()
    with contextlib.suppress(NoReport):
        read_report(content)
    assert time.perf_counter() - began < 2


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400), st.integers(0, 900), st.integers(0, 200))
def test_whatever_a_mail_holds_it_is_a_report_or_none(noise, at, gone):
    whole = report([UNKNOWN_USER, LATE])
    broken = whole[:at] + noise + whole[at + gone :]
    found = []
    with contextlib.suppress(NoReport):
        found = read_report(broken)
    for one in found:
        assert len(one.words) <= 300
        assert "\n" not in one.words
        assert one.message_id.startswith("<")


def test_a_mailbox_is_cut_into_its_mails():
    box = b"From MAILER-DAEMON Mon May  4 10:20:00 2026\n" + report([UNKNOWN_USER]) + b"\n"
    box += b"From x@y Mon May  4 10:21:00 2026\nSubject: hi\n\n>From here on\nIt goes.\n"
    found = list(mails(io.BytesIO(box)))
    assert len(found) == 2
    assert only(found[0]).message_id == ID
    assert found[1].endswith(b"From here on\nIt goes.\n")


def test_a_single_mail_is_one_whatever_its_lines_say():
    whole = b"Subject: x\n\nFrom here on\n\nFrom there\n"
    assert list(mails(io.BytesIO(whole))) == [whole]
    assert list(mails(io.BytesIO(b""))) == []


def test_a_mail_without_end_is_read_to_its_measure_and_refused():
    class Endless(io.RawIOBase):
        left = 40

        def readline(self, size=-1):
            self.left -= 1
            return b"x" * size if self.left > 0 else b""

    (found,) = mails(Endless())
    assert len(found) < LONGEST + 3_000_000
    with pytest.raises(NoReport):
        read_report(found)
