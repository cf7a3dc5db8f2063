"""Reports to authorities at the desk: begun from a duty, filled in, released, filed, explained."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from holdfast.config.worker import run_reactions
from holdfast.decision.recalls.actions import open_recall, record_clock_start, set_legal_profile
from holdfast.decision.recalls.models import Recall
from holdfast.ground.access.models import Organisation
from holdfast.ground.journal.models import Entry
from holdfast.kit.actors import Actor
from holdfast.response.filings.actions import propose_filing, state_fact
from holdfast.response.filings.models import Explanation, Filing
from holdfast.response.filings.queries import Desk

LONG_AGO = datetime(2026, 1, 20, 14, 0, tzinfo=UTC)


@pytest.fixture
def recall(owner: Actor) -> Recall:
    """Toys sold in the US and Japan, whose law was asked and whose clocks run."""
    made = open_recall(
        outcome="choking", products=("VL-10K",), known_at=LONG_AGO, by=owner, now=LONG_AGO
    )
    set_legal_profile(
        recall=made, categories=["toys"], sold_in=["US", "JP"], roles={"": ["importer"]},
        by=owner, now=LONG_AGO,
    )  # fmt: skip
    record_clock_start(
        recall=made, fact="reportable_information", at=LONG_AGO, zone="UTC", by=owner, now=LONG_AGO
    )
    run_reactions(now=LONG_AGO)
    return made


def at(recall: Recall, number: int | None = None) -> str:
    return f"/recalls/{recall.ref}/filings/" + (f"{number}/" if number else "")


def text_of(answer: object) -> str:
    body = answer.content.decode()  # type: ignore[attr-defined]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def fill_in(desk: Client, recall: Recall, number: int) -> None:
    """Say of everything that is missing that it is not known, as a person would who has no time."""
    one = Filing.objects.get(number=number)
    wants = {
        want
        for field in Desk(recall, datetime.now(UTC)).filled(one).missing
        for want in field.wants
    }
    given = {f"fact:{want}": "? being looked up" for want in wants}
    desk.post(at(recall, number), {"step": "state", "source": "desk", **given})


def test_a_duty_without_a_filing_is_begun_from_the_list(desk: Client, recall: Recall) -> None:
    before = text_of(desk.get(at(recall)))
    assert "Duties without a filing" in before
    assert "Initial report under section 15(b)" in before
    answer = desk.post(
        at(recall), {"step": "draft", "form": "us_cpsc.initial_report", "country": "US"}
    )
    assert answer.headers["Location"].endswith("/filings/1/")
    page = text_of(desk.get(at(recall, 1)))
    assert "What is missing" in page
    assert re.search(r"\d+ of \d+ fields are empty", page)
    assert "16 CFR 1115.13(c)" in page
    assert "portal order unknown" in page


def test_from_draft_to_receipt_at_the_desk(desk: Client, recall: Recall) -> None:
    desk.post(at(recall), {"step": "draft", "form": "us_cpsc.initial_report", "country": "US"})
    fill_in(desk, recall, 1)
    assert "It is complete" in text_of(desk.get(at(recall, 1)))
    desk.post(at(recall, 1), {"step": "propose"})
    one = Filing.objects.get()
    assert one.state == "ready"
    desk.post(at(recall, 1), {"step": "release", "sha256": one.sha256})
    got = desk.post(at(recall, 1) + "export", {"format": "csv"})
    assert got.headers["Content-Disposition"].startswith("attachment; filename=")
    assert got.content.startswith(b"section,field,value")
    desk.post(
        at(recall, 1),
        {
            "step": "filed",
            "reference": "CPSC-2026-0042",
            "receipt": SimpleUploadedFile("receipt.eml", b"got it"),
        },
    )
    one.refresh_from_db()
    assert (one.state, len(one.receipt_sha256), one.is_alone) == ("filed", 64, True)
    page = text_of(desk.get(at(recall)))
    assert "CPSC-2026-0042" in page
    assert recall.duty_clocks.get(obligation="s15b_initial").state == "met"


def test_a_preview_is_a_get_that_changes_nothing_and_says_so(desk: Client, recall: Recall) -> None:
    desk.post(at(recall), {"step": "draft", "form": "us_cpsc.initial_report", "country": "US"})
    entries = Entry.objects.count()
    got = desk.get(at(recall, 1) + "preview.sheet")
    assert "NOT RELEASED" in got.content.decode()
    assert "PREVIEW-" in got.headers["Content-Disposition"]
    assert desk.get(at(recall, 1) + "preview.pdf").content.startswith(b"%PDF")
    assert desk.get(at(recall, 1) + "preview.exe").status_code == 400
    assert Entry.objects.count() == entries


def test_a_conflict_is_shown_on_both_and_explained_there(
    desk: Client, recall: Recall, owner: Actor
) -> None:
    for form, country in (("us_cpsc.full_report", "US"), ("jp_caa.serious_accident", "JP")):
        desk.post(at(recall), {"step": "draft", "form": form, "country": country})
    first = Filing.objects.get(number=1)
    state_fact(
        recall=recall, name="units_made", value="12000", as_of=first.cut_off, source="factory",
        by=owner, now=first.cut_off,
    )  # fmt: skip
    fill_in(desk, recall, 1)
    propose_filing(filing=Filing.objects.get(number=1), by=owner, now=datetime.now(UTC))
    desk.post(
        at(recall),
        {"step": "fact", "fact": "units_made", "value": "12450", "source": "factory recount"},
    )
    page = text_of(desk.get(at(recall)))
    assert "1 conflict" in page
    for number in (1, 2):
        assert "It cannot be both." in text_of(desk.get(at(recall, number)))
    desk.post(
        at(recall),
        {
            "step": "explain", "key": "units_made", "place": "", "one": "12,000",
            "other": "12,450", "words": "The recount of 5 May found 450 more.",
        },
    )  # fmt: skip
    assert Explanation.objects.get().words == "The recount of 5 May found 450 more."
    assert "0 conflicts" in text_of(desk.get(at(recall)))


def test_who_proposed_is_told_that_somebody_else_releases(
    desk: Client, recall: Recall, owner: Actor
) -> None:
    desk.post(at(recall), {"step": "draft", "form": "us_cpsc.initial_report", "country": "US"})
    fill_in(desk, recall, 1)
    Organisation.objects.update(is_one_person=False)
    desk.post(at(recall, 1), {"step": "propose"})
    assert "somebody else has to release it" in text_of(desk.get(at(recall, 1)))
    refused = desk.post(at(recall, 1), {"step": "release", "sha256": Filing.objects.get().sha256})
    assert refused.status_code == 409


def test_letters_are_kept_and_their_questions_have_clocks(desk: Client, recall: Recall) -> None:
    desk.post(
        at(recall),
        {"step": "letter", "direction": "from", "authority": "OPSS", "subject": "Questions"},
    )
    desk.post(
        at(recall),
        {
            "step": "request", "letter": "1", "kind": "question", "due": "2026-02-01T12:00",
            "words": "How many units reached Wales?",
        },
    )  # fmt: skip
    assert "overdue" in text_of(desk.get(at(recall)))
    desk.post(at(recall), {"step": "settle", "request": "1", "answer": "letter of 8 May"})
    assert "letter of 8 May" in text_of(desk.get(at(recall)))


def test_bad_input_is_said_on_the_page_and_nothing_is_lost(desk: Client, recall: Recall) -> None:
    answer = desk.post(
        at(recall), {"step": "fact", "fact": "incidents", "value": "four", "source": "mail"}
    )
    assert answer.status_code == 400
    assert "no number" in text_of(answer)
    assert "four" in answer.content.decode()
    assert desk.get(at(recall, 7)).status_code == 404
    assert desk.post(at(recall), {"step": "dance"}).status_code == 404
