"""The launch check believes a page only if it is this instance's, and shows the approved text."""

from __future__ import annotations

import pytest

from holdfast.decision.recalls.models import Recall
from holdfast.ground.outbox.models import Skeleton
from holdfast.response.outreach.queries.looking import links_gate, page_gate
from holdfast.response.outreach.rules import Fetched, mark_in, page_mark

pytestmark = pytest.mark.once
KEY, OTHER = b"k" * 32, b"o" * 32
HOME = "https://shop.example"
REF = "R-2026-001"
SHA = "ab" * 32
NOTICE = f"{HOME}/n/{REF}"
TEXT = Skeleton(
    text_sha256=SHA, parts={"text": ["See https://authority.example/a.", {"slot": "x"}]}
)


def written(mark: object) -> str:
    return f'<title>x</title><meta name="holdfast" content="{mark}">'


OURS = written(page_mark(KEY))
SHOWN = written(page_mark(KEY, recall=REF, text_sha256=SHA))
STALE = written(page_mark(KEY, recall=REF, text_sha256="cd" * 32))
DRAFT = written(page_mark(KEY, recall=REF))


@pytest.mark.parametrize(
    ("state", "came", "is_green", "words"),
    [
        ("telling", Fetched(200, NOTICE, SHOWN), True, "shows the approved text"),
        ("telling", Fetched(200, f"https://www.shop.example/n/{REF}", SHOWN), True, "approved"),
        ("telling", Fetched(404, NOTICE, OURS), False, "another page of this instance"),
        ("decided", Fetched(404, NOTICE, OURS), True, "appears with the launch"),
        ("decided", Fetched(200, NOTICE, "<h1>This domain is for sale</h1>"), False, "not with a"),
        ("decided", Fetched(404, NOTICE, written(page_mark(OTHER))), False, "not with a page"),
        ("decided", Fetched(200, "https://parking.example/", OURS), False, "leads to parking"),
        ("telling", Fetched(503, NOTICE, OURS), False, "answers 503"),
        ("telling", Fetched(url=NOTICE, why="does not answer (gaierror)"), False, "gaierror"),
        ("telling", Fetched(200, NOTICE, STALE), False, "another text than the approved one"),
        ("telling", Fetched(200, NOTICE, DRAFT), False, "another text than the approved one"),
    ],
)  # fmt: skip
def test_the_notice_page_is_this_recalls_own(state, came, is_green, words) -> None:
    gate = page_gate(
        Recall(ref=REF, state=state), [TEXT], public_url=HOME, key=KEY, probe=lambda *_: came
    )
    assert (gate.state == "green", words in gate.words) == (is_green, True), gate.words


@pytest.mark.parametrize(
    ("there", "is_green", "words"),
    [
        ({}, True, "5 of 5 answer, 1 elsewhere"),
        ({"/a": Fetched(200, "https://www.authority.example/b")}, True, "5 of 5"),
        ({"/a": Fetched(200, "https://ads.example/")}, False, "leads to ads.example"),
        ({"/a": Fetched(410, "https://authority.example/a")}, False, "answers 410"),
        ({"/check": Fetched(200, f"{HOME}/check", "parked")}, False, "1 of 5 are wrong"),
        ({"/r/look": Fetched(302, "https://login.example/")}, False, "leads to login.example"),
    ],
)
def test_every_link_leads_to_us_or_where_it_points(there, is_green, words) -> None:
    def probe(url: str, own: str) -> Fetched:
        end = next((end for end in there if url.endswith(end)), None)
        return there[end] if end else Fetched(200, url, OURS if url.startswith(own) else "")

    gate = links_gate(
        Recall(ref=REF, state="decided"), [TEXT], public_url=HOME, key=KEY, probe=probe
    )
    assert (gate.state == "green", words in gate.words) == (is_green, True), gate.words


def test_a_mark_is_read_back_as_it_was_written() -> None:
    mark = page_mark(KEY, recall=REF, text_sha256=SHA)
    assert mark_in(written(mark)) == mark
    assert mark.instance != page_mark(OTHER).instance
    assert mark_in("<p>nothing").instance == ""


def test_links_that_were_not_looked_at_are_not_said_to_answer() -> None:
    more = [f"https://elsewhere.example/{n}" for n in range(40)]
    text = Skeleton(text_sha256=SHA, parts={"text": [" ".join(more)]})
    gate = links_gate(
        Recall(ref=REF, state="decided"), [text], public_url=HOME, key=KEY,
        probe=lambda url, own: Fetched(200, url, OURS if url.startswith(own) else ""),
    )  # fmt: skip
    assert gate.words == "24 of 24 answer, 20 elsewhere; 20 more were not looked at"
