"""A notice is drafted complete, approved by hash, and what changed afterwards is not sent."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction

from holdfast.ground.access.models import Organisation
from holdfast.ground.journal.models import Entry
from holdfast.ground.outbox.models import Skeleton
from holdfast.kit.actors import Actor
from holdfast.kit.ledger import canonical_json
from holdfast.kit.refusals import Forbidden, NotPermitted, Unreadable
from holdfast.response.notices.actions import (
    approve_text,
    draft_notice,
    edit_text,
    withdraw_approval,
)
from holdfast.response.notices.models import NoticeApproval, NoticeText
from holdfast.response.notices.queries import (
    approved_texts,
    checked,
    content_of,
    coverage,
    current_notice,
    text_in,
    text_laws,
)
from holdfast.response.notices.rules import check, for_regime

URL = "https://lumenvale.example/recall"
WRITER = Actor("person:2", "Writer", frozenset({"lead"}), 2)
APPROVER = Actor("person:3", "Approver", frozenset({"approver"}), 3)
VIEWER = Actor("person:4", "Viewer", frozenset({"viewer"}), 4)


@pytest.fixture
def told(small):
    """People in Germany, France, Spain, Egypt and Poland in a confirmed scope."""
    lines = {}
    for land, number in (("DE", 3), ("FR", 2), ("ES", 1), ("EG", 1), ("PL", 2)):
        for _ in range(number):
            person = small.customer(country=land, language="", street="1 Road", city="Town")
            lines[small.line(customer=person, market=land)] = 1
    small.scope(lines)
    small.recall.state = "decided"
    small.recall.save()
    return small


def drafted(told, by=WRITER, **changes):
    return draft_notice(
        recall=told.recall,
        url=URL,
        changes={"phone": "0800 555 0142", **changes},
        by=by,
        now=told.now,
    )


def approved(told, language="de", by=APPROVER):
    return approve_text(text=text_in(told.recall, language), by=by, now=told.now)


def test_a_draft_is_complete_in_every_language_the_owners_read(told):
    notice = drafted(told)
    texts = {text.language: text for text in notice.texts.all()}
    assert set(texts) >= {"de", "fr", "es", "ar"}
    for text in texts.values():
        found = checked(text)
        assert found.missing == ()
        assert found.blocking == [], text.language
        assert {one.id for one in found.elements if not one.present} <= {"picture"}
        assert "VL-10K" in json.dumps(text.content, ensure_ascii=False) or text.content["headline"]
        assert "B17" in text.content["headline"]


def test_drafting_again_from_the_same_facts_changes_nothing(told):
    first = drafted(told)
    entries = Entry.objects.count()
    again = draft_notice(recall=told.recall, url=URL, by=WRITER, now=told.now)
    assert again.pk == first.pk
    assert Entry.objects.count() == entries


def test_facts_given_by_hand_stay_for_the_next_version(told):
    drafted(told)
    second = draft_notice(
        recall=told.recall, url=URL, changes={"shop": "L & V"}, by=WRITER, now=told.now
    )
    assert second.version == 2
    assert second.facts["phone"] == "0800 555 0142"
    assert second.facts["shop"] == "L & V"


def test_owners_are_counted_by_language_and_those_without_a_text_are_listed(told):
    drafted(told)
    there = {"": ["de", "fr", "es", "ar", "en"]}
    found = coverage(told.recall, there, text_laws(told.recall))
    assert (found.people["de"], found.people["fr"], found.people["ar"]) == (3, 2, 1)
    assert dict(found.uncovered) == {"pl": 2}
    assert sum(found.given.values()) == 9


def test_an_approval_binds_to_the_hash_of_exactly_these_words(told):
    drafted(told)
    text = approved(told)
    approval = text.approvals.get()
    assert approval.sha256 == text.sha256
    assert hashlib.sha256(canonical_json(approval.content)).hexdigest() == text.sha256
    skeleton = Skeleton.objects.get(recall="R-2026-001", language="de")
    assert skeleton.is_released
    assert skeleton.text_sha256 == text.sha256
    payload = json.loads(Entry.objects.filter(kind="NoticeTextApproved").latest("index").payload)
    assert payload["sha256"] == text.sha256
    assert payload["library_status"] == "needs review by a person"


def test_what_changed_after_approval_cannot_be_sent(told):
    drafted(told)
    before = approved(told).sha256
    text = edit_text(
        text=text_in(told.recall, "de"),
        changes={"share": "Sagen Sie es bitte allen weiter, die es haben."},
        by=WRITER,
        now=told.now,
    )
    assert text.state == "draft"
    assert text.sha256 != before
    assert approved_texts(told.recall) == {}
    assert not Skeleton.objects.filter(is_released=True).exists()


def test_an_edit_that_changes_nothing_keeps_the_approval(told):
    drafted(told)
    text = approved(told)
    same = edit_text(text=text, changes={"share": text.content["share"]}, by=WRITER, now=told.now)
    assert same.state == "approved"
    assert Skeleton.objects.filter(is_released=True).count() == 1


def test_approving_words_that_were_changed_meanwhile_is_refused(told):
    drafted(told)
    text = text_in(told.recall, "de")
    read = text.sha256
    edit_text(text=text, changes={"apology": "Das tut uns leid."}, by=WRITER, now=told.now)
    with pytest.raises(Forbidden) as refusal:
        approve_text(text=text, sha256=read, by=APPROVER, now=told.now)
    assert refusal.value.code == "is_unchanged"


def test_nobody_approves_their_own_words(told):
    drafted(told)
    with pytest.raises(Forbidden) as refusal:
        approved(told, by=WRITER)
    assert refusal.value.code == "has_other_eyes"
    assert not NoticeApproval.objects.exists()


def test_one_person_alone_approves_and_it_is_recorded_as_such(told):
    alone = dataclasses.replace(WRITER, alone=True)
    drafted(told, by=alone)
    approval = approved(told, by=alone).approvals.get()
    assert approval.is_alone
    payload = json.loads(Entry.objects.filter(kind="NoticeTextApproved").latest("index").payload)
    assert payload["is_alone"] is True


def test_the_database_itself_refuses_a_self_approval(told):
    drafted(told)
    text = text_in(told.recall, "de")
    with pytest.raises(IntegrityError), transaction.atomic():
        NoticeApproval.objects.create(
            text=text, sha256=text.sha256, approver="person:2", editor="person:2", at=told.now
        )


def test_a_softening_word_holds_up_the_approval_and_is_named(told):
    drafted(told)
    text = edit_text(
        text=text_in(told.recall, "de"),
        changes={"hazard": "In seltenen Fällen kann es Feuer fangen."},
        by=WRITER,
        now=told.now,
    )
    with pytest.raises(Forbidden) as refusal:
        approve_text(text=text, by=APPROVER, now=told.now)
    assert refusal.value.code == "has_clean_words"
    assert "seltenen" in refusal.value.message


def test_an_empty_required_field_holds_up_the_approval(told):
    drafted(told)
    text = edit_text(
        text=text_in(told.recall, "de"), changes={"hurt": "  "}, by=WRITER, now=told.now
    )
    with pytest.raises(Forbidden) as refusal:
        approve_text(text=text, by=APPROVER, now=told.now)
    assert refusal.value.code == "is_complete"


def test_the_old_version_is_sent_until_the_new_one_is_approved(told):
    drafted(told)
    old = approved(told)
    drafted(told, phone="0800 555 0199")
    assert approved_texts(told.recall)["de"].pk == old.pk
    assert Skeleton.objects.get(language="de", is_released=True).text_sha256 == old.sha256
    new = approved(told)
    old.refresh_from_db()
    assert (old.state, new.state) == ("superseded", "approved")
    assert Skeleton.objects.get(language="de", is_released=True).text_sha256 == new.sha256
    with pytest.raises(Forbidden):
        edit_text(text=old, changes={"stop": "Halt."}, by=WRITER, now=told.now)


def test_taking_an_approval_back_needs_a_reason_and_stops_the_text(told):
    drafted(told)
    text = approved(told)
    with pytest.raises(Forbidden):
        withdraw_approval(text=text, reason=" ", by=APPROVER, now=told.now)
    text = withdraw_approval(text=text, reason="wrong number", by=APPROVER, now=told.now)
    assert text.state == "draft"
    assert not Skeleton.objects.filter(is_released=True).exists()
    again = approve_text(text=text, by=APPROVER, now=told.now)
    assert again.approvals.count() == 1
    assert Skeleton.objects.filter(is_released=True).count() == 1


def test_only_those_who_may_write_write_and_only_those_who_may_approve_approve(told):
    with pytest.raises(NotPermitted):
        drafted(told, by=VIEWER)
    drafted(told)
    with pytest.raises(NotPermitted):
        approved(told, by=VIEWER)
    with pytest.raises(NotPermitted):
        edit_text(text=text_in(told.recall, "de"), changes={}, by=VIEWER, now=told.now)


@pytest.mark.parametrize(
    "changes",
    [
        {"nonsense": "x"},
        {"regime": "us_cpsc"},
        {"sold_from": "18.03.2026"},
        {"hazard": "boredom"},
    ],
)
def test_facts_that_are_none_are_refused(told, changes):
    with pytest.raises(Unreadable):
        drafted(told, **changes)
    assert current_notice(told.recall) is None


@pytest.mark.parametrize("changes", [{"nonsense": "x"}, {"stop": "x" * 5000}])
def test_words_that_cannot_stand_in_a_notice_are_refused(told, changes):
    drafted(told)
    with pytest.raises(Unreadable):
        edit_text(text=text_in(told.recall, "de"), changes=changes, by=WRITER, now=told.now)


def test_a_notice_without_any_way_to_answer_is_refused(told):
    with pytest.raises(Forbidden) as refusal:
        draft_notice(recall=told.recall, url="", by=WRITER, now=told.now)
    assert refusal.value.code == "no_contact"


def test_the_journal_holds_no_words_of_people_and_no_addresses(told):
    drafted(told)
    approved(told)
    said = " ".join(Entry.objects.values_list("payload", flat=True))
    assert "example.org" not in said
    assert "Buyer" not in said


def test_languages_that_have_no_library_are_refused(told):
    with pytest.raises(Unreadable):
        draft_notice(
            recall=told.recall,
            url=URL,
            languages=["xx"],
            changes={"phone": "1"},
            by=WRITER,
            now=told.now,
        )
    assert not NoticeText.objects.exists()


def test_a_lot_or_a_number_lost_in_one_language_holds_up_its_approval(told):
    drafted(told)
    text = text_in(told.recall, "fr")
    changes = {
        "headline": text.content["headline"].replace("B17", "B71"),
        "identify": "Regardez l’étiquette.",
        "picture": "",
        "contact": ["Appelez le 0800 555 0199."],
    }
    text = edit_text(text=text, changes=changes, by=WRITER, now=told.now)
    with pytest.raises(Forbidden) as refusal:
        approve_text(text=text, by=APPROVER, now=told.now)
    rules = {(one["rule"], one["text"]) for one in refusal.value.extra["blocking"]}
    assert ("parity.codes", "B17") in rules
    assert ("parity.phones", "08005550142") in rules


def test_in_a_drill_every_message_says_so(told, settings):
    settings.DRILL = True
    drafted(told)
    approved(told)
    parts = Skeleton.objects.get(language="de").parts
    assert parts["subject"][0].startswith("[DRILL] ")
    assert parts["text"][0].startswith("DRILL")


def bounded(told, **criteria):
    """The same scope, asked for in other words."""
    told.recall.scopes.filter(state="confirmed").update(
        criteria={"products": ["VL-10K"], **criteria}
    )


def test_a_scope_of_ship_dates_is_named_by_its_days_and_by_no_lot(told):
    """The recall was opened for lot B17; owners of other lots must not feel safe."""
    Organisation.objects.update(zone="Europe/Berlin")
    bounded(told, shipped_from="2026-05-01", shipped_to="2026-05-31")
    notice = drafted(told)
    assert notice.facts["lots"] == []
    assert (notice.facts["sold_from"], notice.facts["sold_to"]) == ("2026-05-01", "2026-05-31")
    for text in notice.texts.all():
        found = checked(text)
        assert found.blocking == [], text.language
        assert {one.id: one.present for one in found.elements}["identification"]
        assert "B17" not in json.dumps(text.content, ensure_ascii=False)
    words = {text.language: text.content["identify"] for text in notice.texts.all()}
    assert "zwischen dem 1. Mai 2026 und dem 31. Mai 2026" in words["de"]
    assert "entre le 1 mai 2026 et le 31 mai 2026" in words["fr"]


def test_words_that_drop_the_days_are_not_approved(told):
    bounded(told, shipped_from="2026-02-01", shipped_to="2026-02-28")
    drafted(told)
    text = edit_text(
        text=text_in(told.recall, "de"),
        changes={"identify": "Betroffen sind alle Exemplare.", "sold": "Verkauft von L & V."},
        by=WRITER,
        now=told.now,
    )
    with pytest.raises(Forbidden) as refusal:
        approve_text(text=text, by=APPROVER, now=told.now)
    assert refusal.value.code == "has_clean_words"
    assert {one["rule"] for one in refusal.value.extra["blocking"]} == {"parity.dates"}


def test_lots_dates_and_countries_stand_side_by_side(told):
    bounded(told, lots=["B17", "B18"], shipped_from="2026-05-01", markets=["Germany", "fr"])
    words = drafted(told).texts.get(language="de").content["identify"]
    assert "Chargennummer B17 und B18" in words
    assert "ab dem 1. Mai 2026" in words
    assert "Deutschland und Frankreich" in words


def test_days_of_sale_are_days_of_the_shop(told):
    """Shortly before midnight in London it is tomorrow in Berlin."""
    Organisation.objects.update(zone="Europe/Berlin")
    for line in told.lines:
        line.moved_at = datetime(2026, 5, 3, 22, 30, tzinfo=UTC)
        line.save()
    assert drafted(told).facts["sold_from"] == "2026-05-04"


def test_people_under_two_laws_get_a_text_for_each_from_one_set_of_facts(told):
    person = told.customer(country="US", language="en")
    lines = {told.line(customer=person, market="US"): 1}
    buyer = told.customer(country="DE", language="de")
    lines[told.line(customer=buyer, market="DE")] = 1
    told.scope(lines)
    notice = drafted(told, incidents="3", injuries="0", deaths="0")
    assert notice.facts["regimes"] == ["eu_gpsr", "us_cpsc_consumer"]
    english = notice.texts.get(language="en", law="")
    edited = edit_text(
        text=english, changes={"apology": "We are very sorry."}, by=WRITER, now=told.now
    )
    own = content_of(edited)
    american = for_regime(own, "us_cpsc")
    assert own.lines("particulars") == []
    assert american.line("apology") == own.line("apology") == "We are very sorry."
    assert "Incidents: 3. Injuries: 0. Deaths: 0." in american.lines("particulars")
    rules = {one.rule for one in check(american).report.findings}
    assert not rules & {"banned.no_accidents", "element.incidents"}
    # and the American text is none for Europe: what the law forbids is taken out again
    back = replace(american, facts=own.facts)
    assert "banned.no_accidents" in {one.rule for one in check(back).report.findings}
    assert for_regime(american, "eu_gpsr").words == own.words


def test_people_under_one_law_leave_the_facts_as_they_were(told):
    assert "regimes" not in drafted(told).facts


def test_a_count_is_digits_and_a_day_a_day(told):
    for changes, code in (({"injuries": "none"}, "bad_count"), ({"made_from": "May"}, "bad_date")):
        with pytest.raises(Unreadable) as refused:
            drafted(told, **changes)
        assert refused.value.code == code
