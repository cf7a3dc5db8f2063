"""From draft to receipt: what is missing, four eyes, frozen content, files, versions."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from holdfast.ground.evidence.actions import attach_file
from holdfast.ground.evidence.models import EvidenceFile
from holdfast.ground.journal.models import Entry
from holdfast.kit.refusals import Forbidden, NotPermitted, Unreadable
from holdfast.response.filings.actions import (
    acknowledge_filing,
    amend_filing,
    export_filing,
    propose_filing,
    record_filed,
    release_filing,
    state_fact,
    take_back_filing,
    update_filing,
    withdraw_filing,
)
from holdfast.response.filings.models import FactStatement, Filing
from holdfast.response.filings.queries import Desk, filing_rows, versions_of
from tests.response.conftest import Small
from tests.response.filings.shop import (
    AGENT,
    LATER,
    LEAD,
    SECOND,
    complete,
    draft,
    sold,
    state,
)

DAY = timedelta(days=1)
INITIAL = "us_cpsc.initial_report"


@pytest.fixture
def told(small: Small) -> Small:
    sold(small, US=30, DE=20)
    state(small, contact_name="Lena Moreau, head of quality", maker="Lumen Ltd, 1 Road, Shenzhen")
    return small


def ready(told: Small, form: str = INITIAL, country: str = "US") -> Filing:
    return propose_filing(filing=complete(told, draft(told, form, country)), by=LEAD, now=LATER)


def released(told: Small, form: str = INITIAL, country: str = "US") -> Filing:
    one = ready(told, form, country)
    return release_filing(filing=one, sha256=one.sha256, by=SECOND, now=LATER)


def test_a_draft_names_what_is_missing_before_anything_else(told: Small) -> None:
    draft(told, INITIAL)
    row = filing_rows(told.recall, at=LATER)[0]
    assert (row["filing"], row["version"], row["state"]) == ("F-1", 1, "draft")
    assert row["needed"] > row["done"] > 0
    wanted = {fact for one in row["missing"] for fact in one["facts"]}
    assert {"incidents", "importer@US"} <= wanted
    assert not {"maker", "contact_name"} & wanted


def test_the_same_draft_is_begun_once(told: Small) -> None:
    assert draft(told, INITIAL).pk == draft(told, INITIAL).pk
    assert draft(told, INITIAL, "CA").number == 2


def test_an_incomplete_draft_is_refused_with_the_names_of_its_fields(told: Small) -> None:
    with pytest.raises(Forbidden, match=r"lacks \d+ of \d+ fields") as refused:
        propose_filing(filing=draft(told, INITIAL), by=LEAD, now=LATER)
    assert refused.value.code == "is_complete"


def test_nobody_releases_their_own_proposal(told: Small) -> None:
    one = ready(told)
    with pytest.raises(Forbidden, match="somebody else"):
        release_filing(filing=one, sha256=one.sha256, by=LEAD, now=LATER)
    with pytest.raises(Forbidden, match="not what was read"):
        release_filing(filing=one, sha256="0" * 64, by=SECOND, now=LATER)
    with pytest.raises(NotPermitted):
        release_filing(filing=one, sha256=one.sha256, by=AGENT, now=LATER)
    done = release_filing(filing=one, sha256=one.sha256, by=SECOND, now=LATER)
    assert (done.state, done.is_alone) == ("released", False)


def test_a_person_alone_is_recorded_as_alone(told: Small) -> None:
    one = ready(told)
    done = release_filing(filing=one, sha256=one.sha256, by=told.by, now=LATER)
    assert done.is_alone
    assert Entry.objects.get(kind="FilingReleased").fields["alone"] is True


def test_the_database_holds_four_eyes_too(told: Small) -> None:
    one = ready(told)
    with pytest.raises(IntegrityError), transaction.atomic():
        Filing.objects.filter(pk=one.pk).update(released_by=one.proposed_by)


def test_frozen_content_does_not_follow_the_facts(told: Small) -> None:
    one = ready(told)
    state(told, defect="the charger melts", at=LATER)
    frozen = Desk(told.recall, LATER).frozen(Filing.objects.get(pk=one.pk))
    assert "the charger melts" not in json.dumps(frozen.whole)
    assert frozen.sha256 == one.sha256


def test_a_person_is_named_on_the_paper_and_nowhere_in_journal_or_content(told: Small) -> None:
    one = ready(told)
    assert "Lena Moreau" in json.dumps(one.personal)
    assert "Lena Moreau" not in json.dumps(one.content)
    assert not Entry.objects.filter(payload__contains="Lena Moreau").exists()
    kept = FactStatement.objects.get(key="contact_name")
    assert (kept.value, kept.personal) == (None, "Lena Moreau, head of quality")


def test_only_what_was_released_is_exported_and_the_file_is_kept(told: Small) -> None:
    one = ready(told)
    with pytest.raises(Forbidden, match="only what two people released"):
        export_filing(filing=one, kind="csv", by=LEAD, now=LATER)
    one = release_filing(filing=one, sha256=one.sha256, by=SECOND, now=LATER)
    name, content, digest = export_filing(filing=one, kind="pdf", by=LEAD, now=LATER)
    again = export_filing(filing=one, kind="pdf", by=LEAD, now=LATER + DAY)
    assert name == "R-2026-001-us_cpsc.initial_report-US-v1.pdf"
    assert content.startswith(b"%PDF")
    assert again[1:] == (content, digest)
    assert EvidenceFile.objects.filter(about="filing:F-1 v1").count() == 1


def test_filing_keeps_reference_and_receipt_and_tells_the_clocks(told: Small) -> None:
    one = released(told)
    receipt = attach_file(
        subject=told.recall.ref, about="filing:F-1 v1", name="receipt.eml",
        content=[b"received"], by=LEAD, now=LATER,
    )  # fmt: skip
    done = record_filed(
        filing=one, reference="CPSC-2026-0042", receipt_sha256=receipt.sha256, by=LEAD, now=LATER
    )
    assert (done.state, done.reference) == ("filed", "CPSC-2026-0042")
    start = told.recall.clock_starts.get(fact="authority_notified")
    assert (start.regime, start.country, start.at) == ("us_cpsc_consumer", "US", LATER)
    assert acknowledge_filing(filing=done, by=LEAD, now=LATER).state == "acknowledged"
    assert told.recall.clock_starts.filter(fact="authority_notified").count() == 1


def test_a_filing_needs_a_reference_and_no_future(told: Small) -> None:
    one = released(told)
    with pytest.raises(Unreadable, match="needs words"):
        record_filed(filing=one, reference=" ", by=LEAD, now=LATER)
    with pytest.raises(Unreadable, match="in the future"):
        record_filed(filing=one, reference="x", filed_at=LATER + DAY, by=LEAD, now=LATER)
    with pytest.raises(Unreadable, match="SHA-256 of its attached file"):
        record_filed(filing=one, reference="x", receipt_sha256="abc", by=LEAD, now=LATER)


def test_the_next_filing_to_the_same_authority_knows_its_case_number(told: Small) -> None:
    record_filed(filing=released(told), reference="CPSC-2026-0042", by=LEAD, now=LATER)
    full = draft(told, "us_cpsc.fast_track", now=LATER + DAY)
    case = next(
        one for one in Desk(told.recall, LATER).filled(full).fields if one.field.key == "case"
    )
    assert case.text == "CPSC-2026-0042"


def test_an_amendment_is_a_version_with_its_differences_in_words(told: Small) -> None:
    first = record_filed(filing=released(told), reference="A-1", by=LEAD, now=LATER)
    state_fact(
        recall=told.recall, name="incidents", value="2", as_of=LATER + DAY, source="mailbox",
        by=LEAD, now=LATER + DAY,
    )  # fmt: skip
    second = amend_filing(filing=first, reason="two fires", by=LEAD, now=LATER + DAY)
    assert (second.number, second.version, second.state) == (1, 2, "draft")
    again = amend_filing(
        filing=Filing.objects.get(pk=first.pk), reason="x", by=LEAD, now=LATER + DAY
    )
    assert again.pk == second.pk
    told_differences = versions_of(second, at=LATER)[-1][1]
    assert "Incidents: “0” became “2”." in told_differences
    one = propose_filing(filing=second, by=LEAD, now=LATER + DAY)
    assert one.content["head"]["amends"] == "A-1"


def test_taking_back_voids_a_release(told: Small) -> None:
    one = take_back_filing(filing=released(told), reason="typing error", by=LEAD, now=LATER)
    assert (one.state, one.sha256, one.released_by, one.content) == ("draft", "", "", {})


def test_a_draft_may_read_another_moment_and_a_frozen_one_may_not(told: Small) -> None:
    one = draft(told, INITIAL)
    moved = update_filing(filing=one, cut_off=LATER + DAY, by=LEAD, now=LATER + DAY)
    assert moved.cut_off == LATER + DAY
    with pytest.raises(Unreadable, match="future"):
        update_filing(filing=one, cut_off=LATER + 9 * DAY, by=LEAD, now=LATER + DAY)
    with pytest.raises(Forbidden, match="facts are those of its cut-off"):
        update_filing(filing=ready(told, country="CA"), cut_off=LATER, by=LEAD, now=LATER)


def test_a_filing_that_is_not_made_says_why(told: Small) -> None:
    with pytest.raises(Forbidden, match="reason"):
        withdraw_filing(filing=draft(told, INITIAL), reason=" ", by=LEAD, now=LATER)
    one = withdraw_filing(
        filing=draft(told, INITIAL), reason="The maker files for all.", by=LEAD, now=LATER
    )
    assert one.state == "withdrawn"


def test_what_was_filed_stays_filed(told: Small) -> None:
    done = record_filed(filing=released(told), reference="A-1", by=LEAD, now=LATER)
    with pytest.raises(Forbidden):
        take_back_filing(filing=done, reason="no", by=LEAD, now=LATER)
    with pytest.raises(Forbidden):
        withdraw_filing(filing=done, reason="no", by=LEAD, now=LATER)


def test_a_filing_meets_the_duties_it_is_made_for(told: Small) -> None:
    told.recall.duty_clocks.create(
        regime="us_cpsc_consumer", obligation="s15b_initial", country="US", name="Report",
        state="running", due_at=LATER - DAY, zone="America/New_York", law="x",
        started_at=LATER - 2 * DAY, opened_at=LATER, changed_at=LATER,
    )  # fmt: skip
    record_filed(filing=released(told), reference="CPSC-2026-0042", by=LEAD, now=LATER)
    clock = told.recall.duty_clocks.get(obligation="s15b_initial", country="US")
    assert (clock.state, clock.reference) == ("met", "F-1 v1, CPSC-2026-0042")
    assert told.recall.clock_starts.filter(fact="authority_notified").count() == 1
    assert "1 d 0 h late" in Entry.objects.get(kind="FilingFiled").fields["late"]


def test_a_draft_follows_the_facts_until_it_is_proposed(told: Small) -> None:
    one = draft(told, INITIAL)
    state_fact(
        recall=told.recall, name="units_made", value="700", as_of=LATER + DAY, source="factory",
        by=LEAD, now=LATER + DAY,
    )  # fmt: skip
    made = Desk(told.recall, LATER + DAY).base(one).get("units_made")
    assert made is not None
    assert made.value == "700"
    chosen = update_filing(filing=one, cut_off=LATER, by=LEAD, now=LATER + DAY)
    assert Desk(told.recall, LATER + DAY).base(chosen).get("units_made") is None
    follows = update_filing(filing=one, cut_off=None, by=LEAD, now=LATER + 2 * DAY)
    assert not follows.cut_off_chosen
    complete(told, follows, at=LATER + 2 * DAY)
    frozen = propose_filing(filing=follows, by=LEAD, now=LATER + 3 * DAY)
    assert frozen.cut_off == LATER + 3 * DAY, "what is frozen says as of when"
