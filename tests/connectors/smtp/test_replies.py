"""Replies are cut from the stream whatever the pieces they arrive in."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.connectors.smtp.replies import NotSmtp, ReplyReader

STREAM = (
    b"220 ready\r\n250-one\r\n250-two\r\n250 2.1.0 three\r\n354\r\n"
    b"550-5.1.1 no\r\n550 5.1.1 such\n421 bye\r\n"
)
CODES = [220, 250, 354, 550, 421]


@given(st.lists(st.integers(0, len(STREAM)), max_size=12))
def test_any_cutting_gives_the_same_replies(cuts: list[int]) -> None:
    points = sorted({0, len(STREAM), *cuts})
    reader, replies = ReplyReader(), []
    for start, end in itertools.pairwise(points):
        replies += reader.feed(STREAM[start:end])
    assert [reply.code for reply in replies] == CODES
    assert replies[1].text == "250 one two 2.1.0 three"
    assert replies[3].enhanced == "5.1.1"


@pytest.mark.parametrize(
    "noise",
    [
        b"HTTP/1.1 400 Bad Request\r\n",
        b"\r\n",
        b"25 short\r\n",
        b"250_wrong\r\n",
        b"199 too low\r\n",
        b"700 too high\r\n",
        b"\x00\x01\x02\n",
    ],
)
def test_what_is_no_reply_is_said_to_be_none(noise: bytes) -> None:
    with pytest.raises(NotSmtp):
        ReplyReader().feed(noise)


def test_a_reply_without_end_is_cut_off() -> None:
    with pytest.raises(NotSmtp):
        ReplyReader().feed(b"250 " + b"x" * 5000)
    reader = ReplyReader()
    with pytest.raises(NotSmtp):
        reader.feed(b"250-again\r\n" * 200)


@given(st.binary(max_size=200))
def test_no_input_breaks_the_reader(noise: bytes) -> None:
    try:
        for reply in ReplyReader().feed(noise):
            assert 200 <= reply.code <= 599
            assert len(reply.text) <= 300
            assert "\n" not in reply.text
    except NotSmtp:
        pass
